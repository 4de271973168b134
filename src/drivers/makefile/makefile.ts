/**
 * A Makefile as a driver: one entry for each goal that people call to build images.
 *
 *     image: builder                                   entry "image"
 *     ⇥docker create --name tmp app:build                unit: the recipe of builder
 *     ⇥docker cp tmp:/out/app . && docker rm tmp         unit: the recipe of image, with one subshell for each line
 *
 * Cited as "make": https://www.gnu.org/software/make/manual/make.html. What is left alone is listed in evaluate.ts and recipes.ts.
 */
import { onceForEachText, oncePerProject } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverReader, ScriptText, UnreadPlace } from "../driver.ts";
import { assumedConditions } from "./assumed.ts";
import type { MakeDatabase } from "./database.ts";
import { makeEntries } from "./entries.ts";
import { readMakefile } from "./evaluate.ts";
import { goalScripts, unreadRecipes } from "./goals.ts";
import { Holes, hasHole } from "./holes.ts";
import { fileMentions } from "./mentions.ts";
import { sourceOf } from "./sources.ts";

/** In the order in which make looks for them (make, "What Name to Give Your Makefile"). */
const NAMES = ["GNUmakefile", "makefile", "Makefile"] as const;

const LARGEST = 1024 * 1024;

export const makefile: DriverReader = {
  name: "makefile",
  accepts: (path) => isMakefile(path) || isOfMake(path),
  read,
};

function isMakefile(path: HostPath): boolean {
  return NAMES.some((name) => name === baseName(path));
}

/** `Makefile.docker` and `Makefile_release`, which `make -f` takes; not the templates of other tools, and what was put aside. */
const NAMED_AFTER =
  /^(?:GNU)?[Mm]akefile[._-](?!(?:\w+[._-])*(?:PL|am|bak|erb|in|j2|json|md|old|orig|org|py|save|sh|template|tmpl|tpl|txt|ya?ml)$)[\w.-]+$/;

/** Whether a file that make does not find by itself is one of make's all the same. */
function isOfMake(path: HostPath): boolean {
  return path.endsWith(".mk") || NAMED_AFTER.test(baseName(path));
}

function read(files: ProjectFiles, source: SourceFile): Driver | undefined {
  if (source.text.length > LARGEST) return undefined;
  if (!isMakefile(source.path) && isIncluded(files, source.path)) return undefined;
  const own = sourceOf(files, source.path, source.text);
  const database = readMakefile(files, own, { directory: directoryFor(source.path) });
  const { entries, parts } = makeEntries(database);
  const unread = [...unreadIn(database, entries.length > 0), ...unreadRecipes(database)];
  if (entries.length === 0)
    return unread.length === 0 ? undefined : { source: own, entries, parts, unread, runs: true };
  const mentions = fileMentions(database);
  return { source: own, entries, parts, mentions, unread, assumed: assumedConditions(database, entries), runs: true };
}

/** What is not read of a Makefile that has to do with images. */
function unreadIn({ unread }: MakeDatabase, builds: boolean): readonly UnreadPlace[] {
  return unread.filter(({ reason }) => builds || reason.includes("$(eval"));
}

/** A file that is no Makefile by name is started from the root: `make -f build/images.mk`; a Makefile of any name where it is. */
function directoryFor(path: HostPath): HostPath {
  return path.endsWith(".mk") ? ROOT : hostDirectory(path);
}

/** Whether some Makefile of the project includes a file, going by the file's name. */
function isIncluded(files: ProjectFiles, path: HostPath): boolean {
  const known = includesOf(files);
  return known.includes(baseName(path)) || /\*\.mk\b/.test(known);
}

/** The lines that include a file, of all Makefiles. */
const includesOf = oncePerProject((files): string =>
  [...files.walk(ROOT)]
    .filter((path) => (isMakefile(path) || isOfMake(path)) && (files.entry(path)?.size ?? 0) <= LARGEST)
    .flatMap((path) => {
      const found = files.read(path);
      return found.ok ? (found.text.match(/^[ \t]*(?:-include|sinclude|include)[ \t].*/gm) ?? []) : [];
    })
    .join("\n"),
);

/** How make is started by a command. */
export interface MakeCall {
  /** Where it runs: the shell's directory, and what `-C` says. */
  readonly directory: HostPath;
  readonly file?: string;
  readonly goals: readonly string[];
  /** `NAME=value` of the command line. A value is shell text; `known` says whether it is what the variable holds. */
  readonly variables: readonly { readonly name: string; readonly value: string; readonly known: boolean }[];
}

/** What a call of make runs; `undefined` where no Makefile of the project says. */
export function calledGoals(files: ProjectFiles, call: MakeCall): readonly ScriptText[] | undefined {
  return calledBy(files, JSON.stringify(call));
}

/** The same call is made again wherever an entry is run or a Makefile starts make for each of its parts. */
const calledBy = onceForEachText((files, text) => {
  const call: MakeCall = JSON.parse(text);
  return readGoals(files, call);
});

function readGoals(files: ProjectFiles, call: MakeCall): readonly ScriptText[] | undefined {
  const path = call.file === undefined ? foundIn(files, call.directory) : joinHost(call.directory, call.file);
  const text = path === undefined ? undefined : files.read(path);
  if (path === undefined || text?.ok !== true || text.text.length > LARGEST) return undefined;
  const holes = new Holes();
  const given = new Map(call.variables.map(({ name, value, known }) => [name, known ? value : holes.of(value)]));
  const database = readMakefile(files, sourceOf(files, path, text.text), { directory: call.directory, given, holes });
  const goals = call.goals.length > 0 ? call.goals : database.defaultGoal === undefined ? [] : [database.defaultGoal];
  const made = goals.every(
    (goal) => !hasHole(goal) && (database.byTarget.has(goal) || goalScripts(database, [goal]).length > 0),
  );
  return made && goals.length > 0 ? goalScripts(database, goals) : undefined;
}

function foundIn(files: ProjectFiles, directory: HostPath): HostPath | undefined {
  return NAMES.flatMap((name) => joinHost(directory, name) ?? []).find((path) => files.entry(path)?.kind === "file");
}
