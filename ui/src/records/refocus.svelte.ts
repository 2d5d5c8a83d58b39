/** A panel beside a list goes, and the focus returns to the link in the list that opened it. */
import { tick, untrack } from "svelte";
import { link } from "../shared/router.svelte";

/**
 * Call while a component is made. `opened` is what the panel shows, null without one; `path` is where its link leads.
 * Where the link is gone, the page itself takes the focus.
 */
export const useRefocus = (opened: () => string | null, path: (id: string) => string): void => {
  let before: string | null = null;
  $effect(() => {
    const now = opened();
    const left = before;
    before = now;
    if (left !== null && now === null) void giveBack(untrack(() => link(path(left))));
  });
};

const giveBack = async (href: string): Promise<void> => {
  await tick();
  // Whoever has gone on to something else stays there.
  if (document.activeElement && document.activeElement !== document.body) return;
  const links = [...document.querySelectorAll("a[href]")];
  const opener = links.findLast((one): one is HTMLElement => one.getAttribute("href") === href);
  (opener ?? document.querySelector<HTMLElement>("main"))?.focus();
};
