use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess};

use super::*;

/// What both readers read.
#[derive(Debug, PartialEq)]
enum Seen {
    Null,
    Bool(bool),
    String(String),
    /// The number as a u64.
    Number(Option<u64>),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

fn read(value: Value<'_, '_>) -> Option<Seen> {
    match value.0.rest.bytes().next()? {
        b'n' => value.nullable(|_| None).map(|_: Option<()>| Seen::Null),
        b't' | b'f' => value.boolean().map(Seen::Bool),
        b'"' => value.string().map(Seen::String),
        b'[' => {
            let mut elements = Vec::new();
            value.elements(&mut |element| {
                elements.push(read(element)?);
                Some(())
            })?;
            Some(Seen::Array(elements))
        }
        b'{' => {
            let mut members = Vec::new();
            value.members(&mut |name, value| {
                members.push((name.to_string(), read(value)?));
                Some(())
            })?;
            Some(Seen::Object(members))
        }
        _ => {
            let number = value.raw()?;
            Some(Seen::Number(Value(&mut Reader::new(number)).unsigned()))
        }
    }
}

fn ours(json: &[u8]) -> Option<Seen> {
    let mut seen = Vec::new();
    members(core::str::from_utf8(json).ok()?, &mut |name, value| {
        seen.push((name.to_string(), read(value)?));
        Some(())
    })?;
    Some(Seen::Object(seen))
}

/// Unlike `serde_json`'s own values, these keep duplicate members.
struct Oracle;

impl<'de> de::Visitor<'de> for Oracle {
    type Value = Seen;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Seen, E> {
        Ok(Seen::Bool(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Seen, E> {
        Ok(Seen::String(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Seen, E> {
        Ok(Seen::Number(Some(value)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen::Number(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen::Number(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Seen, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element()? {
            elements.push(element);
        }
        Ok(Seen::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Seen, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Seen::Object(members))
    }
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Oracle)
    }
}

const TEXTS: [&str; 16] = [
    r#"{}"#,
    " \t\r\n{ } \n",
    r#"{"type":"webauthn.get","challenge":"AA","origin":"https://example.org","crossOrigin":false}"#,
    r#"{"a":null,"b":true,"c":false,"d":"","e":[],"f":{},"g":0}"#,
    r#"{"n":[0,-0,1,-12,1.5,1e3,1E-3,1.25e+30,-0.0e0,10]}"#,
    r#"{"no":18446744073709551615,"more":[18446744073709551616,-9223372036854775808],"x":184467440737095516150}"#,
    r#"{"\u0074ype":"\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00"}"#,
    r#"{"deep":[[{"x":[{"y":null},{"z":[true,"s"]}]}],1]}"#,
    r#"{"é":"€😀","":"empty name"}"#,
    r#"{"long":"0123456789€abc😀def\\gh\nij\u00e9kl!#$[]~é€😀é€😀","é€😀é€😀é":""}"#,
    r#"{"s":"\u0000\u001f\u007f\uffff\ufffe"}"#,
    r#"{"s":"\ud83d\ude00x","t":"\ud83d"}"#,
    r#"{"s":"\ude00"}"#,
    r#"{"s":"\ud83d\ud83d\ude00"}"#,
    r#"{"no":7,"entries":[ {"aaguid":"0-0" , "statusReports":[{"status":"A"}]},{"aaguid":null} ],"no":8}"#,
    r#"[ "a" , ["b"],{"c":"\ud83d"}] "#,
];

#[test]
fn agrees_with_serde_json() {
    for text in TEXTS {
        compare(text.as_bytes());
    }
    assert!(TEXTS.iter().filter(|text| ours(text.as_bytes()).is_some()).count() > 10);
}

/// Replaces each byte by each byte that has a meaning in JSON, leaves it out, and doubles it.
#[test]
fn agrees_with_serde_json_on_each_mutation() {
    let special = b"{}[]:,\"\\/0123456789-+.eEtruefalsnbd \t\n\r\x00\x1f\x7f\x80\xc3\xed\xff";
    for text in TEXTS.map(str::as_bytes) {
        for at in 0..text.len() {
            let (before, after) = text.split_at(at);
            let rest = &after[1..];
            for byte in special {
                compare(&[before, &[*byte], rest].concat());
                compare(&[before, &[*byte], after].concat());
            }
            compare(&[before, rest].concat());
            compare(before);
        }
    }
}

fn compare(json: &[u8]) {
    match serde_json::from_slice(json) {
        Ok(seen @ Seen::Object(_)) => assert_eq!(ours(json), Some(seen), "{}", json.escape_ascii()),
        // It converts numbers to f64 and refuses those that are too large, although the grammar allows them.
        Err(error) if error.to_string().starts_with("number out of range") => {}
        _ => assert_eq!(ours(json), None, "{}", json.escape_ascii()),
    }
    if let Ok(text) = core::str::from_utf8(json) {
        compare_skipped(text);
    }
}

/// Skipped values must be well formed too, except for halves of surrogate pairs.
fn compare_skipped(json: &str) {
    let mut reader = Reader::new(json);
    reader.skip_space();
    let raw = Value(&mut reader).raw();
    reader.skip_space();
    let expected = serde_json::from_str::<IgnoredAny>(json)
        .is_ok()
        .then(|| json.trim_ascii());
    assert_eq!(raw.filter(|_| reader.rest.is_empty()), expected, "{json:?}");
}

#[test]
fn visits_each_member_in_order_and_stops_when_told() {
    let json = r#"{"b":1,"a":2,"b":3}"#;
    let mut names = Vec::new();
    let all = members(json, &mut |name, _| {
        names.push(name.to_string());
        Some(())
    });
    assert_eq!((all, names), (Some(()), vec!["b".into(), "a".into(), "b".into()]));
    let mut calls = 0;
    assert_eq!(
        members(json, &mut |name, _| {
            calls += 1;
            (name != "a").then_some(())
        }),
        None
    );
    assert_eq!(calls, 2);
}

#[test]
fn visits_each_element_and_stops_when_told() {
    let list = |last: u64| {
        let mut list = Vec::new();
        let read = members(r#"{"x":[1,[],2,3]}"#, &mut |_, value| {
            value.elements(&mut |element| {
                let raw = element.raw()?;
                list.push(raw);
                (raw != last.to_string()).then_some(())
            })
        });
        (read, list)
    };
    assert_eq!(list(4), (Some(()), vec!["1", "[]", "2", "3"]));
    assert_eq!(list(2), (None, vec!["1", "[]", "2"]));
}

/// Whether a reader of one type accepts a value.
type Takes = fn(Value<'_, '_>) -> bool;

#[test]
fn does_not_confuse_types_of_values() {
    let takes: [(&str, Takes); 7] = [
        ("string", |value| value.string().is_some()),
        ("boolean", |value| value.boolean().is_some()),
        ("unsigned", |value| value.unsigned().is_some()),
        ("strings", |value| value.strings().is_some()),
        ("elements", |value| value.elements(&mut |_| Some(())).is_some()),
        ("members", |value| value.members(&mut |_, _| Some(())).is_some()),
        ("nullable", |value| value.nullable(Value::string) == Some(None)),
    ];
    for (json, expected) in [
        (r#""a""#, &["string"][..]),
        (r#""1""#, &["string"]),
        ("true", &["boolean"]),
        ("false", &["boolean"]),
        ("0", &["unsigned"]),
        ("18446744073709551615", &["unsigned"]),
        ("18446744073709551616", &[]),
        ("-0", &[]),
        ("-1", &[]),
        ("1.0", &[]),
        ("1e0", &[]),
        ("[]", &["strings", "elements"]),
        (r#"["a","b"]"#, &["strings", "elements"]),
        (r#"["a",null]"#, &["elements"]),
        (r#"{"a":"b"}"#, &["members"]),
        ("null", &["nullable"]),
    ] {
        let taken = |(_, takes): &&(&str, Takes)| takes(Value(&mut Reader::new(json)));
        let names: Vec<_> = takes.iter().filter(taken).map(|(name, _)| *name).collect();
        assert_eq!(names, expected, "{json}");
    }
}

#[test]
fn keeps_one_value_per_name() {
    let mut member = None;
    assert_eq!((set(&mut member, Some(1)), member), (Some(()), Some(1)));
    assert_eq!(set(&mut member, Some(2)), None);
    assert_eq!(set(&mut None::<u8>, None), None);
}

#[test]
fn nests_as_deep_as_the_limit_and_no_deeper() {
    let skip = |json: &str| members(json, &mut |_, _| Some(())).is_some();
    for (begin, end) in [("[", "]"), ("{\"y\":", "}"), ("[{\"y\":", "}]")] {
        let half = |begin: &str| begin.matches(['[', '{']).count();
        let nested = |times: usize| format!("{{\"x\":{}0{}}}", begin.repeat(times), end.repeat(times));
        let deepest = (limits::JSON_DEPTH - 1) / half(begin);
        assert!(skip(&nested(deepest)) && ours(nested(deepest).as_bytes()).is_some());
        assert!(!skip(&nested(deepest + 1)) && ours(nested(deepest + 1).as_bytes()).is_none());
    }
    // Lists that have ended do not count for the depth.
    let wide = format!("{{\"x\":[{}0]}}", "[[{}]],".repeat(100));
    assert!(skip(&wide) && ours(wide.as_bytes()).is_some());
}

/// Each byte at each of eight positions, alone and repeated to the end, among the bytes next to the special ones.
#[test]
fn finds_the_first_special_byte_of_eight() {
    let check = |bytes: [u8; 8]| {
        let place = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
        let found = usize::try_from(specials(bytes).trailing_zeros() / 8);
        assert_eq!(found, Ok(place.unwrap_or(8)), "{bytes:?}");
    };
    for byte in 0..=u8::MAX {
        for near in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff] {
            for at in 0..8 {
                let mut bytes = [near; 8];
                bytes[at] = byte;
                check(bytes);
                bytes[at..].fill(byte);
                check(bytes);
            }
        }
    }
}
