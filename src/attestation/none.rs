//! The none attestation statement format. Spec: 8.7.
//!
//! ```cddl
//! attStmt = {}
//! ```

use super::{AttestationType, Statement, malformed};
use crate::error::Result;

pub(super) fn verify(statement: &Statement) -> Result<AttestationType> {
    if statement.is_empty() {
        Ok(AttestationType::None)
    } else {
        Err(malformed())
    }
}
