/** Small things about records that several screens say and do alike. */
import type { Owner, RecordFilter, RecordId, RecordLine, RecordView, Space, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import type { IconName } from "../shared/icons";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import { t, todayIs } from "../words";
import type { BodyOf, Kind as BodyKind } from "./doc.svelte";
import { docInHand } from "./useDoc.svelte";

/** As many lines as a list shows at once; "Show more" asks for as many again. */
export const PAGE_LINES = 60;

export const filterOf = (part: Partial<RecordFilter>): RecordFilter => ({
  space: null,
  kinds: [],
  labels: [],
  states: [],
  parent: null,
  from: null,
  to: null,
  binned: false,
  offset: 0,
  limit: PAGE_LINES,
  ...part,
});

type Kind = Pick<RecordLine, "kind" | "state"> & Partial<Pick<RecordLine, "owner" | "space">>;

/** As many lines as the host is asked for at once where all are wanted. */
const LOT_LINES = 500;

/** Every line that passes a filter, however many there are, the newest first. */
export const allLines = async (
  part: Omit<Partial<RecordFilter>, "offset" | "limit">,
): Promise<RecordLine[]> => {
  const lines = new Map<RecordId, RecordLine>();
  for (let offset = 0; ; offset += LOT_LINES) {
    const page = await commands.listRecords({ filter: filterOf({ ...part, offset, limit: LOT_LINES }) });
    // A record that comes in between two lots moves the others along; none may stand twice.
    for (const line of page.lines) lines.set(line.id, line);
    if (page.lines.length === 0 || offset + page.lines.length >= page.total) return [...lines.values()];
  }
};

/** What is still promised: every one of it, also what has long been overdue. */
export const openPromises = (space: SpaceId): Promise<RecordLine[]> =>
  allLines({ space, kinds: ["commitment"], states: ["open"] });

/** The states of a promise that is no longer open. One that was agreed anew is settled: the new one is another record. */
export const SETTLED: readonly PromiseState[] = ["kept", "renegotiated", "missed"];

/** What is said of a record's kind: "Feedback you gave", "Daniel kept a promise". On the screen: `KindWords`. */
export const kindWords = (line: Kind, name: string | null = keptBy(line)): string => {
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
      switch (line.state) {
        case "kept":
          return keptWords(line.owner, name);
        case "missed":
          return t("records-kind-promise-missed");
        case "renegotiated":
          return t("records-kind-promise-anew");
        default:
          return t("records-kind-promise");
      }
    case "person":
      return t("records-kind-person");
  }
};

const keptWords = (owner: Kind["owner"], name: string | null): string => {
  if (owner === "me") return t("records-kind-kept-by-me");
  if (owner === "both") return t("records-kind-kept-by-both");
  return name === null ? t("records-kind-promise-kept") : t("records-kind-kept-by-them", { name });
};

/** Whose name the words of a record's kind hold: that of the other, who kept a promise. */
export const keptBy = ({ kind, state, owner, space }: Kind): string | null => {
  if (kind !== "commitment" || state !== "kept" || owner !== "them" || space === undefined) return null;
  const of = spaces.byId(space);
  return of?.kind === "relationship" ? shortName(of) : null;
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

/** The name by which one speaks to somebody: "Dr Amara Nwosu" is Amara. */
export const firstName = (name: string): string =>
  name
    .split(/\s+/u)
    .find((part) => part !== "" && !STYLES_OF_ADDRESS.has(part.toLowerCase().replace(".", ""))) ??
  name.trim();

/** The name by which one speaks of whom a notebook is about. A circle keeps its whole name. */
export const shortName = (space: Pick<Space, "name" | "kind">): string =>
  space.kind === "relationship" ? firstName(space.name) : space.name;

/** "You", the other's name, or "Both of you". */
export const ownerWords = (owner: Owner, space: Pick<Space, "name" | "kind"> | undefined): string =>
  owner === "me"
    ? t("records-owner-me")
    : owner === "both"
      ? t("records-owner-both")
      : space
        ? shortName(space)
        : t("records-owner-them");

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
  const settledOn = state === "open" ? null : todayIs();
  const before = await changeRecord("commitment", id, () => ({ state, settledOn }));
  void spaces.refresh().catch(() => undefined);
  return before?.state ?? state;
};

/**
 * Changes a record by a button: in the document in hand where it is being written in, for a change behind its back would make
 * its next save one from an older revision. Returns the body before; null where the record is of another kind.
 */
export const changeRecord = async <K extends BodyKind>(
  kind: K,
  id: RecordId,
  patch: (body: BodyOf<K>) => Partial<Omit<BodyOf<K>, "kind">>,
): Promise<BodyOf<K> | null> => {
  const doc = docInHand(kind, id);
  if (doc) {
    const before = doc.body;
    doc.change(patch(before), { now: true });
    if (!(await doc.flush())) throw doc.error;
    return before;
  }
  const view = await commands.openRecord({ id });
  if (view.body.kind !== kind) return null;
  const before = view.body as BodyOf<K>;
  await commands.saveRecord({ change: changeOf(view, { ...before, ...patch(before) }) });
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
