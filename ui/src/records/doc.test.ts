import { beforeEach, describe, expect, it } from "vitest";
import type { RecordDraft, SpaceId } from "../bindings";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { makeMentee } from "../ipc/fake-space";
import { useHost } from "../ipc/host";
import { flushAll } from "../session/drafts";
import { forgetEverything } from "../session/locking";
import { newDoc, openDoc, type BodyOf } from "./doc.svelte";
import { filterOf } from "./records";

let host: FakeHost;
let space: SpaceId;
let clock: Date;
/** As if somebody came back to it after a while: what was there before is kept then. */
const anHourLater = (): Date => (clock = new Date(clock.getTime() + 3_600_000));
const note = (text: string): BodyOf<"note"> => ({
  kind: "note",
  purpose: "note",
  title: "",
  text,
  at: null,
  prompt: null,
  tags: [],
});
const draft = (text = ""): RecordDraft & { body: BodyOf<"note"> } => ({
  space,
  label: "private",
  on: "2026-11-21",
  parent: null,
  asToldBy: null,
  body: note(text),
});
const asked = (command: string): number => host.asked.filter((one) => one.command === command).length;
const make = async (text: string): Promise<string> =>
  (await host.call("create_record", { draft: draft(text) })).line.id;

beforeEach(async () => {
  forgetEverything();
  clock = new Date("2026-11-21T10:00:00Z");
  host = makeFakeHost({ seed: "empty", now: () => clock });
  useHost(host);
  const made = await makeMentee(host, "Daniel");
  space = made.id;
});

describe("a record while it is being written", () => {
  it("is not made before the first key, and made once however fast one types", async () => {
    const ids: string[] = [];
    const doc = newDoc<"note">(draft(), (id) => ids.push(id));
    await doc.flush();
    expect(asked("create_record")).toBe(0);
    doc.change({ text: "a" });
    doc.change({ text: "ab" });
    doc.change({ text: "abc" });
    expect(await doc.flush()).toBe(true);
    doc.change({ text: "abcd" });
    expect(await doc.close()).toBe(true);
    expect(asked("create_record")).toBe(1);
    expect(ids).toEqual([doc.id]);
    expect((await host.call("open_record", { id: doc.id ?? "" })).body).toEqual(note("abcd"));
  });

  it("is saved in mid-word when the window closes", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    doc.change({ text: "mid-wo" });
    expect(await flushAll()).toBe(true);
    expect((await host.call("open_record", { id })).body).toEqual(note("mid-wo"));
    await doc.close();
  });

  it("keeps words that could not be saved, also when its page is left and opened again", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    host.failNext("save_record", "noSpace");
    doc.change({ text: "precious" });
    expect(await doc.close()).toBe(false);
    const again = await openDoc("note", id);
    expect(again.body.text).toBe("precious");
    expect(again.saving).toBe("failed");
    expect(await again.retry()).toBe(true);
    expect((await host.call("open_record", { id })).body).toEqual(note("precious"));
    await again.close();
  });

  it("saves my words as the newest version after it was changed elsewhere", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    const { revision } = await host.call("open_record", { id });
    const { label, on, asToldBy } = draft();
    anHourLater();
    await host.call("save_record", { change: { id, revision, label, on, asToldBy, body: note("theirs") } });
    anHourLater();
    doc.change({ text: "mine" });
    expect(await doc.flush()).toBe(false);
    expect(doc.error).toMatchObject({ code: "changedElsewhere" });
    expect(await doc.retry()).toBe(true);
    const [theirs] = await host.call("list_revisions", { id });
    const kept = await host.call("open_revision", { id, revision: theirs?.revision ?? 0 });
    expect(kept.body).toEqual(note("theirs"));
    expect((await host.call("open_record", { id })).body).toEqual(note("mine"));
    await doc.close();
  });

  it("asks the host to keep the other version, and only then", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    const { label, on, asToldBy } = draft();
    await host.call("save_record", {
      change: { id, revision: doc.revision, label, on, asToldBy, body: note("theirs") },
    });
    doc.change({ text: "mine" });
    await doc.flush();
    expect(doc.conflict).toBe(true);
    await doc.retry();
    expect(doc.conflict).toBe(false);
    doc.change({ text: "mine, further" });
    await doc.flush();
    const kept = host.asked
      .filter(({ command }) => command === "save_record")
      .map(({ asked: what }) => (what as { change: { keepEarlier?: boolean } }).change.keepEarlier ?? false);
    expect(kept.slice(-2)).toEqual([true, false]);
    await doc.close();
  });

  it("goes back no step while its newest words are not saved", async () => {
    const id = await make("one");
    const doc = await openDoc("note", id);
    doc.change({ text: "two" });
    host.failNext("save_record", "noSpace");
    await expect(doc.undo()).rejects.toMatchObject({ code: "noSpace" });
    expect(doc.body.text).toBe("two");
    expect(await doc.flush()).toBe(true);
    await doc.close();
  });

  it("is saved by locking when its page was opened again while it was being left", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    doc.change({ text: "first visit" });
    const left = doc.close();
    const again = await openDoc("note", id);
    expect(again).toBe(doc);
    await left;
    again.change({ text: "second visit" });
    expect(await flushAll()).toBe(true);
    expect((await host.call("open_record", { id })).body).toEqual(note("second visit"));
    await again.close();
    expect(await openDoc("note", id)).not.toBe(doc);
  });

  it("keeps another day for a new record without making it", async () => {
    const doc = newDoc<"note">(draft());
    doc.setOn("2026-11-20");
    await doc.flush();
    expect(asked("create_record")).toBe(0);
    doc.change({ text: "a" });
    await doc.close();
    expect((await host.call("open_record", { id: doc.id ?? "" })).line.on).toBe("2026-11-20");
  });

  it("does not come back when it is made while the vault is locked", async () => {
    const ids: string[] = [];
    const doc = newDoc<"note">(draft(), (id) => ids.push(id));
    doc.change({ text: "secret" });
    const saving = doc.flush();
    forgetEverything();
    await saving;
    expect(ids).toEqual([]);
    const made = host.asked.findLast(({ command }) => command === "create_record");
    expect(made).toBeDefined();
    const [line] = (await host.call("list_records", { filter: filterOf({ space }) })).lines;
    const again = await openDoc("note", line?.id ?? "");
    expect(again).not.toBe(doc);
    await again.close();
  });

  it("does not look Shareable when it could not be made so", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    host.failNext("save_record", "labelNotAllowed");
    expect(await doc.setLabel("shareable")).toBe(false);
    expect(doc.label).toBe("private");
    expect(await doc.flush()).toBe(true);
    expect((await host.call("open_record", { id })).line.label).toBe("private");
    await doc.close();
  });

  it("saves what was typed before it goes back a step", async () => {
    const id = await make("one");
    const doc = await openDoc("note", id);
    anHourLater();
    doc.change({ text: "two" });
    await doc.undo();
    expect(doc.body.text).toBe("one");
    expect(doc.read).toBe(1);
    expect(await host.call("list_revisions", { id })).toHaveLength(2);
    await doc.close();
  });

  it("forgets every word when the vault is locked", async () => {
    const id = await make("before");
    const doc = await openDoc("note", id);
    host.failNext("save_record", "noSpace");
    doc.change({ text: "secret" });
    await doc.flush();
    forgetEverything();
    const again = await openDoc("note", id);
    expect(again.body.text).toBe("before");
    expect(await flushAll()).toBe(true);
    await again.close();
  });
});
