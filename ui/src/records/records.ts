/** Small things about records that several screens say and do alike. */
import type { Owner, RecordFilter, RecordId, RecordLine, RecordView, Space } from "../bindings";
import { commands } from "../ipc/commands";
import type { IconName } from "../shared/icons";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import { daysBetween, dayWords, t, todayIs } from "../words";

/** As many lines as a list shows at once; "Show more" asks for as many again. */
export const PAGE_LINES = 60;

export const filterOf = (part: Partial<RecordFilter>): RecordFilter => ({
  space: null,
  kinds: [],
  labels: [],
  parent: null,
  from: null,
  to: null,
  binned: false,
  offset: 0,
  limit: PAGE_LINES,
  ...part,
});

/** What is said of a record's kind: "Feedback you gave", "Promise kept". */
export const kindWords = (line: Pick<RecordLine, "kind" | "state">): string => {
  switch (line.kind) {
    case "note":
      return line.state === "journal"
        ? t("records-kind-journal")
        : line.state === "observation"
          ? t("records-kind-observation")
          : line.state === "meetingNotes"
            ? t("records-kind-meeting-notes")
            : t("records-kind-note");
    case "meeting":
      return t("records-kind-meeting");
    case "heard":
      return t("records-kind-heard");
    case "goal":
      return line.state === "reached" ? t("records-kind-goal-reached") : t("records-kind-goal");
    case "feedback":
      return line.state === "received"
        ? t("records-kind-feedback-received")
        : t("records-kind-feedback-given");
    case "commitment":
      return line.state === "kept"
        ? t("records-kind-promise-kept")
        : line.state === "missed"
          ? t("records-kind-promise-missed")
          : t("records-kind-promise");
    case "person":
      return t("records-kind-person");
  }
};

export const kindIcon = (line: Pick<RecordLine, "kind" | "state">): IconName => {
  switch (line.kind) {
    case "note":
      return line.state === "journal" ? "notebook-pen" : line.state === "observation" ? "eye" : "file-text";
    case "meeting":
      return "users";
    case "heard":
      return "message";
    case "goal":
      return "target";
    case "feedback":
      return "feedback";
    case "commitment":
      return "circle-check";
    case "person":
      return "user";
  }
};

const STYLES_OF_ADDRESS = new Set([
  "dr",
  "prof",
  "professor",
  "mr",
  "mrs",
  "ms",
  "miss",
  "mx",
  "sir",
  "dame",
  "rev",
]);

/** The name by which one speaks of somebody: "Dr Amara Nwosu" is Amara. A circle keeps its whole name. */
export const shortName = (space: Pick<Space, "name" | "kind">): string => {
  if (space.kind !== "relationship") return space.name;
  const parts = space.name.split(/\s+/u).filter((part) => part !== "");
  return parts.find((part) => !STYLES_OF_ADDRESS.has(part.toLowerCase().replace(".", ""))) ?? space.name;
};

/** "You", the other's name, or "Both of you". */
export const ownerWords = (owner: Owner, space: Pick<Space, "name" | "kind"> | undefined): string =>
  owner === "me"
    ? t("records-owner-me")
    : owner === "both"
      ? t("records-owner-both")
      : space
        ? shortName(space)
        : t("records-owner-them");

const WEEK_DAYS = 7;

/** "today", "six days late", "Friday 19 June". */
export const dueWords = (due: string, today: string = todayIs()): string => {
  const days = daysBetween(today, due);
  if (days < 0) return t("shared-days-late", { days: -days });
  if (days === 0) return t("shared-today");
  if (days === 1) return t("shared-tomorrow");
  return dayWords(due, days < WEEK_DAYS ? "weekday" : "day", today);
};

/** Puts a record in the bin, and offers to put it back. `done` reloads what is on the screen. */
export const bin = async (id: RecordId, done: () => unknown): Promise<boolean> => {
  try {
    await commands.binRecord({ id });
  } catch (thrown) {
    toasts.fail(thrown);
    return false;
  }
  void spaces.refresh().catch(() => undefined);
  toasts.say(t("records-binned"), async () => {
    try {
      await commands.unbinRecord({ id });
      void spaces.refresh().catch(() => undefined);
      await done();
    } catch (thrown) {
      toasts.fail(thrown);
    }
  });
  await done();
  return true;
};

type PromiseState = "open" | "kept" | "renegotiated" | "missed";

/** Settles a promise, or opens it again, and offers to take that back. */
export const settlePromise = async (
  id: RecordId,
  state: PromiseState,
  done: () => unknown,
): Promise<void> => {
  try {
    const before = await settle(id, state);
    await done();
    toasts.say(t(`records-promise-now-${state}`), async () => {
      try {
        await settle(id, before);
        await done();
      } catch (thrown) {
        toasts.fail(thrown);
      }
    });
  } catch (thrown) {
    toasts.fail(thrown);
    await done();
  }
};

const settle = async (id: RecordId, state: PromiseState): Promise<PromiseState> => {
  const view = await commands.openRecord({ id });
  if (view.body.kind !== "commitment") return state;
  const before = view.body.state;
  await commands.saveRecord({
    change: changeOf(view, { ...view.body, state, settledOn: state === "open" ? null : todayIs() }),
  });
  void spaces.refresh().catch(() => undefined);
  return before;
};

/** The change that only gives a record a new body. */
export const changeOf = (view: RecordView, body: RecordView["body"]) => ({
  id: view.line.id,
  revision: view.revision,
  label: view.line.label === "agreed" ? ("shareable" as const) : view.line.label,
  on: view.line.on,
  asToldBy: view.line.asToldBy,
  body,
});
