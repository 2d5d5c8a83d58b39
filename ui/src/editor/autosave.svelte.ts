/** Saves writing one second after the last key, one save at a time, and keeps the words when a save fails. */
import { registerDraft } from "../session/drafts";

export type SavingState = "clean" | "saved" | "saving" | "failed";

export const AUTOSAVE_MS = 1000;
/** After a failed save we try again by ourselves: a full disk may have been freed. */
export const RETRY_MS = 15_000;

export interface Autosave<T> {
  readonly state: SavingState;
  /** Why the last save failed; null when it did not. */
  readonly error: unknown;
  readonly unsaved: boolean;
  /** Remembers the newest words and saves them soon. */
  readonly touch: (value: T, wait?: number) => void;
  /** Saves now what is not saved. Resolves with false when it could not. */
  readonly flush: () => Promise<boolean>;
  /** Flushes, and once all is saved lets go, unless taken up again meanwhile. What could not be saved is tried again. */
  readonly close: () => Promise<boolean>;
  /** Takes up again after `close`, when the page is opened once more. */
  readonly reopen: () => void;
  /** Lets go of the words without saving, when the vault has been locked. */
  readonly forget: () => void;
}

/** `released` is called each time it lets go: whoever holds it for the next visit need hold it no longer. */
export const makeAutosave = <T>(
  save: (value: T) => Promise<void>,
  released: () => void = () => undefined,
): Autosave<T> => {
  let state = $state<SavingState>("clean");
  let error = $state<unknown>(null);
  let pending: { value: T } | null = null;
  let running: Promise<boolean> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closing = false;
  let forgotten = false;

  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  };

  const run = async (): Promise<boolean> => {
    while (pending && !forgotten) {
      const taken: { value: T } = pending;
      pending = null;
      state = "saving";
      try {
        await save(taken.value);
        error = null;
      } catch (thrown) {
        // Words typed while the save was under way are newer and win; otherwise these go back in the queue.
        pending ??= taken;
        if (forgotten) break;
        error = thrown;
        state = "failed";
        later(RETRY_MS);
        return false;
      }
    }
    state = "saved";
    return true;
  };

  const flush = (): Promise<boolean> => {
    clearTimeout(timer);
    if (running) return running.then((done) => (done && pending ? flush() : done));
    if (!pending) return Promise.resolve(true);
    running = run().finally(() => {
      running = null;
      letGo();
    });
    return running;
  };

  const unsaved = (): boolean => pending !== null || running !== null;
  const register = (): (() => void) => registerDraft({ flush, unsaved });
  let unregister: (() => void) | null = register();
  const release = (): void => {
    if (unregister === null) return;
    unregister();
    unregister = null;
    released();
  };
  /** Only what is closed still, and has no word left, may go. */
  const letGo = (): void => {
    if (closing && !unsaved()) release();
  };

  return {
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    get unsaved() {
      return unsaved();
    },
    touch: (value, wait = AUTOSAVE_MS) => {
      if (forgotten) return;
      pending = { value };
      // A page that takes a word while it is being left, or later by an undo, is waited for again.
      unregister ??= register();
      if (state !== "failed") state = "saving";
      later(wait);
    },
    flush,
    close: async () => {
      closing = true;
      const done = await flush();
      letGo();
      return done;
    },
    reopen: () => {
      closing = false;
      unregister ??= register();
    },
    forget: () => {
      forgotten = true;
      pending = null;
      clearTimeout(timer);
      release();
    },
  };
};
