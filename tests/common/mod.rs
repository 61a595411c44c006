//! A case of a vector file, and what the crate makes of it.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod authenticator;

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use touchstone_webauthn::authentication::{self, AuthenticationPolicy, CredentialRecord};
use touchstone_webauthn::credential::{AuthenticationResponse, RegistrationResponse};
use touchstone_webauthn::error::Error;
use touchstone_webauthn::policy::{CrossOrigin, Policy, Requirement};
use touchstone_webauthn::registration::{self, RegistrationPolicy};

/// The fields that the vector files explain in themselves.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    pub name: String,
    ceremony: String,
    #[serde(default)]
    why: String,
    expected_challenge: String,
    expected_origin: String,
    #[serde(rename = "expectedRPID")]
    expected_rp_id: String,
    #[serde(default)]
    cross_origin: bool,
    expected_top_origin: Option<String>,
    require_user_verification: bool,
    #[serde(default)]
    allowed_algorithms: Vec<i64>,
    #[serde(default)]
    allow_credentials: Vec<String>,
    credential: Option<Credential>,
    response: Value,
    expect: Option<Value>,
    pub code: Option<String>,
    pub field: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    id: String,
    public_key: String,
    counter: u32,
    backup_eligible: Option<bool>,
    user_handle: Option<String>,
}

/// What came of a case; the accepted ones with what vectors expect of them.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Accepted(Value),
    Refused(String),
}

impl Case {
    pub fn why(&self) -> &str {
        &self.why
    }

    pub fn run(&self) -> Outcome {
        match self.verify() {
            Ok(value) => Outcome::Accepted(value),
            Err(error) => Outcome::Refused(error.code.as_str().into()),
        }
    }

    pub fn verify(&self) -> Result<Value, Error> {
        let json = match &self.response {
            // A response that is not even JSON is in the file as text.
            Value::String(text) => text.clone(),
            response => response.to_string(),
        };
        match self.ceremony.as_str() {
            "registration" => self.verify_registration(&json),
            "authentication" => self.verify_authentication(&json),
            other => panic!("{}: no ceremony {other}", self.name),
        }
    }

    fn common(&self, policy: &mut Policy) {
        if self.cross_origin {
            policy.cross_origin = CrossOrigin::Allow;
        }
        policy.top_origins.extend(self.expected_top_origin.clone());
        if !self.require_user_verification {
            policy.user_verification = Requirement::NotRequired;
        }
    }

    fn verify_registration(&self, json: &str) -> Result<Value, Error> {
        let mut policy = RegistrationPolicy::new(&self.expected_challenge, &self.expected_origin, &self.expected_rp_id);
        self.common(&mut policy.common);
        policy.algorithms.clone_from(&self.allowed_algorithms);
        let verified = registration::verify(&RegistrationResponse::from_json(json)?, &policy)?;
        let aaguid: String = verified.aaguid.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(serde_json::json!({
            "fmt": verified.format,
            "attestationType": verified.attestation_type.as_str(),
            "aaguid": format!("{}-{}-{}-{}-{}", &aaguid[..8], &aaguid[8..12], &aaguid[12..16], &aaguid[16..20], &aaguid[20..]),
            "credentialId": encode(&verified.credential_id),
            "credentialPublicKey": encode(&verified.credential_public_key),
            "alg": verified.algorithm,
            "counter": verified.sign_count,
            "flags": flags(verified.flags),
        }))
    }

    fn verify_authentication(&self, json: &str) -> Result<Value, Error> {
        let mut policy =
            AuthenticationPolicy::new(&self.expected_challenge, &self.expected_origin, &self.expected_rp_id);
        self.common(&mut policy.common);
        policy.allow_credentials = self.allow_credentials.iter().map(|id| decode(id)).collect();
        let credential = self.credential.as_ref().expect("an authentication has a credential");
        let mut record = CredentialRecord::new(
            &decode(&credential.id),
            &decode(&credential.public_key),
            credential.counter,
        );
        record.backup_eligible = credential.backup_eligible;
        record.user_handle = credential.user_handle.as_deref().map(decode);
        let verified = authentication::verify(&AuthenticationResponse::from_json(json)?, &record, &policy)?;
        Ok(serde_json::json!({
            "credentialId": encode(&verified.credential_id),
            "counter": verified.sign_count,
            "flags": flags(verified.flags),
        }))
    }

    /// The members that the vector expects and that the outcome has otherwise.
    pub fn compare(&self, outcome: &Outcome) -> Vec<String> {
        let (Outcome::Accepted(verified), Some(Value::Object(expected))) = (outcome, &self.expect) else {
            return vec![format!("{}: nothing to compare", self.name)];
        };
        let differs = |(key, value): (&String, &Value)| {
            let found = &verified[key];
            (found != value).then(|| format!("{}: {key} is {found}, expected {value}", self.name))
        };
        // Trust paths come with the formats that have certificates.
        expected
            .iter()
            .filter(|(key, _)| *key != "trustPath")
            .filter_map(differs)
            .collect()
    }
}

fn flags(flags: touchstone_webauthn::authenticator_data::Flags) -> Value {
    serde_json::json!({
        "up": flags.user_present(),
        "uv": flags.user_verified(),
        "be": flags.backup_eligible(),
        "bs": flags.backed_up(),
    })
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url in a vector file")
}

/// The project is whole without this folder; where it lies beside the project, its vectors run.
pub fn conformance_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance")
}

pub fn read_json<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn read_cases(path: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<Case>,
    }
    read_json::<File>(path).cases
}
