// The lint rules that hold the arrows and the words can fail: each is shown a fault.
import { Linter } from "eslint";
import { join } from "node:path";
import * as svelteParser from "svelte-eslint-parser";
import ts from "typescript-eslint";
import { describe, expect, it } from "vitest";
// @ts-expect-error -- plain JavaScript, read by ESLint
import { faultOf } from "../scripts/layers.js";
// @ts-expect-error -- plain JavaScript, read by ESLint
import { noHardCodedWords } from "../scripts/no-hard-coded-words.js";

const at = (path: string): string => join(import.meta.dirname, path);

describe("the arrows", () => {
  it.each([
    ["shared/Button.svelte", "../features/notes/Notes.svelte"],
    ["features/notes/Notes.svelte", "../goals/Goals.svelte"],
    ["features/notes/part/Part.svelte", "../../goals/Goals.svelte"],
    ["features/notes/Notes.svelte", "../../app/Shell.svelte"],
    ["ipc/commands.ts", "../session/app.svelte"],
    ["session/app.svelte.ts", "../shared/Button.svelte"],
    ["features/notes/Notes.svelte", "../../ipc/fake"],
    ["features/notes/Notes.svelte", "@tauri-apps/api/core"],
    ["ipc/host.ts", "@tauri-apps/api/core"],
    ["shared/Button.svelte", "../helpers/things"],
  ])("%s may not import %s", (from, source) => {
    expect(faultOf(at(from), source)).toEqual(expect.any(String));
  });
  it.each([
    ["app/Gate.svelte", "../features/vault/Unlock.svelte"],
    ["features/notes/Notes.svelte", "./NoteList.svelte"],
    ["features/notes/Notes.svelte", "../../shared/Button.svelte"],
    ["features/notes/Notes.svelte", "../../words"],
    ["ipc/tauri.ts", "@tauri-apps/api/core"],
    ["features/notes/notes.test.ts", "../../ipc/fake"],
    ["main.ts", "./ipc/fake-start"],
    ["shared/Button.svelte", "svelte"],
  ])("%s may import %s", (from, source) => {
    expect(faultOf(at(from), source)).toBeNull();
  });
});

describe("the words", () => {
  const faults = (code: string): string[] =>
    new Linter()
      .verify(
        code,
        [
          {
            files: ["**/*.svelte"],
            languageOptions: { parser: svelteParser, parserOptions: { parser: ts.parser } },
            plugins: { words: { rules: { "no-hard-coded-words": noHardCodedWords } } },
            rules: { "words/no-hard-coded-words": "error" },
          },
        ],
        "Page.svelte",
      )
      .map((message) => message.message);

  it.each([
    "<p>Not saved</p>",
    '<button title="Lock now">{t("x")}</button>',
    '<input placeholder={"A name"} />',
    '<Field label="Your name" />',
    "{#if open}Open{/if}",
  ])("%s is found", (code) => {
    expect(faults(code)).toHaveLength(1);
  });
  it.each([
    '<p>{t("app-name")}</p>',
    '<Icon name="lock" />',
    "<kbd>Esc</kbd>",
    "<style>p { color: red; }</style>",
    '<script>const a = "Some words";</script>',
    '<input name="choice" />',
    "<span>·</span>",
  ])("%s is none", (code) => {
    expect(faults(code)).toEqual([]);
  });
});
