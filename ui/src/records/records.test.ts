import { describe, expect, it, vi } from "vitest";
import type { Space } from "../bindings";
import { makeFakeHost } from "../ipc/fake";
import { useHost } from "../ipc/host";
import { spaces } from "../session/spaces.svelte";
import { recordPath } from "./links";
import { allLines, keptBy, kindWords, shortName } from "./records";

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
  it("names in the words of a kind only the other who kept a promise", () => {
    const kept = { kind: "commitment", state: "kept", space: "s" } as const;
    vi.spyOn(spaces, "byId").mockReturnValue({ name: "Dr Amara Nwosu", kind: "relationship" } as Space);
    expect(keptBy({ ...kept, owner: "them" })).toBe("Amara");
    expect(kindWords({ ...kept, owner: "them" })).toBe("Amara kept a promise");
    expect(keptBy({ ...kept, owner: "me" })).toBeNull();
    expect(keptBy({ ...kept, state: "open", owner: "them" })).toBeNull();
    vi.mocked(spaces.byId).mockReturnValue({ name: "Thursday circle", kind: "circle" } as Space);
    expect(keptBy({ ...kept, owner: "them" })).toBeNull();
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

describe("every line", () => {
  it("is read however many there are, and none twice", async () => {
    const host = makeFakeHost({ seed: "empty" });
    useHost(host);
    const lines = Array.from({ length: 1203 }, (_, n) => ({ id: `r${n}` }));
    // One more comes in after the first lot and moves the others along.
    vi.spyOn(host, "call").mockImplementation(((
      _: string,
      { filter }: { filter: { offset: number; limit: number } },
    ) => {
      const all = filter.offset === 0 ? lines : [{ id: "newest" }, ...lines];
      return Promise.resolve({
        lines: all.slice(filter.offset, filter.offset + filter.limit),
        total: all.length,
      });
    }) as never);
    const found = await allLines({ kinds: ["note"] });
    expect(found.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    expect(host.call).toHaveBeenCalledTimes(3);
  });
});
