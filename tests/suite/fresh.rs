//! Generated files: `make gen` runs the tests whose name ends with `fresh` and sets `BLESS=1`, which writes the file. A
//! plain run compares.

use std::path::Path;

use serde_json::Value;

pub fn check_fresh(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date: run `make gen`", path.display());
}

pub fn check_fresh_json(path: &str, file: &Value) {
    check_fresh(path, &(serde_json::to_string_pretty(file).unwrap() + "\n"));
}
