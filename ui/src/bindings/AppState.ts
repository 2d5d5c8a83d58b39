// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { OpeningNotice } from "./OpeningNotice";
import type { Settings } from "./Settings";

export type AppState = { vault: "none" | "locked" | "open" | "newer" | "damaged"; opened: OpeningNotice[]; readOnly: boolean; demo: boolean; version: string; settings: Settings };
