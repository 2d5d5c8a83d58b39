// Locking clears every store: each store says here how it forgets.
const forgetters = new Set<() => void>();

/** Registers how a store forgets what it holds; runs whenever the vault is locked. */
export const onLock = (forget: () => void): (() => void) => {
  forgetters.add(forget);
  return () => forgetters.delete(forget);
};

export const forgetEverything = (): void => {
  for (const forget of forgetters) forget();
};
