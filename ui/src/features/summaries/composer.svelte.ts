/** One summary while it is being written, agreed to and exported. */
import type { Day, RecordId, SavedFile, SummaryText, SummaryView } from "../../bindings";
import { makeAutosave, type SavingState } from "../../editor/autosave.svelte";
import { commands } from "../../ipc/commands";
import { codeOf } from "../../ipc/errors";
import type { ExportFormat, OnProgress } from "../../ipc/host";
import { onLock } from "../../session/locking";
import { todayIs } from "../../words";

export interface Composer {
  readonly view: SummaryView;
  /** The newest words, saved or not. */
  readonly text: SummaryText;
  readonly saving: SavingState;
  readonly error: unknown;
  /** Not saved because the summary was changed elsewhere meanwhile: `retry` then puts these words in place of the others. */
  readonly conflict: boolean;
  readonly change: (patch: Partial<SummaryText>, options?: { now?: boolean }) => void;
  readonly flush: () => Promise<boolean>;
  readonly retry: () => Promise<boolean>;
  /** Consents to exactly the words that are on the page; fails when they could not be saved first. */
  readonly consent: (by: "me" | "them", name: string) => Promise<void>;
  readonly exportTo: (
    format: ExportFormat,
    toWhom: string,
    progress: OnProgress,
  ) => Promise<SavedFile | null>;
  readonly reread: () => Promise<void>;
  readonly close: () => Promise<boolean>;
}

const held = new Map<RecordId, { composer: Composer; reopen: () => void; forget: () => void }>();

onLock(() => {
  for (const { forget } of held.values()) forget();
  held.clear();
});

/** Opens a summary; the words of an earlier visit that could not be saved yet are still there. */
export const openComposer = async (id: RecordId): Promise<Composer> => {
  const known = held.get(id);
  if (known) {
    known.reopen();
    return known.composer;
  }
  return makeComposer(await commands.openSummary({ id }));
};

const makeComposer = (opened: SummaryView): Composer => {
  const id = opened.line.id;
  let view = $state.raw(opened);
  let text = $state.raw(opened.text);

  const autosave = makeAutosave<SummaryText>(
    async (next) => {
      view = await commands.saveSummary({ id, revision: view.revision, text: next });
    },
    () => {
      if (held.get(id)?.composer === composer) held.delete(id);
    },
  );
  const saved = async (): Promise<void> => {
    if (!(await autosave.flush())) throw autosave.error;
  };
  const isConflict = (): boolean => autosave.error !== null && codeOf(autosave.error) === "changedElsewhere";

  const composer: Composer = {
    get view() {
      return view;
    },
    get text() {
      return text;
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
    change: (patch, options) => {
      const next = { ...text, ...patch };
      // A caret that moved, or a letter typed and taken back, voids nobody's consent.
      if (same(next, text)) return;
      text = next;
      if (same(next, view.text) && !autosave.unsaved) return;
      autosave.touch(next, options?.now ? 0 : undefined);
    },
    flush: autosave.flush,
    retry: async () => {
      if (isConflict()) view = await commands.openSummary({ id });
      return autosave.flush();
    },
    consent: async (by, name) => {
      await saved();
      view = await commands.consentSummary({ id, revision: view.revision, by, name });
    },
    exportTo: async (format, toWhom, progress) => {
      await saved();
      const file = await commands.exportSummary({ id, format, toWhom }, progress);
      // It has left, whatever reading the summary again comes to.
      view = await commands.openSummary({ id }).catch(() => view);
      return file;
    },
    reread: async () => {
      await saved();
      view = await commands.openSummary({ id });
      text = view.text;
    },
    close: autosave.close,
  };
  held.set(id, { composer, reopen: autosave.reopen, forget: autosave.forget });
  return composer;
};

const same = (one: SummaryText, other: SummaryText): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Why export is shut; null when it is open. */
export type Shut = "withdrawn" | "empty" | "expired" | "me" | "them" | "both";

/** No yes opens export then: something on the page has to be put right first. */
export const needsMending = (shut: Shut | null): boolean =>
  shut === "withdrawn" || shut === "empty" || shut === "expired";

export const whyShut = (view: SummaryView, today: Day = todayIs()): Shut | null => {
  if (view.flags.length > 0) return "withdrawn";
  if (!view.text.paragraphs.some((paragraph) => !paragraph.heading && paragraph.sentences.length > 0))
    return "empty";
  // The last day itself still counts.
  if (view.text.expires !== null && view.text.expires < today) return "expired";
  const missing = view.consentNeeded.filter(
    (who) => !view.consents.some((consent) => consent.by === who && consent.version === view.line.version),
  );
  if (missing.length === 0) return null;
  return missing.length > 1 ? "both" : (missing[0] ?? null);
};
