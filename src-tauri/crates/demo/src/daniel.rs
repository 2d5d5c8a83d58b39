//! Daniel Rhee, postdoctoral engineer, whom Helen mentors.

use mentoring::{
    Owner::{Both, Me, Them},
    goals::{Goal, GoalState, Horizon, Outcome, Sphere},
    meetings::Medium::{self, Call, InPerson, Video},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};

use crate::{
    Notebook, Story, Told,
    days::Days,
    entry::{
        Entry, Part, changed, done, given, goal, heard, heard_corrected, heard_draft, kept,
        meeting, missed, note, noticed, on, open, person, received, report, said, step,
    },
};

const NAME: &str = "Daniel Rhee";

const OFFICE: (Medium, &str) = (InPerson, "My office");
const WALK: (Medium, &str) = (InPerson, "Round the reservoir");

/// His notebook: every four weeks, and on time.
pub(crate) fn notebook(d: Days) -> Notebook {
    let card = SpaceDraft {
        kind: SpaceKind::Relationship,
        role: Some(Role::Mentor),
        name: NAME.to_owned(),
        about: "Postdoctoral engineer, tissue mechanics".to_owned(),
        cloth: Cloth::Moss,
        since: Some(d.ago(430)),
        meet_every_weeks: Some(4),
    };
    let mut entries = vec![on(d.ago(356), card_of_daniel())];
    entries.extend(first_half(d));
    entries.extend(second_half(d));
    entries.extend(notes(d));
    entries.extend(feedback(d));
    entries.extend(goals(d));
    entries.extend(promises(d));
    Notebook { card, entries }
}

/// A summary that is still being written; nobody has agreed to it.
pub(crate) fn summary(d: Days) -> Story {
    Story {
        title: "Towards a fellowship: Dr Daniel Rhee",
        purpose: "To go with his fellowship application, if he wants it to",
        audience: "The fellowship office",
        from: d.ago(356),
        to: d.today(),
        expires: None,
        paragraphs: vec![
            Told::Heading("His question"),
            Told::Sentences(vec![
                (
                    "Daniel set out to find a question that is plainly his own, and he has it: \
                     why tendon that has healed is stiffest where it was never torn.",
                    &["question", "fellowship"],
                ),
                (
                    "He has taken it to two groups outside his own and asked them to break it.",
                    &["okafor"],
                ),
            ]),
            Told::Heading("How he works"),
            Told::Sentences(vec![
                (
                    "He now speaks without notes, and when a hostile question comes he repeats it \
                     before he answers.",
                    &["hostile", "notes"],
                ),
                (
                    "Something about the technician and the credit she was given.",
                    &[],
                ),
            ]),
        ],
        also: &["rig"],
    }
}

fn card_of_daniel() -> Part {
    person(
        NAME,
        "he, him",
        "Postdoctoral engineer in tissue mechanics, third year of four",
        "Telephone. He does not read messages after six, and is right not to",
        "- Wife Hana, and a daughter born five weeks before our first meeting of this year.\n\
         - Money and health stay out of any paper we write together.\n\
         - Would rather be asked twice than told once.\n\
         - Takes his coffee outside, whatever the weather.",
    )
}

fn first_half(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.work_ago(337),
            meeting(
                ("14:30", 45),
                OFFICE,
                "A new year, and a new daughter",
                "- How the three of them are\n- What this year is for",
            ),
        )
        .with(vec![
            said(
                "He has slept four hours at a stretch once, and described it the way other \
                 people describe the sea.\n\nThis year: a question of his own. Not a slice of \
                 Kessler's. He does not know yet what it is and would like that to be allowed.",
            ),
            noticed("Gentle, slow, unshaven. Lost a sentence halfway and did not look for it."),
            heard(
                "You do not want to plan this year yet. You want permission to look round for a \
                 while before you choose.",
            )
            .shareable(),
            kept(
                Them,
                "Keep a list of what he finds himself reading unasked",
                d.ago(309),
                d.ago(309),
            ),
        ]),
        on(
            d.work_ago(308),
            meeting(("14:30", 45), WALK, "What he reads unasked", "- His list"),
        )
        .with(vec![
            said(
                "Eleven papers on the list, and nine are about tissue that has *healed*. He had \
                 not noticed. We walked a whole side of the reservoir without a word after that.",
            )
            .shareable(),
            heard_corrected(
                "You are interested in healing.",
                "In what healing leaves behind. Everybody looks at the scar. I keep looking next \
                 to it.",
            )
            .shareable()
            .named("question"),
            kept(
                Them,
                "Write the question in one sentence a neighbour could follow",
                d.ago(280),
                d.ago(281),
            )
            .shareable(),
        ]),
        on(
            d.work_ago(280),
            meeting(
                ("14:30", 45),
                OFFICE,
                "One sentence",
                "- The sentence\n- Who would hate it",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "*Why is a healed tendon stiffest where it was never torn?* I wrote it on the \
                 window in marker. Then we made a list of the people who would hate it, and he \
                 enjoyed that rather too much.",
            )
            .shareable(),
            kept(
                Me,
                "Find out how Okafor's group shares a supervisor",
                d.ago(260),
                d.ago(262),
            )
            .shareable(),
            missed(
                Them,
                "Tell Kessler that he is looking round",
                d.ago(252),
                d.ago(251),
                "Could not find the moment, he said. We both knew that there had been three.",
            ),
        ]),
        on(
            d.work_ago(251),
            meeting(
                ("14:30", 45),
                OFFICE,
                "The conversation with Kessler",
                "- What stops him\n- What he would say, in his own words",
            ),
        )
        .with(vec![
            said(
                "We did not rehearse. He talked until he had said to me what he wanted to say to \
                 Kessler, and then wrote down the last three sentences of it.",
            ),
            noticed(
                "Jaw tight all through. The word *ungrateful* four times, each time about \
                 himself. His father, I think, more than Kessler.",
            ),
            heard(
                "You owe Kessler honesty and thanks, and you do not owe him your next ten years.",
            ),
            kept(Them, "Tell Kessler, this month", d.ago(230), d.ago(238)),
        ]),
        on(
            d.work_ago(223),
            meeting(
                ("14:30", 45),
                OFFICE,
                "Afterwards",
                "- How it went\n- The rig",
            ),
        )
        .with(vec![
            said(
                "Kessler said, \"About time,\" and lent him the old rig. All those weeks of \
                 dread for four minutes by the lift.\n\nThe rig needs a load cell and somebody \
                 who understands it. That is Maureen, the technician. He will ask her, and \
                 credit her.",
            )
            .shareable()
            .named("rig"),
            kept(
                Them,
                "Ask Maureen what the rig needs, and write down her part",
                d.ago(210),
                d.ago(212),
            )
            .shareable(),
            kept(
                Me,
                "Sign the form for the load cell",
                d.ago(216),
                d.ago(217),
            )
            .shareable(),
        ]),
        on(
            d.work_ago(195),
            meeting(
                ("14:30", 45),
                WALK,
                "Speaking without notes",
                "- The group seminar, and what happened to his hands",
            ),
        )
        .with(vec![
            said(
                "He reads his talks because once, at twenty-two, he lost his place in front of \
                 two hundred people. He has never told anybody. He told the reservoir, mostly.",
            ),
            noticed("Stopped walking to tell it. Looked lighter on the way back, and hungry."),
            heard(
                "You would like to speak from memory once, to people who wish you well, and to \
                 know that it is all right to stop and begin a sentence again.",
            )
            .shareable(),
            kept(
                Them,
                "Give five minutes without notes to three friends",
                d.ago(175),
                d.work_ago(176),
            )
            .shareable(),
            kept(Me, "Be one of the three", d.ago(175), d.work_ago(176)),
        ]),
    ]
}

fn second_half(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.work_ago(167),
            meeting(
                ("14:30", 45),
                OFFICE,
                "First numbers",
                "- The rig\n- Home by six",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "Twelve specimens, and the effect is there in nine. He wants thirty before he \
                 believes it, which is the right answer.\n\nHome by six: two days out of five. \
                 He wants three.",
            )
            .shareable(),
            kept(
                Me,
                "Ask Maureen's line manager to note her part",
                d.ago(150),
                d.ago(155),
            )
            .shareable(),
        ]),
        on(
            d.work_ago(139),
            meeting(
                ("11:00", 30),
                (Call, ""),
                "A short one, by telephone",
                "- The baby has a temperature and so has he",
            ),
        )
        .with(vec![
            said(
                "Eight minutes. Everybody is in bed. We moved everything by a week, and I told \
                 him to hang up.",
            ),
            heard_draft("You would like our next meeting to be about anything at all but work."),
        ]),
        on(
            d.work_ago(111),
            meeting(
                ("14:30", 45),
                OFFICE,
                "Which fellowship",
                "- Two schemes\n- What each would cost him",
            ),
        )
        .with(vec![
            said(
                "Two schemes. One is larger and would move them four hundred miles. He had a \
                 table with weights. I asked which one he hoped would win when he filled it in, \
                 and he laughed and put it away.",
            )
            .shareable(),
            heard(
                "You want the smaller scheme, because it lets you stay where Hana has her work, \
                 and you want to stop apologising for that.",
            ),
            kept(
                Them,
                "Ask two past holders what they wish they had known",
                d.ago(90),
                d.ago(92),
            )
            .shareable(),
            kept(
                Me,
                "Lend him an outline that was turned down, with the letters",
                d.ago(104),
                d.ago(105),
            ),
        ]),
        on(
            d.work_ago(83),
            meeting(
                ("14:30", 45),
                OFFICE,
                "The outline",
                "- First page\n- Does it sound like him",
            ),
        )
        .with(vec![
            said(
                "Page one sounds like a committee. Page two sounds like Daniel. He will throw \
                 page one away.\n\nThirty specimens now; twenty-four show it.",
            )
            .shareable(),
            noticed("Rubs his eyes when he says *career*, never when he says *tendon*."),
            kept(
                Them,
                "New first page, read aloud to Hana before me",
                d.ago(60),
                d.ago(57),
            )
            .shareable(),
            missed(
                Me,
                "Comments on page two within a week",
                d.ago(76),
                d.ago(70),
                "Six days late. I said so, and why, and asked what it had cost him.",
            ),
        ]),
        on(
            d.work_ago(55),
            meeting(
                ("14:30", 45),
                (Video, ""),
                "Before the seminar",
                "- The seminar\n- Professor Okafor's visit",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "He will give the seminar with one card in his pocket and not take it out. \
                 Okafor will be in the third row. He asked me to sit somewhere else.",
            )
            .shareable(),
            heard(
                "You want Professor Okafor to meet the question before she meets you, and you \
                 would like the introduction afterwards, not before.",
            )
            .shareable(),
            kept(
                Them,
                "Ask both reviewers for their comments in writing",
                d.ago(35),
                d.ago(31),
            )
            .shareable(),
        ]),
        on(
            d.work_ago(27),
            meeting(
                ("14:30", 45),
                OFFICE,
                "What the seminar taught",
                "- The question about controls\n- Ten minutes too long\n- The outline",
            ),
        )
        .with(vec![
            said(
                "The card stayed in the pocket. He ran over by ten minutes and knows which two \
                 slides to lose.\n\nWhat he wants now:\n\n- a question that nobody can take for \
                 Kessler's\n- not to leave the group badly\n- to be home for bath time",
            )
            .shareable(),
            noticed(
                "Long pause at *home*. I said nothing, and he went on. Less doubt about the \
                 fellowship than about asking for help with the evenings.",
            ),
            heard(
                "You want to apply, with a question that is clearly yours. You worry how leaving \
                 will look, and you want your evenings protected while your daughter is small.",
            )
            .shareable(),
            open(Me, "Introduce him to Professor Okafor's group", d.today()).shareable(),
            open(Them, "Send the methods section before we meet", d.today()).shareable(),
            open(
                Them,
                "One page: the question, and why it is his",
                d.ahead(12),
            )
            .shareable(),
            open(Me, "Ask payroll about the relocation grant", d.ahead(9)),
        ]),
        on(
            d.work_ahead(1),
            meeting(
                ("14:30", 45),
                OFFICE,
                "Whether to apply this round",
                "- How the weeks have been\n- Whether to apply this round, or the next *(Daniel \
                 added this)*\n- The methods section\n- What Okafor's group said",
            ),
        )
        .with(vec![note(
            "For the hour before",
            "Ask before advising. If he asks what I would do, ask what he would tell Hana.",
        )]),
    ]
}

fn notes(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(355),
            note(
                "Looking back at our first months",
                "Started stiffly. He called me Professor until I asked him not to. What has \
                 worked: walking; questions in writing beforehand. What has not: my habit of \
                 finishing his sentences when I am tired.",
            ),
        ),
        on(
            d.ago(300),
            note(
                "Reading for Daniel",
                "1. The review on load and repair\n2. Anything by the Utrecht group, for the \
                 writing as much as for the work\n3. The chapter on negative results",
            )
            .shareable(),
        ),
        on(
            d.ago(262),
            note(
                "Shared supervision, as Okafor does it",
                "Two supervisors, one page signed by both, looked at again every six months. It \
                 says who decides on authorship and who answers the telephone. She will send me \
                 the page.",
            )
            .shareable(),
        ),
        on(
            d.ago(237),
            note(
                "He told Kessler",
                "A message with one word and a full stop: *Done.* Rang him. He was sitting in \
                 his car with the engine off, laughing.",
            ),
        ),
        on(
            d.ago(212),
            note(
                "Maureen's part",
                "Daniel has written down what Maureen did on the rig: the mounting, the new \
                 clamp, half of the protocol. It goes into the acknowledgements, and into the \
                 author list if the clamp becomes a paper of its own.",
            )
            .shareable(),
        ),
        on(
            d.work_ago(176),
            note(
                "Five minutes in the tea room",
                "No paper in his hand. Began one sentence three times, smiled, and went on. We \
                 were three, and we clapped like thirty.",
            )
            .shareable()
            .named("notes"),
        ),
        on(
            d.ago(138),
            note(
                "After the telephone",
                "He sounded worn out and twice changed the subject when I asked about home. Do \
                 not press. Ask how the baby sleeps, and leave room.",
            ),
        ),
        on(
            d.ago(92),
            note(
                "Two groups have tried to break it",
                "Okafor's group and the people in Leeds have both read the one page, at his \
                 request, with the instruction to be unkind. Leeds found a confounder. He \
                 thanked them and ran six more controls.",
            )
            .shareable()
            .named("okafor"),
        ),
        on(
            d.ago(70),
            note(
                "My six days",
                "Late with his page two, a fortnight after I told Edith that I would stop. It is \
                 not the diary. I say yes in corridors. Told him so, without the corridors.",
            ),
        ),
        on(
            d.work_ago(41),
            note(
                "The seminar",
                "Fifty-eight minutes for fifty. Worth every one except the last eight. The \
                 hostile question came from the second row, and Daniel thanked him for it and \
                 *meant* it.",
            )
            .shareable(),
        ),
        on(
            d.ago(19),
            note(
                "Hana",
                "Met her with the pram at the gate. She said, \"He talks about the reservoir as \
                 if it were a person.\" It is not for the file. I only want to remember it.",
            ),
        ),
        on(
            d.ago(8),
            note(
                "If he asks whether to wait for the next round",
                "For this round: the numbers are in, Okafor is interested, he is ready.\n\n\
                 For the next: four more months of evenings. It is his to weigh. I shall ask \
                 what he would regret.",
            ),
        ),
        on(
            d.ago(2),
            note(
                "The shorter review",
                "Daniel asked both reviewers for their comments in writing and sent me the \
                 shorter one. \"Original, and he knows where it is weak.\" I should frame that.",
            )
            .shareable(),
        ),
    ]
}

fn feedback(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(279),
            given([
                "At my window, with the marker.",
                "You read your sentence aloud, and then took out the word *novel*.",
                "I believed it more without.",
                "Do it to the abstract as well.",
                "Already done. It came out four times.",
            ])
            .shareable(),
        ),
        on(
            d.ago(222),
            received([
                "The two months before I spoke to Kessler.",
                "You asked about it every time and never told me to hurry.",
                "I could put it off without having to hide from you.",
                "Next time, ask me sooner what I am afraid of.",
                "I will. I was waiting for you to say the word first.",
            ])
            .told_by(NAME)
            .shareable(),
        ),
        on(
            d.ago(194),
            received([
                "On the walk, when I stopped talking for a while.",
                "You finished my sentence.",
                "It was a better sentence than mine, and it was not what I meant.",
                "Leave it broken. I will mend it.",
                "Thank you. I do it when I am tired, which is not your fault.",
            ])
            .told_by(NAME),
        ),
        on(
            d.ago(175),
            given([
                "The tea room, five minutes, no notes.",
                "When you lost the thread you looked up, breathed, and began the sentence again.",
                "Nobody minded. Maureen leaned forward.",
                "Slow down after the first minute; you speed up when it goes well.",
                "Hana says the same about my driving.",
            ])
            .shareable(),
        ),
        on(
            d.ago(82),
            given([
                "Page one of the outline.",
                "Four sentences begin with *It is well known that*.",
                "I did not meet you until page two.",
                "Begin with the tendon on the table.",
                "I liked those four sentences. They kept me safe.",
            ]),
        ),
        on(
            d.work_ago(40),
            given([
                "The seminar, the question about controls.",
                "You repeated it back to him before you answered.",
                "The room relaxed, and he put his pen down.",
                "Two slides could go. The last ten minutes ran over.",
                "Fair. I know which two.",
            ])
            .shareable()
            .named("hostile"),
        ),
    ]
}

fn goals(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(278),
            goal(Goal {
                title: "An independent fellowship".to_owned(),
                why: "I want to be trusted with a line of work of my own, and told so out loud."
                    .to_owned(),
                measure: "An application sent that I would be proud to lose with.".to_owned(),
                horizon: Horizon::Long,
                sphere: Sphere::Work,
                due: Some(d.ahead(48)),
                confidence: Some(6),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("The question in one sentence", d.ago(280), d.ago(281)),
                    done("Choose the scheme", d.ago(110), d.ago(111)),
                    step("Outline to the fellowship office", d.ago(5)),
                    step("Two referees", d.ahead(15)),
                    step("Send it", d.ahead(48)),
                ],
                reports: vec![
                    report(
                        d.ago(166),
                        Outcome::Success,
                        "Nine of twelve. It may be real.",
                        "Thirty before I tell anybody.",
                    ),
                    report(
                        d.ago(137),
                        Outcome::Difficulty,
                        "Nothing for three weeks. Everybody ill, in turn.",
                        "Start with the specimens that keep.",
                    ),
                    report(
                        d.ago(57),
                        Outcome::Success,
                        "New first page. Hana understood it and had a question.",
                        "Answer her question on page two.",
                    ),
                ],
            })
            .shareable()
            .named("fellowship"),
        ),
        on(
            d.ago(194),
            goal(Goal {
                title: "Speak without notes".to_owned(),
                why: "I know what I think. I should like to look at people while I say it."
                    .to_owned(),
                measure: "A full seminar with nothing in my hand.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Work,
                due: Some(d.ago(40)),
                confidence: Some(9),
                state: GoalState::Reached,
                closed_on: Some(d.work_ago(41)),
                milestones: vec![
                    done("Five minutes, three friends", d.ago(175), d.work_ago(176)),
                    done("Group meeting", d.ago(120), d.ago(118)),
                    done("The seminar", d.work_ago(41), d.work_ago(41)),
                ],
                reports: vec![
                    report(
                        d.ago(118),
                        Outcome::Neither,
                        "Looked at the card once. Nobody saw, except me.",
                        "Card in the pocket, not on the desk.",
                    ),
                    report(d.work_ago(41), Outcome::Success, "Done.", "Shorter."),
                ],
            })
            .shareable(),
        ),
        on(
            d.ago(166),
            goal(Goal {
                title: "Home by six, three days a week".to_owned(),
                why: "Bath time happens once a day and then never again.".to_owned(),
                measure: "Three days in five, on the calendar in the kitchen.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Personal,
                due: Some(d.ahead(20)),
                confidence: Some(7),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("Say it to the group", d.ago(150), d.ago(148)),
                    done("First full month", d.ago(115), d.ago(110)),
                    done("Second full month", d.ago(80), d.ago(78)),
                    step("Third full month, outline or no outline", d.ahead(10)),
                ],
                reports: vec![
                    report(
                        d.ago(110),
                        Outcome::Success,
                        "Thirteen days of twenty-one.",
                        "Leave the rig running and trust it.",
                    ),
                    report(
                        d.ago(12),
                        Outcome::Difficulty,
                        "One day this week. The outline.",
                        "Back to three from Monday.",
                    ),
                ],
            }),
        ),
    ]
}

fn promises(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(91),
            kept(
                Both,
                "Read the turned-down outline side by side",
                d.ago(84),
                d.ago(83),
            ),
        ),
        on(
            d.ago(190),
            changed(
                Them,
                "Home by six, four days a week",
                d.ago(160),
                d.ago(167),
                "Four was a wish. Three is a promise, to Hana as much as to me.",
            ),
        ),
        on(
            d.work_ago(41),
            open(Me, "Send him the page on shared supervision", d.ago(3)).shareable(),
        ),
        on(
            d.ago(15),
            open(Them, "Lose two slides, and time it again", d.ahead(4)).shareable(),
        ),
    ]
}
