import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordLine } from "../bindings";
import { makeFakeHost } from "../ipc/fake";
import { makeMentee } from "../ipc/fake-space";
import { useHost } from "../ipc/host";
import { filterOf } from "./records";
import Timeline from "./Timeline.svelte";

let lines: RecordLine[] = [];
beforeEach(async () => {
  const host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const space = await makeMentee(host);
  for (const [title, on] of [
    ["Older", "2026-11-01"],
    ["Newer", "2026-11-02"],
  ] as const)
    await host.call("create_record", {
      draft: {
        space: space.id,
        label: "private",
        on,
        parent: null,
        asToldBy: null,
        body: { kind: "note", purpose: "note", title, text: "", at: null, prompt: null, tags: [] },
      },
    });
  ({ lines } = await host.call("list_records", { filter: filterOf({ space: space.id }) }));
  render(Timeline, { lines, total: lines.length, onmore: () => undefined });
});
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
  delete document.documentElement.dataset["handedOver"];
});
const entry = (title: string): HTMLElement => screen.getByRole("link", { name: new RegExp(title, "u") });
/** Something one can be in while the list is on the page. */
const put = (html: string, focus: string): void => {
  document.body.insertAdjacentHTML("beforeend", html);
  document.querySelector<HTMLElement>(focus)?.focus();
};

describe("the keys of a timeline", () => {
  it("go along it", async () => {
    await userEvent.keyboard("j");
    expect(entry("Newer")).toHaveFocus();
    await userEvent.keyboard("j");
    expect(entry("Older")).toHaveFocus();
    await userEvent.keyboard("k");
    expect(entry("Newer")).toHaveFocus();
  });

  it.each([
    ["in a dialog", '<dialog open><button id="in">x</button></dialog>'],
    ["in a panel beside its button", '<div role="dialog"><button id="in">x</button></div>'],
    ["in a menu", '<div role="menu"><button role="menuitem" id="in">x</button></div>'],
    ["in a field", '<input id="in">'],
    ["in a page of writing", '<div contenteditable="true" tabindex="0"><b id="in" tabindex="0">x</b></div>'],
  ])("are not taken away from whoever is %s", async (_, html) => {
    put(html, "#in");
    await userEvent.keyboard("jk");
    expect(document.getElementById("in")).toHaveFocus();
  });

  it("do nothing beneath a dialog, though the focus is on the page", async () => {
    put('<dialog open></dialog><button id="on">x</button>', "#on");
    await userEvent.keyboard("j");
    expect(document.getElementById("on")).toHaveFocus();
  });

  it("do nothing while somebody else reads at this computer", async () => {
    document.documentElement.dataset["handedOver"] = "";
    put('<button id="on">x</button>', "#on");
    await userEvent.keyboard("j");
    expect(document.getElementById("on")).toHaveFocus();
  });
});
