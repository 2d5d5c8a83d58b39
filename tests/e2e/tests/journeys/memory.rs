//! What is left in memory after locking: nothing.

use e2e::{Journey, Name, Needle, Trace, containing, keys_of, looked_at, traces};

use crate::person;

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
