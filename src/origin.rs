//! Origins and RP IDs are compared exactly: no prefixes, no suffixes, no case folding. Spec: 13.4.9, 5.1.3.
//!
//! An origin is compared in its serialized form, as the client wrote it: `https://example.org`,
//! `https://example.org:8443`, `android:apk-key-hash:…`. Each accepted subdomain must be listed.

use alloc::string::String;

use sha2::{Digest, Sha256};

/// The expected origin that equals `received`.
pub(crate) fn find<'a>(expected: &'a [String], received: &str) -> Option<&'a String> {
    expected.iter().find(|origin| *origin == received)
}

/// The expected RP ID whose SHA-256 the authenticator signed. Spec: 7.1 step 14, 7.2 step 15.
pub(crate) fn find_rp_id<'a>(expected: &'a [String], rp_id_hash: &[u8; 32]) -> Option<&'a String> {
    expected
        .iter()
        .find(|rp_id| Sha256::digest(rp_id.as_bytes()).as_slice() == rp_id_hash)
}

/// Whether a configured origin can match at all. A serialized web origin has no path, no slash at its end, no user and
/// no upper-case letters (HTML, serialization of an origin).
pub(crate) fn is_serialized(origin: &str) -> bool {
    let web_host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    match web_host {
        Some(host) => {
            !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']) && !host.contains(char::is_uppercase)
        }
        None => !origin.is_empty() && !origin.contains(char::is_whitespace),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    #[test]
    fn matches_whole_origins_only() {
        let expected = vec![
            "https://example.org".to_string(),
            "android:apk-key-hash:abc".to_string(),
        ];
        assert_eq!(find(&expected, "https://example.org"), Some(&expected[0]));
        assert_eq!(find(&expected, "android:apk-key-hash:abc"), Some(&expected[1]));
        for other in [
            "",
            "http://example.org",
            "https://example.org:8443",
            "https://example.org/",
            "https://sub.example.org",
            "https://example.org.example.net",
            "https://evil-example.org",
            "https://EXAMPLE.org",
            "android:apk-key-hash:ABC",
        ] {
            assert_eq!(find(&expected, other), None, "{other}");
        }
    }

    #[test]
    fn knows_which_configured_origins_can_never_match() {
        for good in [
            "https://example.org",
            "http://localhost:3000",
            "https://[::1]:3000",
            "android:apk-key-hash:aB-_",
        ] {
            assert!(is_serialized(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https://example.org/",
            "https://Example.org",
            "https://*.example.org",
            "https://a@b",
        ] {
            assert!(!is_serialized(bad), "{bad}");
        }
    }
}
