//! Certificates and their paths.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::input::{Input, counted};
use crate::limits;
use crate::seeds;
use crate::x509::{Certificate, TrustAnchor, path};

const FIELD: &str = "fuzz";

/// The signed parts of the vectors' certificates.
static SIGNED: LazyLock<BTreeSet<Vec<u8>>> =
    LazyLock::new(|| chains().iter().flatten().filter_map(|der| signed(der)).collect());

static ANCHOR: LazyLock<(Vec<u8>, u64)> = LazyLock::new(|| {
    let case = seeds::attested().into_iter().find(|case| case.trusted);
    case.expect("a vector that is trusted").anchor()
});

/// The root of the vectors, DER.
pub(crate) fn root() -> &'static [u8] {
    &ANCHOR.0
}

/// When their certificates are valid.
pub(crate) fn now() -> u64 {
    ANCHOR.1
}

pub(crate) fn was_signed(der: &[u8]) -> bool {
    signed(der).is_some_and(|signed| SIGNED.contains(&signed))
}

/// The first part of a certificate.
fn signed(der: &[u8]) -> Option<Vec<u8>> {
    let (_, inner) = element(der)?;
    let (signed, _) = element(inner)?;
    Some(signed.to_vec())
}

/// The first element of DER with its header, and its contents.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, head) = match der.get(1)? {
        short @ 0..=0x7f => (usize::from(*short), 2),
        0x81 => (usize::from(*der.get(2)?), 3),
        0x82 => (usize::from(u16::from_be_bytes([*der.get(2)?, *der.get(3)?])), 4),
        _ => return None,
    };
    Some((der.get(..head + len)?, der.get(head..head + len)?))
}

/// An accepted certificate is all of the bytes, and reads the same again.
pub(crate) fn certificate(data: &[u8]) {
    // An anchor is a certificate of which more is read when it is made.
    let anchor = TrustAnchor::from_der(data);
    let Ok(parsed) = Certificate::parse(FIELD, data) else {
        assert!(anchor.is_err());
        return;
    };
    assert!(data.len() <= limits::CERTIFICATE_LEN);
    assert_eq!(parsed.der(), data);
    assert!(anchor.is_err() || anchor.is_ok_and(|anchor| anchor.der() == data));
    // The other readers may refuse.
    let _ = (parsed.parameters(), parsed.basic_constraints(), parsed.is_version_3());
    for algorithm in [-7, -8, -35, -36, -37, -257, -65535] {
        assert!(parsed.verify(algorithm, FIELD, b"message", data).is_err());
    }
    assert_eq!(element(data).map(|(whole, _)| whole.len()), Some(data.len()));
}

/// A path that is found ends at the anchor and begins at a leaf that was signed.
pub(crate) fn chain(data: &[u8]) {
    let mut input = Input(data);
    let mut chain = Vec::new();
    while !input.0.is_empty() && chain.len() < 8 {
        chain.push(input.counted().to_vec());
    }
    let anchors = [TrustAnchor::from_der(root()).expect("the root of the vectors")];
    let Ok(anchor) = path::find(&chain, &anchors, now()) else {
        return;
    };
    assert_eq!(anchor, &anchors[0]);
    assert!(chain.len() <= limits::CERTIFICATES);
    assert!(was_signed(&chain[0]), "finds a path from what was never signed");
}

fn chains() -> Vec<Vec<Vec<u8>>> {
    let mut chains: Vec<Vec<Vec<u8>>> = seeds::attested().iter().map(seeds::Case::certificates).collect();
    chains.push(vec![root().to_vec()]);
    chains
}

pub(crate) fn certificate_seeds() -> Vec<Vec<u8>> {
    chains().concat()
}

pub(crate) fn chain_seeds() -> Vec<Vec<u8>> {
    let seed = |chain: &Vec<Vec<u8>>| chain.iter().flat_map(|der| counted(der)).collect();
    chains().iter().map(seed).collect()
}
