//! Helen's own journal.

use mentoring::spaces::{Cloth, SpaceDraft, SpaceKind};

use crate::{
    Notebook,
    days::Days,
    entry::{Entry, answer, on, page},
};

/// The questions that she answered, as the journal puts them.
const FEARED: Option<&str> = Some("What went better than you feared?");
const PUTTING_OFF: Option<&str> =
    Some("What are you putting off, and what would the first ten minutes of it be?");
const HELPED: Option<&str> = Some("Who helped you lately, and do they know?");
const FOOLISH: Option<&str> =
    Some("What would you ask your mentor, if it could not sound foolish?");
const HELD_BACK: Option<&str> = Some("Where did you hold back, and what would you say now?");
const PROUD: Option<&str> = Some("What small thing are you proud of?");
const TOOK_MORE: Option<&str> = Some("What took more out of you than it should?");
const OWN_WORDS: Option<&str> = Some("What did somebody say about your work, in their own words?");
const DECIDED: Option<&str> = Some("What did you decide, and what made you decide it?");
const HABIT: Option<&str> = Some("Which of your habits is helping you?");

/// The journal: some forty pages, most of them Private.
pub(crate) fn notebook(d: Days) -> Notebook {
    let card = SpaceDraft {
        kind: SpaceKind::Journal,
        role: None,
        name: "My journal".to_owned(),
        about: String::new(),
        cloth: Cloth::Umber,
        since: Some(d.a_year_ago()),
        meet_every_weeks: None,
    };
    let entries = [
        first_quarter(d),
        second_quarter(d),
        third_quarter(d),
        last_quarter(d),
    ];
    Notebook {
        card,
        entries: entries.into_iter().flatten().collect(),
    }
}

fn first_quarter(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.a_year_ago(),
            page(
                "21:40",
                "A new book",
                "The last one is full and in the drawer. Edith asked what would make this a good \
                 year, and I said something about papers. On the stairs I thought: *to be less \
                 late, and to be there when it matters.* I should have said that.",
                &["beginnings"],
            ),
        ),
        on(
            d.ago(359),
            page(
                "07:10",
                "Ruth's question",
                "Would I take on a clinical lecturer. I said I would like to meet her. What I \
                 thought was: have I the hours? The hours are a choice. It took me until the car \
                 park to know it.",
                &["mentoring", "time"],
            ),
        ),
        on(
            d.ago(344),
            answer(
                "22:05",
                FEARED,
                "",
                "First meeting with A. I had a plan and did not use it. She had a better one on \
                 the back of a drug chart.",
                &["mentoring"],
            ),
        ),
        on(
            d.ago(336),
            page(
                "18:30",
                "D., with a new baby",
                "He fell asleep for perhaps four seconds in my office. I looked out of the \
                 window so that he could have them.",
                &["mentoring"],
            ),
        ),
        on(
            d.ago(331),
            page(
                "22:50",
                "The kettle",
                "Edith leaves the room when she has asked something. I used to think it was \
                 tact. It is method.",
                &["Edith", "method"],
            ),
        ),
        on(
            d.ago(318),
            answer(
                "06:55",
                HABIT,
                "",
                "Ten minutes with this book before the telephone is allowed on. I am a nicer \
                 person at eight on those days, says Tom, who has no reason to flatter me.",
                &["habits"],
            ),
        ),
        on(
            d.ago(307),
            page(
                "21:15",
                "Next to it",
                "\"Everybody looks at the scar. I keep looking next to it.\" I have been handed \
                 sentences by the young all my life and called it teaching.",
                &["mentoring", "sentences"],
            ),
        ),
        on(
            d.ago(299),
            page(
                "23:10",
                "Forty-one hours",
                "Counted. Nine of my own choosing. I am a little ashamed and rather more curious.",
                &["time", "headship"],
            ),
        ),
        on(
            d.ago(287),
            answer(
                "20:20",
                PROUD,
                "Four signatures",
                "I kept my mouth shut at the audit meeting while somebody else did the brave \
                 thing well.",
                &["mentoring", "wins"],
            ),
        ),
        on(
            d.ago(278),
            page(
                "22:00",
                "Service to the department, in numbers",
                "For the appraisal: two mentees, one circle, one board; thirty-one meetings \
                 arranged, two moved, none forgotten. Chaired the equipment review and closed it \
                 with a list that people used.",
                &["appraisal"],
            )
            .shareable(),
        ),
    ]
}

fn second_quarter(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(271),
            answer(
                "23:30",
                TOOK_MORE,
                "",
                "The canteen. I said that I had found nights heavy too, and then drove home and \
                 found that I had not finished finding them so. It was twenty years ago.",
                &["nights", "mentoring"],
            ),
        ),
        on(
            d.ago(263),
            page(
                "19:05",
                "A day with nothing in it",
                "Good. Swept the shed.",
                &["rest"],
            ),
        ),
        on(
            d.ago(252),
            answer(
                "21:50",
                DECIDED,
                "Estates",
                "Resigned from the committee. What decided it: I could not remember one thing I \
                 had said there. Wrote four lines and did not explain.",
                &["time", "decisions"],
            ),
        ),
        on(
            d.ago(250),
            answer(
                "22:15",
                FOOLISH,
                "",
                "Were you ever liked less for being head? And did you mind? And how did you stop?",
                &["Edith", "headship"],
            ),
        ),
        on(
            d.ago(237),
            page(
                "17:45",
                "One word and a full stop",
                "He did it. All I ever did was not hurry him. It is the hardest thing that I \
                 know how to do.",
                &["mentoring", "wins"],
            ),
        ),
        on(
            d.ago(233),
            page(
                "22:40",
                "Frightened on Tuesdays",
                "Read Edith's diary in two evenings. The woman I took for granite was frightened \
                 every morning for three years. I do not know why this should make me so happy.",
                &["Edith", "headship"],
            ),
        ),
        on(
            d.ago(219),
            page(
                "20:00",
                "Mother's clock",
                "Had it mended. It strikes a quarter late, as it always did; the man asked \
                 whether to put that right, and I heard myself say no.",
                &["home"],
            ),
        ),
        on(
            d.ago(208),
            answer(
                "21:25",
                HELD_BACK,
                "",
                "In the promotions board. I let *not quite ready* pass twice about women and not \
                 once about men. Now I would say: ready for what, and who told you? I have \
                 written to the chair and asked for the words to be minuted.",
                &["fairness", "courage"],
            ),
        ),
        on(
            d.ago(199),
            page(
                "18:10",
                "Past the door",
                "Twice. The second time I carried a folder, so as to look like somebody on her \
                 way.",
                &["headship", "courage"],
            ),
        ),
        on(
            d.work_ago(187),
            page(
                "15:35",
                "Lecture five",
                "Sat at the back with a notebook and learned how to use one chart for an hour. \
                 I have two hundred slides on that subject. They can go.",
                &["teaching"],
            ),
        ),
    ]
}

fn third_quarter(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.work_ago(176),
            page(
                "22:30",
                "Knocked; clapped",
                "Ruth in the morning, the tea room in the afternoon. Two doors in one day, one \
                 of them mine.",
                &["headship", "wins"],
            ),
        ),
        on(
            d.ago(166),
            answer(
                "21:00",
                HELPED,
                "",
                "Maureen in the workshop, who has made three of my people's experiments work and \
                 appears in none of their papers but one. Wrote to her, by hand. Then wrote to \
                 her manager.",
                &["credit", "thanks"],
            ),
        ),
        on(
            d.ago(158),
            page(
                "19:20",
                "Until the full stop",
                "I cross things out while people are still reading them. How many years have I \
                 done that, and who else was too polite to say so?",
                &["mentoring", "mistakes"],
            ),
        ),
        on(
            d.ago(149),
            page(
                "06:50",
                "The equipment review, one year on",
                "Eleven of fourteen recommendations carried out, at no cost but attention. The \
                 ward managers ran the follow-up themselves.",
                &["appraisal"],
            )
            .shareable(),
        ),
        on(
            d.ago(143),
            page(
                "23:00",
                "Tom's results",
                "Clear. I had not told anybody that we were waiting. Slept nine hours.",
                &["home"],
            ),
        ),
        on(
            d.ago(135),
            answer(
                "21:45",
                OWN_WORDS,
                "",
                "Edith: \"You are good at the worst day of other people's year. Now see to the \
                 Wednesdays.\"",
                &["Edith", "sentences"],
            ),
        ),
        on(
            d.ago(127),
            page(
                "18:55",
                "Four times turned over",
                "She looked at her telephone and I did not ask, and she thanked me. There is a \
                 kindness in not knowing. I must be careful that it does not turn into comfort \
                 for me.",
                &["mentoring"],
            ),
        ),
        on(
            d.thursday(16),
            page(
                "08:50",
                "The rudest questions",
                "Five kind people doing their worst. I have seldom laughed so much before nine \
                 in the morning.",
                &["circle", "wins"],
            ),
        ),
        on(
            d.ago(103),
            answer(
                "22:10",
                FEARED,
                "The budget",
                "Two mornings, one finance manager, no tears. I asked what every line was afraid \
                 of, and she knew.",
                &["headship", "learning"],
            ),
        ),
        on(
            d.work_ago(98),
            page(
                "21:30",
                "A full room",
                "I sat where she could see me, and she did not look once. That is the whole of \
                 what I want from this work.",
                &["mentoring", "wins"],
            ),
        ),
    ]
}

fn last_quarter(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(86),
            page(
                "23:15",
                "Yes in corridors",
                "Cross with Edith as far as the ring road. Then not.",
                &["Edith", "time"],
            ),
        ),
        on(
            d.ago(79),
            page(
                "07:00",
                "Let me look",
                "Said it four times. Nobody died. One man looked at me as though I had spoken \
                 Welsh.",
                &["habits", "time"],
            ),
        ),
        on(
            d.ago(69),
            page(
                "20:45",
                "Late, again",
                "Told D., and the two before him, one by one, with no reasons attached. It took \
                 less time than the reasons would have.",
                &["mistakes", "mentoring"],
            ),
        ),
        on(
            d.ago(58),
            answer(
                "21:55",
                PUTTING_OFF,
                "",
                "The page for Edith. The first ten minutes: write *I would stand because* and \
                 then not lift the pen.",
                &["headship"],
            ),
        ),
        on(
            d.ago(54),
            page(
                "23:40",
                "Ten past eleven",
                "It is in. She rang from the mess. I said well done, put the telephone down, and \
                 walked round the garden in my slippers.",
                &["mentoring", "wins"],
            ),
        ),
        on(
            d.ago(44),
            page(
                "07:05",
                "Teaching, for the appraisal",
                "Took over three seminars for a colleague and rebuilt my own course around one \
                 chart a week. Attendance at the last session: all of them.",
                &["appraisal", "teaching"],
            )
            .shareable(),
        ),
        on(
            d.work_ago(41),
            page(
                "22:20",
                "The card in the pocket",
                "Fifty-eight minutes. I sat behind a pillar, by request.",
                &["mentoring", "wins"],
            ),
        ),
        on(
            d.ago(35),
            page(
                "21:10",
                "Soup",
                "I am not supposed to know. I am supposed to bring soup. Both are possible.",
                &["Edith"],
            ),
        ),
        on(
            d.ago(4),
            page(
                "19:50",
                "Nearly seven weeks",
                "Too long for A. Five of them were not my doing and two were. The day is fixed. \
                 Be there, with tea, and do not explain.",
                &["mentoring", "time"],
            ),
        ),
        on(
            d.ago(18),
            page(
                "22:00",
                "Forgot the deanery",
                "Clean forgot. Told her the same day. She said, \"So you are a person,\" and I \
                 was let off more lightly than I would have let off myself.",
                &["mistakes", "mentoring"],
            ),
        ),
        on(
            d.ago(12),
            answer(
                "21:20",
                HELPED,
                "",
                "Margaret, who trusted me with something she should not have had to carry. She \
                 knows now; I took her the good marmalade.",
                &["thanks"],
            ),
        ),
        on(
            d.ago(1),
            page(
                "20:30",
                "They came",
                "A. on the telephone, about the page for her review: \"I did not bring anybody to \
                 agreement, they came.\" One verb of hers, and the sentence told the truth. I \
                 wrote the first version. I shall remember that when I think I am being generous.",
                &["mentoring", "sentences"],
            ),
        ),
        on(
            d.ago(6),
            page(
                "07:15",
                "A first sentence",
                "Wrote it. It is still true this morning, which is something.",
                &["headship"],
            ),
        ),
        on(
            d.ago(3),
            answer(
                "22:25",
                PROUD,
                "",
                "The whole of this week: nothing promised in a corridor.",
                &["habits", "wins"],
            ),
        ),
        on(
            d.ago(1),
            page(
                "21:35",
                "Tomorrow",
                "Ring the deanery. The introduction for D., two lines and no adjectives. Then \
                 leave it alone and let them like each other or not.",
                &["mentoring"],
            ),
        ),
    ]
}
