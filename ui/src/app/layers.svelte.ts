// What lies over the page: the palette, the list of keys, a short contact. One at a time.
import { onLock } from "../session/locking";

type Layer = "palette" | "keys" | "contact";
let open = $state<Layer | null>(null);

export const layers = {
  get open(): Layer | null {
    return open;
  },
  openPalette: (): void => {
    open = "palette";
  },
  openKeys: (): void => {
    open = "keys";
  },
  openContact: (): void => {
    open = "contact";
  },
  close: (): void => {
    open = null;
  },
};

onLock(() => {
  open = null;
});
