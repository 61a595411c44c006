//! The top-level modules of the crate form no cycle: if one module uses another, directly or not, the other never uses
//! the first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Each top-level module with the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The sources of each top-level module, with their depth below the root of the crate: the module's file and the files
/// in its folder, without unit tests.
fn sources() -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, 1, &mut found);
    found
}

fn collect(folder: &Path, module: Option<&str>, depth: usize, found: &mut Vec<(String, usize, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if ["lib", "tests", "sample", "wycheproof"].contains(&name) {
            continue;
        }
        let module = module.unwrap_or(name);
        if path.is_dir() {
            collect(&path, Some(module), depth + 1, found);
        } else {
            found.push((module.to_owned(), depth, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The code of a source: without comments and without unit tests, which are at the end of a file.
fn code(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The names after each `prefix`. `a::{b, c}` is not read, so it is refused: `use` lines stay one by one.
fn names_after<'a>(code: &'a str, prefix: &str) -> impl Iterator<Item = &'a str> {
    code.split(prefix).skip(1).map(|rest| {
        let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        assert!(
            !name.is_empty(),
            "write one path for each module, not a list: {}",
            rest.lines().next().unwrap()
        );
        name
    })
}

/// The modules that a source uses: as `crate::module`, or by as many `super::` as lead to the root of the crate.
fn used(source: &str, depth: usize) -> Vec<String> {
    let code = code(source);
    assert!(
        !code.contains("crate ::") && !code.contains("super ::"),
        "a path is written without spaces"
    );
    let to_root = "super::".repeat(depth);
    // A longer path is not a path to the root, and a unit test's module has one level more.
    let by_super = code.replace(&format!("{to_root}super::"), "");
    names_after(&code, "crate::")
        .chain(names_after(&by_super, &to_root))
        .map(str::to_owned)
        .collect()
}

fn uses(sources: &[(String, usize, String)]) -> Uses {
    let modules: BTreeSet<&str> = sources.iter().map(|(module, ..)| module.as_str()).collect();
    let mut uses = Uses::new();
    for (module, depth, source) in sources {
        let others = used(source, *depth).into_iter();
        let others = others.filter(|other| other != module && modules.contains(other.as_str()));
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

fn with(module: &str, depth: usize, source: &str) -> Option<String> {
    let mut sources = sources();
    sources.push((module.to_owned(), depth, source.to_owned()));
    cycle(&uses(&sources))
}

#[test]
fn a_planted_cycle_is_named() {
    for (depth, source) in [
        (1, "use crate::attestation::Attestation;"),
        (1, "use super::attestation::Attestation;"),
        (2, "use super::super::attestation::Attestation;"),
        (3, "fn f() { super::super::super::attestation::f() }"),
    ] {
        let found = with("reader", depth, source).unwrap();
        assert!(found.contains("reader -> attestation"), "{source}: {found}");
    }
    assert_eq!(
        with("reader", 2, "use super::attestation::Attestation;"),
        None,
        "a part of reader itself"
    );
}

#[test]
#[should_panic(expected = "not a list")]
fn a_list_of_modules_is_refused() {
    with("reader", 1, "use crate::{attestation::Attestation, error};");
}

#[test]
#[should_panic(expected = "without spaces")]
fn a_path_with_spaces_is_refused() {
    with("reader", 1, "use crate :: attestation::Attestation;");
}
