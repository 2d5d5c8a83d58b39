import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { flushAll } from "../session/drafts";
import { AUTOSAVE_MS, makeAutosave, RETRY_MS } from "./autosave.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("autosave", () => {
  it("saves the newest words one second after the last key", async () => {
    const saved: string[] = [];
    const autosave = makeAutosave<string>((words) => Promise.resolve(void saved.push(words)));
    autosave.touch("a");
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS - 1);
    autosave.touch("ab");
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS - 1);
    expect(saved).toEqual([]);
    expect(autosave.state).toBe("saving");
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toEqual(["ab"]);
    expect(autosave.state).toBe("saved");
    autosave.forget();
  });

  it("never runs two saves at once, and saves what was typed meanwhile", async () => {
    const finish: (() => void)[] = [];
    const started: string[] = [];
    const autosave = makeAutosave<string>((words) => {
      started.push(words);
      return new Promise((resolve) => finish.push(resolve));
    });
    autosave.touch("one");
    const first = autosave.flush();
    autosave.touch("two");
    autosave.touch("three");
    const second = autosave.flush();
    expect(started).toEqual(["one"]);
    finish.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual(["one", "three"]);
    finish.shift()?.();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    autosave.forget();
  });

  it("keeps the words when a save fails, says so, and tries again by itself", async () => {
    let full = true;
    const saved: string[] = [];
    const autosave = makeAutosave<string>((words) =>
      full ? Promise.reject(new Error("full")) : Promise.resolve(void saved.push(words)),
    );
    autosave.touch("precious");
    expect(await autosave.flush()).toBe(false);
    expect(autosave.state).toBe("failed");
    expect(autosave.unsaved).toBe(true);
    expect(await flushAll()).toBe(false);
    full = false;
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect(saved).toEqual(["precious"]);
    expect(autosave.state).toBe("saved");
    autosave.forget();
  });

  it("is saved by locking, even after its page was left in mid-word", async () => {
    let full = true;
    const saved: string[] = [];
    const autosave = makeAutosave<string>((words) =>
      full ? Promise.reject(new Error("full")) : Promise.resolve(void saved.push(words)),
    );
    autosave.touch("mid-wo");
    expect(await autosave.close()).toBe(false);
    full = false;
    expect(await flushAll()).toBe(true);
    expect(saved).toEqual(["mid-wo"]);
    full = true;
    expect(await flushAll()).toBe(true);
  });

  it("is still there when it was taken up again while it was being closed", async () => {
    const saved: string[] = [];
    let finish: () => void = () => undefined;
    const released = vi.fn();
    const autosave = makeAutosave<string>((words) => {
      saved.push(words);
      return new Promise((done) => (finish = done));
    }, released);
    autosave.touch("one");
    const closed = autosave.close();
    autosave.reopen();
    finish();
    expect(await closed).toBe(true);
    expect(released).not.toHaveBeenCalled();
    autosave.touch("its last second");
    const all = flushAll();
    finish();
    expect(await all).toBe(true);
    expect(saved).toEqual(["one", "its last second"]);
    await autosave.close();
    expect(released).toHaveBeenCalledOnce();
  });

  it("does not let go before a word that came while it was being closed is saved", async () => {
    const saved: string[] = [];
    let full = false;
    const autosave = makeAutosave<string>((words) =>
      full ? Promise.reject(new Error("full")) : Promise.resolve(void saved.push(words)),
    );
    const closed = autosave.close();
    full = true;
    autosave.touch("a step", 0);
    await closed;
    await vi.advanceTimersByTimeAsync(1);
    expect(await flushAll()).toBe(false);
    full = false;
    expect(await flushAll()).toBe(true);
    expect(saved).toEqual(["a step"]);
  });

  it("is waited for again when a word comes after its page was left, as by an undo", async () => {
    let full = true;
    const autosave = makeAutosave<string>(() =>
      full ? Promise.reject(new Error("full")) : Promise.resolve(),
    );
    expect(await autosave.close()).toBe(true);
    autosave.touch("back again");
    expect(await flushAll()).toBe(false);
    full = false;
    expect(await flushAll()).toBe(true);
    expect(autosave.unsaved).toBe(false);
  });

  it("lets go of every word when the vault is locked", async () => {
    const saved: string[] = [];
    const autosave = makeAutosave<string>((words) => Promise.resolve(void saved.push(words)));
    autosave.touch("secret");
    autosave.forget();
    await vi.advanceTimersByTimeAsync(RETRY_MS * 2);
    expect(saved).toEqual([]);
    expect(await flushAll()).toBe(true);
  });
});
