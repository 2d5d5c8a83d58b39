// The lock cover: from the moment one locks or closes, nothing of the window can be seen or written in.
import { flushSync } from "svelte";
import { onLock } from "./locking";

let on = $state(false);
/** What had the focus, to give it back when the person stays. */
let left: HTMLElement | null = null;

export const cover = {
  get on(): boolean {
    return on;
  },
  /** Lies over the window at once. What is half typed in a field is taken over first, as by leaving the field. */
  lay: (): void => {
    if (on) return;
    left = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    left?.blur();
    on = true;
  },
  /** Gives the window back as it was, with the focus where it was. */
  lift: (): void => {
    if (!on) return;
    on = false;
    // What is covered cannot take the focus: the window is drawn without its cover first.
    flushSync();
    if (left?.isConnected) left.focus({ preventScroll: true });
    left = null;
  },
};

onLock(() => {
  on = false;
  left = null;
});
