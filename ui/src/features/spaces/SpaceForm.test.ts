import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { anyUnsaved, flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import EditSpacePage from "./EditSpacePage.svelte";
import NewSpacePage from "./NewSpacePage.svelte";

let host: FakeHost;
const openNew = (query: Record<string, string> = {}) => render(NewSpacePage, { params: {}, query });
const name = (): HTMLElement => screen.getByRole("textbox", { name: "Name, as you say it" });

beforeEach(() => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("a notebook that is not made yet", () => {
  it("keeps what was written when its page is left, has locking ask, and makes no key by itself", async () => {
    const { unmount } = openNew();
    expect(await flushAll()).toBe(true);
    await userEvent.type(name(), "Noor Had");
    unmount();
    expect(await flushAll()).toBe(false);
    expect(host.asked.some(({ command }) => command === "create_space")).toBe(false);
    openNew();
    expect(name()).toHaveValue("Noor Had");
    await userEvent.type(name(), "dad");
    await userEvent.click(screen.getByRole("button", { name: "Make the notebook" }));
    await waitFor(() => expect(spaces.list).toMatchObject([{ name: "Noor Haddad" }]));
    await waitFor(() => expect(anyUnsaved()).toBe(false));
    cleanup();
    openNew();
    expect(name()).toHaveValue("");
  });

  it("leaves a journal its own name", async () => {
    const { unmount } = openNew();
    await userEvent.type(name(), "Noor");
    unmount();
    openNew({ kind: "journal" });
    expect(screen.getByRole("textbox", { name: "What it is called" })).toHaveValue("My journal");
  });
});

describe("the agreed end of a notebook", () => {
  it("is asked for once the notebook is there, is kept, and is taken away again", async () => {
    openNew();
    expect(screen.queryByRole("textbox", { name: "Until which day it is kept" })).toBeNull();
    cleanup();
    const space = await spaces.create({
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    });
    const open = () => render(EditSpacePage, { params: { space: space.id }, query: {} });
    const until = (): HTMLElement => screen.getByRole("textbox", { name: "Until which day it is kept" });
    open();
    await userEvent.type(until(), "31 January 2199");
    await userEvent.click(screen.getByRole("button", { name: "Keep the changes" }));
    await waitFor(() => expect(spaces.byId(space.id)?.keepUntil).toBe("2199-01-31"));
    cleanup();
    open();
    expect(until()).toHaveValue("31 January 2199");
    await userEvent.clear(until());
    await userEvent.click(screen.getByRole("button", { name: "Keep the changes" }));
    await waitFor(() => expect(spaces.byId(space.id)?.keepUntil).toBeNull());
    const asked = host.asked.filter(({ command }) => command === "keep_space_until");
    expect(asked.map((one) => one.asked)).toEqual([
      { space: space.id, day: "2199-01-31" },
      { space: space.id, day: null },
    ]);
  });

  it("may not be a day that is over", async () => {
    const space = await spaces.create({
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    });
    render(EditSpacePage, { params: { space: space.id }, query: {} });
    const until = screen.getByRole("textbox", { name: "Until which day it is kept" });
    await userEvent.type(until, "1 January 2020");
    await userEvent.tab();
    expect(until).toBeInvalid();
    await userEvent.click(screen.getByRole("button", { name: "Keep the changes" }));
    expect(until).toHaveFocus();
    expect(host.asked.some(({ command }) => command === "update_space")).toBe(false);
    expect(host.asked.some(({ command }) => command === "keep_space_until")).toBe(false);
  });

  it("is not kept, and neither is one that stood there before, while nobody can tell which day is meant", async () => {
    const space = await spaces.create({
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    });
    render(EditSpacePage, { params: { space: space.id }, query: {} });
    const until = screen.getByRole("textbox", { name: "Until which day it is kept" });
    const keep = screen.getByRole("button", { name: "Keep the changes" });
    await userEvent.type(until, "31 January 2199");
    await userEvent.tab();
    await userEvent.clear(until);
    await userEvent.type(until, "soon{Enter}");
    await userEvent.click(keep);
    expect(until).toHaveValue("soon");
    expect(until).toHaveFocus();
    expect(until).toHaveAccessibleDescription(/Not a date I know/u);
    expect(host.asked.some(({ command }) => command === "update_space")).toBe(false);
    await userEvent.clear(until);
    await userEvent.type(until, "1 February 2199");
    expect(until).toBeValid();
    await userEvent.click(keep);
    await waitFor(() => expect(spaces.byId(space.id)?.keepUntil).toBe("2199-02-01"));
  });

  it("that is over holds up no other change", async () => {
    const space = await spaces.create({
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    });
    await host.call("keep_space_until", { space: space.id, day: "2020-01-01" });
    await spaces.refresh();
    render(EditSpacePage, { params: { space: space.id }, query: {} });
    await userEvent.type(screen.getByRole("textbox", { name: "What it is called" }), " of 2020");
    await userEvent.click(screen.getByRole("button", { name: "Keep the changes" }));
    await waitFor(() => expect(spaces.byId(space.id)?.name).toBe("My journal of 2020"));
  });
});

describe("a notebook that is being changed", () => {
  it("keeps the new words when its page is left, and drops them when that is cancelled", async () => {
    const space = await spaces.create({
      kind: "relationship",
      role: "mentor",
      name: "Daniel Rhee",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    });
    const open = () => render(EditSpacePage, { params: { space: space.id }, query: {} });
    const { unmount } = open();
    expect(await flushAll()).toBe(true);
    await userEvent.type(name(), "-Okafor");
    unmount();
    expect(await flushAll()).toBe(false);
    const again = open();
    expect(name()).toHaveValue("Daniel Rhee-Okafor");
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(await flushAll()).toBe(true);
    again.unmount();
    open();
    expect(name()).toHaveValue("Daniel Rhee");
  });
});
