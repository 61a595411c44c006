//! Signatures of JSON Web Signatures in the form of certificates'. Spec: RFC 7518 section 3.4.

use alloc::vec::Vec;

use x509_cert::der::Encode;
use x509_cert::der::asn1::UintRef;

/// DER of r and s, which a JWS has one after the other in just as many bytes as the curve's coordinates have. Whether they
/// are in range is for the verification to see.
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
