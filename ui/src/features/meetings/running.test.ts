// A meeting from its start to its end: in one step, with its parts and its time, and what comes after it.
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Meeting, RecordId, Space } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { emptyMeeting, isDue, minutesLeft, startMeeting } from "../../records/meetings";
import { filterOf } from "../../records/records";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { toasts } from "../../session/toasts.svelte";
import { router } from "../../shared/router.svelte";
import { addDays, todayIs } from "../../words";
import MeetingPage from "./MeetingPage.svelte";

configure({ asyncUtilTimeout: 10_000 });
let host: FakeHost;
let space: Space;

const put = async (meeting: Partial<Meeting>, on = todayIs()): Promise<RecordId> => {
  const body = { ...emptyBody("meeting"), ...meeting } as Meeting & { kind: "meeting" };
  const draft = { space: space.id, label: "private" as const, on, parent: null, asToldBy: null, body };
  return (await host.call("create_record", { draft })).line.id;
};
const meetings = async (): Promise<readonly { id: RecordId; on: string; meeting: Meeting }[]> => {
  const { lines } = await host.call("list_records", { filter: filterOf({ kinds: ["meeting"] }) });
  const open = await Promise.all(lines.map(({ id }) => host.call("open_record", { id })));
  return open.map(({ line, body }) => ({ id: line.id, on: line.on, meeting: body as Meeting & typeof body }));
};
const at = (hours: number, minutes: number): Date => new Date(2026, 5, 11, hours, minutes);
const show = (record: RecordId) => render(MeetingPage, { params: { space: space.id, record }, query: {} });

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
  await spaces.refresh();
  router.replace("/today");
});
afterEach(() => {
  cleanup();
  forgetEverything();
  vi.useRealTimers();
});

describe("starting a meeting", () => {
  it("makes one that runs now where none was set down, and goes to it", async () => {
    await startMeeting(space);
    const [made, ...more] = await meetings();
    expect(more).toEqual([]);
    expect(made?.on).toBe(todayIs());
    expect(made?.meeting).toMatchObject({ minutes: 45, phase: "arrive", ended: null });
    expect(made?.meeting.began).not.toBeNull();
    expect(made?.meeting.at).toMatch(/^\d\d:\d\d$/u);
    expect(router.path).toBe(`/spaces/${space.id}/meetings/${made?.id ?? ""}`);
  });
  it("goes back to the one that is held, and never makes two", async () => {
    await Promise.all([startMeeting(space), startMeeting(space)]);
    expect(await meetings()).toHaveLength(1);
    router.replace("/today");
    await startMeeting(space);
    expect(await meetings()).toHaveLength(1);
    expect(router.path).toContain("/meetings/");
  });
  it("starts the one that was set down for now, with what was prepared", async () => {
    const id = await put({ title: "The fellowship", at: null, minutes: 30 });
    await startMeeting(space);
    expect(await meetings()).toMatchObject([
      { id, meeting: { title: "The fellowship", minutes: 30, ended: null } },
    ]);
    expect((await meetings())[0]?.meeting.began).not.toBeNull();
  });
  it("starts the very one that is asked for, however early, and no call that was logged meanwhile", async () => {
    const now = new Date().toISOString();
    await put({ title: "He is late", medium: "call", began: now, ended: now });
    const evening = await put({ title: "The fellowship", at: "23:59" });
    await put({ title: "Another one", at: null });
    await startMeeting(space, evening);
    const began = (await meetings()).filter(
      ({ meeting }) => meeting.began !== null && meeting.ended === null,
    );
    expect(began.map(({ id }) => id)).toEqual([evening]);
  });
  it("leaves alone what was set down for another time of the day, what is over, and what is no meeting", () => {
    const meeting = (hour: string | null, more: Partial<Meeting> = {}): Meeting => ({
      ...emptyMeeting(),
      at: hour,
      minutes: 45,
      ...more,
    });
    expect(isDue(meeting("14:30"), at(14, 20))).toBe(true);
    expect(isDue(meeting("14:30"), at(15, 10))).toBe(true);
    expect(isDue(meeting("14:30"), at(15, 20))).toBe(false);
    expect(isDue(meeting("14:30"), at(9, 0))).toBe(false);
    expect(isDue(meeting(null), at(9, 0))).toBe(true);
    expect(isDue(meeting(null, { medium: "message" }), at(9, 0))).toBe(false);
    expect(isDue(meeting("14:30", { began: at(14, 30).toISOString() }), at(14, 40))).toBe(false);
  });
  it("is offered on the page of a meeting of today only", async () => {
    const { unmount } = show(await put({ at: "14:30" }));
    await userEvent.click(await screen.findByRole("button", { name: "Start meeting" }));
    expect(await screen.findByRole("list", { name: "Parts of the meeting" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Start meeting" })).toBeNull();
    unmount();
    show(await put({ title: "Later" }, addDays(todayIs(), 3)));
    expect(await screen.findByDisplayValue("Later")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Start meeting" })).toBeNull();
  });
});

describe("a meeting that is held", () => {
  const held = (): Promise<RecordId> => put({ began: new Date().toISOString(), at: "14:30", minutes: 45 });

  it("says how much time is left, and how much it is over", () => {
    const began = at(14, 30).toISOString();
    expect(minutesLeft(began, 45, at(14, 44).getTime())).toBe(31);
    expect(minutesLeft(began, null, at(15, 15).getTime())).toBe(0);
    expect(minutesLeft(began, 45, at(15, 20).getTime())).toBe(-5);
  });
  it("shows the time until it is put away", async () => {
    show(await held());
    expect(await screen.findByRole("timer")).toHaveTextContent("45 minutes left");
    await userEvent.click(screen.getByRole("button", { name: "Put the time away" }));
    expect(screen.queryByRole("timer")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Show the time" }));
    expect(screen.getByRole("timer")).toBeInTheDocument();
  });
  it("gives the other the floor first, until they have finished, and keeps where it stands", async () => {
    const id = await held();
    const { unmount } = show(id);
    const parts = within(await screen.findByRole("list", { name: "Parts of the meeting" }));
    expect(parts.getByRole("button", { name: "Arrive" })).toHaveAttribute("aria-current", "step");
    await userEvent.click(parts.getByRole("button", { name: "Listen first" }));
    expect(screen.getByText(/has the floor/u)).toHaveTextContent("Daniel has the floor.");
    await flushAll();
    unmount();
    show(id);
    await userEvent.click(await screen.findByRole("button", { name: "Daniel has finished" }));
    expect(await screen.findByRole("button", { name: "Think together" })).toHaveAttribute(
      "aria-current",
      "step",
    );
    expect(screen.queryByText(/has the floor/u)).toBeNull();
    await flushAll();
    expect((await meetings())[0]?.meeting.phase).toBe("think");
  });
  it("ends with the next one on the day that was agreed", async () => {
    show(await held());
    await userEvent.click(await screen.findByRole("button", { name: "End meeting…" }));
    const box = within(await screen.findByRole("dialog"));
    expect(box.getByText("Nothing was promised.")).toBeInTheDocument();
    await userEvent.clear(box.getByRole("textbox", { name: "Day" }));
    await userEvent.type(box.getByRole("textbox", { name: "Day" }), "in two weeks");
    await userEvent.tab();
    await userEvent.click(box.getByRole("button", { name: "End meeting" }));
    await waitFor(() => expect(router.path).toBe(`/spaces/${space.id}`));
    const all = await meetings();
    expect(all.map(({ on }) => on).sort()).toEqual([todayIs(), addDays(todayIs(), 14)]);
    expect(all.find(({ on }) => on === todayIs())?.meeting.ended).not.toBeNull();
    expect(all.find(({ on }) => on !== todayIs())?.meeting).toMatchObject({
      at: "14:30",
      minutes: 45,
      began: null,
    });
  });
  it("goes on after Undo, and what was set down with its end is in the bin", async () => {
    const id = await held();
    show(id);
    await userEvent.click(await screen.findByRole("button", { name: "End meeting…" }));
    const box = within(await screen.findByRole("dialog"));
    await userEvent.clear(box.getByRole("textbox", { name: "Day" }));
    await userEvent.type(box.getByRole("textbox", { name: "Day" }), "tomorrow");
    await userEvent.tab();
    await userEvent.click(box.getByRole("button", { name: "End meeting" }));
    await waitFor(() => expect(toasts.list.at(-1)?.undo).toBeDefined());
    await toasts.list.at(-1)?.undo?.();
    expect(await meetings()).toMatchObject([{ id, meeting: { ended: null } }]);
    expect(router.path).toBe(`/spaces/${space.id}/meetings/${id}`);
  });
  it("is not ended by a choice that is taken back, nor lost when it cannot be saved", async () => {
    show(await held());
    await userEvent.click(await screen.findByRole("button", { name: "End meeting…" }));
    await userEvent.click(screen.getByRole("button", { name: "Not yet" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect((await meetings())[0]?.meeting.ended).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "End meeting…" }));
    const box = within(await screen.findByRole("dialog"));
    await userEvent.clear(box.getByRole("textbox", { name: "Day" }));
    await userEvent.tab();
    host.failNext("save_record", "noSpace");
    await userEvent.click(box.getByRole("button", { name: "End meeting" }));
    expect(await box.findByRole("alert")).toBeInTheDocument();
    expect(router.path).toBe("/today");
    await userEvent.click(box.getByRole("button", { name: "Not yet" }));
    expect(screen.getByRole("list", { name: "Parts of the meeting" })).toBeInTheDocument();
    await flushAll();
    expect((await meetings())[0]?.meeting.ended).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "End meeting…" }));
    const again = within(await screen.findByRole("dialog"));
    await userEvent.clear(again.getByRole("textbox", { name: "Day" }));
    await userEvent.tab();
    await userEvent.click(again.getByRole("button", { name: "End meeting" }));
    await waitFor(() => expect(router.path).toBe(`/spaces/${space.id}`));
    expect(await meetings()).toHaveLength(1);
  });
});

describe("what is open from before", () => {
  it("is put on the agenda in one step, and taken off again", async () => {
    const promise = { ...emptyBody("commitment"), text: "Ask the reviewers", owner: "them" as const };
    const draft = {
      space: space.id,
      label: "private" as const,
      on: addDays(todayIs(), -20),
      parent: null,
      asToldBy: null,
    };
    const made = await host.call("create_record", { draft: { ...draft, body: promise as never } });
    const other = { ...promise, text: "Send the section" };
    await host.call("create_record", { draft: { ...draft, body: other as never } });
    show(await put({ title: "Two months in" }));
    const put1 = (await screen.findAllByRole("button", { name: /^Put on the agenda: / }))[1];
    if (!put1) throw new Error("two are open");
    await userEvent.click(put1);
    expect(put1).toHaveAttribute("aria-pressed", "true");
    await userEvent.click(put1);
    expect(screen.queryByRole("textbox", { name: "Agenda, point 1" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Put all on the agenda" }));
    expect(screen.getByRole("button", { name: "Put all on the agenda" })).toBeDisabled();
    await flushAll();
    const points = (await meetings())[0]?.meeting.points ?? [];
    expect(points.map(({ text }) => text).sort()).toEqual(["Ask the reviewers", "Send the section"]);
    expect(points.map(({ source }) => source)).toContain(made.line.id);
  });
  it("brings no words where more people may read them", async () => {
    const promise = { ...emptyBody("commitment"), text: "Only for me", owner: "me" as const };
    const base = { space: space.id, on: addDays(todayIs(), -20), parent: null, asToldBy: null };
    await host.call("create_record", {
      draft: { ...base, label: "private" as const, body: promise as never },
    });
    const open = { ...promise, text: "For both" };
    await host.call("create_record", {
      draft: { ...base, label: "shareable" as const, body: open as never },
    });
    const meeting = { ...emptyBody("meeting"), title: "For the committee" };
    const made = await host.call("create_record", {
      draft: { ...base, on: todayIs(), label: "shareable" as const, body: meeting as never },
    });
    show(made.line.id);
    expect(await screen.findByRole("button", { name: "Put on the agenda: For both" })).toBeInTheDocument();
    expect(screen.getByText("Only for me")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Put on the agenda: Only for me" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Put all on the agenda" })).toBeNull();
  });
});
