//! The message that JavaScript sends to a verification: one text in which each value ends with U+0000.
//!
//! The order of the values is the order of the calls here. `Message` in `js/src/core/message.ts` writes the text and
//! checks types and lengths. A text that does not fit is therefore a bug of this package and not of a client: it is
//! `None` here and `INTERNAL` in JavaScript.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::{FromStr, SplitTerminator};

use crate::credential::Object;
use crate::error::ErrorCode;
use crate::policy::{CrossOrigin, Policy, Requirement};

/// The values that have not been read yet.
pub(super) struct Message<'a>(SplitTerminator<'a, char>);

impl<'a> Message<'a> {
    /// Reads all of `bytes`. None if there are too few or too many values.
    pub(super) fn read<T>(bytes: &'a [u8], read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut message = Self(core::str::from_utf8(bytes).ok()?.split_terminator('\0'));
        let value = read(&mut message)?;
        message.0.next().is_none().then_some(value)
    }

    pub(super) fn policy(&mut self) -> Option<Policy> {
        Some(Policy {
            types: self.texts()?,
            challenge: self.text()?.to_owned(),
            origins: self.texts()?,
            rp_ids: self.texts()?,
            cross_origin: if self.flag()? {
                CrossOrigin::Allow
            } else {
                CrossOrigin::Refuse
            },
            top_origins: self.texts()?,
            user_verification: self.requirement()?,
        })
    }

    pub(super) fn requirement(&mut self) -> Option<Requirement> {
        self.flag().map(requirement)
    }

    pub(super) fn members(&mut self, names: &'static [&'static str]) -> Option<Members<'a>> {
        let found = names.iter().map(|_| self.text()).collect::<Option<_>>()?;
        Some(Members { names, found })
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    pub(super) fn texts(&mut self) -> Option<Vec<String>> {
        self.list(|message| message.text().map(ToOwned::to_owned))
    }

    pub(super) fn numbers(&mut self) -> Option<Vec<i64>> {
        self.list(Self::number)
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        self.optional_flag()?
    }

    /// `Some(None)` if the text is empty.
    pub(super) fn optional_flag(&mut self) -> Option<Option<bool>> {
        match self.text()? {
            "1" => Some(Some(true)),
            "0" => Some(Some(false)),
            "" => Some(None),
            _ => None,
        }
    }

    /// Reads a flag, and the value that follows if it is set.
    #[cfg(feature = "attestation")]
    pub(super) fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len: usize = self.number()?;
        (0..len).map(|_| item(self)).collect()
    }
}

pub(super) const fn requirement(required: bool) -> Requirement {
    if required {
        Requirement::Required
    } else {
        Requirement::NotRequired
    }
}

/// The members of a registration and of its response, in the order of `addMembers` in `message.ts`.
pub(super) const REGISTRATION: &[&str] = &["id", "rawId", "type", "response", "clientDataJSON", "attestationObject"];

/// The members of an assertion and of its response, in the same order.
pub(super) const AUTHENTICATION: &[&str] = &[
    "id",
    "rawId",
    "type",
    "response",
    "clientDataJSON",
    "authenticatorData",
    "signature",
    "userHandle",
];

/// A response's members by name. The first character says what JavaScript found:
///
/// | | |
/// |---|---|
/// | `=` | the text that follows; for `response`, an object |
/// | `?` | nothing, or null |
/// | `!` | a value of another type, or a getter that throws |
/// | `>` | a text longer than any member may be; it is not sent |
pub(super) struct Members<'a> {
    names: &'static [&'static str],
    found: Vec<&'a str>,
}

impl Members<'_> {
    fn find(&self, key: &str) -> Option<&str> {
        let place = self.names.iter().position(|name| *name == key)?;
        self.found.get(place).copied()
    }
}

impl Object for Members<'_> {
    fn object(&self, key: &'static str) -> Option<&Self> {
        self.find(key)?.starts_with('=').then_some(self)
    }

    fn text(&self, key: &'static str, max_len: usize) -> Result<Option<&str>, ErrorCode> {
        let found = self.find(key).ok_or(ErrorCode::CredentialMalformed)?;
        match (found.strip_prefix('='), found) {
            (Some(text), _) if text.len() <= max_len => Ok(Some(text)),
            (Some(_), _) | (None, ">") => Err(ErrorCode::CredentialTooLarge),
            (None, "?") => Ok(None),
            (None, _) => Err(ErrorCode::CredentialMalformed),
        }
    }
}
