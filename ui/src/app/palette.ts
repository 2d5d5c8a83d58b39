// What the palette finds: commands, notebooks and titles, by the words typed. Pure, so that it can be tested alone.
import type { RecordLine, ShutSpace, Space } from "../bindings";
import type { IconName } from "../shared/icons";

export type Act = { id: string; words: string; icon: IconName; keys?: string; run: () => void };
export type Hit =
  | { kind: "act"; id: string; act: Act }
  | { kind: "space"; id: string; space: Space; keys?: string }
  | { kind: "shut"; id: string; space: ShutSpace }
  | { kind: "record"; id: string; line: RecordLine; space: Space | undefined };

const MOST_RECORDS = 8;
const MOST_SPACES = 6;

/** Lower case and without accents, so that "Wojcik" finds "Wójcik". */
export const plainLetters = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/ł/g, "l").replace(/Ł/g, "L").toLowerCase();

/** Every word typed must begin a word of the text, or stand within one when it has three letters or more. */
export const fits = (text: string, query: string): boolean => {
  const have = plainLetters(text);
  const words = have.split(/[^\p{L}\p{N}]+/u);
  return plainLetters(query)
    .split(/\s+/)
    .filter(Boolean)
    .every(
      (part) => words.some((word) => word.startsWith(part)) || (part.length >= 3 && have.includes(part)),
    );
};

export const search = (
  query: string,
  acts: readonly Act[],
  spaces: readonly Space[],
  lines: readonly RecordLine[],
  shut: readonly ShutSpace[] = [],
): { acts: Hit[]; spaces: Hit[]; records: Hit[] } => {
  const asked = query.trim();
  return {
    spaces: [
      ...spaces
        .filter((space) => fits(space.name, asked))
        .slice(0, asked ? MOST_SPACES : spaces.length)
        .map((space): Hit => ({ kind: "space", id: `space-${space.id}`, space })),
      ...shut
        .filter((space) => fits(space.shownAs, asked))
        .map((space): Hit => ({ kind: "shut", id: `shut-${space.id}`, space })),
    ],
    records: asked
      ? lines
          .filter((line) => line.label !== "sealed" && line.title !== "" && fits(line.title, asked))
          .slice(0, MOST_RECORDS)
          .map((line) => ({
            kind: "record",
            id: `record-${line.id}`,
            line,
            space: spaces.find((s) => s.id === line.space),
          }))
      : [],
    acts: acts
      .filter((act) => fits(act.words, asked))
      .map((act) => ({ kind: "act", id: `act-${act.id}`, act })),
  };
};

/** The text cut where the words typed stand in it, to mark them. */
export const marked = (text: string, query: string): { words: string; hit: boolean }[] => {
  const parts = plainLetters(query).split(/\s+/).filter(Boolean);
  const have = [...text].map((letter) => plainLetters(letter) || letter);
  const flat = have.join("");
  // Only where each letter stays one letter can places be carried over.
  if (parts.length === 0 || flat.length !== [...text].length) return [{ words: text, hit: false }];
  const hits = new Array<boolean>(flat.length).fill(false);
  for (const part of parts) {
    const at = flat.indexOf(part);
    if (at >= 0) hits.fill(true, at, at + part.length);
  }
  const out: { words: string; hit: boolean }[] = [];
  [...text].forEach((letter, i) => {
    const hit = hits[i] ?? false;
    const end = out.at(-1);
    if (end && end.hit === hit) end.words += letter;
    else out.push({ words: letter, hit });
  });
  return out;
};
