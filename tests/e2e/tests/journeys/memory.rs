//! What is left in memory after locking: nothing.

use bip39::{Language, Mnemonic};
use e2e::{Journey, Name, Needle, Theme, Trace, containing, keys_of, looked_at, traces};

use crate::{album::Album, person, sealed};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

/// What is told in confidence; each part can be known by itself.
const NOTE: &str = "Quillfeather hid the marzipan ledger beneath the organ loft";
const PARTS: [&str; 4] = [
    NOTE,
    "Quillfeather hid",
    "marzipan ledger",
    "beneath the organ loft",
];

#[test]
fn no_process_holds_a_word_or_a_key_after_locking() {
    let window = Journey::begin("memory");
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.click("button", "New note");
    window.type_into("Title of the note", "Between us");
    window.type_into("The note", NOTE);
    window.wait_until_saved();

    let keys = keys_of(&window.folders().vault(), person::PASSPHRASE);
    assert!(keys.len() >= 4, "root, epoch, keyring and a notebook's");
    let words = needles(&PARTS);
    let passphrase = needles(&[person::PASSPHRASE]);
    let keys: Vec<_> = keys
        .into_iter()
        .map(|(name, key)| Needle::bytes(&format!("the key {name}"), key))
        .collect();

    // What looks for it finds it as long as it is there.
    let open = window.processes();
    assert!(
        open.len() >= 3,
        "the program, its pages and its network process"
    );
    let shown = traces(&open, &words);
    assert!(holds(&shown, &format!("{NOTE:?} in UTF-8")), "{shown:#?}");
    assert!(
        processes(&shown) >= 2,
        "the program and its pages: {shown:#?}"
    );
    assert!(holds(&traces(&open, &keys), "the key root"));

    window.press("Control+l");
    window.see("Locked.");
    let locked = window.processes();
    assert!(locked.len() >= 3 && looked_at(&locked) > 10_000_000);
    let all = [words, passphrase, keys].concat();
    let left = traces(&locked, &all);
    assert_eq!(left, [], "left after locking");
    // None of the processes that held it goes on; the program itself is the same to everybody else.
    let again = locked.iter().filter(|pid| open.contains(pid)).count();
    assert_eq!(again, 1, "{open:?} became {locked:?}");

    person::unlock(&window);
    window.find("heading", containing("Between us"));
    assert_eq!(window.value_of("The note"), NOTE);
}

#[test]
fn no_process_holds_a_spare_key_or_a_second_passphrase_after_locking() {
    let window = Journey::begin("memory-keys");
    let sheet = person::begin_a_vault(&window);
    sealed::make_a_notebook(&window);
    sealed::write_and_seal(&window, &Album::default());
    let root = keys_of(&window.folders().vault(), person::PASSPHRASE);
    let root = root.into_iter().find(|(name, _)| name == "root");
    let root = [Needle::bytes("the key root", root.expect("printed").1)];
    // Four words of a list of 2,048 stand together nowhere by chance, whatever parts them.
    let parted = |between: &str| {
        let runs = sheet.chunks(4).map(|words| words.join(between));
        runs.collect::<Vec<_>>()
    };
    let runs = [parted(" "), parted("\",\""), parted("\n")].concat();
    let runs: Vec<_> = runs.iter().map(String::as_str).collect();
    let (runs, second) = (needles(&runs), needles(&[sealed::SECOND]));
    let entropy = Mnemonic::parse_in_normalized(Language::English, &sheet.join(" "));
    let (entropy, length) = entropy.expect("a spare key").to_entropy_array();
    let entropy = [Needle::bytes("the spare key", entropy[..length].to_vec())];
    let all = [&runs[..], &second, &entropy, &root].concat();

    window.press("Control+l");
    window.see("Locked.");
    assert_eq!(traces(&window.processes(), &all), [], "after sealing");

    window.click("button", "Use the spare key");
    window.type_into("The 24 words, in order", &sheet.join(" "));
    let typed = traces(&window.processes(), &runs);
    assert!(!typed.is_empty(), "what looks for it finds what is typed");
    window.click("button", "Continue");
    window.click("radio", containing("Keep"));
    window.screenshot("and-then", Theme::Light);
    window.click("button", "Open vault");
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.click("button", "Open it…");
    window.type_into("Second passphrase", sealed::SECOND);
    let typed = traces(&window.processes(), &[&second[..], &root].concat());
    assert!(
        holds(&typed, "the key root") && typed.len() > 1,
        "it finds what is typed: {typed:#?}"
    );
    window.press("Enter");
    window.see("The complaint");

    window.press("Control+l");
    window.see("Locked.");
    assert_eq!(traces(&window.processes(), &all), [], "after opening it");
}

fn needles(texts: &[&str]) -> Vec<Needle> {
    texts.iter().flat_map(|text| Needle::text(text)).collect()
}

fn holds(found: &[Trace], what: &str) -> bool {
    found.iter().any(|trace| trace.what == what)
}

fn processes(found: &[Trace]) -> usize {
    let mut pids: Vec<_> = found.iter().map(|trace| trace.pid).collect();
    pids.dedup();
    pids.sort_unstable();
    pids.dedup();
    pids.len()
}
