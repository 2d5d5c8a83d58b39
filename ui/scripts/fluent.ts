// Fluent files as modules that hold what the parser makes of them, so that no start of the program parses them again.
import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

export const fluent = (): Plugin => ({
  name: "fluent",
  transform(source, id) {
    if (!id.endsWith(".ftl")) return null;
    const { body } = new FluentResource(source);
    // As JSON within a string: engines read that sooner than a literal.
    return {
      code: `export default { body: JSON.parse(${JSON.stringify(JSON.stringify(body))}) };`,
      map: null,
    };
  },
});
