//! Every limit on untrusted input, each with its reason. Input above a limit is refused before it is copied or decoded.

/// Bytes of client data. Browsers write 150 to 500; the rest is room for extra members and long origins.
pub const CLIENT_DATA_LEN: usize = 8 * 1024;

/// Depth of JSON nesting, the outermost object included. Client data needs 2, for `tokenBinding`; FIDO metadata needs 8,
/// for the colors in the pictures of `tcDisplayPNGCharacteristics`.
pub const JSON_DEPTH: usize = 32;

/// Bytes of an attestation object. A TPM or Android statement with four certificates stays below 10 KiB; with
/// post-quantum certificates below 32.
pub const ATTESTATION_OBJECT_LEN: usize = 48 * 1024;

/// Bytes of authenticator data in an assertion: 37, and extension outputs of at most a few hundred.
pub const AUTHENTICATOR_DATA_LEN: usize = 8 * 1024;

/// Bytes of a signature: ML-DSA-87 has the longest, 4,627.
pub const SIGNATURE_LEN: usize = 5 * 1024;

/// Bytes of a credential ID, by 6.5.1 and step 25 of 7.1.
pub const CREDENTIAL_ID_LEN: usize = 1023;

/// Bytes of a user handle, by 5.4.3.
pub const USER_HANDLE_LEN: usize = 64;

/// Bytes of a stored public key: ML-DSA-87 has the longest, 2,592 and its COSE map.
pub const PUBLIC_KEY_LEN: usize = 4 * 1024;

/// Depth of CBOR nesting. CTAP2 allows 4 in its messages; a compound attestation statement needs three more.
pub const CBOR_DEPTH: usize = 8;

/// CBOR items in one value. A compound statement of several certificate chains stays below 100.
pub const CBOR_ITEMS: usize = 512;

/// Statements in a compound attestation statement. Each of them is verified; an authenticator needs two or three.
pub const ATTESTATION_STATEMENTS: usize = 4;

/// Certificates in one attestation statement: a leaf, four intermediate certificates, and the root that some statements
/// include.
pub const CERTIFICATES: usize = 6;

/// Bytes of one certificate. Attestation certificates have 500 to 1,500; one with an ML-DSA-87 key and signature 8,000.
pub const CERTIFICATE_LEN: usize = 12 * 1024;

/// Bits of an RSA modulus. Less than 2,048 is too weak (NIST SP 800-131A); no authenticator makes more than 4,096.
pub const RSA_MODULUS_BITS: core::ops::RangeInclusive<u32> = 2048..=4096;

/// Characters of base64url that `len` bytes need.
pub(crate) const fn base64url_len(len: usize) -> usize {
    // Without padding, 3 bytes need 4 characters, and 1 or 2 leftover bytes need 2 or 3.
    len.saturating_mul(4).div_ceil(3)
}
