// The in-memory host keeps the contract's rules; tests of screens rest on that.
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordChange, RecordDraft, RecordView, SummaryText } from "../bindings";
import { commands } from "./commands";
import { codeOf, errorWords, isAppError } from "./errors";
import { emptyBody, makeFakeHost, type FakeHost } from "./fake";
import { useHost } from "./host";

let host: FakeHost;
let space: string;
let clock: Date;

const draft = (part: Partial<RecordDraft> = {}): RecordDraft => ({
  space,
  label: "private",
  on: "2026-06-01",
  parent: null,
  asToldBy: null,
  body: { ...emptyBody("note"), kind: "note", title: "A page" } as RecordDraft["body"],
  ...part,
});
const text = (evidence: string[] = []): SummaryText => ({
  title: "A year",
  purpose: "Review",
  audience: "The board",
  from: "2026-01-01",
  to: "2026-12-31",
  expires: null,
  paragraphs: [{ heading: false, sentences: [{ text: "He taught well.", sources: evidence }] }],
  evidence,
});
const filter = {
  space: null,
  kinds: [],
  labels: [],
  states: [],
  parent: null,
  from: null,
  to: null,
  binned: false,
  offset: 0,
  limit: 50,
};

const HOUR = 3_600_000;
const MINUTE = 60_000;
const later = (by: number): Date => (clock = new Date(clock.getTime() + by));
const titled = (title: string): RecordDraft["body"] =>
  ({ ...emptyBody("note"), title }) as RecordDraft["body"];
/** Saves a change of what is there now. */
const save = async (id: string, part: Partial<RecordChange>): Promise<RecordView> => {
  const { line, revision, body } = await commands.openRecord({ id });
  const label = line.label === "agreed" ? "shareable" : line.label;
  return commands.saveRecord({
    change: { id, revision, label, on: line.on, asToldBy: line.asToldBy, body, ...part },
  });
};
const kept = async (id: string): Promise<number[]> =>
  (await commands.listRevisions({ id })).map((line) => line.revision);

beforeEach(async () => {
  clock = new Date("2026-11-21T10:00:00Z");
  host = makeFakeHost({ now: () => clock });
  useHost(host);
  space = (
    await commands.createSpace({
      draft: {
        kind: "relationship",
        role: "mentor",
        name: "Daniel Rhee",
        about: "",
        cloth: "moss",
        since: null,
        meetEveryWeeks: 4,
      },
    })
  ).id;
});

describe("records", () => {
  it("refuse a change made from an older revision", async () => {
    const made = await commands.createRecord({ draft: draft() });
    const change = {
      id: made.line.id,
      revision: made.revision,
      label: "private" as const,
      on: made.line.on,
      asToldBy: null,
      body: titled("Changed"),
    };
    await commands.saveRecord({ change });
    await expect(commands.saveRecord({ change })).rejects.toMatchObject({ code: "changedElsewhere" });
  });
  it("write nothing when they are saved as they are", async () => {
    const made = await commands.createRecord({ draft: draft() });
    later(HOUR);
    expect(await save(made.line.id, {})).toEqual(made);
    expect(await kept(made.line.id)).toEqual([]);
  });
  it("keep their kind", async () => {
    const made = await commands.createRecord({ draft: draft() });
    await expect(save(made.line.id, { body: emptyBody("heard") })).rejects.toMatchObject({
      code: "notFound",
    });
  });
  it("keep what was before a sitting of ten minutes, and list only that", async () => {
    const { line } = await commands.createRecord({ draft: draft() });
    const { id } = line;
    for (const title of ["A", "AB", "ABC"]) {
      later(9 * MINUTE);
      await save(id, { body: titled(title) });
    }
    expect(await kept(id)).toEqual([]);
    await expect(commands.undoRecord({ id })).rejects.toMatchObject({ code: "notFound" });
    later(10 * MINUTE);
    const next = await save(id, { body: titled("Another day") });
    expect(next.revision).toBe(5);
    expect(await kept(id)).toEqual([4]);
    expect((await commands.openRevision({ id, revision: 4 })).line.title).toBe("ABC");
    // The present state is no earlier one, and those within a sitting are gone.
    for (const revision of [5, 3])
      await expect(commands.openRevision({ id, revision })).rejects.toMatchObject({ code: "notFound" });
  });
  it.each(["commitment", "goal"] as const)("keep every change of a %s", async (kind) => {
    const body = (words: string): RecordDraft["body"] =>
      ({ ...emptyBody(kind), [kind === "goal" ? "title" : "text"]: words }) as RecordDraft["body"];
    const { line } = await commands.createRecord({ draft: draft({ body: body("one") }) });
    await save(line.id, { body: body("two") });
    await save(line.id, { body: body("three") });
    expect(await kept(line.id)).toEqual([2, 1]);
  });
  it("bring an earlier state back as a new one, and keep what it replaces", async () => {
    const { line } = await commands.createRecord({ draft: draft() });
    later(HOUR);
    await save(line.id, { body: titled("Changed") });
    const back = await commands.restoreRevision({ id: line.id, revision: 1 });
    expect(back.revision).toBe(3);
    expect(back.line.title).toBe("A page");
    expect(await kept(line.id)).toEqual([2, 1]);
  });
  it("always keep a change of label, and what was lowered to Private stays Private", async () => {
    const { line } = await commands.createRecord({ draft: draft({ label: "shareable" }) });
    await save(line.id, { label: "private", body: titled("Other") });
    expect(await kept(line.id)).toEqual([1]);
    const back = await commands.restoreRevision({ id: line.id, revision: 1 });
    expect(back.line).toMatchObject({ title: "A page", label: "private" });
  });
  it("do not make what was written while Private Shareable by going back a step", async () => {
    const { line } = await commands.createRecord({ draft: draft({ body: titled("In confidence") }) });
    await save(line.id, { label: "shareable", body: titled("Fit to be shared") });
    const back = await commands.undoRecord({ id: line.id });
    expect(back.line).toMatchObject({ title: "In confidence", label: "private" });
  });
  it("keep what was changed elsewhere when a change takes its place, within a sitting too", async () => {
    const { line } = await commands.createRecord({ draft: draft() });
    await save(line.id, { body: titled("Theirs") });
    await save(line.id, { body: titled("Mine"), keepEarlier: true } as never);
    expect(await kept(line.id)).toEqual([2]);
  });
  it("go into the bin with what belongs to them, and come back with it and with what they belong to", async () => {
    const { line: parent } = await commands.createRecord({ draft: draft() });
    const child = async (): Promise<string> =>
      (await commands.createRecord({ draft: draft({ parent: parent.id }) })).line.id;
    const [before, together] = [await child(), await child()];
    await commands.binRecord({ id: before });
    later(MINUTE);
    await commands.binRecord({ id: parent.id });
    const binned = async () =>
      (await commands.listRecords({ filter: { ...filter, binned: true } })).lines.map(({ id }) => id).sort();
    expect(await binned()).toEqual([parent.id, before, together].sort());
    await commands.unbinRecord({ id: parent.id });
    expect(await binned()).toEqual([before]);
    await commands.binRecord({ id: parent.id });
    await commands.unbinRecord({ id: together });
    expect(await binned()).toEqual([before]);
    await commands.binRecord({ id: parent.id });
    await commands.eraseRecord({ id: parent.id });
    expect((await commands.listRecords({ filter })).total).toBe(0);
    expect(await binned()).toEqual([]);
  });
  it("can still be saved in the bin, and stay there", async () => {
    const { line } = await commands.createRecord({ draft: draft() });
    await commands.binRecord({ id: line.id });
    const saved = await save(line.id, { body: titled("Written a moment too late") });
    expect(saved.line.title).toBe("Written a moment too late");
    expect(saved.line.binned).not.toBeNull();
    expect((await commands.listRecords({ filter })).total).toBe(0);
  });
  it("are listed by their state, before the list is cut", async () => {
    const promise = (state: string): RecordDraft["body"] =>
      ({ ...emptyBody("commitment"), text: state, state }) as RecordDraft["body"];
    for (const state of ["open", "kept", "missed", "kept"])
      await commands.createRecord({ draft: draft({ body: promise(state) }) });
    const open = await commands.listRecords({ filter: { ...filter, states: ["open"], limit: 1 } });
    expect([open.total, open.lines[0]?.title]).toEqual([1, "open"]);
    const settled = await commands.listRecords({ filter: { ...filter, states: ["kept", "missed"] } });
    expect(settled.total).toBe(3);
  });
  it("allow an observation to be nothing but private", async () => {
    const body = { ...emptyBody("note"), purpose: "observation" } as RecordDraft["body"];
    await expect(commands.createRecord({ draft: draft({ label: "shareable", body }) })).rejects.toMatchObject(
      { code: "labelNotAllowed" },
    );
  });
  it("leave the bin after thirty days", async () => {
    const made = await commands.createRecord({ draft: draft() });
    await commands.binRecord({ id: made.line.id });
    expect((await commands.listRecords({ filter })).total).toBe(0);
    expect((await commands.listRecords({ filter: { ...filter, binned: true } })).total).toBe(1);
    clock = new Date("2026-12-22T10:00:00Z");
    expect((await commands.listRecords({ filter: { ...filter, binned: true } })).total).toBe(0);
  });
  it("are listed newest first, a page at a time", async () => {
    for (const on of ["2026-01-01", "2026-03-01", "2026-02-01"])
      await commands.createRecord({ draft: draft({ on }) });
    const page = await commands.listRecords({ filter: { ...filter, limit: 2 } });
    expect(page.total).toBe(3);
    expect(page.lines.map((l) => l.on)).toEqual(["2026-03-01", "2026-02-01"]);
  });
  it("cannot be reached while the vault is locked", async () => {
    await commands.lockVault({ left: { place: "/", lostWords: false } });
    await expect(commands.listRecords({ filter })).rejects.toMatchObject({ code: "vaultLocked" });
    await expect(commands.listSpaces()).rejects.toMatchObject({ code: "vaultLocked" });
    expect((await commands.appState()).vault).toBe("locked");
  });
});

describe("notebooks", () => {
  it("have names of their own", async () => {
    const draftOf = {
      kind: "journal" as const,
      role: null,
      name: " daniel rhee ",
      about: "",
      cloth: "teal" as const,
      since: null,
      meetEveryWeeks: null,
    };
    await expect(commands.createSpace({ draft: draftOf })).rejects.toMatchObject({ code: "nameTaken" });
    await expect(commands.createSpace({ draft: { ...draftOf, name: " " } })).rejects.toMatchObject({
      code: "nameEmpty",
    });
  });
});

describe("summaries", () => {
  it("refuse private evidence, and never list its words", async () => {
    const secret = await commands.createRecord({ draft: draft() });
    await expect(commands.createSummary({ space, text: text([secret.line.id]) })).rejects.toMatchObject({
      code: "notShareable",
    });
    const evidence = await commands.evidence({ space, from: "2026-01-01", to: "2026-12-31" });
    expect(evidence.mayBeUsed).toEqual([]);
    expect(evidence.stays.map((l) => [l.id, l.excerpt])).toEqual([[secret.line.id, ""]]);
  });
  it("are exported only once both have agreed, and any change needs both again", async () => {
    const source = await commands.createRecord({ draft: draft({ label: "shareable" }) });
    let view = await commands.createSummary({ space, text: text([source.line.id]) });
    const id = view.line.id;
    const send = { id, format: "pdf" as const, toWhom: "The board" };
    view = await commands.consentSummary({ id, revision: view.revision, by: "me", name: "Helen" });
    await expect(commands.exportSummary(send)).rejects.toMatchObject({ code: "needsConsent" });
    view = await commands.consentSummary({ id, revision: view.revision, by: "them", name: "Daniel" });
    expect(view.line.state).toBe("agreed");
    expect((await commands.openRecord({ id: source.line.id })).line.label).toBe("agreed");
    await commands.exportSummary(send);
    expect((await commands.listDisclosures({ space })).entries).toHaveLength(1);

    view = await commands.openSummary({ id });
    view = await commands.saveSummary({
      id,
      revision: view.revision,
      text: { ...text([source.line.id]), title: "Two years" },
    });
    expect(view.consents).toEqual([]);
    expect(view.earlier).toHaveLength(2);
    expect(view.line).toMatchObject({ version: 2, state: "draft" });
    await expect(commands.exportSummary(send)).rejects.toMatchObject({ code: "consentVoid" });
    await commands.consentSummary({ id, revision: view.revision, by: "me", name: "Helen" });
    await expect(commands.exportSummary(send)).rejects.toMatchObject({ code: "consentVoid" });
  });
  it("take no yes to words that were changed meanwhile, and none twice", async () => {
    const made = await commands.createSummary({ space, text: text() });
    const id = made.line.id;
    const changed = await commands.saveSummary({
      id,
      revision: made.revision,
      text: { ...text(), title: "Two years" },
    });
    const yes = { id, by: "me" as const, name: "Helen" };
    await expect(commands.consentSummary({ ...yes, revision: made.revision })).rejects.toMatchObject({
      code: "changedElsewhere",
    });
    const given = await commands.consentSummary({ ...yes, revision: changed.revision });
    expect(given.revision).toBe(changed.revision + 1);
    expect(await commands.consentSummary({ ...yes, revision: made.revision })).toEqual(given);
  });
  it("show as Agreed what stands behind an agreed sentence, while it may be used", async () => {
    const behind = await commands.createRecord({ draft: draft({ label: "shareable" }) });
    const chosen = await commands.createRecord({ draft: draft({ label: "shareable" }) });
    later(HOUR);
    await save(behind.line.id, { body: titled("A page, changed") });
    const words = { ...text([behind.line.id]), evidence: [behind.line.id, chosen.line.id] };
    let view = await commands.createSummary({ space, text: { ...words, expires: "2026-11-22" } });
    const labels = async () =>
      Promise.all(
        [behind, chosen].map(async ({ line }) => (await commands.openRecord({ id: line.id })).line.label),
      );
    expect(await labels()).toEqual(["shareable", "shareable"]);
    for (const by of ["me", "them"] as const)
      view = await commands.consentSummary({ id: view.line.id, revision: view.revision, by, name: by });
    expect(await labels()).toEqual(["agreed", "shareable"]);
    const earlier = await commands.openRevision({ id: behind.line.id, revision: 1 });
    expect(earlier.line.label).toBe("shareable");
    later(48 * HOUR);
    expect(await labels()).toEqual(["shareable", "shareable"]);
  });
  it("take no yes to headings alone, and nothing is saved by words that are the same", async () => {
    const heading = { heading: true, sentences: [{ text: "What we did", sources: [] }] };
    const made = await commands.createSummary({ space, text: { ...text(), paragraphs: [heading] } });
    await expect(
      commands.consentSummary({ id: made.line.id, revision: 1, by: "me", name: "Helen" }),
    ).rejects.toMatchObject({ code: "summaryEmpty" });
    later(HOUR);
    expect(await commands.saveSummary({ id: made.line.id, revision: 1, text: made.text })).toEqual(made);
  });
  it("may leave up to their last day, and not after", async () => {
    const made = await commands.createSummary({ space, text: { ...text(), expires: "2026-11-21" } });
    let view = made;
    for (const by of ["me", "them"] as const)
      view = await commands.consentSummary({ id: made.line.id, revision: view.revision, by, name: by });
    const send = { id: made.line.id, format: "pdf" as const, toWhom: "The board" };
    await expect(commands.exportSummary(send)).resolves.toMatchObject({ name: "summary.pdf" });
    later(24 * HOUR);
    await expect(commands.exportSummary(send)).rejects.toMatchObject({ code: "summaryExpired" });
  });
  it("offer the newest evidence first, and of what stays not a word but its title", async () => {
    for (const [on, label] of [
      ["2026-03-01", "shareable"],
      ["2026-05-01", "shareable"],
      ["2026-04-01", "private"],
    ] as const)
      await commands.createRecord({
        draft: draft({ on, label, body: { ...titled("A page"), text: "Said in confidence." } as never }),
      });
    const offer = await commands.evidence({ space, from: "2026-01-01", to: "2026-12-31" });
    expect(offer.mayBeUsed.map(({ line }) => line.on)).toEqual(["2026-05-01", "2026-03-01"]);
    expect(offer.stays.map(({ title, excerpt }) => [title, excerpt])).toEqual([["A page", ""]]);
  });
  it("are flagged when evidence is withdrawn, and shut until it is mended", async () => {
    const source = await commands.createRecord({ draft: draft({ label: "shareable" }) });
    const view = await commands.createSummary({ space, text: text([source.line.id]) });
    await commands.saveRecord({
      change: {
        id: source.line.id,
        revision: 1,
        label: "private",
        on: source.line.on,
        asToldBy: null,
        body: source.body,
      },
    });
    const flagged = await commands.openSummary({ id: view.line.id });
    expect(flagged.flags).toEqual([{ source: source.line.id, reason: "notShareable" }]);
    await expect(
      commands.consentSummary({ id: view.line.id, revision: view.revision, by: "me", name: "Helen" }),
    ).rejects.toMatchObject({
      code: "notShareable",
    });
  });
});

describe("what takes long", () => {
  it("can be stopped while it runs", async () => {
    const { id } = (await commands.createSummary({ space, text: text() })).line;
    const going = commands.exportSummary({ id, format: "pdf", toWhom: "The board" }, () => undefined);
    const stopped = expect(going).rejects.toMatchObject({ code: "cancelled" });
    await commands.cancelTask();
    await stopped;
    // Asked to stop when nothing runs, it stops nothing that comes after.
    await expect(
      commands.exportSummary({ id, format: "pdf", toWhom: "The board" }, () => undefined),
    ).rejects.toMatchObject({ code: "needsConsent" });
  });
});

describe("errors", () => {
  it("are told apart from faults of the program", () => {
    expect(isAppError({ code: "noSpace", params: {} })).toBe(true);
    expect(codeOf(new Error("x"))).toBe("unexpected");
    expect(codeOf("storage")).toBe("unexpected");
  });
  it("put their numbers into the sentence", () => {
    expect(errorWords({ code: "spareKeyCount", params: { found: "23" } }).says).toContain(
      "there are 23 here",
    );
    expect(errorWords({ code: "spareKeyWord", params: { position: "7" } }).says).toContain("Word 7");
  });
  it("can be brought about for one call", async () => {
    host.failNext("list_spaces", "storage");
    await expect(commands.listSpaces()).rejects.toMatchObject({ code: "storage" });
    await expect(commands.listSpaces()).resolves.toHaveLength(1);
  });
});
