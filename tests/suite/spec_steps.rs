//! The source has every step of 7.1 and 7.2, in the order of the specification, including those left to the caller.

/// The numbers of the steps in comments of the form `// 7.1 steps 14 to 17: …`, in the order of the source.
fn steps(source: &str, section: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for comment in source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("// ")?.strip_prefix(section))
    {
        let numbers = comment.trim_start_matches(" steps").trim_start_matches(" step");
        let heading = numbers.split(':').next().unwrap();
        let mut numbers = heading.split_whitespace().filter_map(|word| word.parse::<u32>().ok());
        let first = numbers.next().unwrap_or_else(|| panic!("no step in {comment:?}"));
        found.extend(first..=numbers.next().unwrap_or(first));
    }
    found
}

#[test]
fn registration_has_the_steps_of_7_1() {
    let found = steps(include_str!("../../src/registration.rs"), "7.1");
    assert_eq!(found, (1..=28).collect::<Vec<_>>());
}

#[test]
fn authentication_has_the_steps_of_7_2() {
    let found = steps(include_str!("../../src/authentication.rs"), "7.2");
    assert_eq!(found, (1..=25).collect::<Vec<_>>());
}
