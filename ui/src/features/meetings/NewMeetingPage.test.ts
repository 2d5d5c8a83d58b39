import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { anyUnsaved, flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import NewMeetingPage from "./NewMeetingPage.svelte";

let host: FakeHost;
let space = "";
const open = () => render(NewMeetingPage, { params: { space }, query: {} });
const title = (): HTMLElement => screen.getByRole("textbox", { name: "Title" });
const met = async () => (await host.call("list_records", { filter: filterOf({ kinds: ["meeting"] }) })).lines;

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("a meeting that is not set down yet", () => {
  it("keeps what was written when its page is left, until it is opened again", async () => {
    const { unmount } = open();
    await userEvent.type(title(), "After the viva");
    await userEvent.type(screen.getByRole("textbox", { name: "Agenda" }), "What next");
    await userEvent.clear(screen.getByRole("textbox", { name: "Minutes" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Minutes" }), "30");
    await userEvent.tab();
    unmount();
    open();
    expect(title()).toHaveValue("After the viva");
    expect(screen.getByRole("textbox", { name: "Agenda" })).toHaveValue("What next");
    expect(screen.getByRole("textbox", { name: "Minutes" })).toHaveValue("30");
    await userEvent.click(screen.getByRole("button", { name: "Set it down" }));
    await waitFor(async () => expect(await met()).toMatchObject([{ title: "After the viva" }]));
    expect(anyUnsaved()).toBe(false);
    cleanup();
    open();
    expect(title()).toHaveValue("");
  });

  it.each([
    ["Day", "soonish"],
    ["Time", "at noon"],
    ["Minutes", "long"],
  ])("is not set down while nobody can tell its %s", async (name, typed) => {
    open();
    await userEvent.type(title(), "After the viva");
    const field = screen.getByRole("textbox", { name });
    await userEvent.clear(field);
    await userEvent.type(field, typed);
    await userEvent.click(screen.getByRole("button", { name: "Set it down" }));
    expect(field).toHaveFocus();
    expect(field).toBeInvalid();
    expect(await met()).toEqual([]);
  });

  it("has locking and closing ask, and is never set down by them", async () => {
    const { unmount } = open();
    expect(await flushAll()).toBe(true);
    await userEvent.type(title(), "After");
    expect(await flushAll()).toBe(false);
    unmount();
    expect(await flushAll()).toBe(false);
    expect(await met()).toEqual([]);
  });

  it("has nothing to ask about once it is cancelled, or when only a choice was made", async () => {
    const { unmount } = open();
    await userEvent.click(screen.getByRole("combobox", { name: "How" }));
    expect(anyUnsaved()).toBe(false);
    await userEvent.type(title(), "After");
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(anyUnsaved()).toBe(false);
    unmount();
    open();
    expect(title()).toHaveValue("");
  });
});
