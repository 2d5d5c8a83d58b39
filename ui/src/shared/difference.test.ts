import { describe, expect, it } from "vitest";
import { difference } from "./difference";

const told = (before: string, after: string): string | null =>
  difference(before, after)
    ?.map(({ words, kind }) => (kind === "gone" ? `[-${words}-]` : kind === "new" ? `[+${words}+]` : words))
    .join("") ?? null;

describe("what differs between two texts", () => {
  it("is told word by word, in the order in which it is read", () => {
    expect(
      told(
        "You are worried about leaving, and tired.",
        "You are worried about how leaving looks, and tired.",
      ),
    ).toBe("You are worried about [+how +]leaving [+looks+], and tired.");
    expect(told("You want to stay in the lab.", "You want to leave the lab.")).toBe(
      "You want to [-stay in-][+leave+] the lab.",
    );
  });
  it("is nothing where they are the same", () => {
    expect(difference("Just so.", "Just so.")).toEqual([{ words: "Just so.", kind: "same" }]);
  });
  it("is not told of a text that is another one, or too long to compare", () => {
    expect(difference("You are worried about the lab.", "Curious.")).toBeNull();
    expect(difference("", "Curious.")).toBeNull();
    const long = "word ".repeat(5_000);
    expect(difference(long, `${long}more`)).toBeNull();
  });
});
