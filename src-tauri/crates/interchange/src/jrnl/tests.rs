//! What jrnl 4.6 really wrote stands in `tests/data`; its words are invented.

use chrono::{NaiveDate, Timelike};
use proptest::prelude::*;

use super::*;

const JOURNAL: &[u8] = include_bytes!("../../tests/data/journal.txt");
const JOURNAL_24H: &[u8] = include_bytes!("../../tests/data/journal-24h.txt");
const EXPORT: &[u8] = include_bytes!("../../tests/data/export.txt");
const EXPORT_JSON: &[u8] = include_bytes!("../../tests/data/export.json");
const ENCRYPTED_V3: &[u8] = include_bytes!("../../tests/data/encrypted-v3.txt");

fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 6, day)
        .unwrap()
        .and_hms_opt(hour, minute, 0)
        .unwrap()
}

fn reasons(journal: &JrnlJournal) -> Vec<(Option<usize>, SkipReason)> {
    journal
        .skipped
        .iter()
        .map(|skipped| (skipped.line, skipped.reason))
        .collect()
}

fn titles(text: &str) -> Vec<String> {
    read_jrnl(text.as_bytes())
        .unwrap()
        .entries
        .into_iter()
        .map(|entry| entry.title)
        .collect()
}

#[test]
fn a_real_journal_is_read_whole() {
    let journal = read_jrnl(JOURNAL).unwrap();
    assert_eq!(journal.format, JrnlFormat::JrnlText);
    assert_eq!(journal.skipped, []);
    let heads: Vec<_> = journal
        .entries
        .iter()
        .map(|entry| (entry.written, entry.title.as_str()))
        .collect();
    assert_eq!(
        heads,
        [
            (at(9, 9, 0), "First day on the new ward."),
            (
                at(9, 21, 40),
                "Talked with Helen about #research and @amara."
            ),
            (at(12, 7, 5), "One line without an ending"),
            (at(14, 18, 30), "Three things went well"),
            (at(20, 12, 15), "Was it worth it?"),
            (at(20, 12, 15), "会议很长。"),
            (at(22, 8, 0), "A list with brackets"),
            (at(23, 6, 30), "Last one, written by jrnl itself."),
        ]
    );
    let talk = &journal.entries[1];
    assert_eq!(talk.body, "She asked what I would do with a free Tuesday.");
    assert_eq!(talk.tags, ["#research", "@amara"]);
    assert!(talk.starred);
    assert_eq!(
        journal.entries.iter().filter(|entry| entry.starred).count(),
        1
    );
    assert_eq!(
        journal.entries[3].body,
        "- the audit is sent\n- [x] slides done\n\nAnd then: home. It was late! Naïve, über, \
         日本, 🎉 and \"quotes\" with a \\ backslash."
    );
    assert_eq!(journal.entries[4].tags, ["#mentoring/first", "#research"]);
    assert!(
        journal.entries[6]
            .body
            .contains("\n[not a date] only brackets\n")
    );
}

#[test]
fn all_that_jrnl_writes_of_one_journal_reads_the_same() {
    let journal = read_jrnl(JOURNAL).unwrap();
    assert_eq!(read_jrnl(JOURNAL_24H).unwrap(), journal);
    assert_eq!(read_jrnl(EXPORT).unwrap(), journal);
    let json = read_jrnl(EXPORT_JSON).unwrap();
    assert_eq!(json.format, JrnlFormat::JrnlJson);
    assert_eq!(json.entries, journal.entries);
    assert_eq!(json.skipped, []);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let text = String::from_utf8(JOURNAL.to_vec()).unwrap();
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(
        read_jrnl(windows.as_bytes()).unwrap(),
        read_jrnl(JOURNAL).unwrap()
    );
}

#[test]
fn an_old_journal_without_brackets_is_read() {
    let old = "2014-03-02 08:15 Snow again. It stayed.\n\n2014-03-03 21:00 Starred *\n\
               [2014-03-03 is no head] but a body\n2014-02-31 09:00 no such day, so a body\n";
    let journal = read_jrnl(old.as_bytes()).unwrap();
    assert_eq!(journal.entries.len(), 2);
    assert_eq!(journal.entries[0].title, "Snow again.");
    assert_eq!(journal.entries[0].body, "It stayed.");
    assert!(journal.entries[1].starred);
    assert_eq!(
        journal.entries[1].body,
        "[2014-03-03 is no head] but a body\n2014-02-31 09:00 no such day, so a body"
    );
}

#[test]
fn a_date_within_the_body_begins_no_entry() {
    let text =
        "[2026-06-09 09:00] Plans\n2026-06-10 10:00 the review\nsee [2026-06-11 09:00] too\n";
    assert_eq!(titles(text), ["Plans"]);
}

#[test]
fn dates_are_read_as_people_set_them() {
    for (stamp, hour) in [
        ("2026-06-09 09:00:00 PM", 21),
        ("2026-06-09 12:00:00 AM", 0),
        ("2026-06-09 09:00 am", 9),
        ("2026-06-09 21:00:00", 21),
        ("2026-06-09T21:00", 21),
        ("2026/06/09 21:00", 21),
        ("2026.06.09 21:00", 21),
        ("09.06.2026 21:00", 21),
        ("9.6.2026", 0),
        ("2026-06-09", 0),
        ("2026-06-09 09:00:00\u{202f}PM", 21),
    ] {
        let text = format!("[{stamp}] Title\n");
        let entry = read_jrnl(text.as_bytes()).unwrap().entries.remove(0);
        assert_eq!(entry.written.date(), at(9, 0, 0).date(), "{stamp}");
        assert_eq!(entry.written.hour(), hour, "{stamp}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_line_and_the_rest_is_kept() {
    let text = b"some words before\n[2026-06-09 09:00] Good\nbody\n\n[2026-13-09 09:00] No month\n\
        body\n\n[06/09/2026 09:00] Which day\n\n[2026-06-10 09:00] \n\n\
        [2026-06-11 09:00] Broken\n\xff\xfe\n\n[2026-06-12 09:00] Good too\n";
    let journal = read_jrnl(text).unwrap();
    let titles: Vec<_> = journal
        .entries
        .iter()
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(titles, ["Good", "Good too"]);
    assert_eq!(journal.entries[0].body, "body");
    assert_eq!(
        reasons(&journal),
        [
            (Some(1), SkipReason::NoDate),
            (Some(5), SkipReason::BadDate),
            (Some(8), SkipReason::BadDate),
            (Some(10), SkipReason::Empty),
            (Some(12), SkipReason::NotText),
        ]
    );
}

#[test]
fn what_cannot_be_read_in_json_is_named_and_the_rest_is_kept() {
    let text = br#"{"entries": [
        {"title": "Good", "body": "", "date": "2026-06-09", "time": "09:00", "tags": ["@A", "@a", 3]},
        {"title": "No date", "body": "x"},
        {"title": "Bad", "date": "2026-02-30", "time": "09:00"},
        {"title": " ", "body": "\n", "date": "2026-06-09", "time": "09:00"},
        {"title": 7, "date": "2026-06-09"},
        "words",
        {"title": "Broken "#;
    let mut text = text.to_vec();
    text.extend_from_slice(b"\xff\", \"date\": \"2026-06-09\"}, ");
    text.extend_from_slice(br#"{"title": "Last", "date": "2026-06-10"}]}"#);
    let journal = read_jrnl(&text).unwrap();
    let titles: Vec<_> = journal
        .entries
        .iter()
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(titles, ["Good", "Last"]);
    assert_eq!(journal.entries[0].tags, ["@a"]);
    use SkipReason::{BadDate, Empty, NoDate, NotText};
    assert_eq!(
        reasons(&journal),
        [NoDate, BadDate, Empty, NotText, NotText, NotText].map(|reason| (None, reason))
    );
}

#[test]
fn an_entry_that_no_note_can_hold_is_named_and_the_rest_is_kept() {
    use SkipReason::{BadDate, TooLong};
    let (first, last) = (*mentoring::YEARS.start(), *mentoring::YEARS.end());
    let longest = "a".repeat(mentoring::TEXT_LIMIT);
    let text = format!(
        "[{first}-01-01 09:00] First day\n\n[{}-12-31 09:00] Too early\n\n\
         [{last}-12-31 09:00] Last day\n\n[{}-01-01 09:00] Too late\n\n\
         [2026-06-09 09:00] Long\n{longest}\n\n[2026-06-10 09:00] Too long\n{longest}a\n\n\
         [2026-06-11 09:00] Good\n",
        first - 1,
        last + 1,
    );
    let journal = read_jrnl(text.as_bytes()).unwrap();
    let titles: Vec<_> = journal.entries.iter().map(|entry| &*entry.title).collect();
    assert_eq!(titles, ["First day", "Last day", "Long", "Good"]);
    assert_eq!(
        reasons(&journal),
        [(Some(3), BadDate), (Some(7), BadDate), (Some(12), TooLong)]
    );

    let entry =
        |day: &str, body: &str| serde_json::json!({ "title": "T", "body": body, "date": day });
    let file = serde_json::json!({ "entries": [
        entry("1492-10-12", "b"),
        entry("2026-06-10", &format!("{longest}a")),
        entry("2026-06-11", "b"),
    ] });
    let journal = read_jrnl(file.to_string().as_bytes()).unwrap();
    assert_eq!(journal.entries.len(), 1);
    assert_eq!(reasons(&journal), [(None, BadDate), (None, TooLong)]);
}

#[test]
fn one_entry_exported_alone_is_read() {
    let text = r#"{"title": "Alone", "body": "b", "date": "2026-06-09", "time": "21:05", "tags": [], "starred": true}"#;
    let journal = read_jrnl(text.as_bytes()).unwrap();
    assert_eq!(journal.entries[0].written, at(9, 21, 5));
    assert!(journal.entries[0].starred);
}

#[test]
fn a_file_that_is_no_journal_is_refused_by_what_it_is() {
    let error = |bytes: &[u8]| read_jrnl(bytes).unwrap_err();
    assert!(matches!(error(b""), Error::Empty));
    assert!(matches!(error(b"\xef\xbb\xbf \r\n\t\n"), Error::Empty));
    assert!(matches!(
        error(br#"{"tags": {}, "entries": []}"#),
        Error::Empty
    ));
    assert!(matches!(
        error(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        Error::Binary
    ));
    assert!(matches!(
        error(b"\xff\xd8\xff\xe1 no zero byte"),
        Error::Binary
    ));
    assert!(matches!(error(ENCRYPTED_V3), Error::Encrypted));
    assert!(matches!(error(b"gAAAAABmZ3R5dGVzdA=="), Error::Encrypted));
    assert!(matches!(
        error(b"Dear diary, today it rained.\n"),
        Error::NotJrnl
    ));
    assert!(matches!(
        error(br#"{"metadata": {"version": "1.0"}, "entries": 3}"#),
        Error::NotJrnl
    ));
    assert!(matches!(error(br#"{"tags": }"#), Error::NotJrnl));
    assert!(matches!(
        error(b"[2026-13-01 09:00] only a bad date\n"),
        Error::NotJrnl
    ));
}

#[test]
fn a_file_larger_than_the_limit_is_refused() {
    let bytes = vec![b' '; MAX_IMPORT_BYTES as usize + 1];
    assert!(matches!(
        read_jrnl(&bytes),
        Err(Error::TooLarge { limit }) if limit == MAX_IMPORT_BYTES
    ));
}

#[test]
fn a_file_that_ends_in_the_middle_is_refused() {
    // JSON shows it wherever it is cut.
    let end = EXPORT_JSON.trim_ascii_end().len();
    for cut in 1..end {
        assert!(
            matches!(read_jrnl(&EXPORT_JSON[..cut]), Err(Error::HalfWritten)),
            "{cut}"
        );
    }
    // The journal file shows it in a date or a character.
    let half: [&[u8]; 3] = [
        b"[2026-06-09 09:00] Whole\n\n[2026-06-10 0",
        b"[2026-06-09 09:00] Whole\n\n[2026-06-10 09:00:00 A",
        b"[2026-06-09 09:00] Na\xc3",
    ];
    for bytes in half {
        assert!(matches!(read_jrnl(bytes), Err(Error::HalfWritten)));
    }
}

#[test]
fn a_line_by_hand_is_divided_after_its_first_sentence() {
    for (line, title, body) in [
        ("One. Two.", "One.", "Two."),
        ("\"Really?\" she said.", "\"Really?\"", "she said."),
        ("(Done!) Home.", "(Done!)", "Home."),
        ("Version 4.7 is out", "Version 4.7 is out", ""),
        ("Ends.", "Ends.", ""),
    ] {
        let journal = read_jrnl(format!("[2026-06-09 09:00] {line}\n").as_bytes()).unwrap();
        assert_eq!(
            (&*journal.entries[0].title, &*journal.entries[0].body),
            (title, body)
        );
    }
}

#[test]
fn a_title_too_long_to_be_one_becomes_the_body() {
    let long = "word ".repeat(100);
    let journal = read_jrnl(format!("[2026-06-09 09:00] {long}\nmore\n").as_bytes()).unwrap();
    assert_eq!(journal.entries[0].title, "");
    assert_eq!(journal.entries[0].body, format!("{}\nmore", long.trim()));
}

#[test]
fn an_entry_with_characters_that_deceive_is_refused_and_named_and_the_others_come_in() {
    use SkipReason::Unseen;
    let words = [
        "Bell\u{7}",
        "\u{1b}[31mred",
        "nothing\0",
        "of\u{202e}fer",
        "\u{2067}isolated\u{2069}",
        "Tab\tand\u{b}line\u{c}page\u{85}end",
        "שלום\u{200f}, Zoë 👩\u{200d}🔬",
    ];
    let lines = words
        .iter()
        .map(|words| format!("[2026-06-09 09:00] T\n{words}\n\n"));
    let journal = read_jrnl(lines.collect::<String>().as_bytes()).unwrap();
    let refused = [1, 4, 7, 10, 13].map(|line| (Some(line), Unseen));
    assert_eq!(reasons(&journal), refused);
    let kept: Vec<_> = journal.entries.iter().map(|entry| &*entry.body).collect();
    assert_eq!(kept, ["Tab\tand\nline\npage\nend", words[6]]);

    let entry =
        |body: &str| serde_json::json!({ "title": "T", "body": body, "date": "2026-06-09" });
    let file = serde_json::json!({ "entries": words.map(entry) }).to_string();
    let journal = read_jrnl(file.as_bytes()).unwrap();
    assert_eq!(journal.entries.len(), 2);
    assert_eq!(reasons(&journal), [(None, Unseen); 5]);
    assert!(matches!(
        read_jrnl(b"{\"entries\": [\0]}"),
        Err(Error::Binary)
    ));
}

fn any_entry() -> impl Strategy<Value = JrnlEntry> {
    let word = "[a-zA-Zéß日#@,;:'()+/-]{1,9}";
    let line = prop::collection::vec(word, 1..8).prop_map(|words| words.join(" "));
    let body = prop::collection::vec(
        prop_oneof![4 => line.clone(), 1 => Just(String::new())],
        0..6,
    );
    let minutes = 0..(60 * 24 * 365 * 40_i64);
    (minutes, line, body, any::<bool>()).prop_map(|(minutes, title, body, starred)| {
        let epoch = NaiveDate::from_ymd_opt(1995, 1, 1)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        let body = body.join("\n").trim().to_owned();
        let tags = sorted(tags_in(&format!("{title}\n{body}")));
        let written = epoch + chrono::TimeDelta::minutes(minutes);
        JrnlEntry {
            written,
            title,
            body,
            tags,
            starred,
        }
    })
}

/// As jrnl writes an entry into its journal.
fn written(entry: &JrnlEntry, form: &str) -> String {
    let star = if entry.starred { " *" } else { "" };
    let gap = if entry.body.is_empty() { "" } else { "\n" };
    format!(
        "[{}] {}{star}{gap}{}\n",
        entry.written.format(form),
        entry.title,
        entry.body
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_written_journal_is_read_back(entries in prop::collection::vec(any_entry(), 1..12), clock in 0..2_usize) {
        let form = ["%F %r", "%Y-%m-%d %H:%M"][clock];
        let text = entries.iter().map(|entry| written(entry, form)).collect::<Vec<_>>().join("\n");
        let journal = read_jrnl(text.as_bytes()).unwrap();
        prop_assert_eq!(journal.skipped, []);
        prop_assert_eq!(journal.entries, entries);
    }

    #[test]
    fn an_exported_journal_is_read_back(entries in prop::collection::vec(any_entry(), 1..12)) {
        let values: Vec<_> = entries.iter().map(|entry| serde_json::json!({
            "title": entry.title,
            "body": entry.body,
            "date": entry.written.format("%Y-%m-%d").to_string(),
            "time": entry.written.format("%H:%M").to_string(),
            "tags": entry.tags,
            "starred": entry.starred,
        })).collect();
        let text = serde_json::json!({ "tags": {}, "entries": values }).to_string();
        prop_assert_eq!(read_jrnl(text.as_bytes()).unwrap().entries, entries);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_jrnl(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic(
        at in 0..JOURNAL.len(), json_at in 0..EXPORT_JSON.len(), noise in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        for (sample, at) in [(JOURNAL, at), (EXPORT_JSON, json_at)] {
            let mut bytes = sample.to_vec();
            bytes.splice(at..(at + 3).min(sample.len()), noise.iter().copied());
            if let Ok(journal) = read_jrnl(&bytes) {
                prop_assert!(journal.entries.len() <= 9);
            }
        }
    }
}
