// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { ImportPreview } from "./ImportPreview";

export type ImportReport = { imported: number; duplicates: number; skipped: ImportPreview["skipped"] };
