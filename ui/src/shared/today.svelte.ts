// The day it is, followed past midnight: a window stays open for days.
import { untrack } from "svelte";
import { todayIs } from "../words";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

const untilMidnight = (now: Date): number =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();

/**
 * Call while a component is made. While `busy` says so the day does not turn: nobody is torn from the middle of a
 * sentence at midnight.
 */
export const useToday = (busy: () => boolean = () => false): { readonly day: string } => {
  let day = $state(todayIs());

  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(timer);
      const now = new Date();
      const turned = todayIs(now) !== day;
      const waits = turned && busy();
      if (turned && !waits) day = todayIs(now);
      timer = setTimeout(look, waits ? MINUTE_MS : untilMidnight(now) + SECOND_MS);
    };
    untrack(look);
    // A computer that slept over midnight wakes with its clocks behind.
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  });

  return {
    get day() {
      return day;
    },
  };
};
