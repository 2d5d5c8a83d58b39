import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordBody } from "../bindings";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { useHost } from "../ipc/host";
import { forgetEverything } from "../session/locking";
import { spaces } from "../session/spaces.svelte";
import { openDoc, type Doc } from "./doc.svelte";
import DocBar from "./DocBar.svelte";

let host: FakeHost;
let id = "";
let doc: Doc<"note">;
let told = 0;
const note = (text: string): RecordBody => ({
  kind: "note",
  purpose: "note",
  title: "",
  text,
  at: null,
  prompt: null,
  tags: [],
});

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const space = await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    },
  });
  const made = await host.call("create_record", {
    draft: {
      space: space.id,
      label: "private",
      on: "2026-11-01",
      parent: null,
      asToldBy: null,
      body: note("before"),
    },
  });
  id = made.line.id;
  doc = await openDoc("note", id);
  await spaces.refresh();
  told = 0;
  render(DocBar, { doc, onbinned: () => undefined, onlabel: () => (told += 1) });
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("the bar above a page", () => {
  it("tells of another level once it is kept, and says what it means in a journal", async () => {
    const raise = async (): Promise<void> => {
      await userEvent.click(screen.getByRole("button", { name: /^Private/u }));
      await userEvent.click(screen.getByRole("radio", { name: /Shareable/u }));
      await userEvent.click(screen.getByRole("button", { name: "Make it Shareable" }));
    };
    await raise();
    await waitFor(() => expect(told).toBe(1));
    expect(screen.getByText(/Nothing leaves until you agree\./u)).toBeInTheDocument();
  });

  it("says what keeping my words does after a conflict, offers just that, and does it", async () => {
    await host.call("save_record", {
      change: {
        id,
        revision: doc.revision,
        label: "private",
        on: "2026-11-01",
        asToldBy: null,
        body: note("theirs"),
      },
    });
    doc.change({ text: "mine" });
    await doc.flush();
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "Not saved. This was changed in another place since you opened it. If you keep yours, the other stays among the earlier versions.",
    );
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Keep mine" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect((await host.call("open_record", { id })).body).toEqual(note("mine"));
    const saves = host.asked.filter(({ command }) => command === "save_record");
    expect(saves.at(-1)?.asked).toMatchObject({ change: { keepEarlier: true } });
  });

  it("offers to try again when it was not saved for another reason", async () => {
    host.failNext("save_record", "noSpace");
    doc.change({ text: "mine" });
    await doc.flush();
    expect(await screen.findByRole("alert")).toHaveTextContent("Not saved. The disk is full.");
    expect(screen.queryByRole("button", { name: "Keep mine" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(async () => expect((await host.call("open_record", { id })).body).toEqual(note("mine")));
  });
});
