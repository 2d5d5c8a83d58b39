// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Consent } from "./Consent";
import type { Instant } from "./Instant";
import type { RecordId } from "./RecordId";
import type { SpaceId } from "./SpaceId";

export type Disclosure = { id: RecordId; space: SpaceId; at: Instant; what: string ; purpose: string; version: number; format: string; toWhom: string; consents: Consent[] };
