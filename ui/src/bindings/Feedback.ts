// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type Feedback = { direction: "given" | "received"; situation: string; behaviour: string; impact: string; next: string; reply: string };
