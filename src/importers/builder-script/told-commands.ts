/**
 * Commands whose work is known well enough to say which files they have nothing to do with.
 *
 *     cp app /out/ && strip /out/app      known: each names the files that it writes
 *     go build ./cmd/app                  known: a compiler makes files of its own, beside its sources
 *     ./release                           not known, unless it was followed
 */
import { posix } from "node:path";
import { isCompiler } from "./host-compilers.ts";
import { type Effect, type ToldCommands, type Visit, visitPlace } from "./trace.ts";

/** Whether all that commands do is told by their own words. */
export function areTold(visits: readonly Visit[]): boolean {
  return visits.every((visit) => visit.effects.every((effect) => isTold(effect, visit)));
}

function isTold(effect: Effect, visit: Visit): boolean {
  if (effect.kind === "foreign") return effect.name === "cd" || isCompiler(effect.name) || onlyAsksGit(visit);
  return /^(?:plain|look|call|spare|move|mode|remove|change)$/.test(effect.kind);
}

/** Verbs of git that write at most a directory which they name. */
const GIT_ASKS =
  /^\s*git\s+(?:-C\s+\S+\s+)?(?:clone|status|describe|rev-parse|log|show|diff|ls-files|config|version)\b/;

function onlyAsksGit(visit: Visit): boolean {
  return GIT_ASKS.test(textOf(visit));
}

/** A command as its script writes it. */
export function textOf({ script, range }: Visit): string {
  return script.source.text.slice(range.start, range.end);
}

/** Names that people give directories of what a build makes. */
export function isUsualFolder(path: string): boolean {
  return /^(?:_?build|bin|dist|lib|out|output|pkg|public|release|target|vendor|node_modules|www|html|static|assets)$/.test(
    posix.basename(path),
  );
}

/** Folders and endings that compilers and bundlers give what they make, whatever the project is called. */
const CUSTOMARY =
  /(?:^|\/)(?:_?build|bin|dist|lib|out|output|pkg|public|release|target|vendor|node_modules|wwwroot|www|static|assets|artifacts?)(?:\/|$)|\.(?:a|apk|css|deb|dll|ear|egg|exe|gz|jar|js|map|rpm|so|tar|tgz|war|wasm|whl|xz|zip)$/;

/** The commands, for the question what they may have made. */
export function toldBy(visits: readonly Visit[]): ToldCommands {
  return {
    texts: visits.map(textOf),
    directories: [...new Set(visits.map(({ cwd }) => cwd.before))],
    places: visits.map(visitPlace),
  };
}

/**
 * Whether commands that are all known may have made a file: one of them names it, or it has a name that such files customarily
 * have, or that of a directory, after which compilers call programs.
 */
export function mayMake(path: string, { texts, directories }: ToldCommands): boolean {
  const name = posix.basename(path);
  const isProgram = directories.some((directory) => posix.basename(directory) === name);
  return isProgram || CUSTOMARY.test(path) || texts.some((text) => text.includes(name));
}
