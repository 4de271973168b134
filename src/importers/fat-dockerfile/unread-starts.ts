/**
 * What is said where a supervisor's configuration cannot be read:
 *
 *     supervisord -c /etc/made.conf     supervised-unread, once for each reason, however many directories stay for it
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";

/** Reports them; the reason of the first one, absent where all was read. */
export function tellUnreadStarts({ all }: RuntimeNeeds, reporter: Reporter): string | undefined {
  const told: string[] = [];
  for (const need of all) {
    const [because] = need.because;
    if (need.kind !== "everything" || need.unread === undefined || because === undefined) continue;
    if (told.includes(need.reason)) continue;
    told.push(need.reason);
    reporter.report("supervised-unread", need.unread, because.span);
  }
  return told[0];
}
