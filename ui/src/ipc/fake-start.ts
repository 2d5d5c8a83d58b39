// Chooses what the in-memory host holds from the address: `?seed=demo|empty|locked|none|newer|damaged`, `?theme=dark`.
import type { Settings } from "../bindings";
import { makeFakeHost, type FakeHost, type Seed } from "./fake";
import { fillWithSamples } from "./fake-samples";

export const startFake = async (query: URLSearchParams): Promise<FakeHost> => {
  const seed = query.get("seed") ?? "demo";
  const theme = (query.get("theme") ?? "system") as Settings["theme"];
  const notice = query.get("notice");
  const filled = seed === "demo" || seed === "locked";
  const host = makeFakeHost({
    seed: filled ? "empty" : (seed as Seed),
    settings: {
      theme,
      textSize: Number(query.get("text") ?? 100),
      autoLockMinutes: Number(query.get("lock") ?? 10),
    },
    delay: Number(query.get("delay") ?? 0),
    opened: notice ? [{ code: notice as "headerRepaired", means: "told", params: {} }] : [],
  });
  if (filled) await fillWithSamples(host);
  if (seed === "locked") await host.call("lock_vault", { left: { place: "/", lostWords: false } });
  return host;
};
