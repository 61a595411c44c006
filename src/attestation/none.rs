//! The none attestation statement format. Spec: 8.7.
//!
//! ```cddl
//! attStmt = {}
//! ```

use super::{AttestationType, Evidence, Statement, malformed};
use crate::error::Result;

pub(super) fn verify(statement: &Statement) -> Result<Evidence> {
    if statement.is_empty() {
        Ok(Evidence::without_certificates(AttestationType::None))
    } else {
        Err(malformed())
    }
}
