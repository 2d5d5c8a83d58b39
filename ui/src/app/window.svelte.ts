// What happens to the window itself: closing saves first, losing the focus may hide, the host may want it locked.
import { host } from "../ipc/host";
import { app } from "../session/app.svelte";
import { cover } from "../session/cover.svelte";
import { discreet } from "../session/discreet.svelte";
import { flushAll } from "../session/drafts";
import { onLock } from "../session/locking";
import { router } from "../shared/router.svelte";

let closeBlocked = $state(false);
let closeRegardless = false;
let answer: ((close: boolean) => void) | null = null;

export const closing = {
  get blocked(): boolean {
    return closeBlocked;
  },
  /** The person has decided what happens to writing that could not be saved. */
  decide: (close: boolean): void => {
    closeBlocked = false;
    closeRegardless = close;
    answer?.(close);
    answer = null;
  },
};

/**
 * Covers the window and saves everything; the cover then stays until the window is gone, so that nothing is typed
 * that nobody would save. When something cannot be saved the person decides; until then the window stays.
 */
const beforeClose = async (): Promise<boolean> => {
  if (!app.open || closeRegardless) return true;
  cover.lay();
  if (await flushAll()) return true;
  if (!app.open) return true;
  cover.lift();
  answer?.(false);
  closeBlocked = true;
  return new Promise((decided) => (answer = decided));
};

// A locked vault has nothing left to ask about.
onLock(() => {
  if (closeBlocked) closing.decide(false);
});

export const watchWindow = (): void => {
  const here = host();
  app.placeFrom(() => router.address);
  void here.onClose(beforeClose);
  // Words that cannot be saved do not keep a vault open with nobody there.
  void here.onLockDue(() => void app.lock(true));
  // What cannot be asked for now is told by the next opening.
  void here.onChecked(() => void app.load().catch(() => undefined));
  void here.onFocus((focused) =>
    discreet.whileUnfocused(!focused && (app.settings?.discreetWhenUnfocused ?? false)),
  );
};
