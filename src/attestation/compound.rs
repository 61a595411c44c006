//! The compound attestation statement format. Spec: 8.9.
//!
//! ```cddl
//! attStmt = [ 2* { fmt: text, attStmt: any } ]   ; fmt: any other than compound
//! ```
//!
//! The relying party decides how many statements must be valid. Here all of them must: an authenticator that makes
//! several has no reason to make a false one. It suffices that one of them is trusted.

use alloc::vec::Vec;

use ciborium::Value;

use super::{Attested, Evidence, STATEMENT, Statement, evidence, malformed};
use crate::error::{Error, ErrorCode, Result};
use crate::limits;

const FORMAT: &str = "compound";

pub(super) fn verify(statement: Value, attested: &Attested<'_>) -> Result<Vec<Evidence>> {
    attested.policy.check_format(FORMAT)?;
    let statements = statement.into_array().map_err(|_| malformed())?;
    if statements.len() < 2 {
        return Err(malformed());
    }
    if statements.len() > limits::ATTESTATION_STATEMENTS {
        return Err(Error::new(ErrorCode::CborTooLarge, STATEMENT));
    }
    // Verify each statement with the procedure of its format. All of them must pass.
    statements
        .into_iter()
        .map(|statement| one(statement, attested))
        .collect()
}

fn one(statement: Value, attested: &Attested<'_>) -> Result<Evidence> {
    let mut members = Statement::new(statement)?;
    let format = members
        .take("fmt")
        .and_then(|format| format.into_text().ok())
        .filter(|format| format != FORMAT)
        .ok_or_else(malformed)?;
    let statement = members.take("attStmt").ok_or_else(malformed)?;
    members.finish()?;
    evidence(&format, statement, attested)
}

#[cfg(test)]
mod tests;
