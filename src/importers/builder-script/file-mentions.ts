/**
 * What becomes of the places where a driver's own syntax names files that are gone.
 *
 *     image: Dockerfile.build main.go      image: Dockerfile main.go      the file is a part of another one now
 *     image: binary app                    image: binary                  app does not come onto the host any more
 *     app: builder                         stays, without a recipe, which is said
 *
 * Without these edits make would stop: "No rule to make target".
 */
import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Driver, FileMention } from "../../drivers/driver.ts";
import type { CallerEdit } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { type HostPath, hostPath, isWithin } from "../../text/paths.ts";

/** What is no longer there. */
export interface GoneFiles {
  /** Removed files of the checkout, each with the file that holds its text now. */
  readonly replaced: ReadonlyMap<HostPath, HostPath>;
  readonly artifacts: {
    /** Files that commands put on the host before. */
    readonly known: ReadonlySet<HostPath>;
    /** Folders into which containers that are not run any more may have put others. */
    readonly folders: readonly HostPath[];
  };
}

/** The edits of prerequisites; targets that made a file which nothing makes now are reported, and names that cannot be edited. */
export function mentionEdits(
  files: ProjectFiles,
  { mentions = [] }: Driver,
  gone: GoneFiles,
  reporter: Reporter,
): readonly CallerEdit[] {
  const unmade = mentions.filter(({ role, path }) => role === "makes" && gone.artifacts.known.has(path));
  for (const { source, range } of unmade)
    reporter.report(
      "target-not-made",
      { target: source.text.slice(range.start, range.end) },
      { path: source.path, ...range },
    );
  for (const { source, range, path, role, replaceable } of mentions)
    if (role === "needs" && !replaceable && gone.artifacts.known.has(path) && files.entry(path) === undefined)
      reporter.report("artifact-in-rule", { path }, { path: source.path, ...range });
  const ends = unmade.filter(({ path }) => hasBuiltInRule(files, path)).flatMap(emptyRecipe);
  return [...mentions.flatMap((mention) => (mention.role === "needs" ? needEdit(files, mention, gone) : [])), ...ends];
}

/** Whether make knows by itself how to make a file out of one beside it: `app` out of `app.c` or `app.sh`. */
function hasBuiltInRule(files: ProjectFiles, path: HostPath): boolean {
  const suffixes = ["c", "C", "cc", "cpp", "f", "F", "l", "m", "mod", "o", "p", "r", "s", "S", "sh", "y"];
  return suffixes.some((suffix) => {
    const beside = hostPath(`${path}.${suffix}`);
    return beside !== undefined && files.entry(beside)?.kind === "file";
  });
}

/**
 * A `;` gives a rule an empty recipe, so that make looks for no built-in one
 * (https://www.gnu.org/software/make/manual/html_node/Empty-Recipes.html). Lines of a recipe may still follow.
 */
function emptyRecipe({ source, range }: FileMention): readonly CallerEdit[] {
  const [rest = ""] = /^[^\r\n#]*/.exec(source.text.slice(range.end)) ?? [];
  if (rest.includes(";") || rest.endsWith("\\")) return [];
  const at = range.end + rest.trimEnd().length;
  return [
    {
      path: source.path,
      range: { start: at, end: at },
      text: " ;",
      reason: "An empty recipe keeps make from making the file by a rule of its own.",
      because: [provenance(source, range)],
      confidence: "certain",
    },
  ];
}

/** Whether a driver names a file in a place where nothing else can stand, so that the file has to stay. */
export function isPinned({ mentions = [] }: Driver, path: HostPath): boolean {
  return mentions.some((mention) => mention.role === "needs" && !mention.replaceable && mention.path === path);
}

function needEdit(
  files: ProjectFiles,
  mention: FileMention,
  { replaced, artifacts }: GoneFiles,
): readonly CallerEdit[] {
  const { source, range, path, directory, beside, replaceable } = mention;
  const next = replaced.get(path);
  // A file that the checkout does not have, and no rule makes, can only come out of such a container.
  const likely = files.entry(path) === undefined && artifacts.folders.some((folder) => isWithin(path, folder));
  if (!replaceable || (next === undefined && !artifacts.known.has(path) && !likely)) return [];
  const name = next === undefined ? "" : posix.relative(directory, next);
  const text = beside.includes(name) ? "" : name;
  const blanks = text === "" ? (/[ \t]*$/.exec(source.text.slice(0, range.start))?.[0].length ?? 0) : 0;
  const edited = { start: range.start - blanks, end: range.end };
  return [
    {
      path: source.path,
      range: edited,
      text,
      reason:
        next === undefined
          ? "The file does not go over the host any more."
          : "The file is a part of the joined Dockerfile now.",
      because: [provenance(source, range)],
      confidence: next === undefined && !artifacts.known.has(path) ? "likely" : "certain",
    },
  ];
}
