// What is still promised is carried over into every meeting, however long ago it was promised and whatever was since.
import { configure, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordBody, RecordId, SpaceId } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { addDays, todayIs } from "../../words";
import MeetingPage from "./MeetingPage.svelte";
import NewMeetingPage from "./NewMeetingPage.svelte";

const SLOW_MS = 60_000;
/** A long list takes its time where nothing is laid out. */
configure({ asyncUtilTimeout: 10_000 });
/** More than one page of a list. */
const OPEN = 61;
const SETTLED = 60;
let host: FakeHost;
let space: SpaceId = "";
let meeting: RecordId = "";

const put = async (
  body: Partial<RecordBody> & { kind: RecordBody["kind"] },
  daysAgo: number,
  parent: RecordId | null = null,
): Promise<RecordId> => {
  const draft = {
    space,
    label: "private" as const,
    on: addDays(todayIs(), -daysAgo),
    parent,
    asToldBy: null,
    body: { ...emptyBody(body.kind), ...body } as RecordBody,
  };
  return (await host.call("create_record", { draft })).line.id;
};
const many = (count: number, make: (n: number) => Promise<RecordId>): Promise<RecordId[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await many(OPEN, (n) => put({ kind: "commitment", text: `Still open ${n}` }, 300));
  meeting = await put({ kind: "meeting", title: "Two months in" }, 5);
  await many(SETTLED, (n) => put({ kind: "commitment", text: `Kept ${n}`, state: "kept" }, 5));
  await put({ kind: "commitment", text: "Promised here, and kept", state: "kept" }, 5, meeting);
  await spaces.refresh();
});

describe("what is still promised", () => {
  it(
    "is carried over into a meeting, beside all that was promised in it",
    async () => {
      render(MeetingPage, { params: { space, record: meeting }, query: {} });
      await waitFor(() => expect(screen.getAllByText(/^Still open/u)).toHaveLength(OPEN));
      expect(await screen.findByText("Promised here, and kept")).toBeInTheDocument();
      expect(screen.queryByText("Kept 0")).toBeNull();
    },
    SLOW_MS,
  );
  it(
    "is carried over into a new meeting",
    async () => {
      render(NewMeetingPage, { params: { space }, query: {} });
      await waitFor(() => expect(screen.getAllByText(/^Still open/u)).toHaveLength(OPEN));
    },
    SLOW_MS,
  );
});
