/**
 * A summary is paragraphs of sentences, and each sentence rests on its sources.
 *
 * On the page a sentence is words followed by a mark that holds its sources. Offsets count letters within one
 * paragraph, a mark counting as one, exactly as the editor counts them.
 */
import type { Paragraph, RecordId, Sentence } from "../../bindings";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "source"; readonly sources: readonly RecordId[] };

/** One sentence of a paragraph and where it stands. */
export interface Stretch {
  readonly text: string;
  readonly sources: readonly RecordId[];
  /** First letter. */
  readonly start: number;
  /** Behind the last letter: where a mark belongs. */
  readonly textEnd: number;
  /** Behind everything, the mark and the space before the next sentence included. */
  readonly end: number;
  /** Where its marks stand now. */
  readonly marks: readonly number[];
}

const segmenter = new Intl.Segmenter("en-GB", { granularity: "sentence" });
/** A full stop after these ends no sentence. */
const SHORTENED = /(?:^|[\s(“"'])(?:Dr|Prof|Mr|Mrs|Ms|Mx|St|Rev|No|vs|cf|approx|e\.g|i\.e|etc|[A-Z])\.\s*$/u;

/** Sentences of a text with the offsets they have in it. */
const segmentsOf = (text: string): { text: string; at: number }[] => {
  const segments: { text: string; at: number }[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    const last = segments.at(-1);
    if (last && SHORTENED.test(last.text)) last.text += segment;
    else segments.push({ text: segment, at: index });
  }
  return segments;
};

const tidy = (text: string): string => text.replaceAll(/\s+/gu, " ").trim();

/** The sentences of one paragraph. */
export const stretchesOf = (inline: readonly Inline[]): Stretch[] => {
  const stretches: Stretch[] = [];
  let at = 0;
  let text = "";
  let textAt = 0;
  const endText = (mark: { sources: readonly RecordId[]; at: number } | null): void => {
    for (const segment of segmentsOf(text)) {
      if (segment.text.trim() === "") continue;
      const lead = segment.text.length - segment.text.trimStart().length;
      const start = textAt + segment.at + lead;
      stretches.push({
        text: tidy(segment.text),
        sources: [],
        start,
        textEnd: start + segment.text.trim().length,
        end: textAt + segment.at + segment.text.length,
        marks: [],
      });
    }
    const last = stretches.at(-1);
    // A mark belongs to the words before it; at the very beginning of a paragraph it marks nothing.
    if (mark && last) {
      stretches[stretches.length - 1] = {
        ...last,
        sources: [...new Set([...last.sources, ...mark.sources])],
        marks: [...last.marks, mark.at],
        end: mark.at + 1,
      };
    }
    text = "";
  };
  for (const part of inline) {
    if (part.kind === "text") {
      if (text === "") textAt = at;
      text += part.text;
      at += part.text.length;
    } else {
      endText({ sources: part.sources, at });
      at += 1;
      textAt = at;
    }
  }
  endText(null);
  return stretches;
};

/** What is stored of one paragraph. */
export const sentencesOf = (inline: readonly Inline[]): Sentence[] =>
  stretchesOf(inline).map(({ text, sources }) => ({ text, sources: [...sources] }));

/** One paragraph as it is shown. */
export const inlineOf = (sentences: readonly Sentence[]): Inline[] =>
  sentences.flatMap((sentence, index): Inline[] => [
    ...(sentence.text === ""
      ? []
      : [{ kind: "text" as const, text: (index > 0 ? " " : "") + sentence.text }]),
    ...(sentence.sources.length > 0 ? [{ kind: "source" as const, sources: sentence.sources }] : []),
  ]);

/** The sentence a caret stands in: between two it is the one before. */
export const stretchAt = (stretches: readonly Stretch[], caret: number): Stretch | null =>
  stretches.findLast((stretch) => stretch.start <= caret) ?? stretches[0] ?? null;

/** Sources by the number they bear on the page, in order of first appearance. */
export const numbersOf = (paragraphs: readonly Paragraph[]): ReadonlyMap<RecordId, number> => {
  const numbers = new Map<RecordId, number>();
  for (const sentence of paragraphs.flatMap((paragraph) => paragraph.sentences)) {
    for (const source of sentence.sources) if (!numbers.has(source)) numbers.set(source, numbers.size + 1);
  }
  return numbers;
};

/** Sentences that rest on nothing but the writer, headings left out. */
export const ownWords = (paragraphs: readonly Paragraph[]): { own: Sentence[]; total: number } => {
  const sentences = paragraphs
    .filter((paragraph) => !paragraph.heading)
    .flatMap((paragraph) => paragraph.sentences);
  return { own: sentences.filter((sentence) => sentence.sources.length === 0), total: sentences.length };
};

/** The same text without one source, everywhere. */
export const withoutSource = (paragraphs: readonly Paragraph[], source: RecordId): Paragraph[] =>
  paragraphs.map((paragraph) => ({
    ...paragraph,
    sentences: paragraph.sentences.map((sentence) => ({
      ...sentence,
      sources: sentence.sources.filter((one) => one !== source),
    })),
  }));

/** Evidence as it is stored: what was chosen, and everything a sentence rests on. */
export const evidenceOf = (chosen: readonly RecordId[], paragraphs: readonly Paragraph[]): RecordId[] => [
  ...new Set([...chosen, ...numbersOf(paragraphs).keys()]),
];
