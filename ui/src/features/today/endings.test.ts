// What Today says of a notebook whose agreed time ends.
import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { addDays, todayIs } from "../../words";
import TodayPage from "./TodayPage.svelte";

let host: FakeHost;
let space = "";

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host, "Marcus Bell");
  space = made.id;
});
afterEach(cleanup);

const show = async (days: number): Promise<string | undefined> => {
  await host.call("keep_space_until", { space, day: addDays(todayIs(), days) });
  await spaces.refresh();
  render(TodayPage, { params: {}, query: {} });
  await screen.findByRole("complementary", { name: "Worth a thought" });
  const heading = screen.queryByRole("heading", { name: /You agreed to keep/u });
  return heading?.textContent?.replace(/\s+/gu, " ").trim();
};

describe("the agreed end of a notebook", () => {
  it.each([
    [31, undefined],
    [1, "You agreed to keep the notebook of Marcus Bell until tomorrow."],
    [0, "You agreed to keep the notebook of Marcus Bell until today."],
  ])("is said %i days before", async (days, said) => {
    expect(await show(days)).toBe(said);
  });

  it("is said with its day from a month before on, and when it is over", async () => {
    expect(await show(12)).toMatch(/^You agreed .* Marcus Bell for 12 more days, until \d+ \w+( \d{4})?\.$/u);
    cleanup();
    expect(await show(-2)).toMatch(/until .*\. That day has passed\.$/u);
  });

  it("is no quiet day", async () => {
    await show(3);
    expect(screen.getByText("The agreed time of one notebook is ending.")).toBeInTheDocument();
    expect(screen.queryByText("A quiet day.")).toBeNull();
  });

  it("leads to what would go, and to keeping it longer", async () => {
    await show(3);
    await userEvent.click(screen.getByRole("button", { name: "See what would go" }));
    expect(window.location.hash).toBe(`#/spaces/${space}/forget`);
    await userEvent.click(screen.getByRole("button", { name: "Keep it longer" }));
    expect(window.location.hash).toBe(`#/spaces/${space}/edit`);
  });
});
