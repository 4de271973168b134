/**
 * The size that a new image may have:
 *
 *     parseBudget("120MB")      // { kind: "bytes", bytes: 120_000_000 }
 *     parseBudget("60%")        // { kind: "share", share: 0.6 }: of the old image
 */

export type Budget =
  | { readonly kind: "bytes"; readonly bytes: number }
  | { readonly kind: "share"; readonly share: number };

/** Units as engines and disks count them: `MB` is 10^6, `MiB` 2^20. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  k: 1e3,
  m: 1e6,
  g: 1e9,
};

/** `undefined` for what is no size and no share. */
export function parseBudget(text: string): Budget | undefined {
  const [, number, unit = ""] = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(%|[kmg]?i?b?)\s*$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (unit === "%") return { kind: "share", share: Number(number) / 100 };
  const factor = UNITS[unit.toLowerCase()];
  return factor === undefined ? undefined : { kind: "bytes", bytes: Number(number) * factor };
}

/** A clause when the new image is larger than it may be. */
export function overBudget(budget: Budget, before: number, after: number): string | undefined {
  const most = budget.kind === "bytes" ? budget.bytes : budget.share * before;
  if (after <= most) return undefined;
  const of = budget.kind === "share" ? ` (${(budget.share * 100).toFixed(1)} % of the old image)` : "";
  return `the new image has ${(after / 1e6).toFixed(1)} MB, and ${(most / 1e6).toFixed(1)} MB${of} are allowed`;
}
