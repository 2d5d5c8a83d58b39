// Discreet mode hides names and words from eyes nearby. It does not hide them from software: locking does that.
let chosen = $state(false);
let unfocused = $state(false);

export const discreet = {
  get on(): boolean {
    return chosen || unfocused;
  },
  get chosen(): boolean {
    return chosen;
  },
  toggle: (): void => {
    chosen = !chosen;
  },
  /** The window lost or regained the focus, and the person wants it hidden then. */
  whileUnfocused: (hidden: boolean): void => {
    unfocused = hidden;
  },
};
