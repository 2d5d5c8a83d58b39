// Three words of a sheet, to see that it can be read.

/** Three different positions from 1 to `count`, one from each third, in order. */
export const pickThree = (count: number): number[] => {
  const third = Math.floor(count / 3);
  const random = crypto.getRandomValues(new Uint32Array(3));
  return [...random].map((value, i) => i * third + 1 + (value % third));
};

/** The first position at which another word was given; null when all are right. */
export const wrongWord = (
  words: readonly string[],
  given: readonly { position: number; word: string }[],
): number | null => given.find(({ position, word }) => words[position - 1] !== word)?.position ?? null;
