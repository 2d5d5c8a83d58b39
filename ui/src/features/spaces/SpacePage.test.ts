import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { router } from "../../shared/router.svelte";
import SpacePage from "./SpacePage.svelte";

let here = "";
beforeEach(async () => {
  forgetEverything();
  const host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const { id } = await makeMentee(host);
  await spaces.refresh();
  here = `/spaces/${id}`;
  router.replace(here);
  render(SpacePage, { params: { space: id }, query: {} });
  await screen.findByRole("heading", { name: "Daniel Rhee" });
});
afterEach(() => {
  cleanup();
  document.querySelectorAll("dialog").forEach((one) => one.remove());
});

describe("the head of a notebook", () => {
  it("says quietly until when it is kept", async () => {
    const { id } = spaces.list[0] ?? { id: "" };
    expect(screen.queryByText(/^Kept until/u)).toBeNull();
    await spaces.keepUntil(id, "2199-01-31");
    expect(await screen.findByText("Kept until 31 January 2199.")).toBeInTheDocument();
    await spaces.keepUntil(id, "2020-01-31");
    expect(
      await screen.findByText("To be kept until 31 January 2020: that day has passed."),
    ).toBeInTheDocument();
  });
});

describe("n on the page of a notebook", () => {
  it("begins a note", async () => {
    await userEvent.keyboard("n");
    expect(router.path).toBe(`${here}/notes/new`);
  });

  it("does not change the page beneath a dialog", async () => {
    document.body.insertAdjacentHTML("beforeend", '<dialog open><button id="in">x</button></dialog>');
    document.getElementById("in")?.focus();
    await userEvent.keyboard("n");
    expect(router.path).toBe(here);
  });
});
