//! The top-level modules of the crate form no cycle: if one module uses another, directly or not, the other never uses
//! the first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Each top-level module with the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The sources of each top-level module: its file and the files in its folder, without unit tests.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, &mut found);
    found
}

fn collect(folder: &Path, module: Option<&str>, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if ["lib", "tests", "sample", "wycheproof"].contains(&name) {
            continue;
        }
        let module = module.unwrap_or(name);
        if path.is_dir() {
            collect(&path, Some(module), found);
        } else {
            found.push((module.to_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The modules that are named after `crate::`, outside comments. Unit tests are at the end of a file.
fn used(source: &str) -> impl Iterator<Item = &str> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

fn uses(sources: &[(String, String)]) -> Uses {
    let mut uses = Uses::new();
    for (module, source) in sources {
        let others = used(source).filter(|other| other != module).map(str::to_owned);
        uses.entry(module.clone()).or_default().extend(others);
    }
    uses
}

/// The path from a module back to itself: `a -> b -> a`.
fn cycle(uses: &Uses) -> Option<String> {
    let mut finished = BTreeSet::new();
    uses.keys()
        .find_map(|module| walk(module, uses, &mut Vec::new(), &mut finished))
}

fn walk<'a>(
    module: &'a str,
    uses: &'a Uses,
    path: &mut Vec<&'a str>,
    finished: &mut BTreeSet<&'a str>,
) -> Option<String> {
    if let Some(start) = path.iter().position(|passed| *passed == module) {
        return Some([&path[start..], &[module]].concat().join(" -> "));
    }
    if finished.contains(module) {
        return None;
    }
    path.push(module);
    let found = uses
        .get(module)
        .into_iter()
        .flatten()
        .find_map(|other| walk(other, uses, path, finished));
    path.pop();
    finished.insert(module);
    found
}

#[test]
fn the_modules_form_no_cycle() {
    let sources = sources();
    let uses = uses(&sources);
    assert!(uses["registration"].contains("attestation"), "{uses:?}");
    assert_eq!(cycle(&uses), None);
}

#[test]
fn a_planted_cycle_is_named() {
    let mut sources = sources();
    sources.push(("reader".to_owned(), "use crate::attestation::Attestation;".to_owned()));
    let found = cycle(&uses(&sources)).unwrap();
    assert!(found.contains("reader -> attestation"), "{found}");
}
