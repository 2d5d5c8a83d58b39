/** The cover of a notebook before it is made. */
import type { Cloth, Space } from "../../bindings";

export const CLOTHS: readonly Cloth[] = [
  "moss",
  "teal",
  "slate",
  "heather",
  "brick",
  "ochre",
  "umber",
  "rose",
];

/** The first cloth nobody has yet; when all are in use, the one used least. */
export const nextCloth = (spaces: readonly Pick<Space, "cloth">[]): Cloth => {
  const uses = (cloth: Cloth): number => spaces.filter((space) => space.cloth === cloth).length;
  return CLOTHS.reduce((best, cloth) => (uses(cloth) < uses(best) ? cloth : best));
};

/** Two letters for a cover that has not been made yet; afterwards the program says which. */
export const monogramOf = (name: string): string => {
  const parts = name
    .trim()
    .split(/\s+/u)
    .filter((part) => part !== "");
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
  return letters.map((part) => [...(part ?? "")][0]?.toLocaleUpperCase("en-GB") ?? "").join("");
};
