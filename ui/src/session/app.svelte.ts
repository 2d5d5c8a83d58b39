// The state of the program as the host reports it: is there a vault, is it open, how does the person like the window.
import type { AppState, Settings } from "../bindings";
import { commands } from "../ipc/commands";
import { flushAll } from "./drafts";
import { forgetEverything } from "./locking";

let state = $state<AppState | null>(null);
/** The vault was open in this window before: the lock screen greets differently. */
let lockedHere = $state(false);
/** Locking waits for the person's word, because some writing could not be saved. */
let lockBlocked = $state(false);

const show = (next: AppState): void => {
  if (next.vault !== "open") forgetEverything();
  state = next;
};

export const app = {
  get state(): AppState | null {
    return state;
  },
  get open(): boolean {
    return state?.vault === "open";
  },
  get settings(): Settings | null {
    return state?.settings ?? null;
  },
  get lockedHere(): boolean {
    return lockedHere;
  },
  get lockBlocked(): boolean {
    return lockBlocked;
  },
  load: async (): Promise<void> => show(await commands.appState()),
  /** Takes over what a command that opens or closes the vault has answered. */
  take: (next: AppState): void => show(next),
  /** Saves all writing, then locks. When something cannot be saved it asks first, unless `regardless`. */
  lock: async (regardless = false): Promise<void> => {
    if (state?.vault !== "open") return;
    const saved = await flushAll();
    if (!saved && !regardless) {
      lockBlocked = true;
      return;
    }
    lockBlocked = false;
    const next = await commands.lockVault();
    lockedHere = true;
    show(next);
  },
  stay: (): void => {
    lockBlocked = false;
  },
  /** The host has locked by itself. */
  wasLocked: async (): Promise<void> => {
    lockedHere = true;
    lockBlocked = false;
    forgetEverything();
    show(await commands.appState());
  },
  /** Shows the new settings at once; when they cannot be kept the old ones come back. */
  saveSettings: async (next: Settings): Promise<void> => {
    const before = state?.settings;
    const use = (settings: Settings | undefined): void => {
      if (state && settings) state = { ...state, settings };
    };
    use(next);
    try {
      use(await commands.saveSettings({ settings: next }));
    } catch (thrown) {
      use(before);
      throw thrown;
    }
  },
  noticesRead: (): void => {
    if (state) state = { ...state, opened: [] };
  },
};
