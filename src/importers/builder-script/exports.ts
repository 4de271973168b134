/**
 * What a script takes out of images for the host itself, and where it lands.
 *
 *     docker cp x:/out/app ./bin/app        a stage "export" that has /app, and docker build --target export --output ./bin
 *     docker cp x:/src/dist/. ./site        one that has the directory's contents, and --output ./site
 *
 * `docker build --output DIR` writes the files of a stage into DIR, makes DIR where it is missing and leaves other files there
 * alone (https://docs.docker.com/build/exporters/local-tar/). Extractions that follow one another are one export. What is not
 * decided here: which command of the script makes it (export-calls.ts).
 */
import { posix } from "node:path";
import { isWithin } from "../../text/paths.ts";
import { CHECKOUT } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import type { Located } from "./located.ts";
import type { Effect, Visit } from "./trace.ts";
import { isPartlyUnknown } from "./values.ts";

export type Extraction = Located<Extract<Effect, { kind: "extract" }>>;

/** Paths of one image that one call writes into one directory of the host. */
export interface Export {
  readonly source: LinkedBuild;
  readonly extractions: readonly Extraction[];
  /** An absolute path, which may have holes. */
  readonly directory: string;
}

/** Groups extractions into exports; those whose name on the host only a real run knows are left over. */
export function exportsOf(
  extractions: readonly Extraction[],
  builds: ReadonlyMap<string, LinkedBuild>,
  visits: readonly Visit[],
): { readonly exports: readonly Export[]; readonly left: readonly Extraction[] } {
  const exports: Export[] = [];
  const left: Extraction[] = [];
  for (const extraction of extractions) {
    const source = builds.get(extraction.effect.image);
    const directory = directoryOf(extraction);
    if (source === undefined || directory === undefined) {
      left.push(extraction);
      continue;
    }
    const last = exports.at(-1);
    const joined = last?.source === source ? widened(last, extraction, directory, visits) : undefined;
    if (joined === undefined) exports.push({ source, extractions: [extraction], directory });
    else exports[exports.length - 1] = joined;
  }
  return { exports, left };
}

/** Where an extraction lands in the export's directory, as an absolute path of the stage. */
export function placeInStage({ directory }: Export, { effect }: Extraction): string {
  return posix.join("/", posix.relative(directory, effect.to));
}

/**
 * The directory that the path is put into, under a name that is known. It is there already, as `docker cp` needs it; one that
 * `--output` has to make would be closed to others (mode 0700, as engine 26.1 does). Contents without such a name go into it.
 */
function directoryOf({ effect, visit }: Extraction): string | undefined {
  if (effect.to === "-" || effect.to.startsWith("/dev/")) return undefined;
  const named = !isPartlyUnknown(posix.basename(effect.to)) && effect.to !== CHECKOUT && effect.to !== visit.cwd.before;
  if (named) return effect.into ?? posix.dirname(effect.to);
  return effect.contents ? effect.to : undefined;
}

/** The export with one more path, where nothing on the host happens between that could tell the difference. */
function widened(
  before: Export,
  extraction: Extraction,
  directory: string,
  visits: readonly Visit[],
): Export | undefined {
  const common = commonDirectory(before.directory, directory);
  if (common !== before.directory && common !== directory && !isWithin(common, CHECKOUT)) return undefined;
  const first = before.extractions[0]?.visit.step ?? 0;
  const between = visits.slice(first + 1, extraction.visit.step);
  const others = new Set(before.extractions.map(({ visit }) => visit));
  if (between.some((visit) => !others.has(visit) && changesHost(visit, common))) return undefined;
  const again = before.extractions.some(
    ({ effect }) => isWithin(effect.to, extraction.effect.to) || isWithin(extraction.effect.to, effect.to),
  );
  if (again) return undefined;
  return { ...before, extractions: [...before.extractions, extraction], directory: common };
}

function commonDirectory(a: string, b: string): string {
  let directory = a;
  while (!isWithin(b, directory)) directory = posix.dirname(directory);
  return directory;
}

/** Whether a command may change, or need, what is below a directory of the host; making directories does neither. */
export function changesHost(visit: Visit, directory: string): boolean {
  const near = (path: string): boolean => isWithin(path, directory) || isWithin(directory, path);
  return visit.effects.some((effect) => {
    switch (effect.kind) {
      case "move":
        return (effect.from.length > 0 || effect.makesFile === true) && [...effect.from, ...effect.to].some(near);
      case "mode":
        return effect.paths.some(near);
      case "remove":
        return effect.paths.some(({ path }) => near(path));
      case "extract":
        return near(effect.to);
      case "foreign":
        return effect.reads.length > 0 || effect.writes.some(near);
      case "create":
        return effect.runs && effect.mounted;
      case "obscure":
        return true;
      default:
        return false;
    }
  });
}
