/// <reference types="vite/client" />
interface ImportMetaEnv {
  /** Set to 1 to run the window over the in-memory host, in a plain browser. */
  readonly VITE_FAKE?: string;
}
