//! Almost valid PSS encodings, each signed with a real key.

use super::*;

/// The parts of a PSS encoding, to be changed.
pub(super) struct Pss<'a> {
    hash: Hash,
    salt: &'a [u8],
    /// Changes the block before it is masked, and the masked block.
    edit_block: fn(&mut [u8]),
    edit_encoded: fn(&mut [u8]),
    mask_hash: Hash,
    message: &'a [u8],
}

impl<'a> Pss<'a> {
    pub(super) const GOOD: Pss<'static> = Pss {
        hash: Hash::Sha256,
        salt: &[7; 32],
        edit_block: |_| (),
        edit_encoded: |_| (),
        mask_hash: Hash::Sha256,
        message: MESSAGE,
    };

    pub(super) fn new(hash: Hash, message: &'a [u8], salt: &'a [u8]) -> Self {
        Self {
            hash,
            salt,
            mask_hash: hash,
            message,
            ..Self::GOOD
        }
    }

    /// RFC 8017 section 9.1.1.
    pub(super) fn encode(&self, bits: usize) -> Vec<u8> {
        let message_digest = self.hash.digest(&[self.message]);
        let digest = self.hash.digest(&[&[0; 8], &message_digest, self.salt]);
        let zeros = bits.div_ceil(8) - digest.len() - self.salt.len() - 2;
        let mut encoded = [&vec![0; zeros][..], &[1], self.salt].concat();
        (self.edit_block)(&mut encoded);
        for (i, seeded) in encoded.chunks_mut(self.mask_hash.digest(&[]).len()).enumerate() {
            let mask = self
                .mask_hash
                .digest(&[&digest, &u32::try_from(i).unwrap().to_be_bytes()]);
            seeded.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        }
        encoded[0] &= 0xff >> ((8 - bits % 8) % 8);
        encoded.extend_from_slice(&digest);
        encoded.push(0xbc);
        (self.edit_encoded)(&mut encoded);
        encoded
    }
}

#[test]
fn pss_accepts_only_one_encoded_message_for_a_salt() {
    let good = Pss::GOOD;
    let wrong = [
        ("no salt", Pss { salt: &[], ..good }),
        ("a salt of 20 bytes", Pss { salt: &[7; 20], ..good }),
        ("a salt of 31 bytes", Pss { salt: &[7; 31], ..good }),
        ("a salt of 33 bytes", Pss { salt: &[7; 33], ..good }),
        (
            "the longest salt",
            Pss {
                salt: &[7; 222],
                ..good
            },
        ),
        (
            "another message",
            Pss {
                message: b"massage",
                ..good
            },
        ),
        (
            "a mask by SHA-1",
            Pss {
                mask_hash: Hash::Sha1,
                ..good
            },
        ),
        (
            "a mask by SHA-512",
            Pss {
                mask_hash: Hash::Sha512,
                ..good
            },
        ),
        (
            "another salt",
            Pss {
                edit_block: |block| *block.last_mut().unwrap() ^= 1,
                ..good
            },
        ),
        (
            "a block that starts with 1",
            Pss {
                edit_block: |block| block[0] = 1,
                ..good
            },
        ),
        (
            "a block with a byte that is not 0",
            Pss {
                edit_block: |block| block[100] = 1,
                ..good
            },
        ),
        (
            "no 1 before the salt",
            Pss {
                edit_block: |block| block[block.len() - 33] = 0,
                ..good
            },
        ),
        (
            "2 before the salt",
            Pss {
                edit_block: |block| block[block.len() - 33] = 2,
                ..good
            },
        ),
        (
            "another digest",
            Pss {
                edit_encoded: |encoded| encoded[encoded.len() - 2] ^= 1,
                ..good
            },
        ),
        (
            "trailer 0xcc",
            Pss {
                edit_encoded: |encoded| *encoded.last_mut().unwrap() = 0xcc,
                ..good
            },
        ),
        (
            "trailer 0",
            Pss {
                edit_encoded: |encoded| *encoded.last_mut().unwrap() = 0,
                ..good
            },
        ),
        (
            "zeros",
            Pss {
                edit_encoded: |encoded| encoded.fill(0),
                ..good
            },
        ),
    ];
    for private in [2048, 2049, 2051].map(Private::new) {
        let key = private.public(Key::ps256);
        let bits = key.modulus.bits() - 1;
        assert!(key.verify(MESSAGE, &private.sign_encoded(&good.encode(bits))), "{bits}");
        for (what, pss) in &wrong {
            assert!(
                !key.verify(MESSAGE, &private.sign_encoded(&pss.encode(bits))),
                "accepted {what}"
            );
        }
    }
}

#[test]
fn pss_accepts_no_bit_above_the_encoded_message() {
    // With a modulus of 2,051 bits, the encoded message has at most 2,050, so 6 bits of its first byte are unused. The
    // salt is chosen so that the number with the bit set stays below the modulus.
    let private = Private::new(2051);
    let key = private.public(Key::ps256);
    let with = |salt: u8, edit_encoded| {
        Pss {
            salt: &[salt; 32],
            edit_encoded,
            ..Pss::GOOD
        }
        .encode(2050)
    };
    let salt = (0..).find(|salt| with(*salt, |_| ())[0] == 0).unwrap();
    assert!(key.verify(MESSAGE, &private.sign_encoded(&with(salt, |_| ()))));
    assert!(!key.verify(MESSAGE, &private.sign_encoded(&with(salt, |encoded| encoded[0] |= 4))));

    // With a modulus of 2,049 bits, it has at most 2,048, so the byte above it does not belong to it.
    let private = Private::new(2049);
    let key = private.public(Key::ps256);
    let with = |salt: u8| {
        Pss {
            salt: &[salt; 32],
            ..Pss::GOOD
        }
        .encode(2048)
    };
    let encoded = (0..).map(with).find(|encoded| encoded[0] < 0x10).unwrap();
    assert!(key.verify(MESSAGE, &private.sign_encoded(&encoded)));
    assert!(!key.verify(MESSAGE, &private.sign_encoded(&[&[1], &encoded[..]].concat())));
}
