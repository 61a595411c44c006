//! ECDSA on P-384 with SHA-384 (COSE -35), P-521 with SHA-512 (-36) and secp256k1 with SHA-256 (-47), by the crates
//! `p384`, `p521` and `k256`.

/// A key of one curve. Its coordinates have `$len` bytes.
macro_rules! curve {
    ($feature:literal $module:ident $library:ident $len:literal) => {
        #[cfg(feature = $feature)]
        pub(super) mod $module {
            use $library::ecdsa::signature::Verifier;
            #[cfg(feature = "attestation")]
            use $library::ecdsa::signature::hazmat::PrehashVerifier;
            use $library::ecdsa::{Signature, VerifyingKey};

            #[derive(Clone, Debug)]
            pub(in crate::signature) struct Key(VerifyingKey);

            impl Key {
                /// Refuses coordinates that are not a point of the curve, and the point at infinity.
                pub(in crate::signature) fn new(x: &[u8], y: &[u8]) -> Option<Self> {
                    let x: &[u8; $len] = x.try_into().ok()?;
                    let y: &[u8; $len] = y.try_into().ok()?;
                    // SEC 1 section 2.3.3, uncompressed: 04, x, y.
                    let point = [&[4][..], x, y].concat();
                    VerifyingKey::from_sec1_bytes(&point).ok().map(Self)
                }

                /// The signature is strict DER of r and s, each between 1 and n - 1.
                pub(in crate::signature) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
                    // s and n - s are both valid. For curves whose other users agreed on the lower one, the library
                    // accepts only that; WebAuthn has no such rule.
                    Signature::from_der(signature)
                        .is_ok_and(|signature| self.0.verify(message, &signature.normalize_s()).is_ok())
                }

                /// The same for a digest of any of the hash functions.
                #[cfg(feature = "attestation")]
                pub(in crate::signature) fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> bool {
                    Signature::from_der(signature)
                        .is_ok_and(|signature| self.0.verify_prehash(digest, &signature.normalize_s()).is_ok())
                }
            }
        }
    };
}

curve!("es384" es384 p384 48);
curve!("es512" es512 p521 66);
curve!("es256k" es256k k256 32);
