/**
 * A Dockerfile that is plainly built around what a script takes out, by a call that stands nowhere:
 *
 *     build.sh:  docker build -t b -f Dockerfile.build . ; docker cp "$(docker create b)":/out ./publish
 *     web/Dockerfile:  COPY . /app        started as `dotnet Kettle.dll`, which no directory of the checkout has
 *
 * Exactly one file has to fit, and it does not fit any directory of a clean checkout. A decision, and a guess: the script then
 * builds that image itself. What is not decided here: how the builds are joined (join.ts).
 */
import { posix } from "node:path";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { type HostPath, hostDirectory, ROOT } from "../../text/paths.ts";
import { assumedBuild } from "./assumed-builds.ts";
import { changesHost, type Export } from "./exports.ts";
import { CHECKOUT, cleanCheckout, fromCheckout, type HostTree, toCheckout } from "./host-tree.ts";
import { flowsOf, hasFlow, piecesOf } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, type ImportWorld, spanOf } from "./located.ts";
import { DOCKERFILE, referencesTo } from "./references.ts";
import type { ScriptRun } from "./run-script.ts";

/** The build of that Dockerfile, over what the script leaves behind; `undefined` where none fits, or more than one. */
export function finalElsewhere(
  files: ProjectFiles,
  run: ScriptRun,
  exports: readonly Export[],
  world: ImportWorld,
): LinkedBuild | undefined {
  const [one, ...others] = exports;
  const extraction = one?.extractions[0];
  if (one === undefined || extraction === undefined || others.length > 0 || isUsed(one, run)) return undefined;
  const [final, ...more] = candidates(files, run, one);
  if (final === undefined || more.length > 0) return undefined;
  const { path } = final.build.file;
  const folder = toCheckout(final.build.context) ?? ROOT;
  const chosen = world.decisions.decide({
    id: `final:${path}`,
    question: `Is "${path}" built around what the script takes out?`,
    options: [
      {
        value: "join",
        label: "yes",
        consequence: "Its stages take the files from the builder, and the script builds it.",
      },
      { value: "export", label: "no", consequence: "The build writes the files to the host, as the script did." },
    ],
    recommended: "join",
    confidence: "guess",
    because: [
      provenance(extraction.visit.script.source, extraction.visit.range),
      ...final.copies.map(({ ref }) => provenance(ref.document.source, ref.instruction.range)),
    ],
  });
  if (chosen !== "join") return undefined;
  world.reporter.report("final-assumed", { path, folder, setup: world.setup }, spanOf(extraction.visit));
  return final;
}

/** Whether the image is wanted by itself, so that its call cannot make another one, or the files on the host are. */
function isUsed({ source: { build }, extractions, directory }: Export, run: ScriptRun): boolean {
  if (!run.driver.runs || run.builds.some((other) => other.id !== build.id)) return true;
  const own = new Set(extractions.map(({ visit }) => visit));
  const read = run.visits.slice(build.step + 1).some((visit) => !own.has(visit) && changesHost(visit, directory));
  if (read || build.derived !== undefined || build.described !== undefined) return true;
  // What is not followed may be the build that is looked for.
  if (effectsOf(run, "unread").some(({ effect }) => effect.what === "call")) return true;
  const handed = effectsOf(run, "image").some(
    ({ effect }) => /^(?:push|save|tag)$/.test(effect.verb) && effect.images.includes(build.id),
  );
  return handed || effectsOf(run, "create").some(({ effect }) => effect.runs && effect.image === build.id);
}

function candidates(files: ProjectFiles, run: ScriptRun, one: Export): readonly LinkedBuild[] {
  const built = new Set(run.builds.flatMap(({ file }) => (file.kind === "found" ? [file.path] : [])));
  const host = [...run.ends.values()].map((end) => end.host).at(-1);
  const paths = [...files.walk(ROOT)].filter((path) => DOCKERFILE.test(path) && !path.endsWith(".dockerignore"));
  return paths.flatMap((path) => {
    if (host === undefined || built.has(path)) return [];
    const final = around(files, path, one, host);
    const called = referencesTo(files, path, [run.source.path, path]).length > 0;
    return final === undefined || called || takesArguments(final, one.source) ? [] : [final];
  });
}

/** The build whose COPYs all find something when its context is where the files land, or above it. */
function around(files: ProjectFiles, path: HostPath, one: Export, host: HostTree): LinkedBuild | undefined {
  const landed = one.extractions.map(({ effect }) => effect.to);
  // The directory above comes first: a file that landed there is then found under its own name.
  const above = landed.flatMap((place) => [posix.dirname(place), place]);
  const contexts = [...new Set([...above, fromCheckout(hostDirectory(path)), CHECKOUT])];
  const last = one.extractions.at(-1)?.visit.step ?? 0;
  const clean = [fromCheckout(hostDirectory(path)), CHECKOUT].map((context) =>
    linked(files, path, { context, host: cleanCheckout(files), step: last }),
  );
  if (clean.some((build) => build === undefined || (isComplete(build) && !startsProduct(files, build, one))))
    return undefined;
  return contexts
    .map((context) => linked(files, path, { context, host, step: last }))
    .find((build) => build !== undefined && isComplete(build) && hasFlow(build) && takesNothingElse(build));
}

/** Whether all that it copies is there. */
function isComplete(build: LinkedBuild): boolean {
  return build.copies.length > 0 && piecesOf(build).every(({ kind }) => kind !== "missing");
}

/** A whole context that holds the checkout besides would be another image than one around the files alone. */
function takesNothingElse(build: LinkedBuild): boolean {
  const whole = build.copies.filter(({ sources }) => sources.some(({ text }) => /^\.?\/?$/.test(text)));
  return whole.every(
    (copy) => flowsOf({ ...build, copies: [copy] }).length === piecesOf({ ...build, copies: [copy] }).length,
  );
}

/** Words that start programs, and are none themselves. */
const LAUNCHER = /^(?:-\w*|--\w[\w-]*|bash|catalina\.sh|dotnet|exec|java|node|npm|python3?|run|sh|start|yarn)$/;

/** Whether it starts a file that no directory of the checkout has, and whose name the builder's Dockerfile has. */
function startsProduct(files: ProjectFiles, { document, target }: LinkedBuild, { source }: Export): boolean {
  const start = document.stages[target]?.instructions.findLast(({ kind }) => kind === "entrypoint" || kind === "cmd");
  if (start === undefined) return false;
  const words = document.source.text
    .slice(start.range.start, start.range.end)
    .split(/[\s"',[\]]+/)
    .slice(1);
  const program = words.find((word) => word !== "" && !LAUNCHER.test(word));
  const name = program === undefined ? "" : posix.basename(program);
  const stem = name.replace(/\.(?:dll|exe|jar|war)$/, "");
  if (stem.length < 2 || [...files.walk(ROOT)].some((path) => posix.basename(path) === name)) return false;
  const named = new RegExp(`(?:^|[^\\w-])${stem.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}(?:$|[^\\w-])`);
  return named.test(source.document.source.text);
}

/** Whether an argument of the builder's call would reach this file too. */
function takesArguments({ document }: LinkedBuild, { build }: LinkedBuild): boolean {
  const given = new Set(build.args.map(({ name }) => name));
  return document.instructions.some((one) => one.kind === "arg" && one.pairs.some(({ key }) => given.has(key)));
}

interface Place {
  readonly context: string;
  readonly host: HostTree;
  readonly step: number;
}

function linked(files: ProjectFiles, path: HostPath, place: Place): LinkedBuild | undefined {
  return assumedBuild(files, path, { id: `elsewhere|${path}`, ...place, variables: new Map(), positional: undefined });
}
