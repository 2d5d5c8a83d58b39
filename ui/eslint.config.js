import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";
import { layers } from "./scripts/layers.js";
import { noHardCodedWords } from "./scripts/no-hard-coded-words.js";

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
  {
    files: ["src/**/*.ts", "src/**/*.svelte"],
    plugins: { layers: { rules: { layers } } },
    rules: { "layers/layers": "error" },
  },
);
