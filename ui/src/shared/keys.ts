// Who may answer a key: what one writes in comes first, then what lies over the page, and only then the page.

/** Whether the key is meant for a field or a page of writing. */
export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input, textarea, select, [contenteditable='true']") !== null);

/** Whether something lies over the page, which must not change beneath it. */
export const dialogIsOpen = (): boolean => document.querySelector("dialog[open]") !== null;

/** Somebody else reads at this computer: the window keeps still. */
export const isHandedOver = (): boolean => document.documentElement.hasAttribute("data-handed-over");

/** Whether a page may take a bare key (`n`, `j`, an arrow) for one of its own. */
export const mayAnswer = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented &&
  !event.isComposing &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !isWriting(event.target) &&
  !dialogIsOpen() &&
  !isHandedOver() &&
  // A panel or a menu beside its button has the keys while one is in it.
  !(event.target instanceof Element && event.target.closest("[role='dialog'], [role='menu']"));
