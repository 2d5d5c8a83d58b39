// The idle clock: after the chosen minutes without a key or a pointer the vault is locked; 60 seconds before, it asks.
import { app } from "../session/app.svelte";
import { onLock } from "../session/locking";

const WARNING_MS = 60_000;
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

let lastSign = $state(Date.now());
let now = $state(Date.now());

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
  },
};

/** Runs while the vault is open. Returns how to stop. */
export const watchIdle = (): (() => void) => {
  idle.extend();
  // While the warning stands only its own button counts: a nudged mouse must not keep the vault open.
  const sign = (): void => {
    if (idle.warning === null) lastSign = Date.now();
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

onLock(() => idle.extend());
