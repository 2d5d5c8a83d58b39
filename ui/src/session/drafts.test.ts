import { afterEach, describe, expect, it } from "vitest";
import { anyUnsaved, flushAll, registerDraft, type Draft } from "./drafts";

let leave: (() => void)[] = [];
const draft = (of: Draft): void => void leave.push(registerDraft(of));
afterEach(() => {
  leave.forEach((done) => done());
  leave = [];
});

describe("saving all writing", () => {
  it("goes on until what one draft has handed to another is saved too", async () => {
    let page = "";
    let tag = "mid-wo";
    const saved: string[] = [];
    // The page is registered first, so it is flushed before the tag reaches it.
    draft({
      unsaved: () => page !== "",
      flush: () => {
        if (page !== "") saved.push(page);
        page = "";
        return Promise.resolve(true);
      },
    });
    draft({
      unsaved: () => tag !== "",
      flush: () => {
        page = tag;
        tag = "";
        return Promise.resolve(true);
      },
    });
    expect(await flushAll()).toBe(true);
    expect(saved).toEqual(["mid-wo"]);
    expect(anyUnsaved()).toBe(false);
  });

  it("does not say that all is saved when something cannot be", async () => {
    draft({ unsaved: () => true, flush: () => Promise.reject(new Error("full")) });
    expect(await flushAll()).toBe(false);
    expect(anyUnsaved()).toBe(true);
  });

  it("ends, though a draft never comes to an end", async () => {
    draft({ unsaved: () => true, flush: () => Promise.resolve(true) });
    expect(await flushAll()).toBe(false);
  });
});
