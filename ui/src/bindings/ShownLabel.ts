// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Label } from "./Label";

export type ShownLabel = Label | "agreed";
