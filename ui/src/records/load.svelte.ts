import { changes } from "../session/changes.svelte";
import { spaces } from "../session/spaces.svelte";

/** Reads what a page shows: once, again when what it depends on changes, and when asked. A late answer never wins. */
export interface Load<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly reload: () => Promise<void>;
}

/**
 * Call while a component is made. Reading again happens when anything reactive that `read` touched has changed, and when
 * something sealed was opened or shut, or was changed by what lies over the page.
 */
export const useLoad = <T>(read: () => Promise<T>): Load<T> => {
  let value = $state.raw<T | null>(null);
  let error = $state.raw<unknown>(null);
  let latest = 0;

  const reload = async (): Promise<void> => {
    const turn = (latest += 1);
    try {
      const answer = await read();
      if (turn !== latest) return;
      value = answer;
      error = null;
    } catch (thrown) {
      if (turn === latest) error = thrown;
    }
  };
  $effect(() => {
    void spaces.sealedTurns;
    void changes.turns;
    void reload();
    return () => (latest += 1);
  });

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    reload,
  };
};
