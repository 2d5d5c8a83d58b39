import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { SavingState } from "../editor/autosave.svelte";
import DocSaving from "./DocSaving.svelte";

afterEach(() => cleanup());
const shown = (saving: SavingState, more: { part?: boolean; parts?: SavingState[] } = {}): string[] => {
  const error = saving === "failed" ? { code: "noSpace", params: {} } : null;
  const doc = { saving, error, conflict: false, retry: () => Promise.resolve(true) };
  const { container } = render(DocSaving, { doc, ...more });
  return [...container.querySelectorAll<HTMLElement>("[data-state]")].map(
    (one) => one.dataset["state"] ?? "",
  );
};

describe("whether a page is saved", () => {
  it("is said by a part only when it could not be, though it can still be asked", () => {
    expect(shown("saved", { part: true })).toEqual(["saved"]);
    expect(document.body).toHaveTextContent(/^$/u);
    cleanup();
    expect(shown("failed", { part: true })).toEqual(["failed"]);
    expect(screen.getByRole("alert")).toHaveTextContent("The disk is full.");
  });

  it.each<[SavingState, SavingState[], SavingState]>([
    ["clean", ["clean", "saved"], "saved"],
    ["saved", ["saving", "clean"], "saving"],
    ["saved", ["failed", "clean"], "clean"],
    ["failed", ["saved", "clean"], "failed"],
    ["clean", ["clean"], "clean"],
  ])("is said once for all its parts (%s and %s)", (own, parts, all) => {
    expect(shown(own, { parts })).toEqual([all]);
  });
});
