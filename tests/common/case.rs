//! A case of a vector file and the crate's verdict on it. `tests/wasm` mounts this file too and has no file system.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
#[cfg(feature = "attestation")]
use touchstone_webauthn::attestation::{AndroidKeySecurity, AttestationPolicy, Rs1, TpmManufacturers};
use touchstone_webauthn::authentication::{self, Authentication, AuthenticationPolicy, CredentialRecord};
use touchstone_webauthn::credential::{AuthenticationResponse, RegistrationResponse};
use touchstone_webauthn::error::Error;
use touchstone_webauthn::policy::{CrossOrigin, Policy, Requirement};
use touchstone_webauthn::registration::{self, RegistrationPolicy};
#[cfg(feature = "attestation")]
use touchstone_webauthn::x509::TrustAnchor;

/// The fields of a case. The vector files explain them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    pub name: String,
    pub ceremony: String,
    #[serde(default)]
    pub why: String,
    pub expected_challenge: String,
    pub expected_origin: String,
    #[serde(rename = "expectedRPID")]
    pub expected_rp_id: String,
    #[serde(default)]
    pub cross_origin: bool,
    pub expected_top_origin: Option<String>,
    pub require_user_verification: bool,
    #[serde(default)]
    pub allowed_algorithms: Vec<i64>,
    #[serde(default)]
    pub allow_credentials: Vec<String>,
    pub credential: Option<Credential>,
    pub response: Value,
    pub expect: Option<Value>,
    pub code: Option<String>,
    pub field: Option<String>,
    /// "core" if only a build without the feature `attestation` gives this verdict.
    pub build: Option<String>,
    #[serde(flatten)]
    pub attestation: AttestationExpectations,
}

/// The attestation policy of the case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AttestationExpectations {
    /// PEM, or DER in base64url.
    pub trust_anchors: Vec<String>,
    pub require_trusted_attestation: bool,
    pub attestation_formats: Vec<String>,
    pub aaguids: Vec<String>,
    /// In seconds.
    pub now: Option<u64>,
    /// "any", or a list.
    pub tpm_manufacturers: Value,
    pub android_key_security: String,
    #[serde(rename = "allowRS1")]
    pub allow_rs1: bool,
}

/// A trust anchor and the vectors to which it applies.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root {
    certificate: String,
    applies_to: Vec<String>,
}

/// A day of 2026 on which the certificates of the W3C's vectors are valid.
const NOW: u64 = 1_780_000_000;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    pub id: String,
    pub public_key: String,
    pub counter: u32,
    pub backup_eligible: Option<bool>,
    pub user_handle: Option<String>,
}

/// The result of a case. For an accepted one, the values that vectors compare.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Accepted(Value),
    Refused(String),
}

impl Case {
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Whether this build gives the verdict that the case expects.
    pub fn is_for_this_build(&self) -> bool {
        self.build.as_deref() != Some("core") || cfg!(not(feature = "attestation"))
    }

    /// A member of the response, decoded from base64url.
    pub fn member(&self, name: &str) -> Vec<u8> {
        decode(self.response["response"][name].as_str().expect(name))
    }

    pub fn with_member(&self, name: &str, bytes: &[u8]) -> Self {
        let mut case = self.clone();
        case.response["response"][name] = Value::String(encode(bytes));
        case
    }

    pub fn run(&self) -> Outcome {
        match self.verify() {
            Ok(value) => Outcome::Accepted(value),
            Err(error) => Outcome::Refused(error.code.as_str().into()),
        }
    }

    pub fn verify(&self) -> Result<Value, Error> {
        let json = match &self.response {
            // The file has a response that is not JSON as text.
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

    pub fn registration_policy(&self) -> Result<RegistrationPolicy, Error> {
        let mut policy = RegistrationPolicy::new(&self.expected_challenge, &self.expected_origin, &self.expected_rp_id);
        self.common(&mut policy.common);
        policy.algorithms.clone_from(&self.allowed_algorithms);
        #[cfg(feature = "attestation")]
        self.attestation.apply(&mut policy.attestation)?;
        Ok(policy)
    }

    fn verify_registration(&self, json: &str) -> Result<Value, Error> {
        let policy = self.registration_policy()?;
        let verified = registration::verify(&RegistrationResponse::from_json(json)?, &policy)?;
        let aaguid: String = verified.aaguid.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(serde_json::json!({
            "fmt": verified.attestation.format,
            "attestationType": verified.attestation.attestation_type.as_str(),
            "trusted": verified.attestation.trusted,
            "trustPath": verified.attestation.certificates.iter().map(|der| encode(der)).collect::<Vec<_>>(),
            "aaguid": format!("{}-{}-{}-{}-{}", &aaguid[..8], &aaguid[8..12], &aaguid[12..16], &aaguid[16..20], &aaguid[20..]),
            "credentialId": encode(&verified.credential_id),
            "credentialPublicKey": encode(&verified.credential_public_key),
            "alg": verified.algorithm,
            "counter": verified.sign_count,
            "flags": flags(verified.flags),
        }))
    }

    fn verify_authentication(&self, json: &str) -> Result<Value, Error> {
        let verified = self.authenticate(json, |_| {})?;
        Ok(serde_json::json!({
            "credentialId": encode(&verified.credential_id),
            "counter": verified.sign_count,
            "flags": flags(verified.flags),
        }))
    }

    /// Verifies an assertion with the case's policy, changed by `adjust`.
    pub fn authenticate(
        &self,
        json: &str,
        adjust: impl FnOnce(&mut AuthenticationPolicy),
    ) -> Result<Authentication, Error> {
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
        adjust(&mut policy);
        authentication::verify(&AuthenticationResponse::from_json(json)?, &record, &policy)
    }

    /// The expected members that differ in the outcome.
    pub fn compare(&self, outcome: &Outcome) -> Vec<String> {
        let (Outcome::Accepted(verified), Some(Value::Object(expected))) = (outcome, &self.expect) else {
            return vec![format!("{}: nothing to compare", self.name)];
        };
        let differs = |(key, value): (&String, &Value)| {
            let found = &verified[key];
            (found != value).then(|| format!("{}: {key} is {found}, expected {value}", self.name))
        };
        expected.iter().filter_map(differs).collect()
    }
}

#[cfg(feature = "attestation")]
impl AttestationExpectations {
    fn apply(&self, policy: &mut AttestationPolicy) -> Result<(), Error> {
        if self.require_trusted_attestation {
            policy.trust = Requirement::Required;
        }
        policy.formats.clone_from(&self.attestation_formats);
        policy.aaguids = self.aaguids.iter().map(|text| aaguid(text)).collect();
        for text in &self.trust_anchors {
            policy.trust_anchors.extend(if text.contains("-----BEGIN") {
                TrustAnchor::from_pem(text)?
            } else {
                vec![TrustAnchor::from_der(&decode(text))?]
            });
        }
        policy.now = self.now;
        policy.tpm_manufacturers = match &self.tpm_manufacturers {
            Value::Null => TpmManufacturers::Registered,
            Value::Array(more) => {
                TpmManufacturers::RegisteredAnd(more.iter().map(|id| id.as_str().unwrap().into()).collect())
            }
            _ => TpmManufacturers::Any,
        };
        if self.android_key_security == "trusted-environment" {
            policy.android_key_security = AndroidKeySecurity::TrustedEnvironment;
        }
        if self.allow_rs1 {
            policy.rs1 = Rs1::Allow;
        }
        Ok(())
    }
}

#[cfg(feature = "attestation")]
fn aaguid(text: &str) -> [u8; 16] {
    u128::from_str_radix(&text.replace('-', ""), 16).unwrap().to_be_bytes()
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

/// Parses the cases of a file.
pub fn parse_cases(text: &str) -> serde_json::Result<Vec<Case>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        #[serde(default)]
        attestation_roots: Vec<Root>,
        cases: Vec<Case>,
    }
    let mut file: File = serde_json::from_str(text)?;
    for case in &mut file.cases {
        let vector = case.name.split('/').next().unwrap_or_default();
        let root = file
            .attestation_roots
            .iter()
            .find(|root| root.applies_to.iter().any(|name| name == vector));
        let Some(root) = root else { continue };
        case.attestation = AttestationExpectations {
            trust_anchors: vec![root.certificate.clone()],
            require_trusted_attestation: true,
            now: Some(NOW),
            // The TPM in the W3C's vectors has no manufacturer.
            tpm_manufacturers: serde_json::json!(["id:00000000"]),
            ..AttestationExpectations::default()
        };
    }
    Ok(file.cases)
}
