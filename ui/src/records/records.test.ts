import { describe, expect, it } from "vitest";
import { recordPath } from "./links";
import { isOpenPromise, kindWords, shortName } from "./records";

describe("what is said of records", () => {
  it.each([
    ["Dr Amara Nwosu", "Amara"],
    ["Prof. Okafor", "Okafor"],
    ["Daniel", "Daniel"],
    ["Dr", "Dr"],
  ])("speaks of %s as %s", (name, short) => {
    expect(shortName({ name, kind: "relationship" })).toBe(short);
  });
  it("leaves a circle its whole name", () => {
    expect(shortName({ name: "Thursday circle", kind: "circle" })).toBe("Thursday circle");
  });
  it("says who kept a promise", () => {
    const kept = { kind: "commitment", state: "kept" } as const;
    expect(kindWords({ ...kept, owner: "me" })).toBe("You kept a promise");
    expect(kindWords({ ...kept, owner: "both" })).toBe("You both kept a promise");
    expect(kindWords({ ...kept, owner: "them", space: "not-here" })).toBe("Promise kept");
  });
  it("takes a promise that was agreed anew as settled", () => {
    expect(["open", "kept", "renegotiated", "missed"].map((state) => isOpenPromise({ state }))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
  it("tells given feedback from received, and a kept promise from a missed one", () => {
    expect(kindWords({ kind: "feedback", state: "received" })).not.toBe(
      kindWords({ kind: "feedback", state: "given" }),
    );
    expect(kindWords({ kind: "commitment", state: "kept" })).not.toBe(
      kindWords({ kind: "commitment", state: "missed" }),
    );
  });
  it("opens what belongs to a meeting with its meeting, and a promise on its own page", () => {
    const line = { id: "r", space: "s", parent: "m", state: null };
    expect(recordPath({ ...line, kind: "heard" })).toBe("/spaces/s/meetings/m");
    expect(recordPath({ ...line, kind: "note", state: "observation" })).toBe("/spaces/s/meetings/m");
    expect(recordPath({ ...line, kind: "commitment" })).toBe("/spaces/s/promises/r");
    expect(recordPath({ ...line, kind: "note", parent: null, state: "journal" })).toBe("/journal/s/r");
  });
});
