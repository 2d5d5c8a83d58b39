import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";
import { noHardCodedWords } from "./scripts/no-hard-coded-words.js";

const never = (group, message) => ({ group, message });
const TAURI = never(["@tauri-apps/*"], "Only src/ipc/tauri.ts speaks to the host.");
const FEATURE = never(["**/features/*", "**/features/*/**"], "Features meet through ipc, session and links, not by importing each other.");
const APP = never(["**/app/*", "**/app/**"], "Only main.ts imports app: it composes.");
const SESSION = never(["**/session/*"], "ipc and bindings know no session.");
const FAKE = never(["**/ipc/fake*"], "The in-memory host is for tests and the browser only.");

const restrict = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default ts.config(
  { ignores: ["dist", "node_modules", "src/bindings", "public/theme.js"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": "error",
      "no-undef": "off",
      eqeqeq: "error",
    },
  },
  { files: ["scripts/**", "*.config.*"], rules: { "no-console": "off" } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    rules: {
      "svelte/no-at-html-tags": "error",
      "svelte/no-navigation-without-resolve": "off",
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["src/**/*.svelte"],
    plugins: { words: { rules: { "no-hard-coded-words": noHardCodedWords } } },
    rules: { "words/no-hard-coded-words": "error" },
  },
  { files: ["src/**"], rules: restrict(TAURI, FAKE) },
  { files: ["src/main.ts", "src/ipc/fake*.ts", "src/**/*.test.ts", "src/test-setup.ts"], rules: restrict(TAURI) },
  { files: ["src/ipc/tauri.ts"], rules: restrict(FAKE) },
  { files: ["src/ipc/!(fake*|*.test).ts"], ignores: ["src/ipc/tauri.ts"], rules: restrict(TAURI, FAKE, FEATURE, APP, SESSION) },
  { files: ["src/shared/**", "src/session/**", "src/editor/**", "src/records/**", "src/keys/**"], ignores: ["**/*.test.ts"], rules: restrict(TAURI, FAKE, FEATURE, APP) },
  {
    files: ["src/features/**"],
    ignores: ["**/*.test.ts"],
    rules: restrict(TAURI, FAKE, APP, never(["../*/**", "!../*.ts", "../../features/**"], "A feature imports no feature.")),
  },
);
