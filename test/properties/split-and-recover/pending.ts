export const PENDING: ReadonlySet<string> = new Set([]);
