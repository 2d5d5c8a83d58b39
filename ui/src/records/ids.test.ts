import { describe, expect, it } from "vitest";
import { makeItemId } from "./ids";

describe("ids of the parts of a record", () => {
  it("are random UUIDs of version 4, and no two alike", () => {
    const ids = Array.from({ length: 200 }, makeItemId);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
