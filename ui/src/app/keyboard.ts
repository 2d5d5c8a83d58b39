// The keyboard map. Cmd stands for Ctrl on macOS. Nothing here ever discards writing.
import { app } from "../session/app.svelte";
import { cover } from "../session/cover.svelte";
import { discreet } from "../session/discreet.svelte";
import { dialogIsOpen, isHandedOver, isWriting } from "../shared/keys";
import { router } from "../shared/router.svelte";
import { contactHere, mainAction, meetHere, newNote, nextPane, openNumbered, saveNow } from "./acts";
import { layers } from "./layers.svelte";

const isMac = (): boolean => /Mac/.test(navigator.platform);

const SHIFTED: Partial<Record<string, () => void>> = {
  d: discreet.toggle,
  m: meetHere,
  c: contactHere,
};

/** What a press of keys means, or null when it is none of ours. */
export const meaningOf = (event: KeyboardEvent): (() => void) | null => {
  const main = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  const key = event.key.toLowerCase();
  if (key === "f6" && !main && !event.altKey) return () => nextPane(event.shiftKey);
  if (event.key === "?" && !main && !event.altKey && !isWriting(event.target)) return layers.openKeys;
  if (!main || event.altKey) return null;
  if (event.shiftKey) return SHIFTED[key] ?? null;
  if (/^[1-9]$/.test(key)) return () => openNumbered(Number(key));
  switch (key) {
    case "k":
      return layers.openPalette;
    case "l":
      return () => void app.lock();
    case "n":
      return newNote;
    case "j":
      return () => router.go("/journal");
    case "s":
      return () => void saveNow();
    case ",":
      return () => router.go("/settings");
    case "enter":
      return mainAction;
    default:
      return null;
  }
};

/** While a dialog is open the page behind it must not change: only these keys still count. */
const BESIDE_A_DIALOG = new Set(["l", "enter", "s"]);

export const onKey = (event: KeyboardEvent): void => {
  if (cover.on) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || event.isComposing) return;
  const act = meaningOf(event);
  if (!act) return;
  event.preventDefault();
  const key = event.key.toLowerCase();
  const discreetKey = key === "d" && event.shiftKey;
  // While somebody else reads at this computer, only locking answers.
  if (isHandedOver() && key !== "l") return;
  if (dialogIsOpen() && !BESIDE_A_DIALOG.has(key) && !discreetKey) return;
  act();
};
