// The idle clock: after the chosen minutes without a key or a pointer the vault is locked; 60 seconds before, it asks.
// The host has a clock of its own, in case the window hangs: it is told every few seconds that somebody is there.
import { app } from "../session/app.svelte";
import { commands } from "../ipc/commands";
import { onLock } from "../session/locking";
import { router } from "../shared/router.svelte";

const WARNING_MS = 60_000;
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;
/** The host's clock grants this much, so that it never comes before this one. */
const TOUCH_MS = 10_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

let lastSign = $state(Date.now());
let now = $state(Date.now());
let lastTouch = 0;

/** Tells the host that somebody is there. */
const touch = (): void => {
  if (Date.now() - lastTouch < TOUCH_MS) return;
  lastTouch = Date.now();
  // A host that does not hear it locks too early at worst.
  commands.touch({ place: router.address }).catch(() => undefined);
};

const allowedMs = (): number => (app.settings?.autoLockMinutes ?? 0) * MINUTE_MS;
const left = (): number | null => (allowedMs() === 0 ? null : lastSign + allowedMs() - now);

export const idle = {
  /** Whole minutes until it locks; null when it never does. */
  get minutesLeft(): number | null {
    const ms = left();
    // A sign may be newer than the clock that ticks.
    return ms === null ? null : Math.max(1, Math.ceil(Math.min(allowedMs(), ms) / MINUTE_MS));
  },
  /** Seconds until it locks while the warning stands; null otherwise. */
  get warning(): number | null {
    const ms = left();
    return ms === null || ms > WARNING_MS || allowedMs() <= WARNING_MS
      ? null
      : Math.max(0, Math.ceil(ms / 1000));
  },
  extend: (): void => {
    lastSign = now = Date.now();
    lastTouch = 0;
    touch();
  },
};

/** Runs while the vault is open. Returns how to stop. */
export const watchIdle = (): (() => void) => {
  idle.extend();
  // While the warning stands only its own button counts: a nudged mouse must not keep the vault open.
  const sign = (): void => {
    if (idle.warning !== null) return;
    lastSign = Date.now();
    touch();
  };
  for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true });
  let locking = false;
  const timer = setInterval(() => {
    now = Date.now();
    const ms = left();
    if (ms === null || ms > 0 || locking) return;
    locking = true;
    // Words that cannot be saved do not keep a vault open with nobody there.
    void app.lock(true).then(() => (locking = false));
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true });
  };
};

onLock(() => {
  lastSign = now = Date.now();
});
