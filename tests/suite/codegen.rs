//! The error table in TypeScript and in the documentation.

use std::collections::BTreeSet;
use std::fmt::Write;

use touchstone_webauthn::error::{ErrorCode, LOADER_CODES, PLUGIN_CODES};

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
        "// Generated from src/error.rs by `make gen`.\n\n/** Every code of a verification: its class and its sentence. */\nexport const ERROR_TABLE = {\n",
    );
    let rows = ErrorCode::ALL
        .iter()
        .map(|code| (code.as_str(), code.class().as_str(), code.message()));
    for (code, class, message) in rows.chain(LOADER_CODES.iter().map(|(code, message)| (*code, "Internal", *message))) {
        writeln!(text, "\t{code}: {{ class: {class:?}, message: {message:?} }},").unwrap();
    }
    text.push_str("} as const;\n\n/** Every code of the Better Auth plugin and its clients: its sentence. */\nexport const PASSKEY_MESSAGES = {\n");
    for (code, message) in PLUGIN_CODES {
        writeln!(text, "\t{code}: {message:?},").unwrap();
    }
    text.push_str("} as const;\n");
    check_fresh("js/src/core/error-codes.gen.ts", &text);
}

#[test]
fn the_documented_error_table_is_fresh() {
    let mut text = String::from(
        "# Error codes\n\nGenerated from `src/error.rs` by `make gen`. Section numbers are those of WebAuthn Level 3.\n\n\
         The class decides the HTTP status: Malformed and Unsupported 400, Refused 401, Untrusted 403, Limit 413, Misuse\n\
         and Internal 500.\n\n## Verification\n\n| code | class | what | spec |\n|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let (class, message, spec) = (code.class().as_str(), code.message(), code.spec());
        writeln!(text, "| `{}` | {class} | {message} | {spec} |", code.as_str()).unwrap();
    }
    for (code, message) in LOADER_CODES {
        writeln!(text, "| `{code}` | Internal | {message} | |").unwrap();
    }
    text.push_str("\n## Better Auth plugin and clients\n\n| code | what |\n|---|---|\n");
    for (code, message) in PLUGIN_CODES {
        writeln!(text, "| `{code}` | {message} |").unwrap();
    }
    check_fresh("docs/errors.md", &text);
}

#[test]
fn codes_are_unique_and_say_subject_and_problem() {
    let mut seen = BTreeSet::new();
    let hosts = LOADER_CODES.iter().chain(PLUGIN_CODES).map(|(code, _)| *code);
    for code in ErrorCode::ALL.iter().map(|code| code.as_str()).chain(hosts) {
        assert!(seen.insert(code), "{code} stands twice");
        // Better Auth's table of codes takes no digits.
        assert!(
            code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'),
            "{code}"
        );
    }
    for code in ErrorCode::ALL {
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
