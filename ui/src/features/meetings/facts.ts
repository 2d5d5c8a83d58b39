/** Reading what people write about a meeting's length. */

const LONGEST_MINUTES = 24 * 60;
const HOUR_MINUTES = 60;

/** "45", "90 min", "1 h 30", "1.5 h"; null for nothing, undefined for what is no length. */
export const readMinutes = (text: string): number | null | undefined => {
  const words = text.trim().toLowerCase().replace(",", ".");
  if (words === "") return null;
  const hours = /^(\d+(?:\.\d+)?)\s*h(?:ours?)?\s*(?:(\d{1,2})\s*(?:m|min|minutes?)?)?$/u.exec(words);
  const plain = /^(\d{1,4})\s*(?:m|min|minutes?)?$/u.exec(words);
  const minutes = hours ? Math.round(Number(hours[1]) * HOUR_MINUTES) + Number(hours[2] ?? 0) : plain ? Number(plain[1]) : Number.NaN;
  return Number.isFinite(minutes) && minutes > 0 && minutes <= LONGEST_MINUTES ? minutes : undefined;
};
