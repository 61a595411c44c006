use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::attestation::AttestationType;
use crate::attestation::sample::Sample;
use crate::certificates::statements::{ATTESTATION, certificate, issue, map};
use crate::certificates::{Builder, algorithms, p256_key, sequence, tlv};
use crate::error::ErrorCode;

const NOW: u64 = 1_700_000_000;
const NOW_MS: u64 = NOW * 1000;

/// A registration whose policy names the format and the time.
fn sample() -> Sample {
    let mut sample = Sample::new();
    sample.policy.formats = vec!["android-safetynet".to_string()];
    sample.policy.now = Some(NOW);
    sample
}

/// A certificate with alternative names.
fn for_names(names: &[u8]) -> Builder {
    certificate(ATTESTATION).extension("2.5.29.17", false, &sequence(&[names]))
}

fn good() -> Builder {
    for_names(&tlv(0x82, &[b"attest.android.com"]))
}

fn header(algorithm: &str, certificate: &Builder) -> String {
    json!({ "alg": algorithm, "x5c": [STANDARD.encode(issue(certificate))] }).to_string()
}

fn payload(sample: &Sample) -> serde_json::Value {
    json!({
        "nonce": STANDARD.encode(Sha256::digest(sample.attested().signed_data())),
        "timestampMs": NOW_MS,
        "apkPackageName": "com.google.android.gms",
        "ctsProfileMatch": true,
        "basicIntegrity": true,
    })
}

fn signed(header: &str, payload: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

fn jws(header: &str, payload: &str) -> String {
    let signed = signed(header, payload);
    let signature: Signature = p256_key(ATTESTATION).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn statement(response: &str) -> Value {
    map(&[
        ("ver", Value::Text("14366018".into())),
        ("response", Value::Bytes(response.as_bytes().to_vec())),
    ])
}

fn refusal(sample: &Sample, response: &str) -> Option<ErrorCode> {
    sample.refusal("android-safetynet", statement(response))
}

fn of_payload(sample: &Sample, member: &str, value: serde_json::Value) -> Option<ErrorCode> {
    let mut payload = payload(sample);
    payload[member] = value;
    refusal(sample, &jws(&header("ES256", &good()), &payload.to_string()))
}

fn of_certificate(sample: &Sample, certificate: &Builder) -> Option<ErrorCode> {
    refusal(
        sample,
        &jws(&header("ES256", certificate), &payload(sample).to_string()),
    )
}

#[test]
fn accepts_a_valid_response() {
    let sample = sample();
    let response = jws(&header("ES256", &good()), &payload(&sample).to_string());
    let evidence = sample.verify("android-safetynet", statement(&response)).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::Basic);
    assert_eq!(evidence.certificates, [issue(&good())]);
}

#[test]
fn accepts_rs256_which_the_service_used() {
    let sample = sample();
    let key = algorithms::rsa(2048);
    let mut certificate = good();
    certificate.public.clone_from(&key.public);
    let response = |algorithm: &str| {
        let signed = signed(&header(algorithm, &certificate), &payload(&sample).to_string());
        let signature = (key.sign)(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    assert_eq!(refusal(&sample, &response("RS256")), None);
    // 256 bytes are not a signature of ES256.
    assert_eq!(refusal(&sample, &response("ES256")), Some(ErrorCode::SignatureInvalid));
    assert_eq!(
        refusal(&sample, &response("none")),
        Some(ErrorCode::AttestationStatementMalformed)
    );
}

#[test]
fn requires_the_format_and_the_time_in_the_policy() {
    let mut sample = sample();
    let response = jws(&header("ES256", &good()), &payload(&sample).to_string());
    sample.policy.now = None;
    assert_eq!(refusal(&sample, &response), Some(ErrorCode::PolicyMalformed));
    sample.policy.now = Some(NOW);
    sample.policy.formats.clear();
    assert_eq!(refusal(&sample, &response), Some(ErrorCode::AttestationFormatForbidden));
}

#[test]
fn requires_a_response_for_this_registration() {
    let sample = sample();
    let mismatch = Some(ErrorCode::AttestationDataMismatch);
    let nonce = Sha256::digest(sample.attested().signed_data());
    for other in [
        STANDARD.encode([0; 32]),
        STANDARD.encode(&nonce[1..]),
        URL_SAFE_NO_PAD.encode(nonce),
        String::new(),
    ] {
        assert_eq!(of_payload(&sample, "nonce", json!(other)), mismatch);
    }
}

#[test]
fn requires_a_recent_response() {
    let sample = sample();
    let at = |time: u64| of_payload(&sample, "timestampMs", json!(time));
    let mismatch = Some(ErrorCode::AttestationDataMismatch);
    assert_eq!(at(NOW_MS - super::MAX_AGE_MS), None);
    assert_eq!(at(NOW_MS - super::MAX_AGE_MS - 1), mismatch);
    assert_eq!(at(NOW_MS + super::MAX_AHEAD_MS), None);
    assert_eq!(at(NOW_MS + super::MAX_AHEAD_MS + 1), mismatch);
    assert_eq!(at(0), mismatch);
    assert_eq!(at(u64::MAX), mismatch);
}

#[test]
fn requires_a_device_that_google_approved() {
    let sample = sample();
    assert_eq!(
        of_payload(&sample, "ctsProfileMatch", json!(false)),
        Some(ErrorCode::AttestationDataMismatch)
    );
}

#[test]
fn requires_the_certificate_of_the_services_host() {
    let sample = sample();
    let invalid = Some(ErrorCode::AttestationCertificateInvalid);
    assert_eq!(of_certificate(&sample, &certificate(ATTESTATION)), invalid);
    for name in [
        tlv(0x82, &[b"attest.android.com.example.org"]),
        tlv(0x82, &[b"*.android.com"]),
        tlv(0x86, &[b"attest.android.com"]),
        tlv(0x81, &[b"attest.android.com"]),
    ] {
        assert_eq!(of_certificate(&sample, &for_names(&name)), invalid);
    }
    let names = [tlv(0x82, &[b"example.org"]), tlv(0x82, &[b"attest.android.com"])].concat();
    assert_eq!(of_certificate(&sample, &for_names(&names)), None);
}

#[test]
fn verifies_the_signature_by_the_certificates_key() {
    let sample = sample();
    let response = jws(&header("ES256", &good()), &payload(&sample).to_string());
    let (signed, signature) = response.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let with = |signature: &[u8]| refusal(&sample, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)));
    assert_eq!(with(&signature), None);

    let invalid = Some(ErrorCode::SignatureInvalid);
    let mut bit = signature.clone();
    bit[63] ^= 1;
    assert_eq!(with(&bit), invalid);
    assert_eq!(with(&[]), invalid);
    assert_eq!(with(&[0; 64]), invalid);
    assert_eq!(with(&signature[1..]), invalid);
    assert_eq!(with(&[&signature[..], &[0]].concat()), invalid);
    // WebAuthn's own signatures have another form than those of a JWS.
    let der = Signature::from_slice(&signature).unwrap().to_der();
    assert_eq!(with(der.as_bytes()), invalid);

    assert_eq!(
        refusal(&sample, &jws(&header("RS256", &good()), &payload(&sample).to_string())),
        Some(ErrorCode::AttestationAlgorithmMismatch)
    );
}

#[test]
fn refuses_headers_of_another_form() {
    let sample = sample();
    let certificate = STANDARD.encode(issue(&good()));
    let url_safe = certificate.replace('+', "-").replace('/', "_");
    assert_ne!(url_safe, certificate);
    let chain = |count| vec![certificate.clone(); count];
    for header in [
        json!({ "alg": "ES256" }),
        json!({ "x5c": chain(1) }),
        json!({ "alg": "ES256", "x5c": [] }),
        json!({ "alg": "ES256", "x5c": chain(7) }),
        json!({ "alg": "ES256", "x5c": certificate }),
        json!({ "alg": "ES256", "x5c": [url_safe] }),
        json!({ "alg": "ES256", "x5c": [format!("{certificate}=")] }),
        json!({ "alg": "HS256", "x5c": chain(1) }),
        json!({ "alg": "ES256", "x5c": chain(1), "crit": ["exp"] }),
        json!({ "alg": "ES256", "x5c": chain(1), "jwk": {} }),
        json!(["ES256", chain(1)]),
        json!(null),
    ] {
        let response = jws(&header.to_string(), &payload(&sample).to_string());
        assert_eq!(
            refusal(&sample, &response),
            Some(ErrorCode::AttestationStatementMalformed),
            "{header}"
        );
    }
}

#[test]
fn refuses_payloads_of_another_form() {
    let sample = sample();
    let header = header("ES256", &good());
    let good = payload(&sample).to_string();
    let malformed = Some(ErrorCode::AttestationStatementMalformed);
    for member in ["nonce", "timestampMs", "ctsProfileMatch"] {
        assert_eq!(of_payload(&sample, member, json!(null)), malformed, "{member}");
        let mut payload = payload(&sample);
        payload.as_object_mut().unwrap().remove(member);
        assert_eq!(refusal(&sample, &jws(&header, &payload.to_string())), malformed);
    }
    assert_eq!(of_payload(&sample, "ctsProfileMatch", json!("true")), malformed);
    assert_eq!(of_payload(&sample, "timestampMs", json!(-1)), malformed);
    let twice = good.replacen('{', "{\"ctsProfileMatch\":false,", 1);
    for payload in [twice.as_str(), "", "null", "[\"\",0,true]", &format!("{good}x")] {
        assert_eq!(refusal(&sample, &jws(&header, payload)), malformed, "{payload}");
    }
}

#[test]
fn refuses_statements_of_another_form() {
    let sample = sample();
    let malformed = Some(ErrorCode::AttestationStatementMalformed);
    let good = jws(&header("ES256", &good()), &payload(&sample).to_string());
    for response in [
        String::new(),
        "..".to_string(),
        good.replacen('.', "", 1),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}="),
        format!("{good}\n"),
        good.replacen('.', "=.", 1),
    ] {
        assert_eq!(refusal(&sample, &response), malformed, "{response}");
    }

    let response = ("response", Value::Bytes(good.clone().into_bytes()));
    for members in [
        vec![response.clone()],
        vec![("ver", Value::Text(String::new())), response.clone()],
        vec![("ver", 14_366_018.into()), response.clone()],
        vec![("ver", Value::Text("1".into()))],
        vec![("ver", Value::Text("1".into())), ("response", Value::Text(good))],
        vec![("ver", Value::Text("1".into())), response, ("x5c", Value::Null)],
    ] {
        assert_eq!(sample.refusal("android-safetynet", map(&members)), malformed);
    }
}
