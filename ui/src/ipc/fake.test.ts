// The in-memory host keeps the contract's rules; tests of screens rest on that.
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordDraft, SummaryText } from "../bindings";
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
  parent: null,
  from: null,
  to: null,
  binned: false,
  offset: 0,
  limit: 50,
};

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
      body: made.body,
    };
    await commands.saveRecord({ change });
    await expect(commands.saveRecord({ change })).rejects.toMatchObject({ code: "changedElsewhere" });
  });
  it("keep every revision, and bring an older one back as a new one", async () => {
    const made = await commands.createRecord({ draft: draft() });
    await commands.saveRecord({
      change: {
        id: made.line.id,
        revision: 1,
        label: "private",
        on: made.line.on,
        asToldBy: null,
        body: { ...made.body, title: "Changed" } as never,
      },
    });
    const back = await commands.restoreRevision({ id: made.line.id, revision: 1 });
    expect(back.revision).toBe(3);
    expect(back.line.title).toBe("A page");
    expect((await commands.listRevisions({ id: made.line.id })).map((r) => r.revision)).toEqual([3, 2, 1]);
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
    await commands.lockVault();
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
    expect(await commands.listDisclosures({ space })).toHaveLength(1);

    view = await commands.saveSummary({
      id,
      revision: view.revision,
      text: { ...text([source.line.id]), title: "Two years" },
    });
    expect(view.consents).toEqual([]);
    expect(view.earlier).toHaveLength(2);
    expect(view.line).toMatchObject({ version: 2, state: "draft" });
    await expect(commands.exportSummary(send)).rejects.toMatchObject({ code: "needsConsent" });
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
