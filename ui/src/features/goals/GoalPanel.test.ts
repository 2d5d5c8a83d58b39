import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Goal } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { anyUnsaved, flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { router } from "../../shared/router.svelte";
import GoalPanel from "./GoalPanel.svelte";
import NewGoal from "./NewGoal.svelte";
import SpaceGoalsPage from "./SpaceGoalsPage.svelte";

let host: FakeHost;
let space = "";
let id = "";
const goal = async (): Promise<Goal> => {
  const { body } = await host.call("open_record", { id });
  if (body.kind !== "goal") throw new Error("not a goal");
  return body;
};
const open = async () => {
  const shown = render(GoalPanel, { id, onchanged: () => Promise.resolve(), onclose: () => undefined });
  await screen.findByRole("textbox", { name: "Another step" });
  return shown;
};
const step = (): HTMLElement => screen.getByRole("textbox", { name: "Another step" });
const told = (): HTMLElement => screen.getByRole("textbox", { name: "What happened" });
const next = (): HTMLElement => screen.getByRole("textbox", { name: "What next" });

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
  const record = await host.call("create_record", {
    draft: {
      space,
      label: "private",
      on: "2026-11-01",
      parent: null,
      asToldBy: null,
      body: {
        ...(emptyBody("goal") as Extract<ReturnType<typeof emptyBody>, { kind: "goal" }>),
        title: "Lead a study",
        milestones: [{ id: "s1", text: "Find a place", due: null, doneOn: null }],
      },
    },
  });
  id = record.line.id;
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("what is written on a goal and not added", () => {
  it("is added when the goal is left: a step, and a report of what happened", async () => {
    const { unmount } = await open();
    await userEvent.type(step(), "Ask Amara");
    await userEvent.click(screen.getByRole("radio", { name: "Was hard" }));
    await userEvent.type(told(), "No answer yet");
    await userEvent.type(next(), "Ring her");
    unmount();
    await waitFor(async () => expect((await goal()).reports).toHaveLength(1));
    const { milestones, reports } = await goal();
    expect(milestones.map(({ text }) => text)).toEqual(["Find a place", "Ask Amara"]);
    expect(reports).toMatchObject([{ text: "No answer yet", next: "Ring her", outcome: "difficulty" }]);
    expect(anyUnsaved()).toBe(false);
  });

  it("is added by locking and closing, once", async () => {
    await open();
    await userEvent.type(step(), "Ask Amara");
    await userEvent.type(told(), "No answer yet");
    expect(await flushAll()).toBe(true);
    expect(await flushAll()).toBe(true);
    const { milestones, reports } = await goal();
    expect(milestones).toHaveLength(2);
    expect(reports).toHaveLength(1);
    await waitFor(() => expect(told()).toHaveValue(""));
  });

  it("waits, and has locking ask, when it says only what comes next", async () => {
    const { unmount } = await open();
    await userEvent.type(next(), "Ring her");
    unmount();
    expect(await flushAll()).toBe(false);
    expect((await goal()).reports).toEqual([]);
    await open();
    expect(next()).toHaveValue("Ring her");
  });

  it("is added when it cannot be saved at first, once there is room again", async () => {
    const { unmount } = await open();
    await userEvent.type(step(), "Ask Amara");
    host.failNext("save_record", "noSpace");
    unmount();
    expect(await flushAll()).toBe(false);
    expect(anyUnsaved()).toBe(true);
    expect(await flushAll()).toBe(true);
    expect((await goal()).milestones).toHaveLength(2);
  });

  it("is saved letter by letter where the words of a step are changed", async () => {
    const { unmount } = await open();
    await userEvent.click(screen.getByRole("button", { name: "Change the step: Find a place" }));
    await userEvent.type(screen.getByRole("textbox", { name: "The step" }), " to work");
    unmount();
    expect(await flushAll()).toBe(true);
    expect((await goal()).milestones[0]?.text).toBe("Find a place to work");
  });

  it("is forgotten when the vault is locked", async () => {
    const { unmount } = await open();
    await userEvent.type(step(), "secret");
    forgetEverything();
    unmount();
    expect(await flushAll()).toBe(true);
    expect((await goal()).milestones).toHaveLength(1);
    await open();
    expect(step()).toHaveValue("");
  });
});

describe("a goal begun and not made", () => {
  it("is there again when its page is opened again, and is made by locking", async () => {
    const question = (): HTMLElement => screen.getByRole("textbox", { name: /good one\?$/u });
    const { unmount } = render(NewGoal, { space, onmade: () => undefined });
    await userEvent.type(question(), "Write a book");
    unmount();
    const again = render(NewGoal, { space, onmade: () => undefined });
    expect(question()).toHaveValue("Write a book");
    again.unmount();
    expect(await flushAll()).toBe(true);
    const { lines } = await host.call("list_records", { filter: filterOf({ kinds: ["goal"] }) });
    expect(lines.map(({ title }) => title).sort()).toEqual(["Lead a study", "Write a book"]);
  });
});

describe("how sure I am", () => {
  it("stands at nothing until it is said, and nothing can be said", async () => {
    await open();
    const slider = screen.getByRole("slider", { name: /How sure I am/u });
    expect(slider).toHaveValue("0");
    expect(slider).toHaveAttribute("aria-valuetext", "not said");
    await fireEvent.pointerUp(slider);
    await waitFor(async () => expect((await goal()).confidence).toBe(0));
    await waitFor(() => expect(slider).toHaveAttribute("aria-valuetext", "0 of 10"));
  });
});

describe("closing a goal", () => {
  it("returns the focus to the lane that opened it", async () => {
    router.replace(`/spaces/${space}/goals/${id}`);
    const { rerender } = render(SpaceGoalsPage, { params: { space, record: id }, query: {} });
    await userEvent.click(await screen.findByRole("button", { name: "Close" }));
    expect(router.path).toBe(`/spaces/${space}/goals`);
    await rerender({ params: { space }, query: {} });
    await waitFor(() => expect(screen.getByRole("link", { name: /Lead a study/u })).toHaveFocus());
  });
});
