/** Starting a meeting in one step, and what is known of one that is held now. */
import type { Meeting, RecordId, RecordView, Space, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import { timeWords, todayIs } from "../words";
import { recordPath, router } from "./links";
import { allLines, changeRecord } from "./records";

/** As long as a meeting is taken to last where nothing is said. */
export const USUAL_MINUTES = 45;
const MS_A_MINUTE = 60_000;

/** A meeting of which nothing is known yet. */
export const emptyMeeting = (): Meeting => ({
  title: "",
  at: null,
  minutes: null,
  medium: "inPerson",
  place: "",
  points: [],
  began: null,
  ended: null,
  phase: "arrive",
});

/** Whether it was started and has not been ended. */
export const isHeld = (meeting: Pick<Meeting, "began" | "ended">): boolean =>
  meeting.began !== null && meeting.ended === null;

/** Whole minutes that are left of a meeting that was started; negative when it is over its time. */
export const minutesLeft = (began: string, minutes: number | null, now: number): number =>
  (minutes ?? USUAL_MINUTES) - Math.floor((now - new Date(began).getTime()) / MS_A_MINUTE);

/** What changes of a meeting when it is started at this moment. */
export const started = (
  meeting: Meeting,
  now: Date,
): Pick<Meeting, "at" | "minutes" | "began" | "phase"> => ({
  at: meeting.at ?? timeWords(now.toISOString()),
  minutes: meeting.minutes ?? USUAL_MINUTES,
  began: now.toISOString(),
  phase: "arrive",
});

/** A meeting that was set down for later than this is not meant by one that starts now. */
const EARLY_MINUTES = 120;
const HOUR_MINUTES = 60;

/** Whether a meeting that was set down for today is the one that starts now: not long before its time, nor after its end. */
export const isDue = (meeting: Meeting, now: Date): boolean => {
  if (meeting.began !== null || meeting.medium === "message") return false;
  if (meeting.at === null) return true;
  const [hours = 0, minutes = 0] = meeting.at.split(":").map(Number);
  const until = hours * HOUR_MINUTES + minutes - (now.getHours() * HOUR_MINUTES + now.getMinutes());
  return until <= EARLY_MINUTES && until + (meeting.minutes ?? USUAL_MINUTES) >= 0;
};

/** The meetings of a day in a notebook, opened: a line does not tell the hour. */
const meetingsOn = async (space: SpaceId, on: string): Promise<RecordView[]> => {
  const lines = await allLines({ space, kinds: ["meeting"], from: on, to: on });
  return Promise.all(lines.map(({ id }) => commands.openRecord({ id })));
};

const make = async (space: SpaceId, on: string, now: Date): Promise<RecordView> => {
  const blank = emptyMeeting();
  const view = await commands.createRecord({
    draft: {
      space,
      label: "private",
      on,
      parent: null,
      asToldBy: null,
      body: { kind: "meeting", ...blank, ...started(blank, now) },
    },
  });
  void spaces.refresh().catch(() => undefined);
  return view;
};

/** Goes on with a meeting that was ended, and to its page; what was set down with its end goes into the bin. */
export const reopenMeeting = async (id: RecordId, next: RecordId | null): Promise<void> => {
  try {
    if (next !== null) await commands.binRecord({ id: next });
    void spaces.refresh().catch(() => undefined);
    await changeRecord("meeting", id, () => ({ ended: null }));
    router.go(recordPath((await commands.openRecord({ id })).line));
  } catch (thrown) {
    toasts.fail(thrown);
  }
};

let starting: Promise<void> | null = null;

/**
 * Goes to the meeting that is held now in this notebook; else starts `planned`, or the one that was set down for now; else
 * makes one. Once, however often it is asked.
 */
export const startMeeting = (space: Pick<Space, "id">, planned?: RecordId): Promise<void> =>
  (starting ??= begin(space.id, planned)
    .catch(toasts.fail)
    .finally(() => (starting = null)));

const begin = async (space: SpaceId, wanted?: RecordId): Promise<void> => {
  const now = new Date();
  const today = todayIs(now);
  const ofToday = await meetingsOn(space, today);
  const held = ofToday.find(({ body }) => body.kind === "meeting" && isHeld(body));
  const planned = ofToday.find(({ line, body }) =>
    wanted === undefined ? body.kind === "meeting" && isDue(body, now) : line.id === wanted,
  );
  if (!held && planned) await changeRecord("meeting", planned.line.id, (meeting) => started(meeting, now));
  router.go(recordPath((held ?? planned ?? (await make(space, today, now))).line));
};
