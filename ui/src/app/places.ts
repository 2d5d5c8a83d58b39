// Where a notebook begins.
import type { Space } from "../bindings";

/** The first page of a notebook: a journal has its own. */
export const pathOfSpace = (space: Space): string =>
  space.kind === "journal" ? `/journal/${space.id}` : `/spaces/${space.id}`;
