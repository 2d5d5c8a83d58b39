// Writing that is not saved yet. Whoever lets people write registers here; locking and closing wait for all.
export type Draft = {
  /** Saves at once what is not saved. Resolves with false when it could not; the words then stay where they are. */
  flush: () => Promise<boolean>;
};

const drafts = new Set<Draft>();

export const registerDraft = (draft: Draft): (() => void) => {
  drafts.add(draft);
  return () => drafts.delete(draft);
};

/** Saves all writing. True when nothing is left unsaved. */
export const flushAll = async (): Promise<boolean> => {
  const done = await Promise.all([...drafts].map((draft) => draft.flush().catch(() => false)));
  return done.every(Boolean);
};
