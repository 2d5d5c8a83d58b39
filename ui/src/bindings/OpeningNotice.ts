// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type OpeningNotice = { code: "headerRepaired" | "storeRebuilt" | "journalTail" | "journalGap" | "checkpointDamaged" | "rolledBack" | "forked" | "permissionsTightened" | "unfinishedForget" | "readOnly" | "orphans"; params: Record<string, string> };
