//! The anchors at which a path may end.

use super::*;

#[test]
fn without_anchors_nothing_is_trusted() {
    let chain = Chain::new();
    for x5c in [
        Vec::new(),
        alloc::vec![chain.leaf(), chain.middle()],
        alloc::vec![chain.leaf(), chain.middle(), chain.root()],
        alloc::vec![chain.root()],
    ] {
        assert_refused(verdict(&x5c, &[]), ErrorCode::AttestationUntrusted, "no anchors");
    }
    assert_refused(
        verdict(&[], &[chain.root()]),
        ErrorCode::AttestationUntrusted,
        "no leaf",
    );
}

#[test]
fn a_root_in_x5c_proves_nothing() {
    let chain = Chain::new();
    let x5c = [chain.leaf(), chain.middle(), chain.root()];
    let other = Builder::authority("other", &Key::p256(8)).signed_by("other", &Key::p256(8));
    let verdict_of_other = verdict(&x5c, &[other]);
    assert_refused(verdict_of_other, ErrorCode::AttestationUntrusted, "another name");
    // The same name and extensions, with another key.
    let impostor = Builder::authority("root", &Key::p256(8)).signed_by("root", &Key::p256(8));
    let verdict_of_impostor = verdict(&x5c, &[impostor]);
    assert_refused(
        verdict_of_impostor,
        ErrorCode::CertificateSignatureInvalid,
        "another key",
    );
    assert_eq!(verdict(&x5c, &[chain.root()]), Ok(()));
}

#[test]
fn a_reissued_anchor_counts_by_its_name_and_key() {
    let chain = Chain::new();
    let anew = Builder {
        serial: alloc::vec![2, 1, 77],
        ..chain.root.clone()
    };
    let anew = anew.signed_by("somebody", &Key::p256(8));
    assert_eq!(verdict(&[chain.leaf(), chain.middle(), chain.root()], &[anew]), Ok(()));
}

#[test]
fn the_leaf_may_be_the_anchor() {
    let mut chain = Chain::new();
    let leaf = chain.leaf();
    assert_eq!(verdict(&[leaf.clone()], &[leaf.clone()]), Ok(()));
    assert_eq!(verdict(&[leaf.clone(), chain.middle()], &[leaf.clone()]), Ok(()));

    // A certificate with the same name and key is not the anchor.
    chain.leaf.serial = alloc::vec![2, 1, 77];
    let sibling = verdict(&[chain.leaf()], &[leaf]);
    assert_refused(sibling, ErrorCode::AttestationUntrusted, "issued anew");

    // It must be valid nevertheless.
    for (what, change) in EXPIRED {
        let leaf = change(Chain::new().leaf).signed_by("middle", &chain.keys[1]);
        assert_refused(verdict(&[leaf.clone()], &[leaf]), ErrorCode::CertificateExpired, what);
    }
    let leaf = FORBIDDEN_ANYWHERE[0].1(Chain::new().leaf).signed_by("middle", &chain.keys[1]);
    assert_refused(
        verdict(&[leaf.clone()], &[leaf]),
        ErrorCode::CertificateUseForbidden,
        "unknown extension",
    );
}

#[test]
fn a_leaf_that_signed_itself_is_trusted_only_as_anchor() {
    let key = Key::p256(5);
    let leaf = Builder::leaf("alone", &key).signed_by("alone", &key);
    assert_refused(
        verdict(&[leaf.clone()], &[Chain::new().root()]),
        ErrorCode::AttestationUntrusted,
        "a stranger",
    );
    assert_eq!(verdict(&[leaf.clone()], &[leaf]), Ok(()));
}

#[test]
fn an_intermediate_certificate_may_be_the_only_anchor() {
    let chain = Chain::new();
    for x5c in [
        alloc::vec![chain.leaf()],
        alloc::vec![chain.leaf(), chain.middle()],
        alloc::vec![chain.leaf(), chain.middle(), chain.root()],
    ] {
        assert_eq!(verdict(&x5c, &[chain.middle()]), Ok(()));
    }
}

#[test]
fn the_dates_of_an_anchor_do_not_count() {
    for (what, change) in EXPIRED {
        let mut chain = Chain::new();
        chain.root = change(chain.root);
        assert_eq!(chain.verdict(), Ok(()), "root {what}");
        assert_eq!(
            verdict(&[chain.leaf(), chain.middle(), chain.root()], &[chain.root()]),
            Ok(()),
            "root {what}"
        );
        chain.middle = change(chain.middle);
        assert_eq!(
            verdict(&[chain.leaf(), chain.middle()], &[chain.middle()]),
            Ok(()),
            "middle {what}"
        );
    }
}

#[test]
fn an_anchor_of_version_1_has_no_constraints_but_others_need_version_3() {
    let old = |builder: Builder| Builder {
        version: 0,
        extensions: Vec::new(),
        ..builder
    };
    let mut chain = Chain::new();
    chain.root = old(chain.root);
    assert_eq!(chain.verdict(), Ok(()));
    chain.middle = old(chain.middle);
    assert_refused(chain.verdict(), ErrorCode::CertificateUseForbidden, "an old middle");
    assert_eq!(
        verdict(&[chain.leaf()], &[chain.middle()]),
        Ok(()),
        "an old middle as anchor"
    );
}

#[test]
fn every_anchor_with_the_same_name_is_tried() {
    let chain = Chain::new();
    let namesake = |number| Builder::authority("root", &Key::p256(number)).signed_by("root", &Key::p256(number));
    let x5c = [chain.leaf(), chain.middle()];
    assert_eq!(verdict(&x5c, &[namesake(11), namesake(12), chain.root()]), Ok(()));
    // The metadata of many models name the same root.
    let many = [alloc::vec![namesake(11); 40], alloc::vec![chain.root(); 40]].concat();
    assert_eq!(verdict(&x5c, &many), Ok(()));
    // Anchors with other names do not count.
    let others =
        (20..250).map(|number| Builder::authority("other", &Key::p256(number)).signed_by("other", &Key::p256(number)));
    assert_eq!(verdict(&x5c, &others.chain([chain.root()]).collect::<Vec<_>>()), Ok(()));
}

#[test]
fn the_number_of_verified_signatures_is_limited() {
    let chain = Chain::new();
    let namesakes =
        (20..60).map(|number| Builder::authority("root", &Key::p256(number)).signed_by("root", &Key::p256(number)));
    let verdict = verdict(&[chain.leaf(), chain.middle()], &namesakes.collect::<Vec<_>>());
    assert_refused(verdict, ErrorCode::CertificateTooLarge, "forty namesakes");
}

#[test]
fn only_the_cross_signed_certificate_in_x5c_counts() {
    // Each of two roots issued a certificate for the middle. The relying party trusts one root.
    let chain = Chain::new();
    let other_key = Key::p256(8);
    let other = Builder::authority("other", &other_key).signed_by("other", &other_key);
    let by_other = chain.middle.signed_by("other", &other_key);
    assert_eq!(verdict(&[chain.leaf(), by_other.clone()], &[other.clone()]), Ok(()));
    let by_root = verdict(&[chain.leaf(), chain.middle()], &[other]);
    assert_refused(
        by_root,
        ErrorCode::AttestationUntrusted,
        "by the root that is not trusted",
    );
    assert_eq!(verdict(&[chain.leaf(), chain.middle()], &[by_other]), Ok(()));
}

#[test]
fn only_the_order_of_x5c_is_tried() {
    let chain = Chain::new();
    let (leaf, middle, root) = (chain.leaf(), chain.middle(), chain.root());
    let anchors = [root.clone()];
    for (what, x5c) in [
        ("root before middle", [leaf.clone(), root.clone(), middle.clone()]),
        ("leaf twice", [leaf.clone(), leaf.clone(), middle.clone()]),
    ] {
        assert_refused(verdict(&x5c, &anchors), ErrorCode::AttestationUntrusted, what);
    }
    // The first certificate is the leaf, whatever its purpose.
    assert_eq!(verdict(&[middle.clone(), leaf.clone()], &anchors), Ok(()));
    // What follows the path is ignored, but must be a certificate.
    assert_eq!(verdict(&[leaf.clone(), middle.clone(), leaf.clone()], &anchors), Ok(()));
    let with_garbage = verdict(&[leaf, middle, alloc::vec![0x30, 0]], &anchors);
    assert_refused(with_garbage, ErrorCode::CertificateMalformed, "no certificate");
}

#[test]
fn the_refusal_is_the_most_telling() {
    let mut chain = Chain::new();
    chain.leaf = chain.leaf.validity(EARLY, PAST);
    let x5c = [chain.leaf(), chain.middle()];
    assert_refused(
        verdict(&x5c, &[]),
        ErrorCode::AttestationUntrusted,
        "no path, so no rule of one",
    );
    assert_refused(verdict(&x5c, &[chain.root()]), ErrorCode::CertificateExpired, "a path");

    let mut chain = Chain::new();
    chain.root = replace(chain.root, BASIC_CONSTRAINTS, &constraints(true, Some(0)));
    let namesake = Builder::authority("root", &Key::p256(11)).signed_by("root", &Key::p256(11));
    for anchors in [[namesake.clone(), chain.root()], [chain.root(), namesake]] {
        let verdict = verdict(&[chain.leaf(), chain.middle()], &anchors);
        assert_refused(
            verdict,
            ErrorCode::CertificateUseForbidden,
            "a broken rule before another key",
        );
    }
}
