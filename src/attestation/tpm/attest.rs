//! TPMS_ATTEST: what a TPM signs when it certifies a key. Spec: TPM 2.0 Library part 2, 10.12.
//!
//! ```text
//! TPMS_ATTEST       { TPM_GENERATED magic (UINT32); TPMI_ST_ATTEST type (UINT16); TPM2B_NAME qualifiedSigner;
//!                     TPM2B_DATA extraData; TPMS_CLOCK_INFO clockInfo; UINT64 firmwareVersion;
//!                     TPMU_ATTEST attested }
//! TPMS_CLOCK_INFO   { UINT64 clock; UINT32 resetCount; UINT32 restartCount; BYTE safe }
//! TPMS_CERTIFY_INFO { TPM2B_NAME name; TPM2B_NAME qualifiedName }
//! ```

use super::public::read_sized;
use crate::error::{ErrorCode, Result};
use crate::reader::Reader;

const FIELD: &str = "response.attestationObject.attStmt.certInfo";
const MALFORMED: ErrorCode = ErrorCode::AttestationStatementMalformed;

/// Marks structures that the TPM made itself. Data that it was asked to sign cannot begin like this.
const GENERATED: [u8; 4] = [0xFF, 0x54, 0x43, 0x47];
/// TPM_ST_ATTEST_CERTIFY: `attested` is a TPMS_CERTIFY_INFO.
const CERTIFY: [u8; 2] = [0x80, 0x17];

/// The fields that 8.3 uses. The others are skipped; the TPM may obfuscate them.
pub(super) struct Attest<'a> {
    pub(super) extra_data: &'a [u8],
    pub(super) name: &'a [u8],
}

impl<'a> Attest<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self> {
        Reader::all(FIELD, bytes, [MALFORMED; 2], |reader| {
            if reader.take_array()? != GENERATED || reader.take_array()? != CERTIFY {
                return Err(reader.error(MALFORMED));
            }
            let _qualified_signer = read_sized(reader)?;
            let extra_data = read_sized(reader)?;
            let _clock_info: [u8; 17] = reader.take_array()?;
            let _firmware_version: [u8; 8] = reader.take_array()?;
            let name = read_sized(reader)?;
            let _qualified_name = read_sized(reader)?;
            Ok(Self { extra_data, name })
        })
    }
}
