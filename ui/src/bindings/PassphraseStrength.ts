// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { StrengthHint } from "./StrengthHint";

export type PassphraseStrength = { score: 0 | 1 | 2 | 3 | 4; guessesLog10: number; hint: StrengthHint | null; outerSpace: boolean };
