/**
 * One record while it is being written: its words, its level, its day, and whether they are saved.
 *
 * A new record is made with its first key. What could not be saved when its page was left is kept here and is there
 * again when the page is opened again.
 */
import type {
  Day,
  Label,
  RecordBody,
  RecordDraft,
  RecordId,
  RecordLine,
  RecordView,
  SpaceId,
} from "../bindings";
import { makeAutosave, type SavingState } from "../editor/autosave.svelte";
import { codeOf } from "../ipc/errors";
import { commands } from "../ipc/commands";
import { onLock } from "../session/locking";
import { spaces } from "../session/spaces.svelte";

export type Kind = RecordBody["kind"];
export type BodyOf<K extends Kind> = Extract<RecordBody, { kind: K }>;

/** What is saved together. */
interface Written {
  readonly body: RecordBody;
  readonly label: Label;
  readonly on: Day;
  readonly asToldBy: string | null;
}

export interface Doc<K extends Kind> {
  /** Null until the first key of a new record. */
  readonly id: RecordId | null;
  readonly line: RecordLine | null;
  readonly revision: number;
  readonly body: BodyOf<K>;
  readonly label: Label;
  readonly on: Day;
  readonly asToldBy: string | null;
  readonly saving: SavingState;
  readonly error: unknown;
  /** Not saved because the record was changed elsewhere meanwhile: `retry` then keeps both, these words as the newest. */
  readonly conflict: boolean;
  /** Changes with every reading from outside (undo, restore), so that editors know to show the new words. */
  readonly read: number;
  readonly change: (patch: Partial<Omit<BodyOf<K>, "kind">>, options?: { now?: boolean }) => void;
  /** The notebook it is in. */
  readonly space: SpaceId;
  readonly setLabel: (label: Label) => Promise<boolean>;
  /** Another day. A day alone does not make a new record. */
  readonly setOn: (on: Day) => void;
  readonly setAsToldBy: (name: string | null) => void;
  readonly flush: () => Promise<boolean>;
  /** Tries again; after a conflict it saves these words as the newest version and keeps the other as an earlier one. */
  readonly retry: () => Promise<boolean>;
  readonly undo: () => Promise<void>;
  readonly restore: (revision: number) => Promise<void>;
  readonly close: () => Promise<boolean>;
}

/** What the bar above a page needs, whatever is written on the page. */
export type AnyDoc = Omit<Doc<Kind>, "body" | "change">;

/** Documents that hold unsaved words or are on the screen, by record. */
const held = new Map<RecordId, { doc: Doc<Kind>; forget: () => void; reopen: () => void }>();
const fresh = new Set<() => void>();

onLock(() => {
  for (const { forget } of held.values()) forget();
  for (const forget of fresh) forget();
  held.clear();
  fresh.clear();
});

/** Drops what is held of a notebook that is no more, or only of what is sealed in it. */
export const forgetDocs = (space: SpaceId, which: "all" | "sealed" = "all"): void => {
  for (const [id, { doc, forget }] of held)
    if (doc.space === space && (which === "all" || doc.label === "sealed")) {
      forget();
      held.delete(id);
    }
};

/** Opens a record to be written in; the words of an unsaved earlier visit win over what is stored. */
export const openDoc = async <K extends Kind>(kind: K, id: RecordId): Promise<Doc<K>> => {
  const known = held.get(id);
  if (known && known.doc.body.kind === kind) {
    known.reopen();
    return known.doc as unknown as Doc<K>;
  }
  return makeDoc<K>(await commands.openRecord({ id }));
};

/** A record that is made with its first key. `made` is told its id. */
export const newDoc = <K extends Kind>(
  draft: Omit<RecordDraft, "body"> & { body: BodyOf<K> },
  made?: (id: RecordId) => void,
): Doc<K> => makeDoc<K>(draft, made);

const isView = (from: RecordView | RecordDraft): from is RecordView => "line" in from;

/** "Agreed" is derived: such a record is Shareable underneath. */
export const storedLabel = (line: RecordLine): Label => (line.label === "agreed" ? "shareable" : line.label);

function makeDoc<K extends Kind>(from: RecordView | RecordDraft, made?: (id: RecordId) => void): Doc<K> {
  const draft: Pick<RecordDraft, "space" | "parent"> = isView(from)
    ? { space: from.line.space, parent: from.line.parent }
    : { space: from.space, parent: from.parent };
  let line = $state.raw<RecordLine | null>(isView(from) ? from.line : null);
  let revision = $state(isView(from) ? from.revision : 0);
  let written = $state.raw<Written>(
    isView(from)
      ? { body: from.body, label: storedLabel(from.line), on: from.line.on, asToldBy: from.line.asToldBy }
      : { body: from.body, label: from.label, on: from.on, asToldBy: from.asToldBy },
  );
  let read = $state(0);
  let keepEarlier = false;
  let forgotten = false;

  const save = async (now: Written): Promise<void> => {
    if (line === null) {
      const view = await commands.createRecord({ draft: { ...draft, ...now } });
      if (forgotten) return;
      take(view);
      fresh.delete(forget);
      hold();
      made?.(view.line.id);
      void spaces.refresh().catch(() => undefined);
    } else {
      take(await commands.saveRecord({ change: { id: line.id, revision, keepEarlier, ...now } }));
      keepEarlier = false;
    }
  };
  const take = (view: RecordView): void => {
    line = view.line;
    revision = view.revision;
  };
  const show = (view: RecordView): void => {
    take(view);
    written = {
      body: view.body,
      label: storedLabel(view.line),
      on: view.line.on,
      asToldBy: view.line.asToldBy,
    };
    read += 1;
  };

  const autosave = makeAutosave<Written>(save, () => {
    fresh.delete(forget);
    if (line !== null && held.get(line.id)?.forget === forget) held.delete(line.id);
  });
  const forget = (): void => {
    forgotten = true;
    autosave.forget();
  };
  const hold = (): void => {
    if (line === null) fresh.add(forget);
    else held.set(line.id, { doc: doc as unknown as Doc<Kind>, forget, reopen: autosave.reopen });
  };
  const touch = (next: Written, wait?: number): void => {
    written = next;
    autosave.touch(next, line === null ? 0 : wait);
    // A word that came after the page was left, as by an undo: its page finds it here.
    if (!forgotten && (line === null || !held.has(line.id))) hold();
  };
  const saved = async (): Promise<void> => {
    if (!(await autosave.flush())) throw autosave.error;
  };
  const isConflict = (): boolean =>
    line !== null && autosave.error !== null && codeOf(autosave.error) === "changedElsewhere";

  const retry = async (): Promise<boolean> => {
    if (line !== null && isConflict()) {
      revision = (await commands.openRecord({ id: line.id })).revision;
      keepEarlier = true;
    }
    return autosave.flush();
  };

  const doc: Doc<K> = {
    get id() {
      return line?.id ?? null;
    },
    space: draft.space,
    get line() {
      return line;
    },
    get revision() {
      return revision;
    },
    get body() {
      return written.body as BodyOf<K>;
    },
    get label() {
      return written.label;
    },
    get on() {
      return written.on;
    },
    get asToldBy() {
      return written.asToldBy;
    },
    get saving() {
      return autosave.state;
    },
    get error() {
      return autosave.error;
    },
    get conflict() {
      return autosave.state === "failed" && isConflict();
    },
    get read() {
      return read;
    },
    change: (patch, options) =>
      touch({ ...written, body: { ...written.body, ...patch } as RecordBody }, options?.now ? 0 : undefined),
    setLabel: async (label) => {
      const before = written.label;
      touch({ ...written, label }, 0);
      const done = await autosave.flush();
      // A level that could not be given must not look given.
      if (!done) touch({ ...written, label: before });
      return done;
    },
    setOn: (on) => {
      if (line === null && autosave.state === "clean") written = { ...written, on };
      else touch({ ...written, on });
    },
    setAsToldBy: (asToldBy) => touch({ ...written, asToldBy }),
    flush: autosave.flush,
    retry,
    undo: async () => {
      await saved();
      if (line !== null) show(await commands.undoRecord({ id: line.id }));
    },
    restore: async (wanted) => {
      await saved();
      if (line !== null) show(await commands.restoreRevision({ id: line.id, revision: wanted }));
    },
    close: autosave.close,
  };
  hold();
  return doc;
}
