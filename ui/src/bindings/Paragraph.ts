// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Sentence } from "./Sentence";

export type Paragraph = { heading: boolean; sentences: Sentence[] };
