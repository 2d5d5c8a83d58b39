import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import Scroll from "./Scroll.svelte";

const html = (markup: string) => createRawSnippet(() => ({ render: () => markup }));
const props = (drawer: string | null) => ({
  children: html("<a href='#/goals/1'>A goal</a>"),
  aside: html("<button>Close</button>"),
  asideName: "The goal",
  drawer,
});
const narrow = (matches: boolean): void => {
  vi.stubGlobal("matchMedia", () => ({ matches }));
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("a side column in a narrow window", () => {
  it("takes the focus when something is opened in it, and again for the next", async () => {
    narrow(true);
    const { rerender } = render(Scroll, props(null));
    const side = screen.getByRole("complementary", { name: "The goal" });
    expect(side).not.toHaveFocus();
    await rerender(props("1"));
    await waitFor(() => expect(side).toHaveFocus());
    screen.getByRole("link").focus();
    await rerender(props("2"));
    await waitFor(() => expect(side).toHaveFocus());
    await rerender(props(null));
    await waitFor(() => expect(side).not.toHaveFocus());
  });

  it("leaves the focus alone where it stands beside the page", async () => {
    narrow(false);
    render(Scroll, props("1"));
    await Promise.resolve();
    expect(document.body).toHaveFocus();
  });
});
