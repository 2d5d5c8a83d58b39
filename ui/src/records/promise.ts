/** Reading a promise from one line of words (who, what, by when), and giving one in place of another. */
import type { Day, Owner, RecordId, Space } from "../bindings";
import { commands } from "../ipc/commands";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import { findDay } from "../shared/days";
import { t, todayIs } from "../words";
import { changeRecord, shortName } from "./records";
import { storedLabel } from "./doc.svelte";

export interface PromiseRead {
  /** What is promised, without who and by when where these were understood. */
  readonly words: string;
  readonly owner: Owner | null;
  readonly due: string | null;
}

const MINE = /^(?:i['’]ll|i\s+will|i\s+shall|i)\s+(?=\S)/iu;
const OURS = /^(?:we['’]ll|we\s+will|we\s+shall|we\s+both|we)\s+(?=\S)/iu;
const WILL = /^(?:['’]ll|\s+will|\s+shall|:)?\s+(?!(?:and|or|is|was|has|had)\b|&)(?=\S)/iu;
const AND_ME = /^\s+(?:and|&)\s+I(?:\s+will|\s+shall)?\s+(?=\S)/u;

const begin = (
  words: string,
  space: Pick<Space, "name" | "kind">,
): { owner: Owner; length: number } | null => {
  const mine = MINE.exec(words);
  if (mine) return { owner: "me", length: mine[0].length };
  const ours = OURS.exec(words);
  if (ours) return { owner: "both", length: ours[0].length };
  const name = shortName(space);
  if (name === "" || !words.toLocaleLowerCase().startsWith(name.toLocaleLowerCase())) return null;
  const withMe = AND_ME.exec(words.slice(name.length));
  if (withMe) return { owner: "both", length: name.length + withMe[0].length };
  const after = WILL.exec(words.slice(name.length));
  return after ? { owner: "them", length: name.length + after[0].length } : null;
};

/** "Daniel will write one page by next Friday": Daniel, "write one page", that Friday. */
export const readPromise = (
  line: string,
  space: Pick<Space, "name" | "kind">,
  today: string = todayIs(),
): PromiseRead => {
  const words = line.trim();
  const who = space.kind === "journal" ? null : begin(words, space);
  const what = who ? words.slice(who.length) : words;
  const when = findDay(what, today);
  return { words: when?.rest ?? what, owner: who?.owner ?? null, due: when?.day ?? null };
};

/**
 * Writes down what is promised now in place of an earlier promise: the new one has its owner and its level, and each knows of
 * the other. Rejects when it could not; `done` reloads what is on the screen.
 */
export const promiseAnew = async (
  id: RecordId,
  now: { readonly text: string; readonly due: Day | null },
  done: () => unknown,
): Promise<void> => {
  const old = await commands.openRecord({ id });
  if (old.body.kind !== "commitment") return;
  const made = await commands.createRecord({
    draft: {
      space: old.line.space,
      label: storedLabel(old.line),
      on: todayIs(),
      parent: null,
      asToldBy: null,
      body: { ...old.body, ...now, state: "open", settledOn: null, note: "", follows: id, followedBy: null },
    },
  });
  const before = await changeRecord("commitment", id, () => ({
    state: "renegotiated" as const,
    settledOn: todayIs(),
    followedBy: made.line.id,
  })).catch(async (thrown: unknown) => {
    // Asked for once more, it would stand there twice.
    await commands.binRecord({ id: made.line.id });
    throw thrown;
  });
  void spaces.refresh().catch(() => undefined);
  await done();
  toasts.say(t("records-promise-anew"), async () => {
    try {
      await commands.binRecord({ id: made.line.id });
      if (before) {
        const { state, settledOn, followedBy } = before;
        await changeRecord("commitment", id, () => ({ state, settledOn, followedBy }));
      }
      void spaces.refresh().catch(() => undefined);
      await done();
    } catch (thrown) {
      toasts.fail(thrown);
    }
  });
};
