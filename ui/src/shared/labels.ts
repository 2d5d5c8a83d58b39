// The language of confidentiality: each level has its word, its icon and its consequence.
import type { ShownLabel } from "../bindings";
import { t } from "../words";
import type { IconName } from "./icons";

export const LABEL_ICONS: Record<ShownLabel, IconName> = {
  private: "c-private",
  shareable: "c-shareable",
  agreed: "c-agreed",
  sealed: "c-sealed",
};

export const labelWord = (label: ShownLabel): string => t(`label-${label}`);
export const labelMeaning = (label: ShownLabel): string => t(`label-${label}-meaning`);
