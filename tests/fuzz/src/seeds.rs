//! What mutations start from: the project's vectors, the accepted ones first, cut into what each target takes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::attestation::AttestationObject;
use crate::authenticator_data::AuthenticatorData;
use crate::{ceremonies, p256_kernel, rsa_kernel};

/// Of a vector, what the targets need; members that are not base64url are empty.
pub(crate) struct Case {
    pub(crate) expected_challenge: String,
    pub(crate) expected_origin: String,
    pub(crate) expected_rp_id: String,
    pub(crate) raw_id: Vec<u8>,
    /// Of an authentication.
    pub(crate) public_key: Vec<u8>,
    response: Value,
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
            response: vector["response"].clone(),
        }
    }

    /// A member of the response.
    pub(crate) fn member(&self, name: &str) -> Option<Vec<u8>> {
        decode(&self.response["response"][name])
    }
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

/// The accepted ones first.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(read(include_str!("../../vectors/rejects.json")));
    cases
}

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
            .map(|case| case.response.to_string().into_bytes())
            .collect(),
        "authenticator-data" => data,
        "attestation-object" => objects,
        "registration" => ceremonies::registration_seeds(&cases),
        "authentication" => ceremonies::authentication_seeds(&cases),
        other => panic!("no seeds for {other}"),
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
