// The real host. No other file may import `@tauri-apps` (a lint rule holds this).
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWindow } from "@tauri-apps/api/window";
import type { Progress } from "../bindings";
import { slowCommands } from "./commands";
import type { Host } from "./host";

/** Sent by the host when the vault is to be locked now. */
const LOCK_DUE_EVENT = "lock-due";
/** Sent by the host when the open vault is not as it was saved. */
const CHECKED_EVENT = "vault-checked";

export const tauriHost: Host = {
  call: (command, asked, progress) => {
    if (!slowCommands.has(command)) return invoke(command, asked);
    const channel = new Channel<Progress>();
    channel.onmessage = (message) => progress?.(message);
    return invoke(command, { ...asked, progress: channel });
  },
  onClose: async (before) => {
    const window = getCurrentWindow();
    await window.onCloseRequested(async (event) => {
      event.preventDefault();
      if (await before()) await window.destroy();
    });
  },
  onFocus: async (changed) => {
    await getCurrentWindow().onFocusChanged(({ payload }) => changed(payload));
  },
  setTitle: (title) => getCurrentWindow().setTitle(title),
  onLockDue: async (due) => {
    await listen(LOCK_DUE_EVENT, () => due());
  },
  onChecked: async (checked) => {
    await listen(CHECKED_EVENT, () => checked());
  },
};
