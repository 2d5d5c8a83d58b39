import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordBody, Space } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import Heard from "./Heard.svelte";

let host: FakeHost;
let space: Space;
let meeting = "";
const stored = async () => {
  const { lines } = await host.call("list_records", {
    filter: filterOf({ kinds: ["heard"], parent: meeting }),
  });
  return lines[0] ? (await host.call("open_record", { id: lines[0].id })).body : null;
};

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
  const made = await host.call("create_record", {
    draft: {
      space: space.id,
      label: "private",
      on: "2026-11-01",
      parent: null,
      asToldBy: null,
      body: emptyBody("meeting") as RecordBody,
    },
  });
  meeting = made.line.id;
  render(Heard, { space, meeting, on: "2026-11-01", id: "new" });
});
afterEach(() => cleanup());

describe("what I heard", () => {
  it("is read back before it can be agreed to, and words that change are no longer agreed to", async () => {
    expect(screen.getByRole("button", { name: "I have read it back" })).toBeDisabled();
    const words = screen.getByRole("textbox", { name: "What I heard, in my words" });
    await userEvent.type(words, "You want to apply");
    await userEvent.click(screen.getByRole("button", { name: "I have read it back" }));
    await userEvent.click(screen.getByRole("button", { name: "Daniel agrees" }));
    await flushAll();
    expect(await stored()).toMatchObject({ text: "You want to apply", state: "agreed" });
    await userEvent.type(words, " now");
    await flushAll();
    expect(await stored()).toMatchObject({ text: "You want to apply now", state: "draft" });
  });

  it("keeps the other's words beside mine", async () => {
    await userEvent.type(screen.getByRole("textbox"), "You are worried");
    await userEvent.click(screen.getByRole("button", { name: "I have read it back" }));
    await userEvent.click(screen.getByRole("button", { name: "Daniel puts it differently" }));
    await userEvent.type(
      await screen.findByRole("textbox", { name: "The other’s own words" }),
      "Not worried, curious",
    );
    await flushAll();
    await waitFor(async () =>
      expect(await stored()).toMatchObject({
        text: "You are worried",
        correction: "Not worried, curious",
        state: "corrected",
      }),
    );
    // They stay in sight once they are agreed to; whoever changes them then has it agreed to again.
    await userEvent.click(screen.getByRole("button", { name: "Daniel agrees" }));
    await flushAll();
    expect(await stored()).toMatchObject({ state: "agreed" });
    const correction = screen.getByRole("textbox", { name: "The other’s own words" });
    expect(correction).toHaveValue("Not worried, curious");
    await userEvent.type(correction, " now");
    await flushAll();
    expect(await stored()).toMatchObject({ correction: "Not worried, curious now", state: "corrected" });
  });
});
