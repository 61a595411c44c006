//! Reads bytes forward, once. Leftover bytes are an error by construction.

use crate::error::{Error, ErrorCode, Result};

/// A cursor over the bytes of one member of the input.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    len: usize,
    field: &'static str,
    truncated: ErrorCode,
}

impl<'a> Reader<'a> {
    /// Reads all of `input`. `truncated` is the error for too few bytes, `trailing` for too many.
    pub(crate) fn all<T>(
        field: &'static str,
        input: &'a [u8],
        [truncated, trailing]: [ErrorCode; 2],
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let mut reader = Self {
            rest: input,
            len: input.len(),
            field,
            truncated,
        };
        let value = read(&mut reader)?;
        if reader.rest.is_empty() {
            Ok(value)
        } else {
            Err(reader.error(trailing))
        }
    }

    /// An error at the offset of the next byte.
    #[cold]
    pub(crate) fn error(&self, code: ErrorCode) -> Error {
        Error::at(code, self.field, self.offset())
    }

    pub(crate) fn offset(&self) -> usize {
        self.len.saturating_sub(self.rest.len())
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or_else(|| self.error(self.truncated))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn take_array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or_else(|| self.error(self.truncated))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Returns the value of `read` and the bytes that it consumed.
    pub(crate) fn measure<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, &'a [u8])> {
        let before = self.rest;
        let value = read(self)?;
        let consumed = before.len().saturating_sub(self.rest.len());
        Ok((value, before.get(..consumed).unwrap_or_default()))
    }
}
