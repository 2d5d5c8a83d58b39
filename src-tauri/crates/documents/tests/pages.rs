//! What other programs find in the PDFs: words in order, tags, fonts, a sound file.
//!
//! Needs `poppler-utils` and `qpdf`, which the project's setup installs.

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use common::{SPARE_KEY, bare, heading, paragraph, summary, text};
use documents::{
    Block, Document, Error, Level, Span, SpareKeySheet, html, markdown, pdf, spare_key_sheet,
    undrawable,
};
use proptest::prelude::*;

const HOSTILE: &str = r##"#read("/etc/passwd") #import "@preview/x:1.0.0" $x^2$ *not strong* _not stressed_ \u{41} \ back\slash <script>alert('1')</script> &amp; `code` @label <label> // comment /* c */ = heading - list + enum / term: x [content] {code} "quotes" ~ -- --- ... #panic("x") ]] }} )) '' "" ${"##;

/// Runs a tool on bytes given through its standard input or a file of its own.
fn tool(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(pdf).expect("room for a PDF");
    let path = file.path().to_str().expect("a plain path").to_owned();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|&part| if part == "FILE" { path.as_str() } else { part })
        .collect();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|_| panic!("{program} is not installed"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn read_back(pdf: &[u8]) -> String {
    tool("pdftotext", &["-raw", "FILE", "-"], pdf)
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Text without its spaces: a long word broken at a line's end is the same word.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_word_of_a_summary_is_read_back_in_order() {
    let found = read_back(&pdf(&summary()).unwrap());
    let expected = "Mentoring summary 16 June 2026 Dr Amara Nwosu Written with Dr Helen Marsh, on \
        their work together from September 2025 to June 2026, for the annual review on 24 June. \
        What we worked on Amara set out to move from leading shifts to leading research, and to be \
        ready to apply for senior lecturer this autumn. 1 We met eight times. 2 What changed She \
        took the sepsis triage paper from an audit to a finished draft as lead author, and brought \
        four co-authors to agreement. 3 She taught a module from first lecture to final marks, and \
        her students rated it 4.7 out of 5. She holds a room of forty without raising her voice. \
        With a colleague she has begun a writing group that meets on Thursdays. What comes next • \
        a teaching statement in July • two referees by the end of that month • and a mock panel in \
        September.";
    let found = words(&found);
    let expected = words(expected);
    assert_eq!(found[..expected.len()], expected[..]);
    let rest = found[expected.len()..].join(" ");
    for part in [
        "Amara Nwosu Agreed to every word on 16 June 2026",
        "Helen Marsh Agreed to every word on 15 June 2026",
        "What this rests on",
        "Sepsis paper: four co-authors brought to agreement Agreed",
        "Page 1 of 2",
        "For two readers Professor Ruth Adler, head of department, and Dr Mark Tennant, appraiser.",
        "Page 2 of 2",
    ] {
        assert!(rest.contains(part), "{part:?} is missing in {rest:?}");
    }
}

#[test]
fn the_pdf_is_tagged_sound_and_names_its_title_language_and_time() {
    let bytes = pdf(&summary()).unwrap();
    tool("qpdf", &["--check", "FILE"], &bytes);
    let about = tool("pdfinfo", &["FILE"], &bytes);
    assert!(about.contains("Tagged:          yes"), "{about}");
    assert!(about.contains("Title:           Dr Amara Nwosu"), "{about}");
    assert!(
        about.contains("Page size:       595.276 x 841.89 pts (A4)"),
        "{about}"
    );
    assert!(about.contains("Jun 16 10:00:00 2026"), "{about}");
    assert!(
        !about.contains("Author:") && !about.contains("Creator:"),
        "{about}"
    );
    let structure = tool("pdfinfo", &["-struct-text", "FILE"], &bytes);
    for tag in ["H1", "H2", "P (block)", "L (block)", "LI (block)", "Figure"] {
        assert!(structure.contains(tag), "{tag} is missing in {structure}");
    }
    let heading = structure
        .find("H2 \"What changed\"")
        .expect("headings carry their words");
    assert!(
        structure[heading..].contains("\"She took the sepsis"),
        "{structure}"
    );
    let plain = tool(
        "qpdf",
        &["--qdf", "--object-streams=disable", "FILE", "-"],
        &bytes,
    );
    assert!(plain.contains("/Lang (en-GB)"));
    assert!(plain.contains("<pdfuaid:part>1</pdfuaid:part>"));
    assert!(!plain.contains("/URI") && !plain.contains("/JavaScript"));
}

#[test]
fn every_font_is_embedded() {
    let fonts = tool("pdffonts", &["FILE"], &pdf(&summary()).unwrap());
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() >= 4, "{fonts}");
    for row in rows {
        assert!(
            row.contains("Literata") || row.contains("HankenGrotesk"),
            "{row}"
        );
        let embedded = row.split_whitespace().rev().nth(4);
        assert_eq!(embedded, Some("yes"), "{row}");
    }
}

#[test]
fn equal_documents_give_equal_bytes_and_others_do_not() {
    let first = pdf(&summary()).unwrap();
    assert!(first == pdf(&summary()).unwrap());
    let mut other = summary();
    other.footer.line.push('!');
    assert!(first != pdf(&other).unwrap());
}

#[test]
fn hostile_words_come_out_as_words_everywhere() {
    let span = |words: &str| Span::Text(words.into());
    let document = Document {
        kicker: Some(HOSTILE.into()),
        subtitle: Some(HOSTILE.into()),
        ..bare(
            HOSTILE,
            vec![
                heading(1, HOSTILE),
                paragraph(HOSTILE),
                Block::Paragraph(vec![Span::Code(HOSTILE.into()), text("end")]),
                Block::Paragraph(vec![Span::Link {
                    spans: vec![span("words")],
                    target: "javascript:alert(1)".into(),
                }]),
                Block::Quote(vec![paragraph(HOSTILE)]),
            ],
        )
    };
    let bytes = pdf(&document).unwrap();
    let found = squeezed(&read_back(&bytes));
    let times = found.matches(&squeezed(HOSTILE)).count();
    assert_eq!(
        times, 7,
        "kicker, title, subtitle and four blocks in {found}"
    );
    assert!(found.contains("words(javascript:alert(1))"));

    let page = html(&document);
    assert!(
        !page.contains("<script") && !page.contains("href"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));

    let md = markdown(&document);
    let parsed = documents::from_markdown(&md);
    assert_eq!(parsed.left_out, documents::LeftOut::default());
    let lines = documents::plain_text(&parsed.blocks);
    let same = lines
        .lines()
        .filter(|line| squeezed(line).starts_with(&squeezed(HOSTILE)))
        .count();
    assert_eq!(same, 7, "every block once in {lines}");
}

#[test]
fn hidden_characters_leave_no_trace() {
    let bytes = pdf(&bare(
        "Title",
        vec![paragraph("be\u{202e}fore\u{200b}\u{0}\u{7} after\u{e0041}")],
    ));
    assert!(read_back(&bytes.unwrap()).contains("before after"));
}

#[test]
fn accents_bidi_and_emoji_are_drawn() {
    let document = bare(
        "Łukasz Đặng Žižek",
        vec![
            paragraph("Ελληνικά και Кириллица, naïve façade, tiếng Việt"),
            paragraph("שלום, Helen 123"),
            paragraph("مرحبا بالعالم"),
            paragraph("done 🎉 👩\u{200d}🔬 ❤\u{fe0f}"),
        ],
    );
    assert!(undrawable(&document).is_empty());
    let bytes = pdf(&document).unwrap();
    let found = read_back(&bytes);
    for word in [
        "Łukasz",
        "Đặng",
        "Ελληνικά",
        "Кириллица",
        "façade",
        "Việt",
        "שלום",
        "Helen",
        "مرحبا",
        "بالعالم",
        "🎉",
    ] {
        assert!(found.contains(word), "{word} is missing in {found}");
    }
    let fonts = tool("pdffonts", &["FILE"], &bytes);
    assert!(
        fonts.contains("NotoSerifHebrew") && fonts.contains("Vazirmatn"),
        "{fonts}"
    );
}

#[test]
fn characters_without_a_shape_are_refused_and_named() {
    let document = bare("Notes", vec![paragraph("Li 李 and 明 and 李")]);
    assert_eq!(pdf(&document), Err(Error::CannotDraw { count: 2 }));
    assert_eq!(
        undrawable(&document).into_iter().collect::<String>(),
        "明李"
    );
}

#[test]
fn a_language_that_is_none_is_refused() {
    for language in ["", "e", "english", "12", "\"]"] {
        let document = Document {
            language: language.into(),
            ..bare("Title", vec![])
        };
        assert_eq!(pdf(&document), Err(Error::UnknownLanguage), "{language:?}");
    }
}

#[test]
fn a_long_word_breaks_and_loses_no_letter() {
    let long: String = ('a'..='z').cycle().take(900).collect();
    let document = Document {
        footer: documents::Footer {
            notes: vec![documents::Note {
                heading: "Note".into(),
                words: long.clone(),
            }],
            line: long.clone(),
            page: "{page}/{pages}".into(),
        },
        ..bare(&long[..120], vec![paragraph(&long)])
    };
    let bytes = pdf(&document).unwrap();
    let found = squeezed(&read_back(&bytes));
    assert!(found.contains(&long), "{found}");
    // Nothing stands outside the page: the bounding boxes of all words lie on it.
    let boxes = tool("pdftotext", &["-bbox", "FILE", "-"], &bytes);
    let edges: Vec<f64> = boxes
        .split("xMax=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(edges.len() > 10);
    assert!(edges.iter().all(|&edge| edge <= 595.3 - 70.0), "{edges:?}");
}

#[test]
fn forty_pages_keep_every_paragraph() {
    let blocks: Vec<Block> = (0..400)
        .flat_map(|number| {
            let words = format!(
                "Paragraph {number} begins. {} And ends.",
                "It goes on. ".repeat(25)
            );
            [
                heading(1 + (number % 5) as u8, &format!("Part {number}")),
                paragraph(&words),
            ]
        })
        .collect();
    let bytes = pdf(&bare("Long", blocks)).unwrap();
    let pages: u32 = tool("pdfinfo", &["FILE"], &bytes)
        .lines()
        .find_map(|line| {
            line.strip_prefix("Pages:")
                .map(|rest| rest.trim().parse().unwrap())
        })
        .unwrap();
    assert!(pages >= 40, "{pages}");
    let found = words(&read_back(&bytes)).join(" ");
    let mut from = 0;
    for number in 0..400 {
        let begins = format!("Paragraph {number} begins.");
        from += found[from..]
            .find(&begins)
            .unwrap_or_else(|| panic!("{begins} is missing"));
    }
}

#[test]
fn headings_that_skip_levels_and_carry_marks_are_accepted() {
    let source = Span::Source {
        number: 120,
        level: Level::Agreed,
    };
    let blocks = vec![
        heading(4, "Deep first"),
        Block::Heading {
            level: 2,
            spans: vec![text("Marked "), source],
        },
        heading(5, "Lowest"),
        Block::List {
            start: Some(3),
            items: vec![
                vec![paragraph("three"), heading(3, "Inside")],
                vec![Block::Rule],
            ],
        },
    ];
    let structure = tool(
        "pdfinfo",
        &["-struct", "FILE"],
        &pdf(&bare("Title", blocks)).unwrap(),
    );
    assert!(structure.contains("H2 \"Deep first\""), "{structure}");
    assert!(structure.contains("H3 \"Marked"), "{structure}");
}

#[test]
fn deep_nesting_is_set_and_keeps_its_words() {
    let mut deep = vec![paragraph("innermost words")];
    for level in 0..60 {
        deep = match level % 2 {
            0 => vec![Block::Quote(deep)],
            _ => vec![Block::List {
                start: Some(1),
                items: vec![deep],
            }],
        };
    }
    let found = read_back(&pdf(&bare("Deep", deep)).unwrap());
    assert!(squeezed(&found).contains("innermostwords"), "{found}");
}

#[test]
fn an_empty_document_is_one_page() {
    let bytes = pdf(&bare("Only a title", vec![])).unwrap();
    assert!(tool("pdfinfo", &["FILE"], &bytes).contains("Pages:           1"));
    assert!(pdf(&bare("", vec![])).is_err(), "PDF/UA-1 asks for a title");
}

#[test]
fn many_threads_get_the_same_bytes() {
    let expected = pdf(&summary()).unwrap();
    let others: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| pdf(&summary()).unwrap()))
        .collect();
    for other in others {
        assert!(other.join().unwrap() == expected);
    }
}

fn sheet(words: &[&str; 24]) -> Result<zeroize::Zeroizing<Vec<u8>>, Error> {
    spare_key_sheet(&SpareKeySheet {
        words,
        language: "en-GB",
        title: "Your spare key",
        made_for: "For the vault named “Helen”, made on 11 June 2026",
        steps_heading: "If you forget your passphrase",
        steps: &["Open Confidant.", "Type the words."],
        where_to_keep: "In a drawer at home.",
        kept_at: "Kept at",
        warning: "Whoever holds this page can open your vault.",
    })
}

#[test]
fn the_spare_key_sheet_is_one_page_with_24_numbered_words_in_order() {
    let bytes = sheet(&SPARE_KEY).unwrap();
    tool("qpdf", &["--check", "FILE"], &bytes);
    let about = tool("pdfinfo", &["FILE"], &bytes);
    assert!(about.contains("Pages:           1") && about.contains("Tagged:          yes"));
    let found = read_back(&bytes);
    let expected: Vec<String> = SPARE_KEY
        .iter()
        .enumerate()
        .map(|(at, word)| format!("{} {word}", at + 1))
        .collect();
    let found = words(&found).join(" ");
    assert!(found.contains(&expected.join(" ")), "{found}");
    for part in [
        "Your spare key",
        "Kept at",
        "1. Open Confidant.",
        "Whoever holds this page",
    ] {
        assert!(found.contains(part), "{part} is missing in {found}");
    }
    assert!(sheet(&SPARE_KEY).unwrap() == bytes);
}

#[test]
fn a_word_without_a_shape_is_refused_on_a_sheet() {
    let mut words = SPARE_KEY;
    words[0] = "李";
    assert_eq!(
        sheet(&words).map(|_| ()),
        Err(Error::CannotDraw { count: 1 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn any_printable_words_reach_the_page(text in "[!-~]{1,12}( [!-~]{1,12}){0,30}") {
        let bytes = pdf(&bare("Title", vec![paragraph(&text)])).unwrap();
        let found = squeezed(&read_back(&bytes));
        prop_assert!(found.contains(&squeezed(&text)), "{} in {}", squeezed(&text), found);
    }
}
