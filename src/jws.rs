//! JSON Web Signatures in compact form: what SafetyNet's response and the metadata BLOB share. Each of them reads its
//! own header. Spec: RFC 7515 sections 3.1, 4.1, 7.1, RFC 7518 section 3.4.
//!
//! ```abnf
//! jws = base64url(header) "." base64url(payload) "." base64url(signature)
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use x509_cert::der::Encode;
use x509_cert::der::asn1::UintRef;

/// The parts of a JWS, each still in base64url.
pub(crate) struct Compact<'a> {
    pub(crate) header: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) signature: &'a str,
    /// The header, the dot and the payload: the text that the signature is over.
    pub(crate) signed: &'a str,
}

impl<'a> Compact<'a> {
    /// Splits at the last dot and at the first one. A third dot would be part of the payload, where base64url decoding
    /// refuses it.
    pub(crate) fn split(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        Some(Self {
            header,
            payload,
            signature,
            signed,
        })
    }
}

/// Decodes the header's `x5c`: DER in padded base64, not base64url, leaf first. Spec: RFC 7515 section 4.1.6.
pub(crate) fn certificates(x5c: &[String]) -> Option<Vec<Vec<u8>>> {
    x5c.iter().map(|text| STANDARD.decode(text).ok()).collect()
}

/// Converts an ECDSA signature to DER. In a JWS, r and s stand one after the other, each `len` bytes long like the
/// curve's coordinates. The verification checks their range.
pub(crate) fn ecdsa_der(signature: &[u8], len: usize) -> Option<Vec<u8>> {
    let (r, s) = signature.split_at_checked(len).filter(|(_, s)| s.len() == len)?;
    [UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The library's conversion is the oracle, where it takes the numbers at all.
    #[test]
    fn writes_the_der_of_a_signature() {
        for (r, s) in [([1; 32], [0x7f; 32]), ([0x80; 32], [0xa0; 32])] {
            let fixed = [r, s].concat();
            let expected = p256::ecdsa::Signature::from_slice(&fixed).unwrap().to_der();
            assert_eq!(ecdsa_der(&fixed, 32).unwrap(), expected.as_bytes());
        }
        let mut small = [0; 64];
        (small[31], small[62]) = (1, 0x80);
        let expected = p256::ecdsa::Signature::from_slice(&small).unwrap().to_der();
        assert_eq!(ecdsa_der(&small, 32).unwrap(), expected.as_bytes());
        assert_eq!(ecdsa_der(&[0; 64], 32).unwrap(), [0x30, 6, 2, 1, 0, 2, 1, 0]);
    }

    #[test]
    fn writes_long_signatures() {
        let der = ecdsa_der(&[0xff; 132], 66).unwrap();
        assert_eq!(der[..6], [0x30, 0x81, 138, 2, 67, 0]);
        assert_eq!(der.len(), 141);
    }

    #[test]
    fn refuses_signatures_of_other_lengths() {
        for len in [0, 1, 63, 65, 96, 128] {
            assert_eq!(ecdsa_der(&alloc::vec![1; len], 32), None, "{len}");
        }
    }
}
