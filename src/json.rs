//! JSON (RFC 8259), as far as client data needs it: the members of one object.
//!
//! The crate `serde_json` makes a quarter of the small wasm by itself, mostly for numbers and for errors that nobody
//! sees; `docs/decisions/what-the-wasm-weighs.md` has the bytes. It is the oracle of the tests here.

use alloc::string::String;
use alloc::vec::Vec;

use crate::limits;

/// The value of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    String(Text<'a>),
    /// A number, an array or an object: their grammar is checked, and no more.
    Other,
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(&'a [u8]);

/// Calls `each` with the members of an object that is all of `json`, names unescaped and in their order. None if `json`
/// is anything else, or as soon as `each` answers none. Safe on untrusted input; time and memory grow with its length.
pub(crate) fn members<'a>(json: &'a [u8], mut each: impl FnMut(&str, Value<'a>) -> Option<()>) -> Option<()> {
    core::str::from_utf8(json).ok()?;
    let mut reader = Reader(json);
    reader.object(
        &mut |name: Text<'a>, value| each(&name.unescape()?, value),
        limits::JSON_DEPTH,
    )?;
    reader.skip_space();
    reader.0.is_empty().then_some(())
}

impl Text<'_> {
    /// None if half of a surrogate pair stands alone: what it means is in no string.
    pub(crate) fn unescape(self) -> Option<String> {
        let mut bytes = Vec::with_capacity(self.0.len());
        let mut reader = Reader(self.0);
        loop {
            bytes.extend_from_slice(reader.take_while(|byte| byte != b'\\')?);
            if reader.next().is_none() {
                break;
            }
            match reader.next()? {
                b'b' => bytes.push(b'\x08'),
                b'f' => bytes.push(b'\x0c'),
                b'n' => bytes.push(b'\n'),
                b'r' => bytes.push(b'\r'),
                b't' => bytes.push(b'\t'),
                b'u' => bytes.extend(reader.escaped_character()?.encode_utf8(&mut [0; 4]).bytes()),
                own => bytes.push(own),
            }
        }
        String::from_utf8(bytes).ok()
    }
}

/// What has not been read yet.
struct Reader<'a>(&'a [u8]);

type Each<'e, 'a> = dyn FnMut(Text<'a>, Value<'a>) -> Option<()> + 'e;

impl<'a> Reader<'a> {
    /// `depth` is how many more may stand inside each other.
    fn object(&mut self, each: &mut Each<'_, 'a>, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.expect(b'{')?;
        if self.eat(b'}') {
            return Some(());
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            self.expect(b':')?;
            let value = self.value(depth)?;
            each(name, value)?;
            if self.eat(b'}') {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.expect(b'[')?;
        if self.eat(b']') {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.eat(b']') {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.skip_space();
        match self.0.first()? {
            b'"' => self.string().map(Value::String),
            b'{' => self.object(&mut |_, _| Some(()), depth).map(|()| Value::Other),
            b'[' => self.array(depth).map(|()| Value::Other),
            b't' => self.literal(b"true").map(|()| Value::Bool(true)),
            b'f' => self.literal(b"false").map(|()| Value::Bool(false)),
            b'n' => self.literal(b"null").map(|()| Value::Null),
            _ => self.number().map(|()| Value::Other),
        }
    }

    fn string(&mut self) -> Option<Text<'a>> {
        self.literal(b"\"")?;
        let start = self.0;
        loop {
            self.take_while(|byte| !matches!(byte, b'"' | b'\\' | ..0x20))?;
            let rest = self.0.len();
            match self.next()? {
                b'"' => return start.get(..start.len().checked_sub(rest)?).map(Text),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => self.code_unit().map(drop)?,
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        self.eat_any(b"-");
        if !self.eat_any(b"0") {
            self.digits()?;
        }
        if self.eat_any(b".") {
            self.digits()?;
        }
        if self.eat_any(b"eE") {
            self.eat_any(b"+-");
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let digits = self.take_while(|byte| byte.is_ascii_digit())?;
        (!digits.is_empty()).then_some(())
    }

    /// After `\u`: one code unit, or the two of a surrogate pair.
    fn escaped_character(&mut self) -> Option<char> {
        let first = self.code_unit()?;
        let is_first_half = (0xd800..0xdc00).contains(&first);
        let second = if is_first_half {
            self.literal(b"\\u").and_then(|()| self.code_unit())
        } else {
            None
        };
        char::decode_utf16(core::iter::once(first).chain(second)).next()?.ok()
    }

    fn code_unit(&mut self) -> Option<u16> {
        (0..4).try_fold(0, |unit, _| {
            let digit = char::from(self.next()?).to_digit(16)?;
            Some(unit << 4 | u16::try_from(digit).ok()?)
        })
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| !belongs(*byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        Some(taken)
    }

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// One of the bytes, if it is the next.
    fn eat_any(&mut self, bytes: &[u8]) -> bool {
        let found = self.0.first().is_some_and(|byte| bytes.contains(byte));
        if found {
            self.next();
        }
        found
    }

    /// The byte, if it is the next after white space.
    fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.eat_any(&[byte])
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    fn skip_space(&mut self) {
        while self.eat_any(b" \t\n\r") {}
    }
}

#[cfg(test)]
mod tests;
