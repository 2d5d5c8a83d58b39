import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyBody, makeFakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { commands } from "../../ipc/commands";
import EvidencePane from "./EvidencePane.svelte";

let copied: string[] = [];
const shown = async (title: string, words: string): Promise<void> => {
  const space = await commands.createSpace({
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
  const { line } = await commands.createRecord({
    draft: {
      space: space.id,
      label: "shareable",
      on: "2026-03-02",
      parent: null,
      asToldBy: null,
      body: emptyBody("note"),
    },
  });
  const list = { mayBeUsed: [{ line: { ...line, title }, words }], stays: [], unreadable: 0 };
  const text = {
    title: "",
    purpose: "",
    audience: "",
    from: "2026-01-01",
    to: "2026-12-31",
    expires: null,
    paragraphs: [],
    evidence: [line.id],
  };
  const nothing = (): void => undefined;
  render(EvidencePane, {
    list: list as never,
    error: null,
    text,
    numbers: new Map(),
    here: null,
    fixed: false,
    onperiod: nothing,
    onchoose: nothing,
    oncite: nothing,
    oninsert: (_source: string, said: string) => copied.push(said),
    onretry: nothing,
  });
  await userEvent.click(screen.getByRole("button", { name: "Copy its words onto the page" }));
};
beforeEach(() => {
  copied = [];
  useHost(makeFakeHost({ seed: "empty" }));
});
afterEach(() => cleanup());

describe("evidence", () => {
  it("is told line by line, and its first line is copied", async () => {
    await shown("Draw the figures", "Draw the figures\nHave it read\nSend it");
    expect(screen.getByText("Draw the figures")).toBeInTheDocument();
    expect(screen.getByText("Have it read · Send it")).toBeInTheDocument();
    expect(copied).toEqual(["Draw the figures"]);
  });
  it("whose title is its first words, cut short, is told once, and its first sentence is copied", async () => {
    await shown("Dr. Rhee spoke without…", "Dr. Rhee spoke without notes. Everybody listened.");
    expect(screen.getByText("Dr. Rhee spoke without notes. Everybody listened.")).toBeInTheDocument();
    expect(screen.queryByText(/…/u)).toBeNull();
    expect(copied).toEqual(["Dr. Rhee spoke without notes."]);
  });
  it("that has no words but its title copies that", async () => {
    await shown("The seminar", "");
    expect(copied).toEqual(["The seminar"]);
  });
});
