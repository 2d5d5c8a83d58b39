// What people and screen readers meet in the shared components.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RecordLine } from "../bindings";
import { addDays, todayIs } from "../words";
import Button from "./Button.svelte";
import CadenceStrip from "./CadenceStrip.svelte";
import ConsentRings from "./ConsentRings.svelte";
import DateField from "./DateField.svelte";
import Dialog from "./Dialog.svelte";
import EvidenceRow from "./EvidenceRow.svelte";
import Failure from "./Failure.svelte";
import Field from "./Field.svelte";
import LabelTag from "./LabelTag.svelte";
import Loading from "./Loading.svelte";
import Menu from "./Menu.svelte";
import Named from "./Named.svelte";
import Notebook from "./Notebook.svelte";
import PassphraseMeter from "./PassphraseMeter.svelte";
import ProgressBar from "./ProgressBar.svelte";
import PromiseRow from "./PromiseRow.svelte";
import SaveState from "./SaveState.svelte";
import Segmented from "./Segmented.svelte";
import SourceMark from "./SourceMark.svelte";
import StepLane from "./StepLane.svelte";
import Switch from "./Switch.svelte";
import Tabs from "./Tabs.svelte";
import TimelineEntry from "./TimelineEntry.svelte";

const text = (words: string): ReturnType<typeof createRawSnippet> =>
  createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
const TODAY = "2026-11-21";
const line = (part: Partial<RecordLine> = {}): RecordLine => ({
  id: "0192a000-0000-7000-8000-000000000001",
  space: "0192a000-0000-7000-8000-000000000002",
  kind: "commitment",
  label: "private",
  title: "Send the dates",
  excerpt: "",
  on: "2026-11-01",
  created: "2026-11-01T10:00:00Z",
  edited: "2026-11-01T10:00:00Z",
  parent: null,
  asToldBy: null,
  binned: null,
  state: "open",
  due: null,
  owner: "me",
  steps: null,
  ...part,
});

afterEach(() => vi.useRealTimers());

describe("Button", () => {
  it("does nothing while busy, keeps its label, and adds dots after 300 ms", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const onclick = vi.fn();
    render(Button, { props: { busy: true, onclick, children: text("Open") } });
    const button = screen.getByRole("button", { name: "Open" });
    button.click();
    expect(onclick).not.toHaveBeenCalled();
    expect(button).toHaveAttribute("aria-busy", "true");
    await vi.advanceTimersByTimeAsync(310);
    expect(button).toHaveTextContent("Open…");
  });
  it("acts when it is not busy", () => {
    const onclick = vi.fn();
    render(Button, { props: { onclick, children: text("Open") } });
    screen.getByRole("button", { name: "Open" }).click();
    expect(onclick).toHaveBeenCalledOnce();
  });
});

describe("Field", () => {
  it("ties its error and its hint to the control", () => {
    render(Field, { props: { label: "Name", error: "A name is needed.", hint: "Any will do." } });
    const field = screen.getByLabelText("Name");
    expect(field).toHaveAccessibleDescription("Any will do. A name is needed.");
    expect(field).toBeInvalid();
  });
  it("marks what a person writes so that discreet mode blurs it", () => {
    render(Field, { props: { label: "Name", writing: true } });
    expect(screen.getByLabelText("Name")).toHaveAttribute("data-words");
  });
});

describe("Named", () => {
  const says = (name: string): string => `Meeting with ${name}, who is ${name}`;
  it("blurs the name and nothing else, and is read as one sentence", () => {
    const { container } = render(Named, { props: { says, name: "Daniel" } });
    expect(container.textContent).toBe("Meeting with Daniel, who is Daniel");
    const blurred = [...container.querySelectorAll("[data-words]")].map((one) => one.textContent);
    expect(blurred).toEqual(["Daniel", "Daniel"]);
  });
  it("says a sentence without a name, and one for nobody, as it is", () => {
    const { container } = render(Named, { props: { says: () => "You kept a promise", name: "Daniel" } });
    expect(container.textContent).toBe("You kept a promise");
    cleanup();
    const nobody = render(Named, {
      props: { says: (name) => (name ? `Hello, ${name}` : "Hello"), name: "" },
    });
    expect(nobody.container.textContent).toBe("Hello");
    expect(document.querySelector("[data-words]")).toBeNull();
  });
});

describe("Dialog", () => {
  it("is named by its title where that is a snippet with a name in it", () => {
    const props = {
      open: true,
      onclose: () => undefined,
      title: text("For Daniel"),
      says: text("Hand it over"),
    };
    render(Dialog, { props });
    expect(screen.getByRole("dialog", { name: "For Daniel" })).toHaveAccessibleDescription("Hand it over");
  });
});

describe("Segmented", () => {
  it("blurs the words of a choice that somebody wrote, and no others", () => {
    const options = [
      { value: "me", words: "You" },
      { value: "them", words: "Daniel", writing: true },
    ];
    render(Segmented, { props: { label: "Whose", value: "me", options } });
    expect(screen.getByText("Daniel")).toHaveAttribute("data-words");
    expect(screen.getByText("You")).not.toHaveAttribute("data-words");
  });
  it("moves its choice by arrow keys, as radio buttons do", async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Segmented, {
      props: {
        label: "Who",
        value: "me",
        options: [
          { value: "me", words: "You" },
          { value: "them", words: "Daniel" },
        ],
        onchange,
      },
    });
    await user.tab();
    await user.keyboard("{ArrowRight}");
    expect(onchange).toHaveBeenCalledWith("them");
    expect(screen.getByRole("radio", { name: "Daniel" })).toBeChecked();
  });
});

describe("Switch", () => {
  it("is named by its words and turned by the space bar", async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Switch, { props: { label: "Blur", hint: "Names and words", onchange } });
    const control = screen.getByRole("switch", { name: "Blur" });
    expect(control).toHaveAccessibleDescription("Names and words");
    await user.tab();
    await user.keyboard(" ");
    expect(onchange).toHaveBeenCalledWith(true);
  });
});

describe("DateField", () => {
  it("takes a day as people write it", async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(DateField, { props: { label: "Due", value: null, optional: true, onchange } });
    await user.type(screen.getByLabelText("Due"), "12 June 2027");
    await user.tab();
    expect(onchange).toHaveBeenCalledWith("2027-06-12");
  });
  it("says what it does not understand, and keeps what was typed", async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(DateField, { props: { label: "Due", value: "2026-06-12", onchange } });
    const field = screen.getByLabelText("Due");
    await user.clear(field);
    await user.type(field, "12 Jume");
    await user.tab();
    expect(field).toHaveValue("12 Jume");
    expect(field).toHaveAccessibleDescription("Not a date I know. Try 12 June.");
    expect(onchange).not.toHaveBeenCalled();
  });
  it("refuses a day that is too early", async () => {
    const user = userEvent.setup();
    render(DateField, { props: { label: "To", value: "2026-06-12", min: "2026-06-01" } });
    const field = screen.getByLabelText("To");
    await user.clear(field);
    await user.type(field, "1 May 2026{Enter}");
    expect(field).toHaveAccessibleDescription("It cannot be before 1 June 2026.");
  });
  it("lets a day be picked from the month", async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(DateField, { props: { label: "Due", value: "2026-06-12", onchange } });
    await user.click(screen.getByRole("button", { name: "Due: pick a day" }));
    const grid = await screen.findByRole("grid");
    await user.click(within(grid).getByText("19"));
    await waitFor(() => expect(onchange).toHaveBeenCalledWith("2026-06-19"));
    expect(screen.queryByRole("grid")).toBeNull();
  });
});

describe("Menu", () => {
  const open = async (): Promise<{
    user: ReturnType<typeof userEvent.setup>;
    first: () => void;
    last: () => void;
  }> => {
    const user = userEvent.setup();
    const first = vi.fn();
    const last = vi.fn();
    render(Menu, {
      props: {
        name: "More",
        items: [
          { words: "Edit", run: first },
          { words: "Bin", danger: true, run: last },
        ],
      },
    });
    await user.click(screen.getByRole("button", { name: "More" }));
    return { user, first, last };
  };
  it("is walked with the arrow keys and acts with Enter", async () => {
    const { user, last } = await open();
    await waitFor(() => expect(screen.getByRole("menuitem", { name: "Edit" })).toHaveFocus());
    await user.keyboard("{ArrowDown}{Enter}");
    expect(last).toHaveBeenCalledOnce();
    expect(screen.queryByRole("menu")).toBeNull();
  });
  it("closes by Esc and gives the focus back", async () => {
    const { user, first } = await open();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(screen.getByRole("button", { name: "More" })).toHaveFocus();
    expect(first).not.toHaveBeenCalled();
  });
});

describe("confidentiality", () => {
  it("always has the word beside the icon", () => {
    render(LabelTag, { props: { label: "sealed" } });
    expect(screen.getByText("Sealed")).toBeInTheDocument();
  });
  it("is told first in the name of a timeline entry", () => {
    render(TimelineEntry, {
      props: {
        line: line({ kind: "note", on: `${todayIs().slice(0, 4)}-06-02` }),
        href: "#/x",
        kind: "Note",
      },
    });
    expect(screen.getByRole("link", { name: "Private. Note, 2 June" })).toHaveAttribute("href", "#/x");
  });
  it("is told in the name of a source", () => {
    render(SourceMark, { props: { number: 3, label: "agreed" } });
    expect(screen.getByRole("img", { name: "Source 3, Agreed" })).toBeInTheDocument();
  });
  it.each(["private", "sealed"] as const)(
    "gives %s evidence no tick, even when one is asked for, and keeps its words back",
    (label) => {
      render(EvidenceRow, {
        props: {
          line: line({ label, kind: "note" }),
          kind: "Note",
          words: "He sounded tired",
          onpick: vi.fn(),
        },
      });
      expect(screen.queryByRole("checkbox")).toBeNull();
      expect(screen.queryByText("He sounded tired")).toBeNull();
    },
  );
  it.each(["shareable", "agreed"] as const)("lets %s evidence be picked", async (label) => {
    const user = userEvent.setup();
    const onpick = vi.fn();
    render(EvidenceRow, { props: { line: line({ label, kind: "note" }), kind: "Note", onpick } });
    await user.click(screen.getByRole("checkbox", { name: "Send the dates" }));
    expect(onpick).toHaveBeenCalledWith(true);
  });
});

describe("Notebook", () => {
  it("says whose it is and whether it is open", () => {
    render(Notebook, { props: { name: "Amara Nwosu", monogram: "AN", cloth: "teal" } });
    expect(screen.getByRole("img", { name: "Amara Nwosu, notebook open" })).toBeInTheDocument();
  });
});

describe("Tabs", () => {
  it("says the count as a word of its own", () => {
    const tabs = [
      { id: "meetings", words: "Meetings", count: 10, href: "#/a" },
      { id: "summaries", words: "Summaries", href: "#/b" },
    ];
    render(Tabs, { props: { label: "Pages", current: "meetings", tabs } });
    expect(screen.getAllByRole("link").map((tab) => tab.textContent.trim())).toEqual([
      "Meetings 10",
      "Summaries",
    ]);
    expect(screen.getByRole("link", { current: "page" })).toHaveTextContent("Meetings 10");
  });
});

describe("PromiseRow", () => {
  it("tells how late it is", () => {
    render(PromiseRow, {
      props: { line: line({ due: addDays(TODAY, -6) }), today: TODAY, who: "You", onkept: vi.fn() },
    });
    expect(screen.getByText("six days late")).toHaveClass("attention");
  });
  it("is kept by its tick", async () => {
    const user = userEvent.setup();
    const onkept = vi.fn();
    render(PromiseRow, { props: { line: line({ due: TODAY }), today: TODAY, who: "You", onkept } });
    expect(screen.getByText("today")).not.toHaveClass("attention");
    await user.click(screen.getByRole("checkbox", { name: "Kept: Send the dates" }));
    expect(onkept).toHaveBeenCalledWith(true);
  });
  it("is not late once it was kept", () => {
    render(PromiseRow, {
      props: {
        line: line({ due: addDays(TODAY, -6), state: "kept" }),
        today: TODAY,
        who: "You",
        onkept: vi.fn(),
      },
    });
    expect(screen.queryByText(/late/)).toBeNull();
    expect(screen.getByRole("checkbox")).toBeChecked();
  });
});

describe("SaveState", () => {
  it("says aloud that words are saved at most once a minute", async () => {
    vi.useFakeTimers();
    const { rerender, container } = render(SaveState, { props: { state: "saved" } });
    const region = (): Element | null => container.querySelector("[aria-live=polite]");
    const changes: string[] = [];
    new MutationObserver(() => changes.push(region()?.textContent ?? "")).observe(region() as Element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    const again = async (afterMs: number): Promise<void> => {
      await rerender({ state: "saving" });
      await vi.advanceTimersByTimeAsync(afterMs);
      await rerender({ state: "saved" });
      await vi.advanceTimersByTimeAsync(0);
    };
    expect(region()).toHaveTextContent("Saved");
    await again(1_000);
    await again(10_000);
    expect(changes).toEqual([]);
    await again(60_000);
    expect(changes).toEqual(["", "Saved"]);
  });
  it("says at once that they are not, and offers to try again", async () => {
    const retry = vi.fn();
    render(SaveState, { props: { state: "failed", says: "The disk is full.", retry } });
    expect(screen.getByRole("alert")).toHaveTextContent("Not saved. The disk is full.");
    screen.getByRole("button", { name: "Try again" }).click();
    expect(retry).toHaveBeenCalledOnce();
  });
});

describe("Loading", () => {
  it("draws nothing for 300 ms, then grey lines", async () => {
    vi.useFakeTimers();
    const { container } = render(Loading);
    expect(container.querySelectorAll("i")).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(310);
    expect(container.querySelectorAll("i")).toHaveLength(3);
    expect(screen.getByRole("status")).toHaveTextContent("Loading");
  });
});

describe("Failure", () => {
  it("says what happened and what to try", () => {
    render(Failure, { props: { error: { code: "noSpace", params: {} } } });
    expect(screen.getByRole("alert")).toHaveTextContent(
      "The disk is full. What was saved before is as it was.",
    );
  });
  it("has words for what is not one of the host's errors, and never shows its text", () => {
    render(Failure, { props: { error: new Error("Daniel sounded tired") } });
    expect(screen.getByRole("alert")).toHaveTextContent("Something went wrong that should not have.");
    expect(screen.getByRole("alert")).not.toHaveTextContent("Daniel");
  });
});

describe("drawings", () => {
  it("say their finding", () => {
    render(ConsentRings, {
      props: {
        name: "One of two has agreed",
        rings: [
          { name: "You", signed: true },
          { name: "Daniel", signed: false },
        ],
      },
    });
    const rings = screen.getByRole("img", { name: "One of two has agreed" });
    expect(rings.querySelectorAll(".is-signed")).toHaveLength(1);
    expect(rings.querySelectorAll("circle")).toHaveLength(2);
  });
  it("place steps between the first and the last day, late ones marked", () => {
    render(StepLane, {
      props: {
        name: "One of three steps taken",
        from: "2026-11-01",
        to: "2026-12-01",
        today: TODAY,
        steps: [
          { id: "a", due: "2026-11-05", doneOn: "2026-11-06" },
          { id: "b", due: "2026-11-10", doneOn: null },
          { id: "c", due: "2027-01-10", doneOn: null },
        ],
      },
    });
    const circles = [...screen.getByRole("img").querySelectorAll(".lane-step")];
    expect(circles.map((c) => c.classList.contains("is-done"))).toEqual([true, false, false]);
    expect(circles.map((c) => c.classList.contains("is-late"))).toEqual([false, true, false]);
    const places = circles.map((c) =>
      Number(c.getAttribute("cx") ?? /^M([\d.]+)/u.exec(c.getAttribute("d") ?? "")?.[1]),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.at(-1)).toBeLessThanOrEqual(312);
  });
  it("show how long nobody has met", () => {
    render(CadenceStrip, {
      props: {
        name: "Met twice",
        met: ["2026-08-01", "2026-09-01"],
        due: "2026-10-06",
        cloth: "teal",
        today: TODAY,
      },
    });
    const strip = screen.getByRole("img", { name: "Met twice" });
    expect(strip.querySelectorAll(".strip-met")).toHaveLength(2);
    expect(strip.querySelectorAll(".strip-due")).toHaveLength(1);
    expect(strip).toHaveTextContent("due");
  });
  it("tell how much is done to screen readers, too", () => {
    render(ProgressBar, { props: { name: "Words", done: 3, total: 4 } });
    const bar = screen.getByRole("progressbar", { name: "Words" });
    expect(bar).toHaveAttribute("aria-valuenow", "3");
    expect(bar.querySelector("i")).toHaveStyle({ width: "75%" });
  });
});

describe("PassphraseMeter", () => {
  it("has a word beside the bars, and what would help", () => {
    const { container } = render(PassphraseMeter, {
      props: { strength: { score: 2, guessesLog10: 7, hint: "addWords", outerSpace: true } },
    });
    expect(screen.getByRole("status")).toHaveTextContent(
      "Weak. One or two more words make it strong. There is a space at the beginning or the end; it counts.",
    );
    expect(container.querySelectorAll(".meter .on")).toHaveLength(2);
  });
});
