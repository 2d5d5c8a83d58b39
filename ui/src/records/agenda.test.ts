import { describe, expect, it } from "vitest";
import { readAgenda, writeAgenda } from "./agenda";

describe("an agenda", () => {
  it("is read from a list, with who added a point apart from the point", () => {
    expect(
      readAgenda("- How she is\n- Whether to apply *(Daniel added this)*\n\n3. -20 degrees\nplain"),
    ).toEqual([
      { text: "How she is", aside: "" },
      { text: "Whether to apply", aside: "Daniel added this" },
      { text: "-20 degrees", aside: "" },
      { text: "plain", aside: "" },
    ]);
  });
  it("keeps brackets and stars that are part of the words", () => {
    expect(readAgenda("- The *methods* section (again)")).toEqual([
      { text: "The *methods* section (again)", aside: "" },
    ]);
  });
  it("is written as it was read, without empty points", () => {
    const text = "- How she is\n- Whether to apply *(Daniel added this)*";
    expect(writeAgenda(readAgenda(text))).toBe(text);
    expect(writeAgenda([{ text: " ", aside: "" }])).toBe("");
  });
});
