/** Every part of a record that a person wrote, in the order in which it is read. */
import type { RecordBody } from "../bindings";

export const textOf = (body: RecordBody): string[] => partsOf(body).filter((part) => part.trim() !== "");

const partsOf = (body: RecordBody): string[] => {
  switch (body.kind) {
    case "note":
      return [body.title, ...body.text.split(/\n{2,}/u)];
    case "meeting":
      return [body.title, body.place, ...body.points.flatMap((point) => [point.text, point.aside])];
    case "heard":
      return [body.text, body.correction];
    case "goal":
      return [
        body.title,
        body.why,
        body.measure,
        ...body.milestones.map((step) => step.text),
        ...body.reports.flatMap((report) => [report.text, report.next]),
      ];
    case "feedback":
      return [body.situation, body.behaviour, body.impact, body.next, body.reply];
    case "commitment":
      return [body.text, body.note];
    case "person":
      return [body.name, body.pronouns, body.work, body.contact, body.about];
  }
};
