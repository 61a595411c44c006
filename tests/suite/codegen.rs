//! The error table in TypeScript and in the documentation.

use std::collections::BTreeSet;
use std::fmt::Write;

use touchstone_webauthn::error::ErrorCode;

use crate::fresh::check_fresh;

const PROBLEMS: [&str; 11] = [
    "MALFORMED",
    "TRAILING_DATA",
    "MISSING",
    "DUPLICATE",
    "UNSUPPORTED",
    "MISMATCH",
    "INVALID",
    "EXPIRED",
    "UNTRUSTED",
    "FORBIDDEN",
    "TOO_LARGE",
];

#[test]
fn the_typescript_error_table_is_fresh() {
    let mut text = String::from(
        "// Generated from src/error.rs by `make gen`.\n\n/** Every code of the crate: its class and its sentence. */\nexport const ERROR_TABLE = {\n",
    );
    for code in ErrorCode::ALL {
        let (class, message) = (code.class().as_str(), code.message());
        writeln!(
            text,
            "\t{}: {{ class: {class:?}, message: {message:?} }},",
            code.as_str()
        )
        .unwrap();
    }
    text.push_str("} as const;\n");
    check_fresh("js/src/core/error-codes.gen.ts", &text);
}

/// The rest of `docs/errors.md` is written by error-codes.test.ts below `js`, from the codes of the npm package.
const NEXT_HALF: &str = "\n## Loader of the npm package\n";

#[test]
fn the_documented_error_table_is_fresh() {
    let mut text = String::from(
        "# Error codes\n\n`make gen` writes this file, from `src/error.rs` and from the tables below `js/src`. Section numbers are those of\n\
         WebAuthn Level 3.\n\n\
         The class decides the HTTP status: Malformed and Unsupported 400, Refused 401, Untrusted 403, Limit 413, Misuse\n\
         and Internal 500.\n\n## Verification\n\n| code | class | what | spec |\n|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let (class, message, spec) = (code.class().as_str(), code.message(), code.spec());
        writeln!(text, "| `{}` | {class} | {message} | {spec} |", code.as_str()).unwrap();
    }
    let found = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md")).unwrap();
    let next_half = found.find(NEXT_HALF).map_or(NEXT_HALF, |start| &found[start..]);
    check_fresh("docs/errors.md", &[&text, next_half].concat());
}

#[test]
fn codes_are_unique_and_end_with_a_problem() {
    let mut seen = BTreeSet::new();
    for code in ErrorCode::ALL {
        assert!(seen.insert(code.as_str()), "{} appears twice", code.as_str());
        assert!(
            PROBLEMS.iter().any(|problem| code.as_str().ends_with(problem)),
            "{}",
            code.as_str()
        );
        assert!(
            !code.spec().is_empty() && code.message().ends_with('.'),
            "{}",
            code.as_str()
        );
    }
}
