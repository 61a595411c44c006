use alloc::vec;

use super::*;
use crate::error::ErrorCode::*;

fn code(bytes: &[u8]) -> ErrorCode {
    parse("test", bytes).expect_err("accepted").code
}

#[test]
fn reads_each_kind_of_item() {
    assert_eq!(parse("test", &[0x18, 24]).unwrap(), Value::from(24));
    assert_eq!(parse("test", &[0x39, 0x01, 0x00]).unwrap(), Value::from(-257));
    assert_eq!(parse("test", &[0x42, 1, 2]).unwrap(), Value::Bytes(vec![1, 2]));
    assert_eq!(parse("test", b"\x63fmt").unwrap(), Value::Text("fmt".into()));
    assert_eq!(
        parse("test", &[0x82, 0xf4, 0xf6]).unwrap(),
        Value::Array(vec![Value::Bool(false), Value::Null])
    );
    assert_eq!(
        parse("test", &[0xa1, 1, 0xf5]).unwrap(),
        Value::Map(vec![(Value::from(1), Value::Bool(true))])
    );
}

#[test]
fn refuses_cbor_that_is_not_canonical() {
    for (bytes, expected) in [
        (&[0x18, 23][..], CborMalformed), // 23 in two bytes
        (&[0x19, 0, 255], CborMalformed), // 255 in three
        (&[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], CborMalformed),
        (&[0x58, 1, 0], CborMalformed),            // a length of 1 in two bytes
        (&[0xf8, 20], CborMalformed),              // false in two bytes
        (&[0x5f, 0x41, 0, 0xff], CborUnsupported), // indefinite bytes
        (&[0x9f, 0xff], CborUnsupported),          // indefinite array
        (&[0xbf, 0xff], CborUnsupported),          // indefinite map
        (&[0xff], CborUnsupported),                // a break on its own
        (&[0xf9, 0, 0], CborUnsupported),          // a float
        (&[0xc0, 0], CborUnsupported),             // a tag
        (&[0xf7], CborUnsupported),                // undefined
        (&[0xe0], CborUnsupported),                // simple(0)
        (&[0x1c], CborMalformed),                  // reserved
        (&[0x1f], CborMalformed),                  // an integer of indefinite length
        (&[0x61, 0xff], CborMalformed),            // not UTF-8
    ] {
        assert_eq!(code(bytes), expected, "{bytes:02x?}");
    }
}

#[test]
fn refuses_truncated_trailing_and_repeated_bytes() {
    assert_eq!(code(&[]), CborMalformed);
    assert_eq!(code(&[0x43, 1, 2]), CborMalformed);
    assert_eq!(code(&[0x82, 1]), CborMalformed);
    assert_eq!(code(&[0xa1, 1]), CborMalformed);
    assert_eq!(code(&[0, 0]), CborTrailingData);
    assert_eq!(code(&[0xa2, 1, 2, 1, 3]), CborDuplicate);
}

#[test]
fn refuses_a_length_that_no_input_has_without_allocating_it() {
    assert_eq!(
        code(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        CborMalformed
    );
    assert_eq!(code(&[0x9a, 0xff, 0xff, 0xff, 0xff]), CborMalformed);
    assert_eq!(code(&[0xba, 0xff, 0xff, 0xff, 0xff]), CborMalformed);
}

#[test]
fn bounds_depth_and_items() {
    let nested = |depth: usize| [vec![0x81; depth], vec![0]].concat();
    assert!(parse("test", &nested(limits::CBOR_DEPTH)).is_ok());
    assert_eq!(code(&nested(limits::CBOR_DEPTH + 1)), CborTooLarge);
    assert_eq!(code(&nested(200_000)), CborTooLarge);

    let list = |items: u16| [&[0x99][..], &items.to_be_bytes(), &vec![0; usize::from(items)]].concat();
    assert!(parse("test", &list(511)).is_ok());
    assert_eq!(code(&list(512)), CborTooLarge);
}

#[test]
fn names_the_offset_of_the_fault() {
    assert_eq!(parse("test", &[0x82, 1, 0xf7]).unwrap_err().offset, Some(3));
    assert_eq!(parse("test", &[0, 0]).unwrap_err().offset, Some(1));
}
