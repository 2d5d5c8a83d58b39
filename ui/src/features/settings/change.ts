// A setting is kept at once; when that fails the old value comes back and the reason is said.
import type { Settings } from "../../bindings";
import { app } from "../../session/app.svelte";
import { toasts } from "../../session/toasts.svelte";

export const change = async (part: Partial<Settings>): Promise<void> => {
  const now = app.settings;
  if (!now) return;
  try {
    await app.saveSettings({ ...now, ...part });
  } catch (thrown) {
    toasts.fail(thrown);
  }
};
