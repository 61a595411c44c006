//! Statements that are valid with their own certificates, but without a path to the root.

use super::{Refusal, X5C};
use crate::common::certificates::statements::sign;
use crate::common::certificates::{BASIC_CONSTRAINTS, Builder, KEY_USAGE, Key, constraints, key_usage};
use crate::vectors::attestation::accepts::other_root;
use crate::vectors::attestation::formats::{apple, apple_leaf, packed, packed_by, packed_chain, packed_leaf};
use crate::vectors::attestation::registration::Registration;
use crate::vectors::attestation::{
    ATTESTATION, INTERMEDIATE, INTERMEDIATE_NAME, OTHER, ROOT, ROOT_NAME, authority, by_intermediate, by_root, chain,
    root,
};
use touchstone_webauthn::error::ErrorCode::{
    self, AttestationUntrusted, CertificateExpired, CertificateMalformed, CertificateSignatureInvalid,
    CertificateTooLarge, CertificateUseForbidden,
};

pub(super) fn cases() -> Vec<Refusal> {
    [bytes(), roots(), dates(), uses(), vec![by_leaf()]].concat()
}

fn refused(name: &'static str, code: ErrorCode, why: &'static str, certificates: &[Vec<u8>]) -> Refusal {
    let registration = Registration::new();
    let case = registration.case("packed", packed(&registration, certificates));
    (name, code, X5C, why, case)
}

fn bytes() -> Vec<Refusal> {
    let [leaf, above] = <[Vec<u8>; 2]>::try_from(packed_chain()).unwrap();
    let mut flipped = above.clone();
    *flipped.last_mut().unwrap() ^= 1;
    // The last byte of the serial number, which only the signature covers.
    let mut other_serial = above.clone();
    other_serial[14] ^= 2;
    let many = vec![leaf.clone(); 7];
    vec![
        refused(
            "no-certificate",
            CertificateMalformed,
            "a byte is no certificate",
            &[vec![0]],
        ),
        refused(
            "byte-after-the-certificate",
            CertificateMalformed,
            "the certificate is all of its bytes",
            &[[&leaf[..], &[0]].concat()],
        ),
        refused(
            "no-certificate-above",
            CertificateMalformed,
            "the second one is cut",
            &[leaf.clone(), above[..above.len().saturating_sub(1)].to_vec()],
        ),
        refused(
            "too-many-certificates",
            CertificateTooLarge,
            "no chain has seven",
            &many,
        ),
        refused(
            "bit-of-the-intermediate-s-signature",
            CertificateSignatureInvalid,
            "the root did not sign this",
            &[leaf.clone(), flipped],
        ),
        refused(
            "bit-of-the-intermediate-s-serial",
            CertificateSignatureInvalid,
            "the root did not sign this",
            &[leaf, other_serial],
        ),
    ]
}

fn roots() -> Vec<Refusal> {
    // An attacker's own root: with its own name, and with the real root's name.
    let key = Key::p256(OTHER);
    let own_root = Builder::authority("Own root", &key).signed_by("Own root", &key);
    let own_authority = authority().signed_by("Own root", &key);
    let leaf = by_intermediate(&packed_leaf());
    let by_other_key = packed_leaf().signed_by(INTERMEDIATE_NAME, &Key::p256(OTHER));
    let same_name = Key::p256(ROOT.saturating_add(2));
    let self_signed = packed_leaf().signed_by_name(&packed_leaf().subject, &Key::p256(2));
    vec![
        refused(
            "brings-its-own-root",
            AttestationUntrusted,
            "a root in x5c is nobody's anchor",
            &[leaf.clone(), own_authority, own_root],
        ),
        refused(
            "brings-a-root-of-the-same-name",
            CertificateSignatureInvalid,
            "the name is the anchor's, the key is not",
            &[leaf.clone(), authority().signed_by(ROOT_NAME, &same_name), other_root()],
        ),
        refused(
            "brings-the-true-root-below-another-chain",
            AttestationUntrusted,
            "the root stands there, and signed nothing of this",
            &[packed_leaf().signed_by("Own root", &key), root()],
        ),
        refused(
            "leaf-by-another-key",
            CertificateSignatureInvalid,
            "the intermediate certificate is true, and did not sign the leaf",
            &[by_other_key, by_root(&authority())],
        ),
        refused(
            "leaf-signs-itself",
            AttestationUntrusted,
            "its issuer is itself",
            &[self_signed],
        ),
        refused(
            "intermediate-left-out",
            AttestationUntrusted,
            "nothing is fetched: the path has to be in x5c",
            &[leaf],
        ),
    ]
}

fn dates() -> Vec<Refusal> {
    let past = |builder: Builder| builder.validity("200101000000Z", "250101000000Z");
    let future = |builder: Builder| builder.validity("260101000000Z", "400101000000Z");
    let registration = Registration::new();
    let apple_leaf = past(apple_leaf(&registration));
    let mut cases = vec![
        refused(
            "leaf-expired",
            CertificateExpired,
            "its last day was 1 January",
            &chain(&past(packed_leaf())),
        ),
        refused(
            "leaf-not-yet-valid",
            CertificateExpired,
            "its first day is to come",
            &chain(&future(packed_leaf())),
        ),
        refused(
            "intermediate-expired",
            CertificateExpired,
            "its last day was 1 January",
            &[by_intermediate(&packed_leaf()), by_root(&past(authority()))],
        ),
    ];
    let case = registration.case("apple", apple(&chain(&apple_leaf)));
    cases.push((
        "apple-leaf-expired",
        CertificateExpired,
        X5C,
        "its last day was 1 January",
        case,
    ));
    cases
}

/// An attacker has the key of a real authenticator and certifies another key with it.
fn by_leaf() -> Refusal {
    let registration = Registration::new();
    let own = Builder {
        public: Key::p256(OTHER).public,
        ..packed_leaf()
    };
    let own = own.signed_by_name(&packed_leaf().subject, &Key::p256(ATTESTATION));
    let statement = packed_by(
        -7,
        sign(OTHER, &registration.signed_data()),
        &[vec![own], packed_chain()].concat(),
    );
    let case = registration.case("packed", statement);
    (
        "leaf-below-a-true-leaf",
        CertificateUseForbidden,
        X5C,
        "an authenticator's key certifies nobody",
        case,
    )
}

fn uses() -> Vec<Refusal> {
    let below = |authority: &Builder| vec![by_intermediate(&packed_leaf()), by_root(authority)];
    let key = Key::p256(INTERMEDIATE);
    let plain = || Builder::leaf(INTERMEDIATE_NAME, &key);
    let no_authority = plain().extension(BASIC_CONSTRAINTS, true, &constraints(false, None));
    let no_signer = authority().without(KEY_USAGE).extension(KEY_USAGE, true, &key_usage(0));
    // A critical name constraint (RFC 5280 section 4.2.1.10).
    let constrained = authority().extension("2.5.29.30", true, &[0x30, 0]);
    let short = plain().extension(BASIC_CONSTRAINTS, true, &constraints(true, Some(0)));
    let middle = Builder::authority("Middle", &Key::p256(OTHER));
    let long = [
        packed_leaf().signed_by("Middle", &Key::p256(OTHER)),
        by_intermediate(&middle),
        by_root(&short),
    ];
    vec![
        refused(
            "intermediate-is-no-ca",
            CertificateUseForbidden,
            "its key may not sign certificates",
            &below(&no_authority),
        ),
        refused(
            "intermediate-without-constraints",
            CertificateUseForbidden,
            "nothing says that it is a CA",
            &below(&plain()),
        ),
        refused(
            "intermediate-signs-no-certificates",
            CertificateUseForbidden,
            "its key usage is signatures of data",
            &below(&no_signer),
        ),
        refused(
            "critical-extension-unknown",
            CertificateUseForbidden,
            "what is critical and not understood forbids",
            &below(&constrained),
        ),
        refused(
            "path-too-long",
            CertificateUseForbidden,
            "no CA may stand below this one",
            &long,
        ),
        refused(
            "leaf-with-an-unknown-critical-extension",
            CertificateUseForbidden,
            "in the leaf too",
            &chain(&packed_leaf().extension("1.2.3.4", true, &[5, 0])),
        ),
    ]
}
