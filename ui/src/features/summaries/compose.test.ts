// The composer as a whole: what it asks the host for, what it says and does while agreeing, and how a file is stopped.
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordId, SpaceId, SummaryText, SummaryView } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { toasts } from "../../session/toasts.svelte";
import { addDays, todayIs } from "../../words";
import ComposerPage from "./ComposerPage.svelte";

const SLOW_MS = 60_000;
let host: FakeHost;
let space: SpaceId = "";
let user: ReturnType<typeof userEvent.setup>;
const asked = (command: string): number => host.asked.filter((one) => one.command === command).length;

const note = async (title: string, day: number): Promise<RecordId> => {
  const draft = {
    space,
    label: "shareable" as const,
    on: `2026-03-${String(day).padStart(2, "0")}`,
    parent: null,
    asToldBy: null,
    body: { ...emptyBody("note"), title } as never,
  };
  return (await host.call("create_record", { draft })).line.id;
};
const summary = async (part: Partial<SummaryText> = {}): Promise<SummaryView> =>
  host.call("create_summary", {
    space,
    text: {
      title: "A year",
      purpose: "Review",
      audience: "",
      from: "2026-01-01",
      to: "2026-12-31",
      expires: null,
      paragraphs: [{ heading: false, sentences: [{ text: "It went well.", sources: [] }] }],
      evidence: [],
      ...part,
    },
  });
const agreeTo = async (view: SummaryView): Promise<void> => {
  let { revision } = view;
  for (const [by, name] of [
    ["me", "Helen"],
    ["them", "Daniel"],
  ] as const)
    ({ revision } = await host.call("consent_summary", { id: view.line.id, revision, by, name }));
};
const open = async ({ line }: SummaryView): Promise<void> => {
  render(ComposerPage, { params: { record: line.id }, query: {} });
  await screen.findByRole("textbox", { name: "Title" });
};
const rows = (): string[] =>
  within(screen.getByRole("region", { name: "Evidence" }))
    .getAllByRole("checkbox")
    .map((box) => box.getAttribute("aria-label") ?? "");

beforeEach(async () => {
  forgetEverything();
  for (const toast of toasts.list) toasts.close(toast.id);
  user = userEvent.setup();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
});

describe("the evidence beside the page", { timeout: SLOW_MS }, () => {
  it("is read once, however much is written and saved, and again for another time", async () => {
    await note("The seminar", 1);
    await open(await summary());
    await screen.findByText("The seminar");
    expect(asked("evidence")).toBe(1);
    await user.type(screen.getByRole("textbox", { name: "Title" }), ", told");
    expect(await flushAll()).toBe(true);
    await user.type(screen.getByRole("textbox", { name: "Written for" }), "The board");
    expect(await flushAll()).toBe(true);
    expect(asked("save_summary")).toBe(2);
    expect(asked("evidence")).toBe(1);
    const from = screen.getByLabelText("From");
    await user.clear(from);
    await user.type(from, "1 February 2026{Enter}");
    await user.tab();
    await waitFor(() => expect(asked("evidence")).toBe(2));
    expect(host.asked.findLast((one) => one.command === "evidence")?.asked).toMatchObject({
      from: "2026-02-01",
    });
  });

  it("stays in its order under the hand that ticks it", async () => {
    await note("First", 1);
    await note("Second", 2);
    await note("Third", 3);
    await open(await summary());
    const before = ["Use: Third", "Use: Second", "Use: First"];
    await waitFor(() => expect(rows()).toEqual(before));
    await user.click(screen.getByRole("checkbox", { name: "Use: First" }));
    expect(await flushAll()).toBe(true);
    await waitFor(() => expect(screen.getByText("1 of 3 used")).toBeInTheDocument());
    expect(rows()).toEqual(before);
  });

  it("has a mark of its own on the page for each source", async () => {
    const [one, two] = [await note("The seminar", 1), await note("The talk", 2)];
    const paragraphs = [{ heading: false, sentences: [{ text: "He taught well.", sources: [one, two] }] }];
    await open(await summary({ paragraphs, evidence: [one, two] }));
    const page = screen.getByRole("textbox", { name: "The page" });
    const marks = (): (string | undefined)[] =>
      [...page.querySelectorAll<HTMLElement>(".src-one")].map((mark) => mark.dataset["number"]);
    expect(marks()).toEqual(["1", "2"]);
    await user.click(await screen.findByRole("checkbox", { name: "Use: The seminar" }));
    await waitFor(() => expect(marks()).toEqual(["1"]));
  });

  it("shows its level anew once both have agreed", async () => {
    const source = await note("The seminar", 1);
    const paragraphs = [{ heading: false, sentences: [{ text: "He taught well.", sources: [source] }] }];
    const view = await summary({ paragraphs, evidence: [source] });
    await open(view);
    const evidence = within(screen.getByRole("region", { name: "Evidence" }));
    expect(await evidence.findByText("Shareable")).toBeInTheDocument();
    for (const [button, field, name] of [
      [/^I agree to version 1/u, "Your name", "Helen"],
      [/^Daniel is here and agrees/u, "Type your own name", "Daniel"],
    ] as const) {
      await user.click(screen.getByRole("button", { name: button }));
      await user.clear(await screen.findByRole("textbox", { name: field }));
      await user.type(screen.getByRole("textbox", { name: field }), name);
      await user.click(screen.getByRole("button", { name: "I have read it and agree" }));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }
    expect(await evidence.findByText("Agreed")).toBeInTheDocument();
  });
});

describe("agreeing", { timeout: SLOW_MS }, () => {
  it("is asked for only once the words are saved; that they are not is said", async () => {
    await open(await summary());
    host.failNext("save_summary", "noSpace");
    await user.type(screen.getByRole("textbox", { name: "Title" }), "!");
    await user.click(screen.getByRole("button", { name: /^Daniel is here and agrees/u }));
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/The disk is full/u));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByText(/^Not saved/u)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /^Daniel is here and agrees/u }));
    expect(await screen.findByRole("dialog", { name: "For Daniel Rhee to read" })).toBeInTheDocument();
  });

  it("says so when what the page rests on cannot be read", async () => {
    const source = await note("The seminar", 1);
    const paragraphs = [{ heading: false, sentences: [{ text: "He taught well.", sources: [source] }] }];
    await open(await summary({ paragraphs, evidence: [source] }));
    host.failNext("open_record", "storage");
    await user.click(screen.getByRole("button", { name: /^I agree to version 1/u }));
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/store did not answer/u));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("is not asked for once the last day has passed: that is said, and export is shut", async () => {
    const view = await summary({ expires: addDays(todayIs(), -1) });
    await open(view);
    expect(screen.getByText(/the last day for using this has passed/u)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /agree/u })).toBeNull();
    expect(screen.getByRole("button", { name: "Export" })).toBeDisabled();
  });

  it("does not keep export open past the last day", async () => {
    const view = await summary({ expires: addDays(todayIs(), -1) });
    await agreeTo(view);
    await open(view);
    expect(screen.getByRole("button", { name: "Export" })).toBeDisabled();
    expect(screen.getByText(/the last day for using this has passed/u)).toBeInTheDocument();
  });
});

describe("a file that is being made", { timeout: SLOW_MS }, () => {
  it("can be stopped once, quietly, and what was filled in is still there", async () => {
    host = makeFakeHost({ seed: "empty", delay: 60 });
    useHost(host);
    space = (await makeMentee(host)).id;
    await spaces.refresh();
    const view = await summary({ audience: "The board" });
    await agreeTo(view);
    await open(view);
    await user.click(screen.getByRole("button", { name: "Export" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByRole("textbox", { name: "To whom" })).toHaveValue("The board");
    await user.clear(dialog.getByRole("textbox", { name: "To whom" }));
    await user.type(dialog.getByRole("textbox", { name: "To whom" }), "Dr Okafor");
    await user.click(dialog.getByRole("radio", { name: "Markdown" }));
    dialog.getByRole("button", { name: "Save the file…" }).click();
    const stop = await dialog.findByRole("button", { name: "Stop" });
    stop.click();
    await waitFor(() => expect(stop).toHaveAttribute("aria-busy", "true"));
    stop.click();
    await user.keyboard("{Escape}");
    expect(await dialog.findByRole("button", { name: "Cancel" })).not.toHaveAttribute("aria-busy");
    expect(asked("cancel_task")).toBe(1);
    expect(dialog.queryByRole("alert")).toBeNull();
    expect(toasts.list).toEqual([]);
    expect(dialog.getByRole("textbox", { name: "To whom" })).toHaveValue("Dr Okafor");
    expect(dialog.getByRole("radio", { name: "Markdown" })).toBeChecked();
    expect(await host.call("list_disclosures", { space })).toMatchObject({ entries: [] });

    // And nothing stands in the way of trying again, or of leaving.
    await user.click(dialog.getByRole("button", { name: "Save the file…" }));
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/Saved as summary\.md/u));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
