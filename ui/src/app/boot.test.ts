// The look before the first paint, and the places that features bring.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FeatureRoute } from "../shared/feature";
import { match } from "../shared/router.svelte";
import { t } from "../words";
import { themeFor } from "./look.svelte";
import { find, routes } from "./routes";

const script = readFileSync(join(import.meta.dirname, "../../public/theme.js"), "utf8");
type Look = { theme?: string; textSize?: unknown };

/** Runs the boot script with what the host left and what the system likes. */
const boot = (look: Look | undefined, systemIsDark: boolean): void => {
  vi.stubGlobal("matchMedia", () => ({ matches: systemIsDark }));
  vi.stubGlobal("__confidantLook", look);
  new Function(script)();
};

afterEach(() => {
  vi.unstubAllGlobals();
  document.documentElement.removeAttribute("data-theme");
  document.documentElement.removeAttribute("style");
});

describe("before the first paint", () => {
  it.each([
    [undefined, false, "light"],
    [undefined, true, "dark"],
    [{ theme: "system" }, true, "dark"],
    [{ theme: "light" }, true, "light"],
    [{ theme: "dark" }, false, "dark"],
  ])("the look %o on a computer that is dark=%s is %s", (look, systemIsDark, theme) => {
    boot(look, systemIsDark);
    expect(document.documentElement).toHaveAttribute("data-theme", theme);
  });
  it("the text size is taken over, within its bounds", () => {
    boot({ textSize: 120 }, false);
    expect(document.documentElement.style.fontSize).toBe("120%");
    document.documentElement.removeAttribute("style");
    boot({ textSize: 900 }, false);
    expect(document.documentElement.style.fontSize).toBe("");
  });
  it("the window says the same afterwards", () => {
    expect(themeFor("system", true)).toBe("dark");
    expect(themeFor("light", true)).toBe("light");
  });
  it("index.html has no inline script and no inline style", () => {
    const html = readFileSync(join(import.meta.dirname, "../../index.html"), "utf8");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/\sstyle=/);
    expect(html.indexOf("theme.js")).toBeLessThan(html.indexOf("<body"));
  });
});

describe("places", () => {
  const route = (path: string): FeatureRoute => ({
    path,
    title: "app-name",
    page: () => Promise.reject(new Error("not gone to")),
  });

  it("match their named parts", () => {
    expect(match("/spaces/:space/notes/:record", "/spaces/s1/notes/r1")).toEqual({
      space: "s1",
      record: "r1",
    });
    expect(match("/spaces/:space", "/spaces/")).toBeNull();
    expect(match("/spaces/:space", "/spaces/s1/notes")).toBeNull();
    expect(match("/today", "/journal")).toBeNull();
  });
  it("with more literal parts win", () => {
    const sorted = [...routes].map((r) => r.path.split("/").filter((part) => !part.startsWith(":")).length);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    expect(find("/settings/you", [route("/settings/you"), route("/settings/:page")])?.params).toEqual({});
    expect(find("/nowhere", [route("/settings")])).toBeNull();
  });
  it.each(routes)(
    "$path has a title and a page of its own",
    async ({ title, page, path }) => {
      expect(t(title)).not.toMatch(/⟦/);
      expect((await page()).default, path).toBeTypeOf("function");
    },
    300_000,
  );
  it("are all different", () => {
    const shapes = routes.map(({ path }) => path.replace(/:[a-z]+/gi, ":"));
    expect(shapes).toEqual([...new Set(shapes)]);
  });
  it.each(["/today", "/journal", "/goals", "/summaries", "/disclosures", "/spaces/new", "/settings"])(
    "%s, to which the frame leads, is there",
    (path) => {
      expect(find(path)).not.toBeNull();
    },
  );
});
