//! What the relying party expects of a ceremony. All of it is given by the caller; nothing is read from surroundings.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, ErrorCode, Result};
use crate::origin;

/// Whether something has to have happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a requirement is there or it is not")]
pub enum Requirement {
    /// A response without it is refused.
    Required,
    /// A response without it is accepted; the result says whether it happened.
    NotRequired,
}

/// Whether the ceremony may have run in a frame of another origin. Spec: 7.1 step 10, 7.2 step 13.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a refusal is there or it is not")]
pub enum CrossOrigin {
    /// Only where the page was not framed by another origin.
    Refuse,
    /// In frames too; where the client names the top origin, it has to be one of `top_origins`.
    Allow,
}

/// What both ceremonies have in common.
///
/// Every list is matched whole and exactly. An empty `origins` or `rp_ids` is a `POLICY_MALFORMED`, never "any".
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Accepted values of the client data's `type`.
    pub types: Vec<String>,
    /// base64url of the challenge that was issued for this ceremony.
    pub challenge: String,
    /// Accepted origins in their serialized form.
    pub origins: Vec<String>,
    /// Accepted RP IDs.
    pub rp_ids: Vec<String>,
    /// Whether the ceremony may have been in a cross-origin frame.
    pub cross_origin: CrossOrigin,
    /// Accepted top origins, for ceremonies in frames.
    pub top_origins: Vec<String>,
    /// The UV flag.
    pub user_verification: Requirement,
}

impl Policy {
    /// The strictest policy for one origin and one RP ID: presence and verification of the user required, no
    /// cross-origin frames.
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

    /// Refuses a policy that would mean "anything" or that nothing could ever meet.
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
