/**
 * `cd` into a directory that only an extraction makes, and out of it again, where nothing that stays is done there.
 *
 *     (cd out && tar czf ../app.tgz .)            all of it goes with the tar
 *     cd out; chmod +x app; cd ..                 the two `cd` go with the chmod
 *     cd out; ./check; cd ..                      stays, and so does the extraction
 */
import { isWithin } from "../../text/paths.ts";
import type { Step } from "./host-tree.ts";
import type { Visit } from "./trace.ts";

/** The `cd` commands that go when the commands of `gone` do. */
export function passedThrough(visits: readonly Visit[], gone: (step: Step) => boolean): ReadonlySet<Step> {
  return new Set(visits.filter(enters).flatMap((visit) => stay(visits, visit, gone)));
}

function enters(visit: Visit): boolean {
  return visit.effects.some((effect) => effect.kind === "foreign" && effect.name === "cd");
}

/** The `cd` in and the one out, where all between them goes or only says something. */
function stay(visits: readonly Visit[], entry: Visit, gone: (step: Step) => boolean): readonly Step[] {
  const directory = entry.cwd.after;
  for (const visit of visits.slice(entry.step + 1)) {
    if (!isWithin(visit.cwd.before, directory)) return [entry.step];
    const leaves = !isWithin(visit.cwd.after, directory);
    if (leaves) return visit.cwd.after === entry.cwd.before ? [entry.step, visit.step] : [];
    const idle = visit.effects.every(({ kind }) => kind === "plain" || kind === "look");
    if (!gone(visit.step) && !idle) return [];
  }
  return [];
}
