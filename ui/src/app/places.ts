// Where a record is written and read.
import type { RecordLine, Space } from "../bindings";

/** The path of a record's page. What was heard is on the page of its meeting. */
export const pathOf = (line: RecordLine, space: Space | undefined): string => {
  const base = `/spaces/${line.space}`;
  switch (line.kind) {
    case "note":
      return space?.kind === "journal" ? `/journal/${line.space}/${line.id}` : `${base}/notes/${line.id}`;
    case "meeting":
      return `${base}/meetings/${line.id}`;
    case "heard":
      return line.parent ? `${base}/meetings/${line.parent}` : base;
    case "goal":
      return `${base}/goals/${line.id}`;
    case "feedback":
      return `${base}/feedback/${line.id}`;
    case "commitment":
      return `${base}/promises/${line.id}`;
    case "person":
      return `${base}/person`;
  }
};

/** The first page of a notebook: a journal has its own. */
export const pathOfSpace = (space: Space): string =>
  space.kind === "journal" ? `/journal/${space.id}` : `/spaces/${space.id}`;
