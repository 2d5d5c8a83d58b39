//! The Thursday writing circle, of which Helen is one of five.

use mentoring::{
    Owner::{Both, Me, Them},
    goals::{Goal, GoalState, Horizon, Outcome, Sphere},
    meetings::Medium::{self, InPerson, Video},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};

use crate::{
    Notebook,
    days::Days,
    entry::{
        Entry, changed, done, given, goal, heard, kept, meeting, missed, note, noticed, on, open,
        person, received, report, said, step,
    },
};

const LIBRARY: (Medium, &str) = (InPerson, "Library, the room with the stove");
const SCREEN: (Medium, &str) = (Video, "");

/// The circle's notebook: every fourth Thursday, before the day begins.
pub(crate) fn notebook(d: Days) -> Notebook {
    let card = SpaceDraft {
        kind: SpaceKind::Circle,
        role: Some(Role::Peer),
        name: "Thursday writing circle".to_owned(),
        about: "Five people, one page each, no apologies".to_owned(),
        cloth: Cloth::Ochre,
        since: Some(d.thursday(50)),
        meet_every_weeks: Some(4),
    };
    let mut entries = people(d);
    entries.extend(meetings(d));
    entries.extend(notes(d));
    entries.extend(feedback_and_goal(d));
    entries.extend(promises(d));
    Notebook { card, entries }
}

fn people(d: Days) -> Vec<Entry> {
    let since = d.thursday(50);
    vec![
        on(
            since,
            person(
                "Gwen Tudor",
                "she, her",
                "Historian of medicine; a book on hospital gardens",
                "Letters, really. Failing that, a message",
                "Reads aloud beautifully and thinks that nobody has noticed.",
            ),
        ),
        on(
            since,
            person(
                "Owen Bright",
                "he, him",
                "Statistician; writes for people who are afraid of numbers",
                "Messages at any hour; answers at five in the morning",
                "Brings the biscuits. Do not thank him, it makes him count them.",
            ),
        ),
        on(
            since,
            person(
                "Mercy Adjei",
                "she, her",
                "Midwife and lecturer; a thesis on handovers",
                "Telephone, between shifts",
                "Writes in pencil. Two boys, both in goal.",
            ),
        ),
        on(
            since,
            person(
                "Anselm Roy",
                "they, them",
                "Hospital pharmacist; essays on error",
                "Messages",
                "New to writing, and the best listener of us all.",
            ),
        ),
    ]
}

fn meetings(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.thursday(48),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "How we do this",
                "- One page each\n- What may leave the room",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "Rules, in full:\n\n1. One page, read aloud by somebody else\n2. First what it \
                 does, then what it wants\n3. No apologies\n4. What is read here is not told \
                 elsewhere",
            )
            .shareable(),
            kept(Both, "Bring one page each", d.thursday(44), d.thursday(44)).shareable(),
        ]),
        on(
            d.thursday(44),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Five first pages",
                "- Everybody's first page",
            ),
        )
        .with(vec![
            said(
                "Owen's page was read by Gwen and sounded like scripture. Mercy's, read by Owen, \
                 like a timetable, which she said was fair. Anselm had written four lines and \
                 they were the best.",
            ),
            kept(
                Them,
                "Anselm: make the four lines a page",
                d.thursday(40),
                d.thursday(36),
            ),
        ]),
        on(
            d.thursday(40),
            meeting(("07:45", 60), SCREEN, "On screens", "- Whatever there is"),
        )
        .with(vec![said(
            "Two pages between five. We read the two twice, and it was the better for it.",
        )]),
        on(
            d.thursday(36),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Anselm's page",
                "- Anselm\n- Mercy, chapter two",
            ),
        )
        .with(vec![
            said(
                "A page about a decimal point. Nobody drank their coffee. Gwen asked what it \
                 wants, and Anselm said, \"To be read by whoever did it.\"",
            ),
            noticed("Anselm shook, before and not after. Sat straighter for the rest of the hour."),
            heard("That the essay is a letter, and that it should stay one.").shareable(),
        ]),
        on(
            d.thursday(32),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Middles",
                "- Everybody is stuck in one",
            ),
        )
        .with(vec![
            said(
                "On middles. Owen: find the table that you would show, then write towards it. \
                 Gwen: go for a walk and tell it to a dog. We have tried both and they are the \
                 same advice.",
            )
            .shareable(),
            kept(
                Me,
                "Write the middle of the triage chapter, badly",
                d.thursday(28),
                d.thursday(28),
            ),
        ]),
        on(
            d.thursday(28),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Badly",
                "- My bad middle\n- Gwen, the gate",
            ),
        )
        .with(vec![
            said("Mine was bad, as promised. Mercy underlined one sentence in it, twice."),
            missed(
                Them,
                "Owen: two pages on chance, for a reader of twelve",
                d.thursday(24),
                d.thursday(24),
                "His mother fell. Nobody asked for the pages.",
            ),
        ]),
        on(
            d.thursday(24),
            meeting(
                ("07:45", 45),
                LIBRARY,
                "Four of us",
                "- Short; then flowers for Owen",
            ),
        )
        .with(vec![said(
            "Four, and a card. Gwen wrote it, so it will be kept.",
        )]),
        on(
            d.thursday(20),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Mercy's chapter",
                "- Chapter two, whole",
            ),
        )
        .with(vec![
            said(
                "Whole, and good. The handover at four in the morning is worth the thesis by \
                 itself. Owen is back, with better biscuits.",
            )
            .shareable(),
            kept(
                Me,
                "Read chapter three before anybody",
                d.thursday(16),
                d.thursday(17),
            )
            .shareable(),
        ]),
        on(
            d.thursday(16),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "A guest",
                "- A young lecturer gives a talk of ten minutes; we are the room",
            ),
        )
        .with(vec![said(
            "Our guest spoke for ten minutes and was asked the rudest questions that five \
                 kind people could think of. She laughed at the third and had an answer for the \
                 fourth.",
        )]),
        on(
            d.thursday(12),
            meeting(("07:45", 60), LIBRARY, "Endings", "- How to stop"),
        )
        .with(vec![
            said("On stopping. Cut the last paragraph and see whether anybody asks for it."),
            changed(
                Them,
                "Gwen: the last chapter to all of us",
                d.thursday(8),
                d.thursday(8),
                "It has become two chapters. We get the first.",
            ),
        ]),
        on(
            d.thursday(8),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "The garden chapter",
                "- Gwen, the first of two",
            ),
        )
        .with(vec![
            said(
                "A matron plants beans where the surgeons park. We all want to know whether they \
                 came up.",
            ),
            kept(
                Me,
                "Ask the archive about the beans",
                d.thursday(4),
                d.thursday(5),
            ),
        ]),
        on(
            d.thursday(4),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "What each of us sends next",
                "- Where, and when",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "| who | what | to whom |\n|---|---|---|\n| Anselm | the decimal point | the \
                 Sunday supplement |\n| Mercy | chapter two | her supervisor |\n| Owen | chance | \
                 his niece |\n| me | the middle | Gwen |",
            )
            .shareable(),
            open(
                Me,
                "The triage chapter, from first word to last, to Gwen",
                d.ahead(2),
            )
            .shareable(),
            open(Them, "Anselm: send it", d.ahead(7)),
        ]),
        on(
            d.thursday(0),
            meeting(
                ("07:45", 60),
                LIBRARY,
                "Did Anselm send it",
                "- Anselm\n- My chapter, if Gwen has forgiven it\n- Biscuits: my turn",
            ),
        ),
    ]
}

fn notes(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.thursday(49),
            note(
                "Why five",
                "Three is a committee and eight is an audience. Gwen says five is a hand.",
            ),
        ),
        on(
            d.ago(301),
            note(
                "Questions worth asking of a page",
                "- What does it do?\n- What does it want?\n- Where did I stop reading, and why?\n\
                 - Which sentence did I want to have written?",
            )
            .shareable(),
        ),
        on(
            d.thursday(36),
            note(
                "Anselm, afterwards",
                "Walked me to the car park. The decimal point was their own. Eleven years ago, \
                 and nobody was harmed. I said what one says. Told nobody, and shall not.",
            ),
        ),
        on(
            d.thursday(28),
            note(
                "The sentence that Mercy underlined",
                "> People are not late to hospital. Hospital is late to them.\n\nI do not \
                 remember writing it. The chapter has to start there.",
            )
            .shareable(),
        ),
        on(
            d.ago(161),
            note(
                "For Owen",
                "He would hate a fuss. Took over his Tuesday seminar for three weeks and told \
                 his head that it was a swap.",
            ),
        ),
        on(
            d.ago(103),
            note(
                "A rule to add",
                "Whoever brings a guest asks each of us first. I did, this time, and Gwen would \
                 have liked a week to think. Fair.",
            ),
        ),
        on(
            d.thursday(5),
            note(
                "The beans",
                "The archive has the gardener's book. They came up. *Eleven pounds, and one \
                 complaint.* Sent it to Gwen and could hear her from here.",
            )
            .shareable(),
        ),
        on(
            d.ago(5),
            note(
                "My chapter, honestly",
                "First third good. Middle mended. The end explains itself twice; cut the second \
                 time before Gwen sees it.",
            ),
        ),
    ]
}

fn feedback_and_goal(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.thursday(28),
            received([
                "Reading my bad middle.",
                "You read the last line and looked at us before you had finished it.",
                "We answered your face and not your page.",
                "Let somebody else read it, as we said.",
                "Yes, Mercy.",
            ])
            .told_by("Mercy Adjei"),
        ),
        on(
            d.thursday(20),
            given([
                "Chapter two, the handover at four.",
                "You gave the night nurse the last word.",
                "I could smell the corridor.",
                "Trust it earlier; page three explains what page four shows.",
                "Pencil out. Page three is gone.",
            ])
            .shareable(),
        ),
        on(
            d.thursday(46),
            goal(Goal {
                title: "The triage chapter".to_owned(),
                why: "Twenty years of looking at that desk should come to one honest chapter."
                    .to_owned(),
                measure: "Gwen has it, from first word to last.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Work,
                due: Some(d.ahead(2)),
                confidence: Some(7),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("A first page", d.thursday(44), d.thursday(44)),
                    done("A bad middle", d.thursday(28), d.thursday(28)),
                    done("A better middle", d.thursday(12), d.ago(69)),
                    step("The end, once", d.ahead(2)),
                ],
                reports: vec![
                    report(
                        d.thursday(28),
                        Outcome::Success,
                        "Bad, and finished.",
                        "Start from the underlined sentence.",
                    ),
                    report(
                        d.thursday(20),
                        Outcome::Difficulty,
                        "Not a word in a month.",
                        "Ten minutes before breakfast.",
                    ),
                ],
            })
            .shareable(),
        ),
    ]
}

fn promises(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(126),
            kept(
                Me,
                "Ask each of the four before I bring a guest",
                d.ago(118),
                d.ago(119),
            ),
        ),
        on(
            d.ago(22),
            open(Me, "Biscuits, and not the dull ones", d.thursday(0)),
        ),
        on(
            d.ago(22),
            open(
                Both,
                "Choose a new room while the stove is mended",
                d.ago(1),
            ),
        ),
    ]
}
