use super::*;

const MALFORMED: Option<ErrorCode> = Some(ErrorCode::CertificateMalformed);

#[test]
fn a_certificate_has_a_key_description() {
    let sample = Sample::new();
    let certificate = right_certificate(&sample).without(DESCRIPTION);
    assert_eq!(refusal_of(&sample, &certificate), INVALID);
}

#[test]
fn a_key_description_is_read_to_its_end_and_no_further() {
    let sample = Sample::new();
    let description = Description::new(&sample).der();
    let longer = [&*description, &[0]].concat();
    let shorter = (0..description.len()).map(|len| description[..len].to_vec());
    for description in shorter.chain([longer]) {
        assert_eq!(refusal_of(&sample, &certificate(&description)), MALFORMED);
    }
    // Another element at the end of the sequence.
    let longer = sequence(&[&description[2..], &integer(1)]);
    assert_eq!(refusal_of(&sample, &certificate(&longer)), MALFORMED);
}

#[test]
fn refuses_unknown_security_levels() {
    assert_eq!(
        refusal_with(|description| description.security_levels = [3, 1]),
        MALFORMED
    );
    assert_eq!(
        refusal_with(|description| description.security_levels = [1, 3]),
        MALFORMED
    );
}

#[test]
fn fields_are_explicit_and_of_their_types() {
    let wrong = [
        // An origin that is IMPLICIT, not an INTEGER, negative, or has two values.
        vec![0x9f, 0x85, 0x3e, 1, 0],
        field(702, &tlv(10, &[&[0]])),
        field(702, &tlv(2, &[&[0xff]])),
        field(702, &[integer(0), integer(0)].concat()),
        // An empty field, and a field without a number.
        field(703, &[]),
        integer(0),
    ];
    for field in wrong {
        assert_eq!(
            refusal_with(|description| description.hardware[2] = field.clone()),
            MALFORMED,
            "{field:?}"
        );
    }
    let no_set = |description: &mut Description| description.hardware[0] = field(1, &integer(2));
    assert_eq!(refusal_with(no_set), MALFORMED);
    let no_null = |description: &mut Description| description.software[0] = field(600, &integer(0));
    assert_eq!(refusal_with(no_null), MALFORMED);
}

#[test]
fn fields_may_be_in_any_order_but_not_repeated() {
    assert_eq!(refusal_with(|description| description.hardware.reverse()), None);
    assert_eq!(
        refusal_with(|description| description.hardware.push(origin(0))),
        MALFORMED
    );
    assert_eq!(
        refusal_with(|description| description.software.push(field(709, &tlv(4, &[])))),
        MALFORMED
    );
}
