// Theme and text size as chosen; "system" follows the computer while the window is open.
import type { Settings } from "../bindings";

const DARK = "(prefers-color-scheme: dark)";

export const themeFor = (theme: Settings["theme"], systemIsDark: boolean): "light" | "dark" =>
  theme === "system" ? (systemIsDark ? "dark" : "light") : theme;

/** Applies the look to the document and keeps following the system. Returns how to stop. */
export const applyLook = (settings: Settings | null): (() => void) => {
  if (!settings) return () => undefined;
  const root = document.documentElement;
  const system = window.matchMedia(DARK);
  const set = (): void => root.setAttribute("data-theme", themeFor(settings.theme, system.matches));
  set();
  root.style.fontSize = `${settings.textSize}%`;
  system.addEventListener("change", set);
  return () => system.removeEventListener("change", set);
};
