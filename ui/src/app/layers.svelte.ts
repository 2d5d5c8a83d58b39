// What lies over the page: the palette and the list of keys. One at a time.
import { onLock } from "../session/locking";

let open = $state<"palette" | "keys" | null>(null);

export const layers = {
  get open(): "palette" | "keys" | null {
    return open;
  },
  openPalette: (): void => {
    open = "palette";
  },
  openKeys: (): void => {
    open = "keys";
  },
  close: (): void => {
    open = null;
  },
};

onLock(() => {
  open = null;
});
