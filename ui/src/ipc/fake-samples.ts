// Sample notebooks for looking at screens with the in-memory host. All people and events are invented.
import type { AgendaPoint, Cloth, Label, RecordBody, RecordDraft, Role, SpaceKind } from "../bindings";
import { addDays, todayIs } from "../words";
import { emptyBody, type FakeHost } from "./fake";

/** What opens the sealed things of the sample notebook that has some. */
export const SECOND_PASSPHRASE = "pebble orchard lantern violin";

const point = (text: string): AgendaPoint => ({ text, kind: "point", aside: "", done: false, source: null });

export const fillWithSamples = async (host: FakeHost): Promise<void> => {
  const today = todayIs();
  const ago = (days: number): string => addDays(today, -days);

  const space = async (
    name: string,
    kind: SpaceKind,
    role: Role | null,
    cloth: Cloth,
    meetEveryWeeks: number | null,
    about = "",
  ): Promise<string> =>
    (
      await host.call("create_space", {
        draft: { kind, role, name, about, cloth, since: ago(400), meetEveryWeeks },
      })
    ).id;
  const put = async (
    where: string,
    on: string,
    label: Label,
    body: Partial<RecordBody> & { kind: RecordBody["kind"] },
    more: Partial<RecordDraft> = {},
  ): Promise<string> =>
    (
      await host.call("create_record", {
        draft: {
          space: where,
          label,
          on,
          parent: null,
          asToldBy: null,
          body: { ...emptyBody(body.kind), ...body } as RecordBody,
          ...more,
        },
      })
    ).line.id;

  const daniel = await space(
    "Daniel Rhee",
    "relationship",
    "mentor",
    "moss",
    4,
    "Second-year doctoral student",
  );
  const amara = await space(
    "Amara Nwosu",
    "relationship",
    "mentor",
    "teal",
    5,
    "Lecturer, first year of teaching",
  );
  await space("Tomasz Wójcik", "relationship", "mentor", "ochre", null);
  const edith = await space("Edith Calloway", "relationship", "mentee", "slate", 8);
  await space("Thursday circle", "circle", null, "heather", null);
  const journal = await space("My journal", "journal", null, "umber", null);

  const next = await put(daniel, today, "shareable", {
    kind: "meeting",
    title: "The fellowship, and the seminar",
    at: "14:30",
    minutes: 45,
    place: "Your office",
    points: ["Whether to apply for the fellowship this round", "The seminar on 3 June"].map(point),
  });
  const met = await put(daniel, ago(28), "shareable", {
    kind: "meeting",
    title: "Two months in",
    at: "10:00",
    minutes: 60,
    points: [point("The methods section")],
  });
  for (const weeks of [11, 16, 21, 26])
    await put(amara, ago(weeks * 7), "private", {
      kind: "meeting",
      title: "By the canal",
      medium: "inPerson",
    });
  await put(edith, addDays(today, 6), "private", {
    kind: "meeting",
    title: "Autumn plans",
    at: "17:15",
    medium: "call",
  });
  await put(
    daniel,
    ago(28),
    "shareable",
    {
      kind: "heard",
      text: "He wants to teach one course before the thesis is done, not after.",
      state: "agreed",
    },
    { parent: met },
  );
  await put(
    daniel,
    ago(28),
    "private",
    {
      kind: "note",
      purpose: "observation",
      text: "He sounded tired, and twice changed the subject when I asked about home. Do not press.",
    },
    { parent: met },
  );
  await put(
    daniel,
    today,
    "private",
    { kind: "note", purpose: "meetingNotes", title: "", text: "" },
    { parent: next },
  );
  await put(daniel, ago(9), "private", {
    kind: "note",
    title: "Before we meet",
    text: "Ask what the *methods* section is really waiting for. He writes well once he has said it aloud.",
  });
  await put(daniel, ago(14), "shareable", {
    kind: "note",
    title: "The seminar on 3 June",
    text: "Thirty people came. He answered the hard question plainly, and said when he did not know.",
  });
  await host.call("make_sealed", { space: daniel, passphrase: SECOND_PASSPHRASE });
  await put(daniel, ago(60), "sealed", {
    kind: "note",
    title: "A difficult week",
    text: "Told me in confidence.",
  });
  await put(daniel, ago(12), "shareable", {
    kind: "feedback",
    direction: "given",
    situation: "The seminar on 3 June",
    behaviour: "You paused before the hard question and repeated it in your own words.",
    impact: "The room relaxed, and the answer was shorter.",
    next: "Do the same with the first question, too.",
  });
  await put(daniel, ago(120), "shareable", {
    kind: "goal",
    title: "Send the first paper to a journal",
    why: "So that the examiners have read something of mine.",
    measure: "A receipt from the journal",
    horizon: "short",
    sphere: "work",
    due: addDays(today, 45),
    confidence: 6,
    milestones: [
      { id: "0192a000-0000-7000-9000-000000000001", text: "Outline agreed", due: ago(80), doneOn: ago(84) },
      { id: "0192a000-0000-7000-9000-000000000002", text: "Methods written", due: ago(30), doneOn: ago(21) },
      {
        id: "0192a000-0000-7000-9000-000000000003",
        text: "Results drawn",
        due: addDays(today, 6),
        doneOn: null,
      },
      {
        id: "0192a000-0000-7000-9000-000000000004",
        text: "Read by two others",
        due: addDays(today, 30),
        doneOn: null,
      },
    ],
    reports: [
      {
        id: "0192a000-0000-7000-9000-000000000011",
        on: ago(21),
        outcome: "success",
        text: "Methods done in one week at the library.",
        next: "Results, in the same way",
      },
    ],
  });
  await put(journal, ago(40), "private", {
    kind: "goal",
    title: "Walk to work twice a week",
    horizon: "short",
    sphere: "personal",
    due: addDays(today, 60),
    milestones: [
      {
        id: "0192a000-0000-7000-9000-000000000021",
        text: "Find the way along the river",
        due: ago(20),
        doneOn: ago(25),
      },
    ],
  });
  const promise = (
    text: string,
    owner: "me" | "them",
    due: string | null,
  ): Partial<RecordBody> & { kind: "commitment" } => ({
    kind: "commitment",
    text,
    owner,
    due,
  });
  await put(
    daniel,
    ago(28),
    "shareable",
    promise("Introduce Daniel to Professor Okafor’s group", "me", today),
    { parent: met },
  );
  await put(
    amara,
    ago(77),
    "private",
    promise("Read Amara’s teaching statement and mark it up", "me", ago(6)),
  );
  await put(edith, ago(20), "private", promise("Send Edith dates for the autumn", "me", addDays(today, 8)));
  await put(daniel, ago(28), "shareable", promise("Send the methods section before we meet", "them", today), {
    parent: met,
  });
  await put(daniel, ago(3), "private", {
    kind: "person",
    name: "Daniel Rhee",
    pronouns: "he/him",
    work: "Doctoral student, fluid mechanics",
  });
  await put(journal, ago(1), "private", {
    kind: "note",
    purpose: "journal",
    title: "",
    text: "A slow start, and then a good hour. I should plan fewer things for Mondays.",
    prompt: "What went better than you feared?",
  });
  await put(journal, ago(5), "shareable", {
    kind: "note",
    purpose: "journal",
    title: "",
    text: "Gave the talk without notes for the first time.",
  });
};
