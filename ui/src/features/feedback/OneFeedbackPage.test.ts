// Words that judge or guess are marked while one writes, and each can be gone to, or kept.
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Feedback, Space } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import OneFeedbackPage from "./OneFeedbackPage.svelte";

configure({ asyncUtilTimeout: 10_000 });
let host: FakeHost;
let space: Space;

const open = async (feedback: Partial<Feedback>): Promise<void> => {
  const body = { ...emptyBody("feedback"), direction: "given", ...feedback } as never;
  const draft = {
    space: space.id,
    label: "private" as const,
    on: "2026-11-01",
    parent: null,
    asToldBy: null,
    body,
  };
  const made = await host.call("create_record", { draft });
  render(OneFeedbackPage, { params: { space: space.id, record: made.line.id }, query: {} });
  await screen.findByRole("textbox", { name: /^Behaviour/u });
};
const behaviour = (): HTMLTextAreaElement => screen.getByRole("textbox", { name: /^Behaviour/u });
const look = () => within(screen.getByRole("region", { name: "Words to look at" }));
const selected = (field: HTMLTextAreaElement): string =>
  field.value.slice(field.selectionStart, field.selectionEnd);

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
  await spaces.refresh();
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("feedback that judges or guesses", () => {
  it("has such words marked while one writes, with why, and no longer once they are gone", async () => {
    await open({});
    expect(screen.queryByRole("region", { name: "Words to look at" })).toBeNull();
    await userEvent.type(behaviour(), "You were defensive, and wanted it over.");
    expect(look().getAllByRole("listitem")).toHaveLength(2);
    expect(screen.getByRole("status")).toHaveTextContent("2 words to look at");
    expect(look().getAllByRole("button", { name: "Keep mine" })[1]).toHaveAccessibleDescription("“wanted”");
    expect(look().getByText("“defensive”").closest("li")).toHaveTextContent("is a judgement.");
    expect(look().getByText("“wanted”").closest("li")).toHaveTextContent("is a guess.");
    const marked = [...document.querySelectorAll("mark")].map((one) => one.textContent);
    expect(marked).toEqual(["defensive", "wanted"]);
    await userEvent.clear(behaviour());
    await userEvent.type(behaviour(), "You turned back to the screen.");
    expect(screen.queryByRole("region", { name: "Words to look at" })).toBeNull();
    expect(document.querySelector("mark")).toBeNull();
  });
  it("takes one to the word, by its button and by F8, and round again", async () => {
    await open({ behaviour: "You were rude.", impact: "You always are. She felt small." });
    await userEvent.click(look().getByRole("button", { name: "Go to it, under Behaviour" }));
    expect(behaviour()).toHaveFocus();
    expect(selected(behaviour())).toBe("rude");
    await userEvent.keyboard("{F8}");
    const impact = screen.getByRole<HTMLTextAreaElement>("textbox", { name: /^Impact/u });
    expect(impact).toHaveFocus();
    expect(selected(impact)).toBe("always");
    await userEvent.keyboard("{F8}");
    expect(selected(behaviour())).toBe("rude");
    expect(look().getAllByRole("listitem")).toHaveLength(2);
  });
  it("keeps a word that is meant, with the focus where it stands", async () => {
    await open({ behaviour: "You were rude." });
    await userEvent.click(look().getByRole("button", { name: "Keep mine" }));
    expect(behaviour()).toHaveFocus();
    expect(behaviour()).toHaveValue("You were rude.");
    expect(selected(behaviour())).toBe("");
    await waitFor(() => expect(screen.queryByRole("region", { name: "Words to look at" })).toBeNull());
  });
  it("is left to its own words where it was received", async () => {
    await open({ direction: "received", behaviour: "You were rude." });
    expect(screen.queryByRole("region", { name: "Words to look at" })).toBeNull();
  });
});
