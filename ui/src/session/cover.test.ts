import { afterEach, describe, expect, it } from "vitest";
import { cover } from "./cover.svelte";
import { forgetEverything } from "./locking";

const field = (): HTMLInputElement => {
  const input = document.createElement("input");
  document.body.append(input);
  input.focus();
  return input;
};
afterEach(() => {
  cover.lift();
  document.body.replaceChildren();
});

describe("the lock cover", () => {
  it("takes over what a field gives up when it is left, before it lies there", () => {
    const seen: boolean[] = [];
    field().addEventListener("blur", () => seen.push(cover.on));
    cover.lay();
    expect(seen).toEqual([false]);
    expect(cover.on).toBe(true);
    expect(document.body).toHaveFocus();
  });

  it("gives the focus back to where it was", () => {
    const left = field();
    cover.lay();
    cover.lay();
    cover.lift();
    expect(cover.on).toBe(false);
    expect(left).toHaveFocus();
  });

  it("is gone once the vault is locked, and gives no focus back then", () => {
    field();
    cover.lay();
    forgetEverything();
    expect(cover.on).toBe(false);
    cover.lift();
    expect(document.body).toHaveFocus();
  });
});
