//! What the relying party expects of a ceremony. The caller passes all of it; nothing is read from the environment.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, ErrorCode, Result};
use crate::origin;

/// Whether something is required.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third state")]
pub enum Requirement {
    /// A response without it is refused.
    Required,
    /// A response without it is accepted. The result says whether it happened.
    NotRequired,
}

/// Whether the ceremony may run in a cross-origin frame. Spec: 7.1 step 10, 7.2 step 13.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third state")]
pub enum CrossOrigin {
    /// The page must not be framed by another origin.
    Refuse,
    /// Cross-origin frames are allowed. If the client names the top origin, it must be one of `top_origins`.
    Allow,
}

/// What both ceremonies share.
///
/// Values are compared exactly. An empty `origins` or `rp_ids` is `POLICY_MALFORMED`, never "any".
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Accepted values of the client data's `type`.
    pub types: Vec<String>,
    /// The challenge issued for this ceremony, in base64url.
    pub challenge: String,
    /// Accepted origins in their serialized form.
    pub origins: Vec<String>,
    /// Accepted RP IDs.
    pub rp_ids: Vec<String>,
    /// Whether the ceremony may run in a cross-origin frame.
    pub cross_origin: CrossOrigin,
    /// Accepted top origins, for ceremonies in cross-origin frames.
    pub top_origins: Vec<String>,
    /// Whether the UV flag must be set.
    pub user_verification: Requirement,
}

impl Policy {
    /// The strictest policy for one origin and one RP ID: user presence and user verification are required,
    /// cross-origin frames are refused.
    pub(crate) fn strict(ceremony_type: &str, challenge: &str, origin: &str, rp_id: &str) -> Self {
        Self {
            types: alloc::vec![ceremony_type.into()],
            challenge: challenge.into(),
            origins: alloc::vec![origin.into()],
            rp_ids: alloc::vec![rp_id.into()],
            cross_origin: CrossOrigin::Refuse,
            top_origins: Vec::new(),
            user_verification: Requirement::Required,
        }
    }

    /// Refuses a policy that would accept anything or could never be met.
    pub(crate) fn check(&self) -> Result<()> {
        let malformed = |field| Err(Error::new(ErrorCode::PolicyMalformed, field));
        if self.types.is_empty() {
            return malformed("expectedType");
        }
        if self.challenge.is_empty() {
            return malformed("expectedChallenge");
        }
        if self.origins.is_empty() || !self.origins.iter().all(|origin| origin::is_serialized(origin)) {
            return malformed("expectedOrigin");
        }
        if self.rp_ids.is_empty() || self.rp_ids.iter().any(String::is_empty) {
            return malformed("expectedRPID");
        }
        Ok(())
    }
}
