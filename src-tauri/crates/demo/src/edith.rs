//! Edith Calloway, who mentors Helen.

use mentoring::{
    Owner::{Me, Them},
    goals::{Goal, GoalState, Horizon, Outcome, Sphere},
    meetings::Medium::{self, Call, InPerson},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};

use crate::{
    Notebook,
    days::Days,
    entry::{
        Entry, changed, done, given, goal, heard, heard_corrected, kept, meeting, missed, note,
        noticed, on, open, person, received, report, said, step,
    },
};

const NAME: &str = "Edith Calloway";

const KITCHEN: (Medium, &str) = (InPerson, "Her kitchen");

/// Her notebook: every seven weeks or so, at her kitchen table.
pub(crate) fn notebook(d: Days) -> Notebook {
    let card = SpaceDraft {
        kind: SpaceKind::Relationship,
        role: Some(Role::Mentee),
        name: NAME.to_owned(),
        about: "Was dean for nine years; now grows pears, and tells me the truth".to_owned(),
        cloth: Cloth::Slate,
        since: Some(d.ago(1_100)),
        meet_every_weeks: Some(7),
    };
    let mut entries = vec![on(
        d.ago(358),
        person(
            NAME,
            "she, her",
            "Emeritus professor of nursing; dean of the faculty for nine years",
            "Her landline, before ten. Let it ring",
            "- Asks one question and then puts the kettle on.\n- Will not talk about her \
             successor, and is right.\n- Hearing aid on the left; sit on the right.",
        ),
    )];
    entries.extend(meetings(d));
    entries.extend(notes(d));
    entries.extend(feedback(d));
    entries.extend(goals(d));
    entries.extend(promises(d));
    Notebook { card, entries }
}

fn meetings(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.work_ago(332),
            meeting(
                ("17:15", 60),
                KITCHEN,
                "Whether to stand for head",
                "- Ruth steps down in two years",
            ),
        )
        .with(vec![
            said(
                "She asked who had asked me. Nobody, I said. \"Then you have asked yourself. \
                 What did you answer?\" And she got up to see to the kettle, and took her time.",
            ),
            heard(
                "That I want the work of a head, the building of people, and fear the diary of \
                 one.",
            ),
            kept(
                Me,
                "Write down a week of what I would give up",
                d.ago(300),
                d.ago(302),
            ),
        ]),
        on(
            d.work_ago(283),
            meeting(
                ("17:15", 60),
                KITCHEN,
                "A week, written down",
                "- The week\n- What surprised me",
            ),
        )
        .with(vec![
            said(
                "The week had forty-one hours of meetings, and I had chosen nine of them. She \
                 drew a line under the nine and asked what they had in common. They were all \
                 with one person at a time.",
            ),
            kept(
                Me,
                "Say no to one standing committee",
                d.ago(260),
                d.ago(255),
            ),
            kept(
                Them,
                "Lend me her first-year diary as dean",
                d.ago(270),
                d.ago(272),
            ),
        ]),
        on(
            d.work_ago(234),
            meeting(("17:15", 60), KITCHEN, "Her diary", "- What I read in it"),
        )
        .with(vec![
            said(
                "I had not expected to find her frightened in it. \"Every morning,\" she said, \
                 \"until about the third year. Then only on Tuesdays.\"",
            ),
            noticed("Her hands shook with the pot. She saw me see. We said nothing, kindly."),
            heard_corrected(
                "That courage comes with practice.",
                "I did not say that. I said that the fear becomes familiar. One makes it tea.",
            ),
            missed(
                Me,
                "Talk to Ruth about what the post really is",
                d.ago(200),
                d.ago(186),
                "I walked past her door twice.",
            ),
        ]),
        on(
            d.work_ago(185),
            meeting(("09:20", 25), (Call, ""), "The door I walked past", "- Why"),
        )
        .with(vec![
            said(
                "Twenty minutes on why I walked past. It was not Ruth. It was wanting it out loud.",
            ),
            kept(Me, "Knock", d.ago(170), d.work_ago(176)),
        ]),
        on(
            d.work_ago(136),
            meeting(
                ("17:15", 75),
                KITCHEN,
                "What Ruth said",
                "- The post, from the inside\n- Who would look after the mentees",
            ),
        )
        .with(vec![
            said(
                "Ruth was generous: half the job is sitting with people on the worst day of \
                 their year. I said that I can do that half. Edith: \"And who will do your \
                 budget?\" Learn the budget. Not to love it.",
            )
            .shareable(),
            kept(
                Me,
                "Spend two mornings with the finance manager",
                d.ago(100),
                d.ago(104),
            )
            .shareable(),
        ]),
        on(
            d.work_ago(87),
            meeting(
                ("17:15", 60),
                KITCHEN,
                "Yes in corridors",
                "- Late with three people in a month",
            ),
        )
        .with(vec![
            said(
                "\"You say yes because it ends the conversation.\" I minded that all the way \
                 home, and then I did not. A sentence to try instead: *let me look, and tell you \
                 tomorrow.*",
            ),
            heard("That a late yes costs the other person more than a prompt no.").shareable(),
            kept(
                Me,
                "For a month, no yes outside a room with a chair in it",
                d.ago(55),
                d.ago(56),
            ),
            changed(
                Me,
                "A decision about standing, by our next meeting",
                d.ago(38),
                d.ago(40),
                "She said that nobody is waiting for it but me. We set it later.",
            ),
        ]),
        on(
            d.work_ago(37),
            meeting(
                ("17:15", 60),
                KITCHEN,
                "A month of tomorrow",
                "- The count\n- The decision",
            ),
        )
        .with(vec![
            said(
                "Fourteen times *let me look*. Eleven became no, and nobody has stopped speaking \
                 to me. She gave me a jar of pears for it.",
            )
            .shareable(),
            noticed("Tired. Sat down between courses, which she has never done. Ask Margaret."),
            open(Me, "Send Edith dates for the next three months", d.ahead(3)),
            open(Me, "Write one page: why I would stand", d.ahead(14)),
            open(
                Them,
                "Look out the letter she wrote when she stepped down",
                d.ahead(8),
            ),
        ]),
        on(
            d.work_ahead(8),
            meeting(
                ("17:15", 60),
                KITCHEN,
                "One page",
                "- How *she* is; ask first, and wait\n- My page\n- Amara's panel: where to stop \
                 helping",
            ),
        ),
    ]
}

fn notes(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(357),
            note(
                "What I want from Edith this year",
                "Not advice about the department. To be asked the question that I am walking \
                 round.",
            ),
        ),
        on(
            d.ago(302),
            note(
                "The week, counted",
                "| what | hours |\n|---|---|\n| chosen | 9 |\n| inherited | 21 |\n| could have \
                 been a letter | 11 |\n\nThe third row is the one to be ashamed of.",
            ),
        ),
        on(
            d.ago(240),
            note(
                "From her diary, with leave to copy this one line",
                "> Spent the morning being brave and the afternoon being kind. The second was \
                 harder and did more good.",
            ),
        ),
        on(
            d.work_ago(176),
            note(
                "I knocked",
                "Ruth shut the laptop. That was the whole answer, really; the rest was detail. \
                 She would be glad if I stood, and will not say so to anyone, and nor shall I.",
            ),
        ),
        on(
            d.ago(104),
            note(
                "Two mornings of the budget",
                "It is a story about what people believed last year. Once I saw that, I could \
                 read it. Three lines to watch: locum cover, equipment that nobody owns, and \
                 the training fund, which is always the first to be cut and is the smallest.",
            )
            .shareable(),
        ),
        on(
            d.ago(56),
            note(
                "The month of tomorrow",
                "Asked for something in a corridor: 14\n\n- no, with a reason: 8\n- no, with \
                 another name: 3\n- yes, and done on time: 3",
            )
            .shareable(),
        ),
        on(
            d.ago(35),
            note(
                "Margaret rang me back",
                "Edith has been told to rest and has not told anybody. Margaret asked me not to \
                 know. So I do not know. I shall bring soup, and wash up without asking.",
            ),
        ),
        on(
            d.ago(6),
            note(
                "A first sentence for the page",
                "*I would stand because the best hours of my week are spent with one other \
                 person, and a head can make more such hours for everybody.* Is it true? Mostly. \
                 Sleep on it.",
            ),
        ),
    ]
}

fn feedback(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(282),
            received([
                "When you read me your week.",
                "You apologised for the hours that you had enjoyed.",
                "I wondered who had taught you that.",
                "Read the list again and leave the apology out.",
                "I read it in the car, aloud, without. It took four tries.",
            ])
            .told_by(NAME),
        ),
        on(
            d.ago(183),
            received([
                "On the telephone, about Ruth's door.",
                "You told me three times that it did not matter.",
                "I put the kettle on.",
                "Say once that it does.",
                "It does.",
            ])
            .told_by(NAME),
        ),
        on(
            d.ago(135),
            given([
                "The question about the budget, after an hour about people.",
                "You asked it lightly, and waited while I was cross.",
                "I went and learned it.",
                "Please go on asking the other half.",
                "I had no intention of stopping, dear.",
            ])
            .shareable(),
        ),
        on(
            d.ago(36),
            received([
                "A month of saying tomorrow.",
                "You counted it, and you counted the ones that you did not like.",
                "I could see that you meant it.",
                "Count the yeses that you were glad of, too.",
                "Three. I wrote to each of them.",
            ])
            .told_by(NAME)
            .shareable(),
        ),
    ]
}

fn goals(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(330),
            goal(Goal {
                title: "Decide whether to stand for head of department".to_owned(),
                why: "Not deciding is also an answer, and I do not want to have given it by \
                      accident."
                    .to_owned(),
                measure: "One page, yes or no, that I can read aloud to Edith.".to_owned(),
                horizon: Horizon::Long,
                sphere: Sphere::Work,
                due: Some(d.ahead(60)),
                confidence: Some(7),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("Count a week", d.ago(300), d.ago(302)),
                    done("Talk to Ruth", d.ago(200), d.work_ago(176)),
                    done("Learn the budget", d.ago(100), d.ago(104)),
                    step("Ask the family, all three, separately", d.ago(7)),
                    step("The page", d.ahead(14)),
                ],
                reports: vec![
                    report(
                        d.ago(199),
                        Outcome::Difficulty,
                        "Walked past the door. Twice.",
                        "Ring Edith before I do it a third time.",
                    ),
                    report(
                        d.ago(104),
                        Outcome::Success,
                        "I can read the accounts, and was not bored.",
                        "The family.",
                    ),
                ],
            }),
        ),
        on(
            d.ago(86),
            goal(Goal {
                title: "Answer tomorrow, not in the corridor".to_owned(),
                why: "Three people waited for me in one month.".to_owned(),
                measure: "No promise late by more than a day, for a quarter.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Work,
                due: Some(d.ahead(5)),
                confidence: Some(8),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("A month of *let me look*", d.ago(55), d.ago(56)),
                    done(
                        "Tell my three that I was late, and why",
                        d.ago(68),
                        d.ago(69),
                    ),
                    step("A second month", d.ahead(5)),
                ],
                reports: vec![report(
                    d.ago(18),
                    Outcome::Difficulty,
                    "Forgot one for Amara. Told her the same day.",
                    "Look at the list before lunch, not after.",
                )],
            })
            .shareable(),
        ),
    ]
}

fn promises(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(255),
            kept(
                Me,
                "Resign from the estates committee, in writing",
                d.ago(250),
                d.ago(252),
            ),
        ),
        on(d.ago(35), kept(Me, "Bring soup", d.ago(33), d.ago(34))),
    ]
}
