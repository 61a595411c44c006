//! Reads the values of metadata: dates, AAGUIDs, certificates.

use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use x509_cert::der::DateTime;

/// Seconds.
pub(super) const DAY: u64 = 24 * 60 * 60;

/// The first second of a day, given as YYYY-MM-DD, in UTC.
pub(super) fn date(text: &str) -> Option<u64> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else {
        return None;
    };
    let day = DateTime::new(
        number(&[*y0, *y1, *y2, *y3])?,
        number(&[*m0, *m1])?.try_into().ok()?,
        number(&[*d0, *d1])?.try_into().ok()?,
        0,
        0,
        0,
    );
    Some(day.ok()?.unix_duration().as_secs())
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        number.checked_mul(10)?.checked_add(u16::try_from(digit).ok()?)
    })
}

/// An AAGUID in the form of a UUID.
pub(super) fn aaguid(text: &str) -> Option<[u8; 16]> {
    let places: Vec<usize> = text.match_indices('-').map(|(place, _)| place).collect();
    (places == [8, 13, 18, 23]).then(|| hex(&text.replace('-', "")))?
}

/// Hexadecimal digits of exactly `N` bytes. The specification requires lower case, but some vendors use upper case.
pub(super) fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    if !rest.is_empty() || pairs.len() != N {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let nibble = |digit: &u8| char::from(*digit).to_digit(16);
        *byte = u8::try_from((nibble(high)? << 4) | nibble(low)?).ok()?;
    }
    Some(bytes)
}

/// A certificate in base64. FIDO's BLOB has some with tabs and line breaks, although the specification forbids them.
pub(super) fn certificate(text: &str) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(compact).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("2024-02-29"), Some(1_709_164_800));
        assert_eq!(date("2025-06-15"), Some(1_749_945_600));
        for text in [
            "",
            "2025-6-15",
            "2025-06-15T00:00:00Z",
            "20250615",
            "2025-02-29",
            "2025-13-01",
            "2025-00-01",
            "2025-01-00",
            "+025-01-01",
            "1969-12-31",
            "2025/06/15",
            "２025-06-1",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn reads_aaguids_in_both_cases() {
        let expected = Some([0xAB; 16]);
        assert_eq!(aaguid("abababab-abab-abab-abab-abababababab"), expected);
        assert_eq!(aaguid("ABABABAB-ABAB-ABAB-ABAB-ABABABABABAB"), expected);
        for text in [
            "",
            "abababababababababababababababab",
            "abababab-abab-abab-ababababab-abab",
            "-",
            "----",
            "abababab-abab-abab-abab-ababababab",
            "abababab-abab-abab-abab-ababababababab",
            "gbababab-abab-abab-abab-abababababab",
            "+bababab-abab-abab-abab-abababababab",
        ] {
            assert_eq!(aaguid(text), None, "{text}");
        }
    }

    #[test]
    fn reads_certificates_with_white_space() {
        assert_eq!(certificate("\tAQ ID\r\nBA=="), Some([1, 2, 3, 4].to_vec()));
        for text in ["AQIDBA", "AQIDBB==", "AQ_DBA==", "AQID="] {
            assert_eq!(certificate(text), None, "{text}");
        }
    }
}
