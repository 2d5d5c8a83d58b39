import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import NotePage from "./NotePage.svelte";

let host: FakeHost;
let space = "";
const lines = async () => (await host.call("list_records", { filter: filterOf({ space }) })).lines;

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
});
afterEach(() => cleanup());

describe("a note", () => {
  it("is made with the first key, Private, and its address gets its id", async () => {
    render(NotePage, { params: { space, record: "new" }, query: {} });
    expect(await lines()).toEqual([]);
    await userEvent.type(screen.getByRole("textbox", { name: "Title of the note" }), "After the call");
    expect(await flushAll()).toBe(true);
    const [line] = await lines();
    expect(line).toMatchObject({ title: "After the call", label: "private", state: "note" });
    expect(window.location.hash).toBe(`#/spaces/${space}/notes/${line?.id ?? ""}`);
    expect(host.asked.filter((one) => one.command === "create_record")).toHaveLength(1);
  });

  it("says that it is not saved, keeps the words, and saves them on asking", async () => {
    host.failNext("create_record", "noSpace");
    render(NotePage, { params: { space, record: "new" }, query: {} });
    const title = screen.getByRole("textbox", { name: "Title of the note" });
    await userEvent.type(title, "x");
    await waitFor(() => expect(screen.getByText(/^Not saved\./u)).toBeInTheDocument());
    expect(title).toHaveValue("x");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(async () => expect(await lines()).toHaveLength(1));
  });

  it("becomes Private at once when it turns into an observation", async () => {
    const made = await host.call("create_record", {
      draft: {
        space,
        label: "shareable",
        on: "2026-11-01",
        parent: null,
        asToldBy: null,
        body: { kind: "note", purpose: "note", title: "Tired", text: "", at: null, prompt: null, tags: [] },
      },
    });
    render(NotePage, { params: { space, record: made.line.id }, query: {} });
    await userEvent.click(await screen.findByRole("radio", { name: "Observation" }));
    await waitFor(async () =>
      expect((await lines())[0]).toMatchObject({ label: "private", state: "observation" }),
    );
    expect(screen.queryByRole("button", { name: /Change who may read this/u })).toBeNull();
  });

  it("stays a note, and can be saved on, when it could not be made Private", async () => {
    const { toasts } = await import("../../session/toasts.svelte");
    const made = await host.call("create_record", {
      draft: {
        space,
        label: "shareable",
        on: "2026-11-01",
        parent: null,
        asToldBy: null,
        body: { kind: "note", purpose: "note", title: "Tired", text: "", at: null, prompt: null, tags: [] },
      },
    });
    render(NotePage, { params: { space, record: made.line.id }, query: {} });
    const observation = await screen.findByRole("radio", { name: "Observation" });
    host.failNext("save_record", "noSpace");
    await userEvent.click(observation);
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/The disk is full/u));
    expect(screen.getByRole("radio", { name: "Note" })).toBeChecked();
    expect(observation).not.toBeChecked();
    await userEvent.type(screen.getByRole("textbox", { name: "Title of the note" }), " again");
    expect(await flushAll()).toBe(true);
    expect((await lines())[0]).toMatchObject({ title: "Tired again", label: "shareable", state: "note" });
  });

  it("goes to the bin and comes back", async () => {
    const made = await host.call("create_record", {
      draft: {
        space,
        label: "private",
        on: "2026-11-01",
        parent: null,
        asToldBy: null,
        body: { kind: "note", purpose: "note", title: "Away", text: "", at: null, prompt: null, tags: [] },
      },
    });
    render(NotePage, { params: { space, record: made.line.id }, query: {} });
    await userEvent.click(await screen.findByRole("button", { name: "More for this page" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Move to the bin" }));
    await waitFor(async () => expect(await lines()).toEqual([]));
    const { toasts } = await import("../../session/toasts.svelte");
    await toasts.list.at(-1)?.undo?.();
    expect(await lines()).toHaveLength(1);
  });
});
