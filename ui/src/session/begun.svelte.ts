// Writing begun in a form and not kept yet. It outlives its page until it is kept, cancelled or the vault is locked:
// whoever comes back finds it, and locking or closing keeps it, or asks.
import { onDestroy } from "svelte";
import { registerDraft } from "./drafts";
import { onLock } from "./locking";
import { toasts } from "./toasts.svelte";

export interface Begun<T extends object> {
  /** What stands in the form; bind fields to it. */
  readonly values: T;
  /** Whether somebody has written something that is kept nowhere. */
  readonly unsaved: () => boolean;
  /** Whether the form is still on the screen. */
  readonly shown: () => boolean;
  /** Keeps what was written, as `keep` does it; once, however often it is asked. Rejects when that fails. */
  readonly keep: () => Promise<void>;
  /** Nothing in the form waits any longer: it became a record, or the person has cancelled. */
  readonly done: () => void;
  /** Says what the form holds while nobody has written in it, as a name that is saved already. */
  readonly settle: (blank: T) => void;
}

export interface BegunOptions<T extends object> {
  /** Which form of which record or notebook; null when it always can keep what was written. */
  readonly key: string | null;
  /** The form before anybody wrote in it: flat, each field one value. */
  readonly blank: T;
  /** The fields in which one writes. A choice alone is nothing to ask about. */
  readonly words: readonly (keyof T)[];
  /**
   * Keeps what was written where that is safe without asking. True once it is kept: what was `taken` is then emptied.
   * Left out where only the person can say so, as for a meeting or a notebook: locking then asks.
   */
  readonly keep?: (taken: T) => boolean | Promise<boolean>;
  /** Choices that stay for the next one when the rest is emptied. */
  readonly stays?: readonly (keyof T)[];
  /** Keeps it also when the page is left, rather than having it wait there. */
  readonly onleave?: boolean;
}

interface Entry<T extends object> {
  readonly begun: Begun<T>;
  readonly mount: (options: BegunOptions<T>) => void;
  readonly leave: () => void;
  readonly forget: () => void;
}

const entries = new Map<string | symbol, Entry<never>>();

onLock(() => {
  for (const { forget } of [...entries.values()]) forget();
});

/** Call while a component is made. */
export const useBegun = <T extends object>(options: BegunOptions<T>): Begun<T> => {
  const key = options.key ?? Symbol("begun");
  const known = entries.get(key) as Entry<T> | undefined;
  const entry = known ?? makeEntry(key, options.blank);
  if (!known) entries.set(key, entry as unknown as Entry<never>);
  entry.mount(options);
  onDestroy(entry.leave);
  return entry.begun;
};

function makeEntry<T extends object>(key: string | symbol, first: T): Entry<T> {
  let blank = first;
  // While a page goes, Svelte reads what its state was before; what is decided here must rest on what is true now.
  const written = { ...first };
  let turn = $state(0);
  const fields = Object.keys(first) as (keyof T)[];
  const values = Object.defineProperties(
    {},
    Object.fromEntries(
      fields.map((field) => [
        field,
        {
          enumerable: true,
          get: () => {
            void turn;
            return written[field];
          },
          set: (value: T[keyof T]) => {
            written[field] = value;
            turn += 1;
          },
        },
      ]),
    ),
  ) as T;

  let options: BegunOptions<T> | null = null;
  let shown = 0;
  let gone = false;
  let running: Promise<void> | null = null;

  const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
  const unsaved = (): boolean =>
    !gone && (options?.words ?? []).some((field) => text(written[field]) !== text(blank[field]));
  const drop = (): void => {
    gone = true;
    unregister();
    if (entries.get(key) === (entry as unknown)) entries.delete(key);
  };
  const dropWhenLeft = (): void => {
    if (shown === 0 && !unsaved() && running === null) drop();
  };
  const empty = (only?: T): void => {
    for (const field of fields) {
      // What was written while the rest was being kept is newer, and stays.
      if (only && (options?.stays?.includes(field) || written[field] !== only[field])) continue;
      values[field] = blank[field];
    }
  };
  const keepNow = async (): Promise<void> => {
    const taken = { ...written };
    if (await options?.keep?.(taken)) empty(taken);
  };
  const keep = (): Promise<void> => {
    running ??= keepNow().finally(() => {
      running = null;
      dropWhenLeft();
    });
    return running;
  };
  const unregister = registerDraft({
    unsaved,
    flush: async () => {
      if (unsaved() && options?.keep) await keep();
      return !unsaved();
    },
  });

  const entry: Entry<T> = {
    begun: {
      values,
      unsaved,
      shown: () => shown > 0,
      keep,
      settle: (next) => {
        const fresh = !unsaved();
        blank = next;
        if (fresh) empty();
      },
      done: () => {
        blank = { ...written };
        dropWhenLeft();
      },
    },
    mount: (now) => {
      options = now;
      shown += 1;
    },
    leave: () => {
      shown -= 1;
      if (options?.onleave && unsaved()) void keep().catch(toasts.fail);
      dropWhenLeft();
    },
    forget: () => {
      empty();
      drop();
    },
  };
  return entry;
}
