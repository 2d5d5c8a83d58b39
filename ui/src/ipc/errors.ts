// A code for machines, a sentence for people. The words live in `errors.ftl`.
import type { AppError, ErrorCode } from "../bindings";
import { t } from "../words";

export type ErrorWords = { says: string; tryThis: string };

export const isAppError = (thrown: unknown): thrown is AppError =>
  typeof thrown === "object" && thrown !== null && typeof (thrown as { code?: unknown }).code === "string";

/** The error's code; anything that is not an `AppError` counts as `unexpected`. */
export const codeOf = (thrown: unknown): ErrorCode => (isAppError(thrown) ? thrown.code : "unexpected");

/** What happened and what to try, in words for people. Never holds what a person wrote. */
export const errorWords = (thrown: unknown): ErrorWords => {
  const code = codeOf(thrown);
  const params = isAppError(thrown) ? thrown.params : {};
  return { says: t(`err-${code}-says`, params), tryThis: t(`err-${code}-try`, params) };
};
