// Writing that is not saved yet. Whoever lets people write registers here; locking and closing wait for all.
export type Draft = {
  /** Saves at once what is not saved. Resolves with false when it could not; the words then stay where they are. */
  flush: () => Promise<boolean>;
  /** Whether there are words that are saved nowhere yet. */
  unsaved: () => boolean;
};

/** One draft may hand its words to another, which is then saved in the next round. */
const MOST_ROUNDS = 20;

const drafts = new Set<Draft>();

export const registerDraft = (draft: Draft): (() => void) => {
  drafts.add(draft);
  return () => drafts.delete(draft);
};

export const anyUnsaved = (): boolean => [...drafts].some((draft) => draft.unsaved());

/** Saves all writing, until nothing is left. False when something could not be saved. */
export const flushAll = async (): Promise<boolean> => {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const done = await Promise.all([...drafts].map((draft) => draft.flush().catch(() => false)));
    if (!done.every(Boolean)) return false;
    if (!anyUnsaved()) return true;
  }
  // A draft that says it is saved and is not must not keep the window covered for ever.
  return false;
};
