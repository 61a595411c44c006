//! A JSON reader (RFC 8259) for client data, FIDO metadata and JSON Web Signatures.
//!
//! It builds no tree: it visits the values in order, the caller reads each as the type it expects, and values that are
//! not read are skipped with their grammar checked. The crate `serde_json` alone would be a quarter of the small wasm,
//! mostly for numbers and for error texts that nobody sees (`docs/decisions/package/wasm-size.md`). The tests here
//! use it as their oracle.

use alloc::borrow::Cow;
use alloc::string::String;
#[cfg(feature = "attestation")]
use alloc::vec::Vec;

use crate::limits;

type EachMember<'e, 'a> = dyn FnMut(&str, Value<'_, 'a>) -> Option<()> + 'e;

/// A value that has not been read yet.
pub(crate) struct Value<'r, 'a>(&'r mut Reader<'a>);

/// Calls `each` with the members of the object in `json`, in order and with unescaped names. None if `json` is anything
/// else, or as soon as `each` returns none. Safe on untrusted input; time and memory grow with its length.
pub(crate) fn members<'a>(json: &'a str, each: &mut EachMember<'_, 'a>) -> Option<()> {
    let mut reader = Reader::new(json);
    Value(&mut reader).members(each)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(())
}

/// Keeps the value of a member. None if it could not be read or if the member is a duplicate.
pub(crate) fn set<T>(member: &mut Option<T>, value: Option<T>) -> Option<()> {
    member.replace(value?).is_none().then_some(())
}

/// Each method returns none if the value has another type.
impl<'a> Value<'_, 'a> {
    /// Values that `each` does not read are skipped.
    pub(crate) fn members(self, each: &mut EachMember<'_, 'a>) -> Option<()> {
        self.0.list(*b"{}", |reader| {
            let name = unescape(reader.name()?)?;
            reader.value(|value| each(&name, value))
        })
    }

    pub(crate) fn string(self) -> Option<String> {
        unescape(self.0.string()?).map(Cow::into_owned)
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        let is_true = self.0.literal("true").is_some();
        (is_true || self.0.literal("false").is_some()).then_some(is_true)
    }

    /// The result of `read`, or `Some(None)` for null.
    pub(crate) fn nullable<T>(self, read: impl FnOnce(Self) -> Option<T>) -> Option<Option<T>> {
        if self.0.literal("null").is_some() {
            Some(None)
        } else {
            read(self).map(Some)
        }
    }
}

#[cfg(feature = "attestation")]
impl<'a> Value<'_, 'a> {
    /// A number written without fraction and exponent.
    pub(crate) fn unsigned(self) -> Option<u64> {
        self.0.number()?.parse().ok()
    }

    /// Values that `each` does not read are skipped.
    pub(crate) fn elements(self, each: &mut dyn FnMut(Value<'_, 'a>) -> Option<()>) -> Option<()> {
        self.0.list(*b"[]", |reader| reader.value(&mut *each))
    }

    pub(crate) fn strings(self) -> Option<Vec<String>> {
        let mut strings = Vec::new();
        self.elements(&mut |element| {
            strings.push(element.string()?);
            Some(())
        })?;
        Some(strings)
    }

    /// The text of any value.
    pub(crate) fn raw(self) -> Option<&'a str> {
        self.0.text_of(Reader::skip)
    }
}

/// The value of the text between the quotes of a string. None for a lone half of a surrogate pair, which no string can
/// contain.
fn unescape(text: &str) -> Option<Cow<'_, str>> {
    if text.bytes().all(|byte| byte != b'\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut unescaped = String::with_capacity(text.len());
    let mut reader = Reader::new(text);
    loop {
        unescaped.push_str(reader.take_while(|byte| byte != b'\\')?);
        if reader.literal("\\").is_none() {
            return Some(Cow::Owned(unescaped));
        }
        unescaped.push(match reader.next()? {
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => reader.escaped_character()?,
            own => char::from(own),
        });
    }
}

/// Sets the high bit of each quote, backslash and control character; the first byte is the lowest. Only the first set
/// bit is reliable: the bits behind it may be wrong.
fn specials(bytes: [u8; 8]) -> u64 {
    let each = |byte: u8| u64::from_le_bytes([byte; 8]);
    let bytes = u64::from_le_bytes(bytes);
    let below = |bytes: u64, limit: u8| bytes.wrapping_sub(each(limit)) & !bytes;
    let equal = |byte: u8| below(bytes ^ each(byte), 1);
    (below(bytes, 0x20) | equal(b'"') | equal(b'\\')) & each(0x80)
}

struct Reader<'a> {
    /// The text that has not been read yet.
    rest: &'a str,
    /// How many more levels of nesting are allowed.
    depth: usize,
}

impl<'a> Reader<'a> {
    const fn new(rest: &'a str) -> Self {
        Self {
            rest,
            depth: limits::JSON_DEPTH,
        }
    }

    /// Reads items between two brackets, separated by commas.
    fn list(&mut self, [begin, end]: [u8; 2], mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let depth = self.depth;
        self.depth = depth.checked_sub(1)?;
        self.expect(begin)?;
        if !self.eat(end) {
            loop {
                self.skip_space();
                item(self)?;
                if self.eat(end) {
                    break;
                }
                self.expect(b',')?;
            }
        }
        self.depth = depth;
        Some(())
    }

    /// Reads a member's name, the colon and the white space behind it.
    fn name(&mut self) -> Option<&'a str> {
        let name = self.string()?;
        self.expect(b':')?;
        self.skip_space();
        Some(name)
    }

    /// Calls `read`, and skips the value if `read` consumed nothing. No value is empty.
    fn value(&mut self, read: impl FnOnce(Value<'_, 'a>) -> Option<()>) -> Option<()> {
        let unread = self.rest.len();
        read(Value(self))?;
        if self.rest.len() == unread {
            self.skip()
        } else {
            Some(())
        }
    }

    fn skip(&mut self) -> Option<()> {
        match self.rest.as_bytes().first()? {
            b'"' => self.string().map(drop),
            b'{' => self.list(*b"{}", |reader| reader.name().and_then(|_| reader.skip())),
            b'[' => self.list(*b"[]", Self::skip),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.number().map(drop),
        }
    }

    /// Reads a string and returns the text between the quotes.
    fn string(&mut self) -> Option<&'a str> {
        self.literal("\"")?;
        let text = self.text_of(|reader| {
            loop {
                reader.skip_plain()?;
                if reader.literal("\\").is_none() {
                    return Some(());
                }
                match reader.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => reader.code_unit().map(drop)?,
                    _ => return None,
                }
            }
        })?;
        self.literal("\"")?;
        Some(text)
    }

    fn number(&mut self) -> Option<&'a str> {
        self.text_of(|reader| {
            reader.eat_any(b"-");
            if !reader.eat_any(b"0") {
                reader.digits()?;
            }
            if reader.eat_any(b".") {
                reader.digits()?;
            }
            if reader.eat_any(b"eE") {
                reader.eat_any(b"+-");
                reader.digits()?;
            }
            Some(())
        })
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
            self.literal("\\u").and_then(|()| self.code_unit())
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

    /// The text that `read` consumes.
    fn text_of(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        let begin = self.rest;
        read(self)?;
        begin.get(..begin.len().checked_sub(self.rest.len())?)
    }

    /// Skips characters of a string that need no unescaping, eight bytes at once: most of the metadata is pictures and
    /// certificates.
    fn skip_plain(&mut self) -> Option<()> {
        let (eights, rest) = self.rest.as_bytes().as_chunks();
        let plain = eights.iter().take_while(|bytes| specials(**bytes) == 0).count();
        let behind = match eights.get(plain) {
            Some(bytes) => usize::try_from(specials(*bytes).trailing_zeros() / 8).ok()?,
            None => rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?,
        };
        self.rest = self.rest.get(plain.checked_mul(8)?.checked_add(behind)?..)?;
        Some(())
    }

    /// None if it would end inside a character.
    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> Option<&'a str> {
        let end = self.rest.bytes().position(|byte| !belongs(byte));
        let (taken, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        self.rest = rest;
        Some(taken)
    }

    /// None if the next byte is not ASCII.
    fn next(&mut self) -> Option<u8> {
        let byte = self.rest.bytes().next()?;
        self.rest = self.rest.get(1..)?;
        Some(byte)
    }

    fn literal(&mut self, literal: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// Consumes the next byte if it is one of these.
    fn eat_any(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest.bytes().next().is_some_and(|byte| bytes.contains(&byte));
        if found {
            self.next();
        }
        found
    }

    /// Skips white space, then consumes the next byte if it is this one.
    fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.eat_any(&[byte])
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.rest.bytes().next() {
            self.next();
        }
    }
}

#[cfg(test)]
mod tests;
