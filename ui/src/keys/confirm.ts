import type { OnProgress } from "../ipc/host";

/** Hands the three words over; resolves when they are right and the spare key has been tried. */
export type Confirm = (answers: { position: number; word: string }[], progress: OnProgress) => Promise<void>;
