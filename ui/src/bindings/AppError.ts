// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { ErrorCode } from "./ErrorCode";

export type AppError = { code: ErrorCode; params: Record<string, string> };
