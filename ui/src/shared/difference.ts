/** What differs between two texts, word by word. */
import { diffWords } from "diff";

export interface Part {
  readonly words: string;
  /** "same" stands in both, "gone" in the first only, "new" in the second only. */
  readonly kind: "same" | "gone" | "new";
}

/** Less in common than this, and it is another text rather than a changed one. */
const ALIKE = 0.5;
/** Longer texts are not compared: it would take too long while one types. */
const LONGEST = 20_000;

/** The parts in the order in which they are read; null where the texts have too little in common to be read as one. */
export const difference = (before: string, after: string): readonly Part[] | null => {
  if (before.length > LONGEST || after.length > LONGEST) return null;
  const parts = diffWords(before, after, { maxEditLength: 2_000 });
  if (!parts) return null;
  const same = parts.filter((part) => !part.added && !part.removed);
  const length = same.reduce((sum, part) => sum + part.value.length, 0);
  if (length < ALIKE * Math.max(before.length, after.length)) return null;
  return parts.map((part) => ({
    words: part.value,
    kind: part.added ? "new" : part.removed ? "gone" : "same",
  }));
};
