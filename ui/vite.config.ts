import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { fluent } from "./scripts/fluent.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./",
  clearScreen: false,
  plugins: [fluent(), svelte(), svelteTesting()],
  resolve: {
    alias: { $words: here("../src-tauri/crates/words/en") },
  },
  server: { port: 5173, strictPort: true, fs: { allow: [here("."), here("../src-tauri/crates/words")] } },
  build: {
    target: "safari16",
    // The content policy allows no data: fonts or images, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
    // A hang still ends; a busy machine is no reason to fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
