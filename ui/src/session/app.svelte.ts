// The state of the program as the host reports it: is there a vault, is it open, how does the person like the window.
import type { AppState, Left, OpeningNotice, Settings } from "../bindings";
import { commands } from "../ipc/commands";
import { cover } from "./cover.svelte";
import { anyUnsaved, flushAll } from "./drafts";
import { forgetEverything } from "./locking";

let state = $state<AppState | null>(null);
/** What was found while opening, as it was put away. */
let read = $state("");
/** The vault was open in this window before: the lock screen greets differently. */
let lockedHere = $state(false);
/** Locking waits for the person's word, because some writing could not be saved. */
let lockBlocked = $state(false);
/** Words were dropped by the last lock. */
let lostWords = $state(false);
/** Why the host could not say that it has locked; null when it could. */
let lockFault = $state.raw<unknown>(null);
let locking: Promise<void> | null = null;
/** Lock, whether or not everything could be saved. */
let regardlessNow = false;

/** Where the window is; whoever knows the way around says so. */
let address = (): string => "/";
/** What this window leaves to the process that takes its place. Addresses hold ids and no words. */
const leave = (): Left => ({ place: address(), lostWords: anyUnsaved() });

const show = (next: AppState): void => {
  if (next.vault === "open") lostWords = false;
  else {
    if (state?.vault === "open") lostWords = anyUnsaved();
    lockBlocked = false;
    forgetEverything();
    read = "";
  }
  state = next;
};

/** Shows the lock screen, whatever the host has said. */
const showLocked = (): void => {
  lockedHere = true;
  if (state) show({ ...state, vault: "locked", opened: [] });
};

/** A fresh process shows the lock screen at any moment; until then nothing is to be seen. */
const showNothing = (): void => {
  lockedHere = true;
  lockBlocked = false;
  forgetEverything();
  read = "";
  cover.lay();
  state = null;
};

const askHostToLock = async (): Promise<void> => {
  try {
    const next = await commands.lockVault({ left: leave() });
    lockFault = null;
    lockedHere = true;
    if (next === null) showNothing();
    else show(next);
  } catch (thrown) {
    // Names and notes must not stay in sight because something else went wrong.
    lockFault = thrown;
    showLocked();
  }
};

const saveAndLock = async (): Promise<void> => {
  lockBlocked = false;
  cover.lay();
  if (!(await flushAll()) && !regardlessNow) {
    cover.lift();
    lockBlocked = true;
    return;
  }
  await askHostToLock();
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
  get lostWords(): boolean {
    return lostWords;
  },
  get lockFault(): unknown {
    return lockFault;
  },
  /** Says how to tell where the window is, for the way back after locking. */
  placeFrom: (tell: () => string): void => {
    address = tell;
  },
  load: async (): Promise<void> => {
    const next = await commands.appState();
    if (state === null && next.left) {
      lockedHere = true;
      lostWords = next.left.lostWords;
    }
    show(next);
  },
  /** Takes over what a command that opens or closes the vault has answered. */
  take: (next: AppState): void => show(next),
  /**
   * Covers the window, saves all writing, then locks. When something cannot be saved it asks first, unless
   * `regardless`. Never rejects: whatever goes wrong is said on the lock screen.
   */
  lock: (regardless = false): Promise<void> => {
    if (state?.vault !== "open") return Promise.resolve();
    regardlessNow ||= regardless;
    locking ??= saveAndLock().finally(() => {
      locking = null;
      regardlessNow = false;
    });
    return locking;
  },
  stay: (): void => {
    lockBlocked = false;
  },
  /** Locks again when the host could not say before that it had; a vault that may be open is not to be opened by any word. */
  beLocked: async (): Promise<void> => {
    if (lockFault === null) return;
    await commands.lockVault({ left: leave() });
    lockFault = null;
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
  /** What was found while opening and has not been put away; something new brings all of it back. */
  get notices(): readonly OpeningNotice[] {
    const opened = state?.opened ?? [];
    return JSON.stringify(opened) === read ? [] : opened;
  },
  /** Whether something that was saved is missing or cannot be read, put away or not. */
  get lost(): boolean {
    return (state?.opened ?? []).some(({ means }) => means === "loss");
  },
  noticesRead: (): void => {
    read = JSON.stringify(state?.opened ?? []);
  },
};
