//! A journal kept with the real `jrnl`, brought in, and a page of it handed over.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::{Journey, Name, Theme, containing, output_of, python_program};

use crate::album::Album;
use crate::person;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const PAGE: (&str, Name<'static>) = ("textbox", Name::Is("The page"));
const LEVEL: (&str, Name<'static>) = ("dialog", Name::Is("Who may read this"));

/// Day, title and words of each entry, as they are handed to `jrnl`.
const ENTRIES: [(&str, &str, &str); 5] = [
    (
        "2026-03-02 08:15",
        "First week on the ward.",
        "I lost my way to the pharmacy twice. Étienne walked with me, @kindness and all.",
    ),
    (
        "2026-04-11 21:40",
        "A lecture that held.",
        "They stayed on to ask about the second figure. @teaching",
    ),
    (
        "2026-05-19 07:05",
        "Bad night.",
        "I shouted at nobody in the car park and felt better for it.",
    ),
    (
        "2026-07-30 18:20",
        "The audit is in.",
        "Four hundred charts, two of them mine to be ashamed of. @audit",
    ),
    (
        "2026-10-08 22:10",
        "Thinking of leaving.",
        "I have told no one that I looked at the advertisement.",
    ),
];
/// Those that are made Shareable.
const SHARED: [usize; 2] = [1, 3];
const SENTENCE: &str = "I gave a lecture that students stayed on for.";
const OTHER_SENTENCE: &str = "I finished the audit of four hundred charts.";

#[test]
fn a_journal_of_jrnl_is_brought_in_and_handed_over() {
    let mut window = Journey::begin("jrnl");
    let album = Album::default();
    let jrnl = Jrnl::written_in(window.folders().files());
    person::begin_a_vault(&window);
    make_a_journal(&window);

    import(&window, &album, &jrnl.text);
    window.see("5 pages brought in.");
    album.page(&window, "import-report");
    import_again(&window, &jrnl.json);
    window.click_in(MAIN, "link", "Journal");
    for (_, title, _) in ENTRIES {
        window.find("link", containing(title));
    }
    album.screen(&window, "journal");

    for index in SHARED {
        share(&window, ENTRIES[index].1);
    }
    summarise(&window);
    let page = window.folders().files().join("my-year.pdf");
    hand_over(&window, &page);
    window.screenshot("handed-over", Theme::Light);
    read_the_page(&page);

    window.close();
    for (_, title, words) in ENTRIES {
        window.no_file_holds(title);
        window.no_file_holds(words);
    }
    album.close();
}

/// A journal and its export, both written by `jrnl` itself.
struct Jrnl {
    text: PathBuf,
    json: PathBuf,
}

impl Jrnl {
    fn written_in(folder: PathBuf) -> Self {
        let (text, json) = (folder.join("journal.txt"), folder.join("journal.json"));
        let settings = folder.join("jrnl.yaml");
        let lines = format!(
            "colors: {{body: none, date: none, tags: none, title: none}}\n\
             default_hour: 9\ndefault_minute: 0\neditor: ''\nencrypt: false\nhighlight: true\n\
             indent_character: '|'\njournals:\n  default:\n    journal: {}\nlinewrap: 79\n\
             tagsymbols: '@'\ntemplate: false\ntimeformat: '%F %R'\nversion: v4.6\n",
            text.display()
        );
        fs::write(&settings, lines).expect("the folder of the person's files can be written to");
        let run = |arguments: &[&str]| {
            let mut command = Command::new(python_program("jrnl"));
            command
                .arg("--config-file")
                .arg(&settings)
                .args(arguments)
                .env("HOME", &folder)
                .env("XDG_CONFIG_HOME", &folder)
                .env("LANG", "C.UTF-8");
            output_of(&mut command)
        };
        for (at, title, words) in ENTRIES {
            run(&[&format!("{at}: {title} {words}")]);
        }
        let exported = run(&["--export", "json"]);
        fs::write(&json, exported).expect("the folder of the person's files can be written to");
        assert!(text.is_file(), "jrnl has written its journal");
        Self { text, json }
    }
}

fn make_a_journal(window: &Journey) {
    window.click_in(MAIN, "link", "Journal");
    window.click("button", "Make my journal");
    window.find("heading", "A new notebook");
    window.click("button", "Make the notebook");
    window.find("button", "Bring in a journal…");
}

fn import(window: &Journey, album: &Album, file: &Path) {
    window.click("button", "Bring in a journal…");
    album.screen(window, "import");
    window.file_dialog(file, |window| window.click("button", "Choose a file…"));
    window.see("5 pages.");
    window.see(
        "A jrnl text file. From 2 March 2026 to 8 October 2026. Nothing is in your vault yet.",
    );
    window.see("None is a copy of a page you already have.");
    window.see("Everything could be read.");
    album.screen(window, "import-look");
    window.click("button", "Bring in 5 pages");
}

/// The same entries by way of the other format: there is nothing to add.
fn import_again(window: &Journey, file: &Path) {
    window.click("button", "Open the journal");
    window.click("button", "Bring in a journal…");
    window.file_dialog(file, |window| window.click("button", "Choose a file…"));
    window.see("A jrnl JSON export.");
    window.see("5 pages are the same as pages you already have; they are left out.");
    window.see("Every page is already in your journal.");
    window.find("button", "Nothing to bring in");
}

fn share(window: &Journey, title: &str) {
    window.click_in(MAIN, "link", "Journal");
    window.click("link", containing(title));
    window.see("Only you can read this.");
    assert_eq!(
        window.value_of("Title of the page").trim_end_matches('.'),
        title.trim_end_matches('.')
    );
    window.click("button", "Private. Change who may read this");
    window.click_in(LEVEL, "radio", containing("Shareable"));
    window.click_in(LEVEL, "button", "Make it Shareable");
    window.find("button", "Shareable. Change who may read this");
}

fn summarise(window: &Journey) {
    window.click_in(MAIN, "link", "Summaries");
    window.click("button", "New summary");
    assert_eq!(window.value_of("Title"), "Summary of my year");
    window.type_into("Written for", "My appraiser");
    window.click("button", "Begin");
    window.find("textbox", "The page");
    for (index, (_, title, _)) in ENTRIES.iter().enumerate() {
        if SHARED.contains(&index) {
            window.find("checkbox", containing(title));
        } else {
            assert_eq!(window.count("checkbox", containing(title)), 0, "{title}");
        }
    }
    window.type_into("The page", &format!("\n{SENTENCE}"));
    window.click("checkbox", containing(ENTRIES[SHARED[0]].1));
    window.find_in(PAGE, "img", containing("Source 1"));
    window.type_into("The page", &format!(" {OTHER_SENTENCE}"));
    window.click("checkbox", containing(ENTRIES[SHARED[1]].1));
    window.find_in(PAGE, "img", containing("Source 2"));
    window.see("Every sentence rests on evidence.");
    window.wait_until_saved();
}

fn hand_over(window: &Journey, page: &Path) {
    window.click("button", containing("I agree to version"));
    window.see("You say yes to these words and to no others.");
    window.click("button", "I have read it and agree");
    window.see("You have said yes to these very words.");
    window.click("button", "Export");
    window.type_into("To whom", ", at the clinic");
    window.file_dialog(page, |window| window.click("button", "Save the file…"));
    window.see("Saved as my-year.pdf.");
}

fn read_the_page(page: &Path) {
    let words = output_of(Command::new("pdftotext").arg(page).arg("-"));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [SENTENCE, OTHER_SENTENCE, "Summary of my year"] {
        assert!(words.contains(sentence), "“{sentence}” is not in: {words}");
    }
    for (index, (_, title, said)) in ENTRIES.iter().enumerate() {
        if SHARED.contains(&index) {
            continue;
        }
        for sentence in said.split_inclusive(". ").map(str::trim).chain([*title]) {
            assert!(!words.contains(sentence), "“{sentence}” is in: {words}");
        }
    }
}
