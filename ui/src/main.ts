import { mount } from "svelte";
import App from "./app/App.svelte";
import { useHost } from "./ipc/host";
import "./styles";

const start = async (): Promise<void> => {
  if (import.meta.env.VITE_FAKE) {
    const { startFake } = await import("./ipc/fake-start");
    useHost(await startFake(new URLSearchParams(window.location.search)));
  } else {
    const { tauriHost } = await import("./ipc/tauri");
    useHost(tauriHost);
  }
  const target = document.getElementById("app");
  if (!target) throw new Error("index.html has no #app");
  mount(App, { target });
};

void start();
