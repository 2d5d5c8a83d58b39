//! Amara Nwosu, clinician and researcher, whom Helen mentors.

use mentoring::{
    Owner::{Both, Me, Them},
    goals::{Goal, GoalState, Horizon, Outcome, Sphere},
    meetings::Medium::{self, InPerson, Video},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};

use crate::{
    Notebook, Story, Told,
    days::Days,
    entry::{
        Entry, Part, changed, done, given, goal, heard, heard_corrected, kept, meeting, missed,
        note, noticed, on, open, person, received, report, said, step,
    },
};

/// Her name, as she signs.
pub(crate) const NAME: &str = "Amara Nwosu";

const OFFICE: (Medium, &str) = (InPerson, "My office");
const CANTEEN: (Medium, &str) = (InPerson, "The far table in the canteen");
const SCREEN: (Medium, &str) = (Video, "");

/// Her notebook. They agreed to meet every five weeks; it has been seven.
pub(crate) fn notebook(d: Days) -> Notebook {
    let card = SpaceDraft {
        kind: SpaceKind::Relationship,
        role: Some(Role::Mentor),
        name: NAME.to_owned(),
        about: "Clinical lecturer in acute medicine, on her way to a post of her own".to_owned(),
        cloth: Cloth::Teal,
        since: Some(d.ago(352)),
        meet_every_weeks: Some(5),
    };
    let mut entries = vec![on(d.ago(352), card_of_amara())];
    entries.extend(first_half(d));
    entries.extend(second_half(d));
    entries.extend(notes(d));
    entries.extend(feedback(d));
    entries.extend(goals(d));
    entries.extend(promises(d));
    Notebook { card, entries }
}

/// The summary for her review; `mended` is the wording after she had read it.
pub(crate) fn summary(d: Days, mended: bool) -> Story {
    // Amara asked that the four colleagues be thanked in it.
    let paper: &str = if mended {
        "As first author she brought the sepsis triage paper from an audit to a submission, \
         together with four colleagues whose part in it she is careful to name."
    } else {
        "As first author she brought the sepsis triage paper from an audit to a submission, and \
         four authors to agreement."
    };
    Story {
        title: "Mentoring summary for Dr Amara Nwosu",
        purpose: "For her annual review",
        audience: "Professor Ruth Adler, head of department, and Dr Mark Tennant, appraiser",
        from: d.ago(352),
        to: d.today(),
        expires: Some(d.ahead(120)),
        paragraphs: vec![
            Told::Heading("What we set out to do"),
            Told::Sentences(vec![
                (
                    "Amara came with a clear wish: to lead research of her own, and to stand for \
                     promotion with evidence rather than hope.",
                    &["aim", "lecturer"],
                ),
                ("We have met nine times in the year.", &[]),
            ]),
            Told::Heading("What has changed"),
            Told::Sentences(vec![
                (paper, &["coauthors", "paper"]),
                (
                    "She ran a module for third-year students from its opening lecture to the \
                     last mark; they rated it 4.7 out of 5.",
                    &["ratings", "module"],
                ),
                (
                    "Before a regional audience she met a hard question by repeating it calmly, \
                     and a full room listened to her answer.",
                    &["room"],
                ),
                (
                    "She has chaired the audit meeting twice, and both times it finished early \
                     with every action owned by somebody.",
                    &["chair"],
                ),
            ]),
            Told::Heading("What comes next"),
            Told::Sentences(vec![(
                "A teaching statement, two referees, and a practice panel before the closing \
                 date.",
                &["lecturer"],
            )]),
        ],
        also: &["referee"],
    }
}

fn card_of_amara() -> Part {
    person(
        NAME,
        "she, her",
        "Clinical lecturer in acute medicine; half on the wards, half on the sepsis audit",
        "A message first, and never in a night week before noon",
        "- Do not write down anything about her father unless she asks.\n\
         - Prefers to walk while she thinks. The canteen if it rains.\n\
         - Likes blunt comments on drafts, in ink.\n\
         - Sings alto; rehearsals on Mondays, so never a Monday evening.",
    )
}

fn first_half(d: Days) -> Vec<Entry> {
    let first = d.work_ago(345);
    let second = d.work_ago(309);
    let third = d.work_ago(272);
    let fourth = d.work_ago(236);
    let fifth = d.work_ago(201);
    vec![
        on(
            first,
            meeting(
                ("15:00", 60),
                OFFICE,
                "First meeting",
                "- What would make this a good year?\n- How we want to work together\n\
                 - What stays in this room",
            ),
        )
        .with(vec![
            said(
                "She had made a list on the back of a drug chart, and apologised for it. It was \
                 the best list I have seen: *lead something, teach something whole, stop \
                 guessing what the promotion panel wants.*\n\nWe agreed on forty-five minutes \
                 every five weeks. She sets the agenda. I ask before I advise.",
            )
            .shareable(),
            noticed(
                "Sat on the edge of the chair for the first twenty minutes with her coat on. \
                 Took it off when I said I had failed my first board.",
            ),
            heard(
                "You want to lead a piece of research from the question to the printed page, and \
                 you want to know what a panel looks for before you stand in front of one.",
            )
            .shareable()
            .named("aim"),
            kept(
                Me,
                "Send her the promotion criteria with my notes",
                d.ago(338),
                d.ago(340),
            )
            .shareable(),
            kept(
                Them,
                "Write one page on where the audit could go",
                d.ago(310),
                d.ago(311),
            )
            .shareable(),
        ]),
        on(
            second,
            meeting(
                ("15:00", 45),
                OFFICE,
                "Where the audit could go",
                "- Her page on the audit\n- Who else would have to be in it",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "The page is good and hides its best sentence at the bottom: the sickest third \
                 are scored last because they arrive by ambulance and skip the desk. That is the \
                 paper.\n\n- Four people have touched the data\n- Nobody has talked about \
                 authorship yet\n- She would rather do it before the first draft than after",
            )
            .shareable(),
            heard(
                "You would like authorship settled before anybody writes a word, and you would \
                 like to be the one who raises it.",
            )
            .shareable(),
            kept(
                Them,
                "Raise authorship with the four at the audit meeting",
                d.ago(290),
                d.ago(288),
            ),
            kept(
                Me,
                "Find the contributorship form we used for the asthma paper",
                d.ago(302),
                d.ago(303),
            )
            .shareable(),
        ]),
        on(
            third,
            meeting(
                ("12:30", 45),
                CANTEEN,
                "After the nights",
                "- How the run of nights went\n- First figures",
            ),
        )
        .with(vec![
            said(
                "We left the figures alone. She talked about the nights, and I mostly kept \
                 quiet. At the end she laughed and said that she had come to show me a graph.",
            ),
            noticed(
                "Grey. Ate half a banana and put the rest in her pocket. Asked twice whether \
                 other people find it as heavy as she does. I said yes, and named myself.",
            ),
            heard_corrected(
                "You are not sure that you can go on with both halves of the job.",
                "I am sure that I can go on. I am not sure that I can go on like this. Those \
                 are different, and the second one has answers.",
            ),
            kept(
                Me,
                "Ask how the rota treats people with a research half",
                d.ago(262),
                d.ago(260),
            ),
            missed(
                Them,
                "Draw the first two figures again with the ambulance group apart",
                d.ago(245),
                d.ago(236),
                "A week of covering for others. She said so before I asked.",
            ),
        ]),
        on(
            fourth,
            meeting(
                ("15:00", 45),
                OFFICE,
                "Figures, and the module",
                "- Two figures\n- The deanery has a module without a lead",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "The figures say it without her having to. We cut the third one.\n\nThe module: \
                 twelve weeks, third-years, nobody has led it since the retirement. She asked \
                 what I would do. I asked what she would have to drop. *The Friday clinic, and I \
                 would not miss it.* So there was her answer.",
            )
            .shareable(),
            heard(
                "You would take the module if somebody takes the Friday clinic, and you would \
                 rather ask for that swap than be given the module on top.",
            )
            .shareable(),
            kept(
                Them,
                "Ask for the swap in writing, with dates",
                d.ago(226),
                d.ago(229),
            )
            .shareable(),
            kept(
                Me,
                "Have a quiet word with the clinic lead, as she agreed I might",
                d.ago(230),
                d.ago(231),
            ),
        ]),
        on(
            fifth,
            meeting(
                ("16:15", 45),
                SCREEN,
                "The module begins",
                "- Three lectures in: what is working\n- The draft",
            ),
        )
        .with(vec![
            said(
                "Three lectures done. She threw away the slides for the third one on the train \
                 and taught it from a single set of observations on the board. They stayed on \
                 to argue. She wants to do it that way every week and is afraid of what the \
                 external examiner will say.",
            )
            .shareable(),
            noticed(
                "Colour in her face. Talked faster than I could write. First time that she has \
                 interrupted me, which I take as a compliment.",
            ),
            changed(
                Them,
                "Full draft of the sepsis paper to me",
                d.ago(180),
                d.ago(182),
                "The half-way marking fell in the same week. We said a fortnight more, and it \
                 came a day early.",
            )
            .shareable(),
            kept(
                Me,
                "Sit in on a lecture, at the back, with a notebook",
                d.ago(185),
                d.work_ago(187),
            )
            .shareable(),
        ]),
    ]
}

fn second_half(d: Days) -> Vec<Entry> {
    let sixth = d.work_ago(165);
    let seventh = d.work_ago(128);
    let eighth = d.work_ago(88);
    let ninth = d.work_ago(50);
    vec![
        on(
            sixth,
            meeting(
                ("15:00", 60),
                OFFICE,
                "The whole draft on the table",
                "- Her draft, my ink\n- How the last lectures went",
            ),
        )
        .with(vec![
            said(
                "We read it aloud, a paragraph each, which she hated for two pages and then \
                 asked to go on with. The introduction is a page too long. The discussion is \
                 brave and should stay so.",
            )
            .shareable(),
            heard(
                "You want the discussion to say plainly that the desk misses the sickest people, \
                 and you want your co-authors to have read that sentence before a journal does.",
            )
            .shareable(),
            kept(
                Them,
                "Send the discussion to all four and ask for a yes or a change",
                d.ago(150),
                d.ago(151),
            )
            .shareable(),
            kept(
                Me,
                "Mark up the methods before the end of the week",
                d.ago(160),
                d.ago(161),
            )
            .shareable(),
        ]),
        on(
            seventh,
            meeting(
                ("15:00", 45),
                OFFICE,
                "Chairing, and the regional meeting",
                "- She has been asked to chair the audit meeting\n- The talk",
            ),
        )
        .with(vec![
            said(
                "How to chair: read the actions first, not last. Decide beforehand who has to \
                 speak. Finish early once and they will come for ever.\n\nThe talk is ten \
                 minutes. We took out eleven words a slide until it hurt.",
            )
            .shareable(),
            noticed(
                "Something about home. Looked at her telephone four times and turned it over. I \
                 did not ask, and at the door she thanked me for not asking.",
            ),
            kept(
                Them,
                "Give the talk once to the writing group",
                d.thursday(16),
                d.thursday(16),
            ),
            kept(
                Me,
                "Come to the regional meeting and sit where she can see me",
                d.work_ago(98),
                d.work_ago(98),
            ),
        ]),
        on(
            eighth,
            meeting(
                ("15:00", 45),
                OFFICE,
                "What the panel will ask",
                "- The criteria, line by line\n- What she has, what is missing",
            )
            .shareable(),
        )
        .with(vec![
            said(
                "Six criteria. She has four cold. The fifth, *recognition beyond the \
                 institution*, is nearly there with the regional talk. The sixth is the teaching \
                 statement, which does not exist.\n\nShe asked me what I would not write. I said: \
                 anything that starts with *passionate*.",
            )
            .shareable(),
            heard(
                "You are readier than you thought, and the statement is the one thing that only \
                 you can do.",
            )
            .shareable(),
            kept(
                Them,
                "List the evidence for each of the six",
                d.ago(70),
                d.ago(71),
            )
            .shareable(),
            changed(
                Them,
                "First draft of the teaching statement",
                d.ago(60),
                d.ago(58),
                "Moved by two weeks when the rota changed again.",
            )
            .shareable(),
        ]),
        on(
            ninth,
            meeting(
                ("15:30", 45),
                CANTEEN,
                "Submitted",
                "- The paper is in\n- The statement\n- Referees",
            ),
        )
        .with(vec![
            said(
                "It went in at ten past eleven at night, from the mess, with a colleague holding \
                 the sandwich. We drank tea to it.\n\nReferees: one inside, one outside. She \
                 would like the outside one to be somebody who has seen her teach.",
            )
            .shareable(),
            noticed(
                "Happy, and flat as a plate underneath. She has spent everything. Go gently with \
                 the statement; it can wait a fortnight without harm.",
            ),
            heard(
                "You want to enjoy this week before you start on the next thing, and you would \
                 like me to hold you to that.",
            ),
            kept(
                Both,
                "Do nothing about the statement for ten days",
                d.ago(40),
                d.ago(40),
            ),
            open(Me, "Read the teaching statement and mark it up", d.ago(6)).shareable(),
            open(Them, "Choose two referees, and ask one of them", d.ahead(3)).shareable(),
        ]),
        on(
            d.work_ahead(5),
            meeting(
                ("15:00", 45),
                OFFICE,
                "The statement, and the panel",
                "- How she is, before anything else\n- The teaching statement, with my ink on it\n\
                 - Two referees\n- A date for a practice panel\n- What the reviewers said, if they \
                 have",
            ),
        ),
    ]
}

fn notes(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(351),
            note(
                "Before we began",
                "Ruth asked whether I would take Amara on. I said that I would like to meet her \
                 first, and that Amara should have the same choice. She has.\n\nWhat I could be \
                 for her: the panel, the writing, the nerve. What I could not: laboratory \
                 methods. Find her somebody for those.",
            ),
        ),
        on(
            d.ago(288),
            note(
                "Four co-authors at one table",
                "She raised authorship herself at the audit meeting, with the form filled in as \
                 a suggestion. It took a quarter of an hour. All four signed, two of them in a \
                 different order from the one they had expected.",
            )
            .shareable()
            .named("coauthors"),
        ),
        on(
            d.ago(271),
            note(
                "What not to forget from the canteen",
                "Nights, and what they do to her sense of being any good at this. It is the \
                 tiredness talking and she half knows it. **Do not** bring it up unless she \
                 does. *Do* ask what she has slept.",
            ),
        ),
        on(
            d.ago(260),
            note(
                "The rota",
                "Spoke to the rota office in general terms and named nobody. People with a \
                 research half may ask for blocks of nights with a clear week after. Nobody \
                 asks, because nobody is told.",
            ),
        ),
        on(
            d.work_ago(187),
            note(
                "At the back of lecture five",
                "Thirty-eight of them, after lunch. She put one chart on the board and asked \
                 what they would do *next*, and then what they would do if they were wrong. \
                 Nobody looked at a telephone for fifty minutes. I did not either.",
            )
            .shareable()
            .named("lecture"),
        ),
        on(
            d.ago(174),
            note(
                "A call I was glad of",
                "Rang from the car park to say that a student had written to her. Read me the \
                 letter. Cried a bit, laughed a bit. Told her to keep it where she can find it on \
                 a bad day.",
            ),
        ),
        on(
            d.ago(140),
            note(
                "Module ratings",
                "Third-year module, all twelve weeks: 4.7 out of 5, with thirty-four of \
                 thirty-eight answering. The commonest word in the comments is *clear*. The \
                 second is *fair*.",
            )
            .shareable()
            .named("ratings"),
        ),
        on(
            d.ago(121),
            note(
                "Her father",
                "She asked me to remember, so one line: he goes in for the operation on the \
                 ninth day of her leave. Ask her how he is. Nothing else belongs here.",
            ),
        ),
        on(
            d.ago(104),
            note(
                "Chairing, as the audit lead told it",
                "Two audit meetings with Amara in the chair. Both ended ten minutes before time. \
                 Every action has a name beside it, and she sent the list round before people \
                 were back at their desks.",
            )
            .shareable()
            .named("chair"),
        ),
        on(
            d.ago(63),
            note(
                "A referee from outside",
                "Dr Ines Carvalho heard the regional talk and has offered, unasked, to write. \
                 She examined for three years and knows what a panel reads first.",
            )
            .shareable()
            .named("referee"),
        ),
        on(
            d.ago(37),
            note(
                "She cancelled, and how",
                "Two messages in a week, both kind and both short. She was put on nights again \
                 at a day's notice. I answered that the tea keeps. Leave the next move to her \
                 until the weekend, then offer two dates.",
            ),
        ),
        on(
            d.today(),
            note(
                "The summary, agreed standing up",
                "Put right the sentence that she stopped at on the telephone. She came by \
                 between two shifts, read the whole page at my screen, and we both said yes. It \
                 was not a meeting: no coat off, no tea. The rest keeps until we sit down.",
            ),
        ),
        on(
            d.ago(4),
            note(
                "Things to ask, gently",
                "- Has she had the clear week after nights?\n- Does she want me to speak to \
                 anyone, or would she rather not?\n- Who cheers for her at home?",
            ),
        ),
    ]
}

fn feedback(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(287),
            given([
                "The audit meeting, when you raised authorship.",
                "You put the form on the table and said, \"This is a guess, please spoil it.\"",
                "Two people who had not spoken all afternoon picked up a pen.",
                "Leave the silence after it a little longer. They were still coming.",
                "I counted to four and thought it was twenty.",
            ])
            .shareable(),
        ),
        on(
            d.ago(186),
            given([
                "Lecture five, the chart on the board.",
                "When a student gave a wrong answer you asked what he had seen that led him there.",
                "He found the mistake himself, and three others wrote it down.",
                "Say at the start that wrong answers are useful. They learned it at minute ten.",
                "I will. I was afraid it would sound like a slogan.",
            ])
            .shareable()
            .named("teaching"),
        ),
        on(
            d.ago(158),
            received([
                "When we read my draft aloud.",
                "You crossed out my opening before I had finished reading it.",
                "I stopped listening for a page, because I was still defending it in my head.",
                "Let me get to the full stop.",
                "You are right, and I am sorry. Pen down until you say *there*.",
            ])
            .told_by(NAME),
        ),
        on(
            d.work_ago(98),
            given([
                "The regional meeting, the question about ambulance times.",
                "You repeated his question slowly, said which half you could answer, and did.",
                "He nodded, and a room of sixty turned to look at you and not at him.",
                "You may stop there. The second answer, on funding, was for nobody.",
                "I know. I could hear myself doing it.",
            ])
            .shareable()
            .named("room"),
        ),
        on(
            d.ago(87),
            received([
                "Going through the six criteria.",
                "You asked me what I had before you told me what was missing.",
                "I left with a list and not with a stone in my stomach.",
                "Do that first every time.",
                "Thank you. I shall write it on the inside of the door.",
            ])
            .told_by(NAME)
            .shareable(),
        ),
        on(
            d.ago(49),
            given([
                "The two days before the deadline.",
                "You sent four versions in one evening, each with a different title.",
                "Two of the others answered an old one, and you spent the night merging.",
                "One version, one question, one hour to answer it.",
                "Can I have that on a mug?",
            ]),
        ),
    ]
}

fn goals(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(340),
            goal(Goal {
                title: "Sepsis triage paper".to_owned(),
                why: "The sickest people are scored last, and somebody should say so in print."
                    .to_owned(),
                measure: "Submitted with her name first and every co-author's yes.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Work,
                due: Some(d.ago(45)),
                confidence: Some(9),
                state: GoalState::Reached,
                closed_on: Some(d.ago(54)),
                milestones: vec![
                    done("One page on the question", d.ago(310), d.ago(311)),
                    done("Authorship settled", d.ago(290), d.ago(288)),
                    done("Figures", d.ago(245), d.ago(237)),
                    done("Whole draft", d.ago(166), d.ago(167)),
                    done("Submitted", d.ago(45), d.ago(54)),
                ],
                reports: vec![
                    report(
                        d.ago(288),
                        Outcome::Success,
                        "Authorship settled in one meeting.",
                        "Figures, with the ambulance group apart.",
                    ),
                    report(
                        d.ago(244),
                        Outcome::Difficulty,
                        "No figures. Covered eight shifts in ten days.",
                        "Start again on the first free morning, one figure only.",
                    ),
                    report(
                        d.ago(167),
                        Outcome::Success,
                        "A whole draft.",
                        "Read it aloud.",
                    ),
                    report(
                        d.ago(54),
                        Outcome::Success,
                        "It is in. Ten past eleven at night.",
                        "Sleep.",
                    ),
                ],
            })
            .shareable()
            .named("paper"),
        ),
        on(
            d.ago(235),
            goal(Goal {
                title: "Teach one module from end to end".to_owned(),
                why: "I have only ever taught other people's lectures.".to_owned(),
                measure: "Twelve weeks, assessed and marked; ratings above four.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Work,
                due: Some(d.ago(130)),
                confidence: Some(8),
                state: GoalState::Reached,
                closed_on: Some(d.ago(139)),
                milestones: vec![
                    done("Swap the Friday clinic", d.ago(226), d.ago(229)),
                    done("Write the twelve outlines", d.ago(216), d.ago(214)),
                    done("Half-way comments from students", d.ago(180), d.ago(178)),
                    done("Marks returned", d.ago(142), d.ago(141)),
                ],
                reports: vec![
                    report(
                        d.ago(200),
                        Outcome::Success,
                        "Threw the slides away and taught from one chart.",
                        "Do it again, and warn the external examiner.",
                    ),
                    report(
                        d.ago(139),
                        Outcome::Success,
                        "Marks in, ratings in: 4.7.",
                        "Put both in the folder for the panel.",
                    ),
                ],
            })
            .shareable()
            .named("module"),
        ),
        on(
            d.work_ago(88),
            goal(Goal {
                title: "Apply for senior lecturer".to_owned(),
                why: "I want to set the questions as well as answer them.".to_owned(),
                measure: "A complete application, sent a week before it has to be.".to_owned(),
                horizon: Horizon::Long,
                sphere: Sphere::Work,
                due: Some(d.ahead(75)),
                confidence: Some(6),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("Read the criteria line by line", d.ago(86), d.work_ago(88)),
                    done("List the evidence for each", d.ago(70), d.ago(71)),
                    step("Draft the teaching statement", d.ago(12)),
                    step("Ask two referees", d.ahead(12)),
                    step("Practice panel", d.ahead(40)),
                    step("Send it", d.ahead(68)),
                ],
                reports: vec![
                    report(
                        d.ago(71),
                        Outcome::Success,
                        "Evidence for five of the six, some of it twice.",
                        "The statement.",
                    ),
                    report(
                        d.ago(14),
                        Outcome::Difficulty,
                        "Half a page, written on nights, and it reads like it.",
                        "Bring it as it is.",
                    ),
                ],
            })
            .shareable()
            .named("lecturer"),
        ),
        on(
            d.ago(200),
            goal(Goal {
                title: "Choir every Monday, on call or not".to_owned(),
                why: "It is the one room where nobody needs anything from me but a note."
                    .to_owned(),
                measure: "Three Mondays in four.".to_owned(),
                horizon: Horizon::Short,
                sphere: Sphere::Personal,
                due: Some(d.ahead(30)),
                confidence: Some(5),
                state: GoalState::Open,
                closed_on: None,
                milestones: vec![
                    done("Tell the rota office in writing", d.ago(190), d.ago(176)),
                    done("Find somebody to swap with", d.ago(160), d.ago(166)),
                    step("Sing in the concert", d.ahead(18)),
                ],
                reports: vec![report(
                    d.ago(60),
                    Outcome::Neither,
                    "Nine Mondays out of fourteen. Not nothing.",
                    "Ask again about the swap.",
                )],
            }),
        ),
    ]
}

fn promises(d: Days) -> Vec<Entry> {
    vec![
        on(
            d.ago(122),
            kept(
                Me,
                "Find her somebody for the laboratory methods",
                d.ago(100),
                d.ago(106),
            )
            .shareable(),
        ),
        on(
            d.ago(62),
            kept(
                Me,
                "Write to Dr Carvalho and thank her",
                d.ago(58),
                d.ago(61),
            ),
        ),
        on(
            d.ago(30),
            missed(
                Me,
                "Ask the deanery who will sit on the panel",
                d.ago(20),
                d.ago(18),
                "I forgot, plainly. Told her so. It is on my list for this week.",
            ),
        ),
        on(
            d.ago(18),
            open(Me, "Ring the deanery about the panel", d.today()).shareable(),
        ),
        on(
            d.today(),
            open(Them, "Give the agreed summary to her appraiser", d.ahead(6)).shareable(),
        ),
    ]
}
