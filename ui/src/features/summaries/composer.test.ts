import { beforeEach, describe, expect, it } from "vitest";
import type { SummaryText } from "../../bindings";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { needsMending, openComposer, whyShut } from "./composer.svelte";

let host: FakeHost;
let id: string;
const TEXT: SummaryText = {
  title: "Summary",
  purpose: "Review",
  audience: "",
  from: "2026-01-01",
  to: "2026-11-01",
  expires: null,
  evidence: [],
  paragraphs: [{ heading: false, sentences: [{ text: "It went well.", sources: [] }] }],
};
const words = (said: string): SummaryText["paragraphs"] => [
  { heading: false, sentences: [{ text: said, sources: [] }] },
];

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const space = await makeMentee(host, "Daniel");
  id = (await host.call("create_summary", { space: space.id, text: TEXT })).line.id;
});

describe("composing a summary", () => {
  it("keeps export shut until both have agreed to this very version", async () => {
    const composer = await openComposer(id);
    expect(whyShut(composer.view)).toBe("both");
    await composer.consent("me", "Helen");
    expect(whyShut(composer.view)).toBe("them");
    await composer.consent("them", "Daniel");
    expect(whyShut(composer.view)).toBeNull();
    composer.change({ paragraphs: words("It went very well.") });
    await composer.flush();
    expect(composer.view.line.version).toBe(2);
    expect(whyShut(composer.view)).toBe("both");
    expect(composer.view.earlier).toHaveLength(2);
  });

  it("does not void consent when a letter is typed and taken back", async () => {
    const composer = await openComposer(id);
    await composer.consent("me", "Helen");
    composer.change({ paragraphs: words("It went well.") });
    await composer.flush();
    expect(composer.view.consents).toHaveLength(1);
    expect(host.asked.filter((one) => one.command === "save_summary")).toHaveLength(0);
  });

  it("never asks for consent to words that could not be saved", async () => {
    const composer = await openComposer(id);
    composer.change({ paragraphs: words("New words.") });
    host.failNext("save_summary", "noSpace");
    await expect(composer.consent("me", "Helen")).rejects.toMatchObject({ code: "noSpace" });
    expect(host.asked.some((one) => one.command === "consent_summary")).toBe(false);
    expect(composer.text.paragraphs).toEqual(words("New words."));
    expect(await flushAll()).toBe(true);
  });

  it("holds unsaved words until the summary is opened again", async () => {
    const composer = await openComposer(id);
    composer.change({ paragraphs: words("Held.") });
    host.failNext("save_summary", "noSpace");
    expect(await composer.close()).toBe(false);
    const again = await openComposer(id);
    expect(again.text.paragraphs).toEqual(words("Held."));
    expect(await again.close()).toBe(true);
    expect((await host.call("open_summary", { id })).text.paragraphs).toEqual(words("Held."));
  });

  it("is saved by locking when it was opened again while it was being left", async () => {
    const composer = await openComposer(id);
    composer.change({ paragraphs: words("First visit.") });
    const left = composer.close();
    const again = await openComposer(id);
    expect(again).toBe(composer);
    await left;
    again.change({ paragraphs: words("Second visit.") });
    expect(await flushAll()).toBe(true);
    expect((await host.call("open_summary", { id })).text.paragraphs).toEqual(words("Second visit."));
    await again.close();
    expect(await openComposer(id)).not.toBe(composer);
  });

  it("says that it was changed elsewhere, and puts my words in place of the others on asking", async () => {
    const composer = await openComposer(id);
    await host.call("save_summary", {
      id,
      revision: composer.view.revision,
      text: { ...TEXT, paragraphs: words("Theirs.") },
    });
    composer.change({ paragraphs: words("Mine.") });
    expect(await composer.flush()).toBe(false);
    expect(composer.conflict).toBe(true);
    expect(await composer.retry()).toBe(true);
    expect(composer.conflict).toBe(false);
    expect((await host.call("open_summary", { id })).text.paragraphs).toEqual(words("Mine."));
    await composer.close();
  });

  it("shuts export after the last day, and no yes opens it then", async () => {
    const composer = await openComposer(id);
    composer.change({ expires: "2026-11-20" });
    await composer.consent("me", "Helen");
    await composer.consent("them", "Daniel");
    expect(whyShut(composer.view, "2026-11-20")).toBeNull();
    expect(whyShut(composer.view, "2026-11-21")).toBe("expired");
    expect(whyShut({ ...composer.view, consents: [], consentNeeded: ["me", "them"] }, "2026-11-21")).toBe(
      "expired",
    );
    expect((["expired", "empty", "withdrawn", "me", "them", "both"] as const).map(needsMending)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    await composer.close();
  });

  it("says first that evidence was withdrawn, and shuts for an empty page", async () => {
    const composer = await openComposer(id);
    composer.change({
      paragraphs: [{ heading: true, sentences: [{ text: "Only a heading", sources: [] }] }],
    });
    await composer.flush();
    expect(whyShut(composer.view)).toBe("empty");
    expect(whyShut({ ...composer.view, flags: [{ source: "x", reason: "deleted" }] })).toBe("withdrawn");
  });
});
