//! A fuzzer's bytes, taken apart. Where they end, zeros follow: any input means something.

pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    pub(crate) fn u16(&mut self) -> usize {
        u16::from_be_bytes(self.array()).into()
    }

    /// One of `len` things.
    pub(crate) fn choice(&mut self, len: usize) -> usize {
        usize::from(self.byte()) % len
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    /// As many bytes as two bytes before them say, or as there are.
    pub(crate) fn counted(&mut self) -> &'a [u8] {
        let len = self.u16();
        self.take(len)
    }

    /// As many, or as there are.
    pub(crate) fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// What [`Input::counted`] reads.
pub(crate) fn counted(bytes: &[u8]) -> Vec<u8> {
    let len = u16::try_from(bytes.len()).expect("a seed below 64 KiB");
    [&len.to_be_bytes(), bytes].concat()
}
