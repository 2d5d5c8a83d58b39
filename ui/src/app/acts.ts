// The commands of the window: the palette lists them and the keyboard map runs them.
import type { Space } from "../bindings";
import { app } from "../session/app.svelte";
import { discreet } from "../session/discreet.svelte";
import { flushAll } from "../session/drafts";
import { startMeeting } from "../records/meetings";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import { router } from "../shared/router.svelte";
import { t } from "../words";
import { layers } from "./layers.svelte";
import { pathOfSpace } from "./places";
import type { Act } from "./palette";

/** The notebook the person is in, by the address. */
const spaceHere = (): string | undefined => /^\/(?:spaces|journal)\/([0-9a-f-]{36})/.exec(router.path)?.[1];

/** The notebook one is in, where it is one with somebody. */
export const withSomebody = (): Space | undefined => {
  const here = spaceHere();
  const space = here ? spaces.byId(here) : undefined;
  return space?.kind === "journal" ? undefined : space;
};

/** Starts a meeting with whom the notebook one is in is about. */
export const meetHere = (): void => {
  const space = withSomebody();
  if (space) void startMeeting(space);
};

/** A short contact with whom the notebook one is in is about. */
export const contactHere = (): void => {
  if (withSomebody()) layers.openContact();
};

/** A new note goes into the notebook one is in; elsewhere into the journal. */
export const newNote = (): void => {
  const here = spaceHere();
  const space = here ? spaces.byId(here) : undefined;
  if (space && space.kind !== "journal") router.go(`/spaces/${space.id}/notes/new`);
  else router.go("/journal");
};

export const openNumbered = (number: number): void => {
  const space = spaces.numbered[number - 1];
  if (space) router.go(pathOfSpace(space));
};

/** Saving is never needed; asked for, it is done at once and said. */
export const saveNow = async (): Promise<void> => {
  if (await flushAll()) toasts.say(t("app-all-saved"));
  else toasts.warn(t("app-unsaved-here"));
};

/** The one main action in sight: of the top dialog, else of the page. */
export const mainAction = (): void => {
  const dialogs = [...document.querySelectorAll<HTMLElement>("dialog[open]")];
  const within = dialogs.at(-1) ?? document.getElementById("main");
  const buttons = within?.querySelectorAll<HTMLButtonElement>(
    ".btn--primary:not([disabled]):not([aria-disabled='true'])",
  );
  buttons?.item(0)?.click();
};

/** Moves the focus to the next pane: sidebar, page, side column. */
export const nextPane = (backwards: boolean): void => {
  const panes = [...document.querySelectorAll<HTMLElement>(".side, #main, #main aside")];
  const inside = panes.filter((pane) => pane.contains(document.activeElement));
  const at = inside.length > 0 ? panes.indexOf(inside.at(-1) as HTMLElement) : -1;
  const pane = panes[(at + (backwards ? panes.length - 1 : 1)) % panes.length];
  if (!pane) return;
  if (pane.id === "main") pane.focus();
  else
    (
      pane.querySelector<HTMLElement>("[aria-current], a[href], button:not([disabled]), input") ?? pane
    ).focus();
};

/** All commands, with their keys as people read them. */
export const acts = (): Act[] => {
  const go = (path: string) => (): void => router.go(path);
  return [
    { id: "today", words: t("app-nav-today"), icon: "sun-medium", run: go("/today") },
    {
      id: "journal",
      words: t("app-act-journal"),
      icon: "notebook-pen",
      keys: t("app-key-journal"),
      run: go("/journal"),
    },
    { id: "goals", words: t("app-nav-goals"), icon: "route", run: go("/goals") },
    { id: "summaries", words: t("app-nav-summaries"), icon: "file-check", run: go("/summaries") },
    { id: "disclosures", words: t("app-act-disclosures"), icon: "history", run: go("/disclosures") },
    { id: "note", words: t("app-act-note"), icon: "square-pen", keys: t("app-key-note"), run: newNote },
    ...(withSomebody()
      ? [
          {
            id: "meeting",
            words: t("records-start-meeting"),
            icon: "users" as const,
            keys: t("app-key-meeting"),
            run: meetHere,
          },
          {
            id: "contact",
            words: t("records-log-contact"),
            icon: "phone" as const,
            keys: t("app-key-contact"),
            run: contactHere,
          },
        ]
      : []),
    { id: "new", words: t("app-new-relationship"), icon: "plus", run: go("/spaces/new") },
    {
      id: "discreet",
      words: discreet.chosen ? t("app-act-discreet-off") : t("app-act-discreet"),
      icon: "glasses",
      keys: t("app-key-discreet"),
      run: discreet.toggle,
    },
    {
      id: "settings",
      words: t("app-settings"),
      icon: "settings",
      keys: t("app-key-settings"),
      run: go("/settings"),
    },
    { id: "keys", words: t("app-act-keys"), icon: "keyboard", keys: t("app-key-keys"), run: layers.openKeys },
    {
      id: "lock",
      words: t("app-act-lock"),
      icon: "lock",
      keys: t("app-key-lock"),
      run: () => void app.lock(),
    },
  ];
};
