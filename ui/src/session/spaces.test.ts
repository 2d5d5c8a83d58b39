// The lists of notebooks, read while they change.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { makeMentee } from "../ipc/fake-space";
import { useHost } from "../ipc/host";
import { forgetEverything } from "./locking";
import { spaces } from "./spaces.svelte";

const SECOND = "pebble orchard lantern violin";
let host: FakeHost;
let space = "";
/** Held answers of a command, until they are let go. */
const hold = (wanted: string): { come: () => void; asked: Promise<void> } => {
  let come = (): void => undefined;
  let asked = (): void => undefined;
  const gate = new Promise<void>((done) => (come = done));
  const reached = new Promise<void>((done) => (asked = done));
  let first = true;
  useHost({
    ...host,
    call: async (command, given, progress) => {
      const answer = await host.call(command, given, progress);
      if (command === wanted && first) {
        first = false;
        asked();
        await gate;
      }
      return answer;
    },
  });
  return { come, asked: reached };
};

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await host.call("set_second_passphrase", { space, shownAs: "The green one", passphrase: SECOND });
  await spaces.refresh();
});
afterEach(forgetEverything);

describe("the lists of notebooks", () => {
  it("that were read before a notebook was shut do not bring it back", async () => {
    const late = hold("list_spaces");
    const reading = spaces.refresh();
    await late.asked;
    await spaces.close(space);
    late.come();
    await reading;
    expect(spaces.byId(space)).toBeUndefined();
    expect(spaces.shutById(space)?.shownAs).toBe("The green one");
  });

  it("that were read before the vault was locked bring nothing back", async () => {
    const late = hold("list_spaces");
    const reading = spaces.refresh();
    await late.asked;
    forgetEverything();
    late.come();
    await reading;
    expect(spaces.list).toEqual([]);
    expect(spaces.loaded).toBe(false);
  });

  it("are those of the latest reading, whichever answers last", async () => {
    const late = hold("list_spaces");
    const first = spaces.refresh();
    await late.asked;
    await host.call("create_space", {
      draft: {
        kind: "journal",
        role: null,
        name: "Journal",
        about: "",
        cloth: "slate",
        since: null,
        meetEveryWeeks: null,
      },
    });
    await spaces.refresh();
    late.come();
    await first;
    expect(spaces.journals).toHaveLength(1);
  });
});
