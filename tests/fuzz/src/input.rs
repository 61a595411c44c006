//! Reads values from a fuzzer's bytes. After the end it reads zeros, so every input has a meaning.

pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    pub(crate) fn u16(&mut self) -> usize {
        u16::from_be_bytes(self.array()).into()
    }

    /// A number below `len`.
    pub(crate) fn choice(&mut self, len: usize) -> usize {
        usize::from(self.byte()) % len
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    /// As many bytes as the two bytes before them say, or all that are left.
    pub(crate) fn counted(&mut self) -> &'a [u8] {
        let len = self.u16();
        self.take(len)
    }

    /// `len` bytes, or all that are left.
    pub(crate) fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The bytes that [`Input::counted`] reads.
pub(crate) fn counted(bytes: &[u8]) -> Vec<u8> {
    let len = u16::try_from(bytes.len()).expect("a seed below 64 KiB");
    [&len.to_be_bytes(), bytes].concat()
}
