//! Client data: what the browser says about the ceremony. It is hashed and signed. Spec: 5.8.1.

use alloc::string::String;

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value, set};
use crate::origin;
use crate::policy::{CrossOrigin, Policy};

const FIELD: &str = "response.clientDataJSON";

/// The contextual bindings of a ceremony, as the client collected them.
///
/// Members that are not listed here are ignored, because the dictionary may grow (5.8.1). A duplicate member is
/// refused.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CollectedClientData {
    /// `webauthn.create` or `webauthn.get`. Empty if the client left it out; it then matches nothing.
    pub ceremony_type: String,
    /// The challenge in base64url. Empty if the client left it out.
    pub challenge: String,
    /// The serialized origin of the page. Empty if the client left it out.
    pub origin: String,
    /// Whether the page was in a frame of another origin.
    pub cross_origin: Option<bool>,
    /// The top origin, if the client sends it.
    pub top_origin: Option<String>,
}

impl CollectedClientData {
    /// Parses the bytes of `clientDataJSON`. Safe on untrusted input; time and memory are bounded by its length.
    ///
    /// # Errors
    ///
    /// `CLIENT_DATA_MALFORMED` if the bytes are not the JSON of such a dictionary.
    ///
    /// Spec: 7.1 steps 5 and 6, 7.2 steps 8 and 9.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        // "UTF-8 decode" drops a byte order mark. It would also replace invalid UTF-8, which no client writes.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Members::read(text).ok_or(Error::new(ErrorCode::ClientDataMalformed, FIELD))
    }

    /// The steps that both ceremonies share: 7.1 steps 7 to 11 are 7.2 steps 10 to 14.
    ///
    /// Returns the expected origin that matched.
    pub(crate) fn verify<'p>(&self, policy: &'p Policy) -> Result<&'p String> {
        // 7.1 step 7, 7.2 step 10: the type is that of this ceremony.
        if !policy.types.contains(&self.ceremony_type) {
            return Err(Error::new(
                ErrorCode::ClientDataTypeMismatch,
                "response.clientDataJSON.type",
            ));
        }
        // 7.1 step 8, 7.2 step 11: the challenge is the one issued.
        if self.challenge != policy.challenge {
            return Err(Error::new(
                ErrorCode::ChallengeMismatch,
                "response.clientDataJSON.challenge",
            ));
        }
        // 7.1 step 9, 7.2 step 12: the origin is expected.
        let origin = origin::find(&policy.origins, &self.origin)
            .ok_or_else(|| Error::new(ErrorCode::OriginMismatch, "response.clientDataJSON.origin"))?;
        // 7.1 step 10, 7.2 step 13: cross-origin use is expected. A top origin claims it too.
        let cross_origin = self.cross_origin == Some(true) || self.top_origin.is_some();
        if cross_origin && policy.cross_origin == CrossOrigin::Refuse {
            return Err(Error::new(
                ErrorCode::CrossOriginForbidden,
                "response.clientDataJSON.crossOrigin",
            ));
        }
        // 7.1 step 11, 7.2 step 14: the top origin is expected.
        if let Some(top_origin) = &self.top_origin {
            origin::find(&policy.top_origins, top_origin)
                .ok_or_else(|| Error::new(ErrorCode::TopOriginMismatch, "response.clientDataJSON.topOrigin"))?;
        }
        Ok(origin)
    }
}

/// The members read so far.
#[derive(Default)]
struct Members {
    ceremony_type: Option<String>,
    challenge: Option<String>,
    origin: Option<String>,
    cross_origin: Option<Option<bool>>,
    top_origin: Option<Option<String>>,
}

impl Members {
    fn read(json: &[u8]) -> Option<CollectedClientData> {
        let mut members = Self::default();
        json::members(core::str::from_utf8(json).ok()?, &mut |name, value| match name {
            "type" => set(&mut members.ceremony_type, value.string()),
            "challenge" => set(&mut members.challenge, value.string()),
            "origin" => set(&mut members.origin, value.string()),
            "crossOrigin" => set(&mut members.cross_origin, value.nullable(Value::boolean)),
            "topOrigin" => set(&mut members.top_origin, value.nullable(Value::string)),
            _ => Some(()),
        })?;
        Some(CollectedClientData {
            ceremony_type: members.ceremony_type.unwrap_or_default(),
            challenge: members.challenge.unwrap_or_default(),
            origin: members.origin.unwrap_or_default(),
            cross_origin: members.cross_origin.flatten(),
            top_origin: members.top_origin.flatten(),
        })
    }
}

/// The hash of the serialized client data, over the bytes as received. Spec: 7.1 step 12, 7.2 step 20.
pub(crate) fn hash(client_data_json: &[u8]) -> [u8; 32] {
    Sha256::digest(client_data_json).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_members_and_ignores_others() {
        let json = br#"{"type":"webauthn.get","challenge":"AA","origin":"https://example.org","crossOrigin":true,"topOrigin":"https://example.com","tokenBinding":{"status":"supported"}}"#;
        let client_data = CollectedClientData::parse(json).unwrap();
        assert_eq!(client_data.ceremony_type, "webauthn.get");
        assert_eq!(client_data.challenge, "AA");
        assert_eq!(client_data.origin, "https://example.org");
        assert_eq!(client_data.cross_origin, Some(true));
        assert_eq!(client_data.top_origin.as_deref(), Some("https://example.com"));
    }

    #[test]
    fn drops_a_byte_order_mark() {
        assert!(CollectedClientData::parse(b"\xef\xbb\xbf{\"type\":\"webauthn.get\"}").is_ok());
    }

    #[test]
    fn refuses_json_that_is_not_client_data() {
        for json in [
            &b""[..],
            b"null",
            b"[]",
            b"\"webauthn.get\"",
            b"{\"type\":\"webauthn.get\"",
            b"{\"type\":\"webauthn.get\"}x",
            b"{\"type\":1}",
            b"{\"type\":\"webauthn.get\",\"type\":\"webauthn.create\"}",
            b"{\"challenge\":\"AA\",\"challenge\":\"AB\"}",
            b"{\"crossOrigin\":\"false\"}",
            b"{\"origin\":\"\xff\"}",
        ] {
            let error = CollectedClientData::parse(json).expect_err("accepted");
            assert_eq!(error.code, ErrorCode::ClientDataMalformed, "{}", json.escape_ascii());
        }
    }

    #[test]
    fn refuses_deep_nesting_in_a_member_that_it_ignores() {
        let deep = [&b"{\"x\":"[..], &b"[".repeat(100_000), &b"]".repeat(100_000), b"}"].concat();
        assert!(CollectedClientData::parse(&deep).is_err());
    }
}
