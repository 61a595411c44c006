use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::error::ErrorCode::*;

fn bytes(flags: u8, rest: &[u8]) -> Vec<u8> {
    [&[7; 32][..], &[flags], &[0, 0, 0, 9], rest].concat()
}

fn code(bytes: &[u8]) -> ErrorCode {
    AuthenticatorData::parse(bytes).expect_err("accepted").code
}

#[test]
fn reads_an_assertion() {
    let bytes = bytes(0b0001_1101, &[]);
    let data = AuthenticatorData::parse(&bytes).unwrap();
    assert_eq!(data.rp_id_hash, [7; 32]);
    assert_eq!(data.sign_count, 9);
    assert!(data.flags.user_present() && data.flags.user_verified());
    assert!(data.flags.backup_eligible() && data.flags.backed_up());
    assert_eq!((data.attested_credential_data, data.extensions), (None, None));
}

#[test]
fn reads_the_credential_and_then_the_extensions() {
    let credential = [&[1; 16][..], &[0, 2], &[8, 9], &[0xa1, 1, 2]].concat();
    let bytes = bytes(0b1100_0001, &[&credential[..], b"\xa1\x61x\x02"].concat());
    let data = AuthenticatorData::parse(&bytes).unwrap();
    let credential = data.attested_credential_data.unwrap();
    assert_eq!(credential.aaguid, [1; 16]);
    assert_eq!(credential.credential_id, [8, 9]);
    assert_eq!(credential.credential_public_key, [0xa1, 1, 2]);
    assert_eq!(data.extensions, Some(vec![("x".into(), Value::from(2))]));
}

#[test]
fn ignores_reserved_flags() {
    assert!(AuthenticatorData::parse(&bytes(0b0010_0011, &[])).is_ok());
}

#[test]
fn refuses_every_other_length() {
    for len in 0..37 {
        assert_eq!(code(&bytes(1, &[])[..len]), AuthenticatorDataMalformed);
    }
    assert_eq!(code(&bytes(1, &[0])), AuthenticatorDataTrailingData);
    assert_eq!(code(&bytes(0b0100_0001, &[0; 17])), AuthenticatorDataMalformed);
    assert_eq!(
        code(&bytes(0b0100_0001, &[&[0; 16][..], &[0, 3], &[1, 2]].concat())),
        AuthenticatorDataMalformed
    );
}

#[test]
fn refuses_a_credential_id_over_its_bound_before_reading_it() {
    assert_eq!(
        code(&bytes(0b0100_0001, &[&[0; 16][..], &[4, 0]].concat())),
        CredentialIdTooLarge
    );
}

#[test]
fn refuses_extensions_that_are_not_a_map_with_text_keys() {
    assert_eq!(code(&bytes(0b1000_0001, &[])), CborMalformed);
    assert_eq!(code(&bytes(0b1000_0001, &[0x80])), ExtensionsMalformed);
    assert_eq!(code(&bytes(0b1000_0001, &[0xa1, 1, 2])), ExtensionsMalformed);
}
