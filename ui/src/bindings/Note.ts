// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type Note = { purpose: "note" | "journal" | "observation" | "meetingNotes"; title: string; text: string ; prompt: string | null; tags: string[] };
