import { mount } from "svelte";
import App from "./app/App.svelte";
import { useHost } from "./ipc/host";
import { tauriHost } from "./ipc/tauri";
import "./styles";

const start = async (): Promise<void> => {
  // Vite puts the value in at build time: the finished bundle keeps nothing of this branch.
  if (import.meta.env.VITE_FAKE) {
    const { startFake } = await import("./ipc/fake-start");
    useHost(await startFake(new URLSearchParams(window.location.search)));
  } else useHost(tauriHost);
  const target = document.getElementById("app");
  if (!target) throw new Error("index.html has no #app");
  mount(App, { target });
};

void start();
