//! The closed Markdown: what it refuses, and that words survive the way there and back.

mod common;

use common::{heading, paragraph, summary, text};
use documents::{
    Block, LeftOut, Level, Span, clean, from_markdown, html, markdown, markdown_of_blocks,
    plain_text,
};
use proptest::prelude::*;

fn blocks_of(markdown: &str) -> Vec<Block> {
    from_markdown(markdown).blocks
}

#[test]
fn a_summary_as_markdown() {
    insta::assert_snapshot!(markdown(&summary()));
}

#[test]
fn a_summary_as_html() {
    insta::assert_snapshot!(html(&summary()));
}

#[test]
fn the_closed_markdown_is_read() {
    let read = blocks_of(
        "# One\n\nWords **strong** and _stressed_ and `code`.  \nNew line. [Site](https://example.org/a_b)\n\n\
         > quoted\n\n3. three\n4. four\n\n---\n\n- a\n  - b [^a12]\n",
    );
    assert_eq!(
        read,
        vec![
            heading(1, "One"),
            Block::Paragraph(vec![
                text("Words "),
                Span::Strong(vec![text("strong")]),
                text(" and "),
                Span::Emphasis(vec![text("stressed")]),
                text(" and "),
                Span::Code("code".into()),
                text("."),
                Span::Break,
                text("New line. "),
                Span::Link {
                    spans: vec![text("Site")],
                    target: "https://example.org/a_b".into()
                },
            ]),
            Block::Quote(vec![paragraph("quoted")]),
            Block::List {
                start: Some(3),
                items: vec![vec![paragraph("three")], vec![paragraph("four")]],
            },
            Block::Rule,
            Block::List {
                start: None,
                items: vec![vec![
                    paragraph("a"),
                    Block::List {
                        start: None,
                        items: vec![vec![Block::Paragraph(vec![
                            text("b "),
                            Span::Source {
                                number: 12,
                                level: Level::Agreed
                            },
                        ])]],
                    },
                ]],
            },
        ]
    );
}

#[test]
fn raw_html_becomes_words_and_is_counted() {
    let parsed =
        from_markdown("<script>\nalert(1)\n</script>\n\nA <b onclick=x>bold</b> <!-- hidden -->");
    assert_eq!(parsed.left_out.images, 0);
    assert!(parsed.left_out.raw_html >= 4);
    let words = plain_text(&parsed.blocks);
    assert!(words.contains("<script> alert(1) </script>"), "{words}");
    assert!(
        words.contains("A <b onclick=x>bold</b> <!-- hidden -->"),
        "{words}"
    );
}

#[test]
fn images_are_left_out_and_counted() {
    let parsed = from_markdown("before ![a *cat*](https://example.org/cat.png) after ![](x)");
    assert_eq!(
        parsed.left_out,
        LeftOut {
            images: 2,
            raw_html: 0
        }
    );
    assert_eq!(plain_text(&parsed.blocks), "before after");
}

#[test]
fn reference_definitions_cannot_hide_words() {
    for hidden in [
        "[hidden]: secret\n\nshown",
        "> [hidden]: secret\n\nshown",
        "[hidden]: secret\n[hidden]: secret\n[hidden]: secret\n\nshown",
        "[^a1]: secret\n\nshown [^a1]",
        "- [hidden]: <secret> 'more'\n\nshown",
    ] {
        let words = plain_text(&blocks_of(hidden));
        assert!(
            words.contains("secret") && words.contains("shown"),
            "{hidden:?} gave {words:?}"
        );
    }
    let many = (0..60).map(|_| "[x]: secret\n\n").collect::<String>();
    assert_eq!(plain_text(&blocks_of(&many)).matches("secret").count(), 60);
}

#[test]
fn marks_side_by_side_are_all_read() {
    let read = plain_and_marks("words [^a1][^s2][^a3] and [hidden][^a4]");
    assert_eq!(read, ("words and hidden".into(), vec![1, 2, 3, 4]));
}

/// The words and the numbers of the marks of a text in one paragraph.
fn plain_and_marks(given: &str) -> (String, Vec<u32>) {
    let blocks = blocks_of(given);
    let Some(Block::Paragraph(spans)) = blocks.first() else {
        panic!("no paragraph")
    };
    let numbers = spans.iter().filter_map(|span| match span {
        Span::Source { number, .. } => Some(*number),
        _ => None,
    });
    let words = plain_text(&blocks)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (words, numbers.collect())
}

#[test]
fn what_is_not_in_the_closed_markdown_is_words() {
    for given in [
        "| a | b |",
        "~~struck~~",
        "$x^2$",
        "[^9]",
        "[^a]",
        "[^a01]",
        "[^b1]",
        "- [ ] task",
    ] {
        let words = plain_text(&blocks_of(given));
        assert_eq!(words, given.trim_start_matches("- "), "{given:?}");
    }
    assert_eq!(
        plain_text(&blocks_of("```rust\nlet x;\n  y\n```")),
        "let x; y"
    );
    assert_eq!(
        plain_text(&blocks_of("[x](javascript:alert)")),
        "x (javascript:alert)"
    );
}

#[test]
fn deep_nesting_keeps_its_words() {
    let quotes = format!("{} deep words", ">".repeat(5_000));
    assert_eq!(plain_text(&blocks_of(&quotes)), "deep words");
    let stars = format!("{}stars{}", "*_".repeat(3_000), "_*".repeat(3_000));
    assert!(plain_text(&blocks_of(&stars)).contains("stars"));
    let mut block = paragraph("inside");
    for _ in 0..200 {
        block = Block::List {
            start: None,
            items: vec![vec![block]],
        };
    }
    assert_eq!(
        plain_text(&blocks_of(&markdown_of_blocks(&[block]))),
        "inside"
    );
}

#[test]
fn formats_inside_words_survive() {
    let inside = vec![Block::Paragraph(vec![
        text("un"),
        Span::Emphasis(vec![text("believ")]),
        Span::Strong(vec![text("able")]),
        text("ness"),
    ])];
    let written = markdown_of_blocks(&inside);
    assert_eq!(blocks_of(&written), inside, "{written}");
}

/// Blocks that an earlier writer wrote as Markdown of another meaning.
#[test]
fn what_once_was_lost_survives() {
    let mark = Span::Source {
        number: 1,
        level: Level::Shareable,
    };
    let link = |words: &str, target: &str| Span::Link {
        spans: vec![text(words)],
        target: target.into(),
    };
    let stressed = |words: &str| Span::Emphasis(vec![text(words)]);
    let list = |items| Block::List { start: None, items };
    let cases = [
        vec![Block::Paragraph(vec![mark.clone(), link("!", "mailto:")])],
        vec![Block::Paragraph(vec![mark.clone(), text("(aside)")])],
        vec![Block::Paragraph(vec![mark.clone(), text(": so")])],
        vec![Block::Paragraph(vec![
            mark,
            text("["),
            link("mailto:]", "mailto:]"),
        ])],
        vec![Block::Quote(vec![paragraph("A \u{a0}")])],
        vec![Block::Paragraph(vec![
            stressed("א\u{a0}"),
            Span::Break,
            stressed(" (so)"),
        ])],
        vec![Block::Paragraph(vec![text("א\u{200d}é"), stressed("!")])],
        vec![list(vec![vec![
            paragraph("a"),
            list(vec![vec![paragraph("b"), paragraph("c")]]),
        ]])],
        vec![Block::Paragraph(vec![Span::Link {
            spans: vec![Span::Strong(vec![Span::Code("]:".into())])],
            target: "mailto:x".into(),
        }])],
        vec![
            list(vec![vec![paragraph("a")]]),
            list(vec![vec![paragraph("b")]]),
        ],
    ];
    for blocks in cases {
        let written = markdown_of_blocks(&blocks);
        let read = blocks_of(&written);
        assert_eq!(markdown_of_blocks(&read), written);
        assert_eq!(
            plain_text(&read).replace(' ', ""),
            plain_text(&blocks).replace(' ', "")
        );
    }
}

fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{0,24}",
        1 => "[a-c *_`\\[\\]<>!#&.:0-9()+=~|\\\\^-]{0,16}",
        1 => any::<String>(),
        1 => "[\u{a0}\u{200d}\u{5d0}-\u{5d4}\u{301}“”—é a]{0,12}",
    ]
}

fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    let leaf = prop_oneof![
        6 => any_words().prop_map(Span::Text),
        1 => any_words().prop_map(Span::Code),
        1 => (1..200u32, any::<bool>()).prop_map(|(number, agreed)| Span::Source {
            number,
            level: if agreed { Level::Agreed } else { Level::Shareable },
        }),
        1 => Just(Span::Break),
    ];
    let span = leaf.prop_recursive(3, 12, 4, |inner| {
        let spans = prop::collection::vec(inner, 0..4);
        prop_oneof![
            spans.clone().prop_map(Span::Strong),
            spans.clone().prop_map(Span::Emphasis),
            (spans, "(https?|mailto|javascript|):[!-~é]{0,12}")
                .prop_map(|(spans, target)| Span::Link { spans, target }),
        ]
    });
    prop::collection::vec(span, 0..6)
}

fn any_blocks() -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        5 => any_spans().prop_map(Block::Paragraph),
        1 => (1..6u8, any_spans()).prop_map(|(level, spans)| Block::Heading { level, spans }),
        1 => Just(Block::Rule),
    ];
    let block = leaf.prop_recursive(3, 12, 4, |inner| {
        let blocks = prop::collection::vec(inner, 0..4);
        prop_oneof![
            blocks.clone().prop_map(Block::Quote),
            (
                prop::option::of(0..12u32),
                prop::collection::vec(blocks, 0..4)
            )
                .prop_map(|(start, items)| Block::List { start, items }),
        ]
    });
    prop::collection::vec(block, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn plain_words_survive(words in any_words()) {
        let written = markdown_of_blocks(&[paragraph(&words)]);
        let parsed = from_markdown(&written);
        let expected = clean(&words);
        prop_assert_eq!(parsed.left_out, LeftOut::default());
        let shown = plain_text(&parsed.blocks);
        let expected = if expected.trim().is_empty() { "" } else { expected.trim_matches(' ') };
        prop_assert_eq!(shown, expected);
    }

    #[test]
    fn blocks_survive(blocks in any_blocks()) {
        let written = markdown_of_blocks(&blocks);
        let parsed = from_markdown(&written);
        prop_assert_eq!(parsed.left_out, LeftOut::default(), "{}", written);
        let again = markdown_of_blocks(&parsed.blocks);
        prop_assert_eq!(&again, &written);
        prop_assert_eq!(from_markdown(&again).blocks, parsed.blocks);
    }

    #[test]
    fn any_text_is_read_and_stays_the_same_from_then_on(given in any_words(), more in any_words()) {
        let first = from_markdown(&format!("{given}\n{more}\n\n{given}")).blocks;
        let second = from_markdown(&markdown_of_blocks(&first)).blocks;
        prop_assert_eq!(plain_text(&second), plain_text(&first));
        prop_assert_eq!(second, first);
    }
}
