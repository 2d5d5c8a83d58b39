// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Instant } from "./Instant";

export type Consent = { by: "me" | "them"; name: string; at: Instant; how: "attestedInPerson" | "ownJournal"; version: number };
