// "Show only this": the other reads what I heard, and answers, with nothing else of the window in sight.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Space } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { flushAll } from "../../session/drafts";
import { handover } from "../../session/handover.svelte";
import { forgetEverything } from "../../session/locking";
import Heard from "./Heard.svelte";

const WORDS = "You are worried about leaving the lab, and you want your evenings.";
let host: FakeHost;
let space: Space;
let id = "";
const stored = async () => (await host.call("open_record", { id })).body;
const layer = () => within(screen.getByRole("dialog"));
const show = async (): Promise<void> => {
  await userEvent.click(await screen.findByRole("button", { name: "Show only this" }));
};

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
  const draft = {
    space: space.id,
    label: "private" as const,
    on: "2026-11-01",
    parent: null,
    asToldBy: null,
  };
  const meeting = await host.call("create_record", {
    draft: { ...draft, body: emptyBody("meeting") as never },
  });
  const heard = { ...emptyBody("heard"), text: WORDS };
  const made = await host.call("create_record", {
    draft: { ...draft, parent: meeting.line.id, body: heard as never },
  });
  id = made.line.id;
  render(Heard, { space, meeting: meeting.line.id, on: "2026-11-01", id });
});
afterEach(() => {
  cleanup();
  forgetEverything();
  vi.useRealTimers();
});

describe("show only this", () => {
  it("asks the other, with the words and nothing else", async () => {
    await show();
    expect(layer().getByRole("heading")).toHaveTextContent(
      "Daniel, this is what I heard. Is it what you meant?",
    );
    expect(layer().getByText(WORDS)).toBeInTheDocument();
    expect(document.documentElement).toHaveAttribute("data-handed-over");
    expect(handover.on).toBe(true);
    await flushAll();
    expect(await stored()).toMatchObject({ state: "readBack" });
  });
  it("takes the other's yes, and says so", async () => {
    await show();
    await userEvent.click(layer().getByRole("button", { name: "Yes, that is it" }));
    expect(layer().getByRole("status")).toHaveTextContent("You both agree to these words.");
    expect(layer().queryByRole("button", { name: "Let me change a word" })).toBeNull();
    await flushAll();
    expect(await stored()).toMatchObject({ text: WORDS, state: "agreed", correction: "" });
  });
  it("lets the other change words, marks theirs, and keeps mine beside them", async () => {
    await show();
    await userEvent.click(layer().getByRole("button", { name: "Let me change a word" }));
    const field = layer().getByRole("textbox", { name: "In your own words" });
    await waitFor(() => expect(field).toHaveFocus());
    const theirs = WORDS.replace("leaving the lab", "how leaving will look");
    await userEvent.clear(field);
    await userEvent.type(field, theirs);
    await userEvent.click(layer().getByRole("button", { name: "These are my words" }));
    expect(layer().getByText("You put this in your own words.")).toBeInTheDocument();
    const marked = [...document.querySelectorAll("dialog ins")].map((one) => one.textContent);
    expect(marked.join(" ")).toContain("how");
    expect(document.querySelector("dialog del")).toBeNull();
    await userEvent.click(layer().getByRole("button", { name: "Yes, that is it" }));
    await userEvent.click(layer().getByRole("button", { name: /^Turn it back/u }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByText(/agreed to these words/u)).toHaveTextContent("Daniel agreed to these words.");
    expect(screen.getByRole("textbox", { name: "The other’s own words" })).toHaveValue(theirs);
    expect(document.querySelector("del")).not.toBeNull();
    await flushAll();
    expect(await stored()).toMatchObject({ text: WORDS, correction: theirs, state: "agreed" });
  });
  it("changes nothing by words that are left as they were", async () => {
    await show();
    await userEvent.click(layer().getByRole("button", { name: "Let me change a word" }));
    await userEvent.type(layer().getByRole("textbox"), " And more.");
    await userEvent.click(layer().getByRole("button", { name: "Leave it as it was" }));
    await userEvent.click(layer().getByRole("button", { name: "Not quite; keep talking" }));
    await flushAll();
    expect(await stored()).toMatchObject({ text: WORDS, correction: "", state: "readBack" });
    expect(document.documentElement).not.toHaveAttribute("data-handed-over");
  });
  it("is turned back by Esc held for a second, and not by a tap", async () => {
    await show();
    vi.useFakeTimers();
    const box = screen.getByRole("dialog");
    // Whatever was answered before, and wherever the focus went with it.
    await fireEvent.keyDown(document.body, { key: "Escape" });
    vi.advanceTimersByTime(600);
    await fireEvent.keyUp(document.body, { key: "Escape" });
    vi.advanceTimersByTime(2_000);
    expect(handover.on).toBe(true);
    await fireEvent.keyDown(box, { key: "Escape" });
    vi.advanceTimersByTime(600);
    await fireEvent.keyDown(box, { key: "Escape", repeat: true });
    vi.advanceTimersByTime(500);
    vi.useRealTimers();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(handover.on).toBe(false);
  });
  it("keeps what the other is writing with everything else that is saved before locking", async () => {
    await show();
    await userEvent.click(layer().getByRole("button", { name: "Let me change a word" }));
    await userEvent.type(layer().getByRole("textbox"), " And more.");
    expect(await flushAll()).toBe(true);
    expect(await stored()).toMatchObject({
      text: WORDS,
      correction: `${WORDS} And more.`,
      state: "corrected",
    });
    expect(layer().getByRole("textbox")).toHaveValue(`${WORDS} And more.`);
    forgetEverything();
    expect(handover.on).toBe(false);
  });
  it("keeps what the other has written when it is turned back meanwhile", async () => {
    await show();
    await userEvent.click(layer().getByRole("button", { name: "Let me change a word" }));
    await userEvent.type(layer().getByRole("textbox"), " And more.");
    await userEvent.click(layer().getByRole("button", { name: /^Turn it back/u }));
    await waitFor(async () => expect(await stored()).toMatchObject({ correction: `${WORDS} And more.` }));
  });
});
