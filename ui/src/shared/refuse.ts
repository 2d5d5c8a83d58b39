/**
 * Keeps the form around a field from being sent while what stands in the field is wrong. Called with the field;
 * `wrong` says whether it is, and shows why. Returns what ends it.
 *
 * It comes before the form's own listener, so no form has to know which of its fields can be wrong.
 */
export const refuseForm = (field: HTMLInputElement, wrong: () => boolean): (() => void) => {
  const refuse = (event: Event): void => {
    if (event.target !== field.form || !wrong()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.focus();
    field.select();
  };
  document.addEventListener("submit", refuse, true);
  return () => document.removeEventListener("submit", refuse, true);
};
