use alloc::string::ToString;

use super::super::manufacturers::Manufacturer;
use super::*;
use crate::attestation::AttestationPolicy;

const INVALID: Option<ErrorCode> = Some(ErrorCode::AttestationCertificateInvalid);

/// The verdict on a changed certificate.
fn refusal_of(change: impl FnOnce(Builder) -> Builder) -> Option<ErrorCode> {
    let mut quote = Quote::new();
    quote.certificate = change(quote.certificate);
    quote.refusal()
}

/// The verdict on a certificate with another value of a critical extension.
fn refusal_with(kind: &'static str, value: &[u8]) -> Option<ErrorCode> {
    refusal_of(|certificate| certificate.without(kind).extension(kind, true, value))
}

fn refusal_without(kind: &str) -> Option<ErrorCode> {
    refusal_of(|certificate| certificate.without(kind))
}

/// The verdict on a subject alternative name with another value of one attribute.
fn with_attribute(place: usize, value: &'static str) -> Option<ErrorCode> {
    let mut model = MODEL;
    model[place].1 = value;
    refusal_with(NAME, &alternative_name(&model))
}

#[test]
fn must_have_version_3() {
    let version_1 = |mut certificate: Builder| {
        certificate.version = 0;
        certificate.extensions = vec![];
        certificate
    };
    assert_eq!(refusal_of(version_1), INVALID);
}

#[test]
fn must_have_no_subject() {
    assert_eq!(
        refusal_of(|certificate| certificate.subject(&[("2.5.4.3", "TPM")])),
        INVALID
    );
}

#[test]
fn must_be_for_attestation() {
    assert_eq!(refusal_without(USAGE), INVALID);
    // id-kp-clientAuth.
    let other = "1.3.6.1.5.5.7.3.2";
    assert_eq!(refusal_with(USAGE, &usage(&[other])), INVALID);
    assert_eq!(refusal_with(USAGE, &usage(&[other, AIK])), None);
    assert_eq!(refusal_with(USAGE, &[0x30, 1]), Some(ErrorCode::CertificateMalformed));
}

#[test]
fn must_not_be_a_ca() {
    assert_eq!(refusal_without(BASIC_CONSTRAINTS), INVALID);
    assert_eq!(refusal_with(BASIC_CONSTRAINTS, &constraints(true, None)), INVALID);
}

#[test]
fn has_a_critical_name_for_its_tpm() {
    assert_eq!(refusal_without(NAME), INVALID);
    let optional = |certificate: Builder| {
        certificate
            .without(NAME)
            .extension(NAME, false, &alternative_name(&MODEL))
    };
    assert_eq!(refusal_of(optional), INVALID);
    // A dNSName alone, and beside the directoryName.
    let dns = tlv(0x82, &[b"example.org"]);
    assert_eq!(refusal_with(NAME, &sequence(&[&dns])), INVALID);
    let both = sequence(&[&dns, &tlv(0xa4, &[&name(&MODEL)])]);
    assert_eq!(refusal_with(NAME, &both), None);
    assert_eq!(refusal_with(NAME, &[0x30, 1]), Some(ErrorCode::CertificateMalformed));
}

#[test]
fn names_manufacturer_model_and_version_once() {
    for (place, attribute) in MODEL.into_iter().enumerate() {
        let rest: Vec<_> = MODEL.into_iter().filter(|other| *other != attribute).collect();
        assert_eq!(refusal_with(NAME, &alternative_name(&rest)), INVALID, "{attribute:?}");
        assert_eq!(with_attribute(place, ""), INVALID, "{attribute:?}");
        let twice: Vec<_> = MODEL.into_iter().chain([attribute]).collect();
        assert_eq!(refusal_with(NAME, &alternative_name(&twice)), INVALID, "{attribute:?}");
    }
}

#[test]
fn names_may_be_one_set_of_attributes() {
    let attribute = |(kind, text): (&str, &str)| sequence(&[&oid(kind), &tlv(0x0c, &[text.as_bytes()])]);
    let set = tlv(0x31, &MODEL.map(attribute).each_ref().map(Vec::as_slice));
    let name = sequence(&[&tlv(0xa4, &[&sequence(&[&set])])]);
    assert_eq!(refusal_with(NAME, &name), None);
}

#[test]
fn must_have_a_registered_manufacturer() {
    // In lower case, ST with its space, and the last of the registry.
    for registered in ["id:49465800", "id:4e544300", "id:53544D20", "id:57454300"] {
        assert_eq!(with_attribute(0, registered), None, "{registered}");
    }
    // The empty one; FIDO's test vendor; no prefix; another length; not a number; a number with a sign.
    for other in [
        "id:00000000",
        "id:FFFFF1D0",
        "49465800",
        "id:494658",
        "id:4946580G",
        "id:+9465800",
        "id:",
    ] {
        assert_eq!(with_attribute(0, other), INVALID, "{other}");
    }
}

#[test]
fn other_manufacturers_are_the_caller_s_choice() {
    let with = |manufacturers: TpmManufacturers, manufacturer: &'static str| {
        let mut quote = Quote::new();
        let mut model = MODEL;
        model[0].1 = manufacturer;
        let name = alternative_name(&model);
        quote.certificate = quote.certificate.without(NAME).extension(NAME, true, &name);
        quote.sample.policy.tpm_manufacturers = manufacturers;
        quote.refusal()
    };
    let fido = TpmManufacturers::RegisteredAnd(vec!["id:FFFFF1D0".to_string()]);
    assert_eq!(with(fido.clone(), "id:FFFFF1D0"), None);
    assert_eq!(with(fido.clone(), "id:fffff1d0"), None);
    assert_eq!(with(fido.clone(), "id:49465800"), None);
    assert_eq!(with(fido, "id:00000000"), INVALID);
    assert_eq!(with(TpmManufacturers::Any, "id:00000000"), None);
    assert_eq!(with(TpmManufacturers::Any, "Infineon"), INVALID);
    assert!(Manufacturer::parse("id:00000000").is_some());
}

#[test]
fn a_policy_names_manufacturers_as_certificates_do() {
    let check = |manufacturer: &str| {
        let policy = AttestationPolicy {
            tpm_manufacturers: TpmManufacturers::RegisteredAnd(vec![manufacturer.to_string()]),
            ..AttestationPolicy::default()
        };
        policy.check().map_err(|error| (error.code, error.field))
    };
    assert_eq!(check("id:FFFFF1D0"), Ok(()));
    let refused = Err((ErrorCode::PolicyMalformed, "tpmManufacturers"));
    assert_eq!(check("FFFFF1D0"), refused);
    assert_eq!(check("Infineon"), refused);
}

#[test]
fn must_name_the_model_in_the_authenticator_data() {
    let aaguid = |critical, value: &[u8]| {
        refusal_of(|certificate| certificate.extension("1.3.6.1.4.1.45724.1.1.4", critical, value))
    };
    assert_eq!(aaguid(false, &tlv(4, &[&[5; 16]])), None);
    let other = aaguid(false, &tlv(4, &[&[6; 16]]));
    assert_eq!(other, Some(ErrorCode::AttestationAaguidMismatch));
    assert_eq!(aaguid(true, &tlv(4, &[&[5; 16]])), INVALID);
    assert_eq!(aaguid(false, &tlv(4, &[&[5; 15]])), INVALID);
    assert_eq!(aaguid(false, &[5; 16]), INVALID);
}
