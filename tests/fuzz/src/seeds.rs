//! The seeds of mutations: the parts of the project's vectors that each target needs, accepted ones first.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use serde::Deserialize;
use serde_json::Value;

use crate::attestation::AttestationObject;
use crate::authenticator_data::AuthenticatorData;
use crate::{blobs, ceremonies, certificates, p256_kernel, rsa_kernel, statements};

/// The parts of a vector that the targets need. Members that are not base64url are empty.
pub(crate) struct Case {
    pub(crate) expected_challenge: String,
    pub(crate) expected_origin: String,
    pub(crate) expected_rp_id: String,
    pub(crate) raw_id: Vec<u8>,
    /// The public key of an authentication.
    pub(crate) public_key: Vec<u8>,
    /// Whether its attestation leads to the common root of the vectors.
    pub(crate) trusted: bool,
    vector: Value,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Value>,
}

impl Case {
    fn new(vector: &Value) -> Self {
        let text = |name: &str| vector[name].as_str().unwrap_or_default().to_owned();
        Self {
            expected_challenge: text("expectedChallenge"),
            expected_origin: text("expectedOrigin"),
            expected_rp_id: text("expectedRPID"),
            raw_id: decode(&vector["response"]["rawId"]).unwrap_or_default(),
            public_key: decode(&vector["credential"]["publicKey"]).unwrap_or_default(),
            trusted: vector["expect"]["trusted"] == true,
            vector: vector.clone(),
        }
    }

    /// A member of the response.
    pub(crate) fn member(&self, name: &str) -> Option<Vec<u8>> {
        decode(&self.vector["response"]["response"][name])
    }

    /// The attestation object of a registration. It must be readable.
    pub(crate) fn object(&self) -> AttestationObject {
        self.try_object().expect("an attestation object")
    }

    fn try_object(&self) -> Option<AttestationObject> {
        AttestationObject::parse(&self.member("attestationObject")?).ok()
    }

    pub(crate) fn format(&self) -> Option<String> {
        self.try_object().map(|object| object.format)
    }

    /// The certificates of its attestation, including each statement of a compound.
    pub(crate) fn certificates(&self) -> Vec<Vec<u8>> {
        self.try_object()
            .map(|object| certificates_in(&object.statement))
            .unwrap_or_default()
    }

    /// The first trust anchor, DER, and the time of the case.
    pub(crate) fn anchor(&self) -> (Vec<u8>, u64) {
        let anchor = decode(&self.vector["trustAnchors"][0]).expect("an anchor");
        (anchor, self.vector["now"].as_u64().expect("a time"))
    }
}

/// The certificates of an `x5c` or of SafetyNet's JWS.
fn certificates_in(statement: &Cbor) -> Vec<Vec<u8>> {
    let member = |name: &str| {
        let mut members = statement.as_map().into_iter().flatten();
        members
            .find(|(key, _)| key.as_text() == Some(name))
            .map(|(_, value)| value)
    };
    if let Some(statements) = statement.as_array() {
        return statements.iter().flat_map(certificates_in).collect();
    }
    if let Some(statement) = member("attStmt") {
        return certificates_in(statement);
    }
    if let Some(response) = member("response").and_then(Cbor::as_bytes) {
        return certificates_in_jws(response).unwrap_or_default();
    }
    let chain = member("x5c").and_then(Cbor::as_array).into_iter().flatten();
    chain.filter_map(|der| der.as_bytes().cloned()).collect()
}

fn certificates_in_jws(jws: &[u8]) -> Option<Vec<Vec<u8>>> {
    let header = URL_SAFE_NO_PAD.decode(jws.split(|byte| *byte == b'.').next()?).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    let chain = header["x5c"].as_array()?.iter();
    chain.map(|der| STANDARD.decode(der.as_str()?).ok()).collect()
}

fn decode(text: &Value) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.as_str()?).ok()
}

fn read(json: &str) -> Vec<Case> {
    let file: File = serde_json::from_str(json).expect("a file of vectors");
    file.cases.iter().map(Case::new).collect()
}

pub(crate) fn accepted() -> Vec<Case> {
    read(include_str!("../../vectors/accepts.json"))
}

/// All cases, the accepted ones first.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(read(include_str!("../../vectors/rejects.json")));
    cases.extend(attested());
    cases
}

const ATTESTED: &str = include_str!("../../vectors/attestation.json");

/// The cases with certificates, accepted and refused.
pub(crate) fn attested() -> Vec<Case> {
    read(ATTESTED)
}

/// The chain of the vectors' packed attestation, and the private key of its leaf.
pub(crate) static ATTESTOR: LazyLock<(Vec<Vec<u8>>, Vec<u8>)> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(ATTESTED).expect("a file of vectors");
    let key = decode(&file["attestationKey"]).expect("a private key");
    (attested()[0].certificates(), key)
});

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let cases = all();
    let members = |name: &str| -> Vec<Vec<u8>> { cases.iter().filter_map(|case| case.member(name)).collect() };
    let objects = members("attestationObject");
    let mut data = members("authenticatorData");
    let parsed = objects
        .iter()
        .filter_map(|object| AttestationObject::parse(object).ok());
    data.extend(parsed.map(|object| object.authenticator_data));
    let mut seeds = match target {
        "p256" => p256_kernel::seeds(),
        "rsa" => rsa_kernel::seeds(),
        "cbor" => [objects, keys(&data)].concat(),
        "cose" => keys(&data),
        "client-data" => members("clientDataJSON"),
        "credential" => cases
            .iter()
            .map(|case| case.vector["response"].to_string().into_bytes())
            .collect(),
        "authenticator-data" => data,
        "attestation-object" => objects,
        "registration" => ceremonies::registration_seeds(&cases),
        "authentication" => ceremonies::authentication_seeds(&cases),
        "certificate" => certificates::certificate_seeds(),
        "certificate-path" => certificates::chain_seeds(),
        metadata if metadata.starts_with("metadata-") => blobs::seeds(metadata),
        format => statements::seeds(format),
    };
    let mut known = std::collections::BTreeSet::new();
    seeds.retain(|seed| seed.len() < 9_000 && known.insert(seed.clone()));
    seeds
}

/// The COSE keys of the credentials.
fn keys(data: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let parsed = data.iter().filter_map(|data| AuthenticatorData::parse(data).ok());
    let credentials = parsed.filter_map(|data| data.attested_credential_data);
    credentials
        .map(|credential| credential.credential_public_key.to_vec())
        .collect()
}
