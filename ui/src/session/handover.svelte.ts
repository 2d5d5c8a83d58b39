// Somebody else reads at this computer: nothing else of the window is to be seen, its title names nobody, only locking answers.
import { onLock } from "./locking";

let on = $state(false);

const set = (handed: boolean): void => {
  on = handed;
  if (handed) document.documentElement.dataset["handedOver"] = "";
  else delete document.documentElement.dataset["handedOver"];
};

export const handover = {
  get on(): boolean {
    return on;
  },
  begin: (): void => set(true),
  end: (): void => set(false),
};

onLock(handover.end);
