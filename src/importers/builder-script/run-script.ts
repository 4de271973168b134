/**
 * Runs a script symbolically, from the directory that it is meant to be run from.
 *
 *     scripts/build.sh with `docker build -f Dockerfile.build .`      run in the project's root
 *     api/build.sh with `docker build .` and api/Dockerfile           run in api, when the root has no Dockerfile
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { parseShell } from "../../shell/parse.ts";
import type { ShellScript } from "../../shell/syntax.ts";
import { hostDirectory, ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import { cleanCheckout, fromCheckout } from "./host-tree.ts";
import { type Assumed, Interpreter, type Trap } from "./interpreter.ts";
import { type FoundBuild, type LinkedBuild, linkBuild } from "./links.ts";
import type { Build, Visit } from "./trace.ts";
import type { World } from "./world.ts";

/** What a run came to. */
export interface ScriptRun {
  readonly source: SourceFile;
  readonly script: ShellScript;
  readonly visits: readonly Visit[];
  readonly traps: readonly Trap[];
  readonly assumed: readonly Assumed[];
  readonly exhausted: boolean;
  /** Every build, in the order in which they are reached. */
  readonly builds: readonly Build[];
  /** The builds whose Dockerfile was read, each image once, by its key. */
  readonly linked: ReadonlyMap<string, LinkedBuild>;
  readonly end: World;
  readonly cwd: string;
}

export function runScript(files: ProjectFiles, source: SourceFile): ScriptRun {
  const script = parseShell(source.text);
  const folder = hostDirectory(source.path);
  const first = runFrom(files, source, script, fromCheckout(ROOT));
  if (folder === ROOT || first.builds.every((build) => build.file.kind === "found")) return first;
  const second = runFrom(files, source, script, fromCheckout(folder));
  return second.linked.size > first.linked.size ? second : first;
}

/** Runs again on what a run left behind. */
export function runAgain(files: ProjectFiles, run: ScriptRun): ScriptRun {
  return runFrom(files, run.source, run.script, run.cwd, run.end);
}

function runFrom(files: ProjectFiles, source: SourceFile, script: ShellScript, cwd: string, before?: World): ScriptRun {
  const world: World = { host: before?.host ?? cleanCheckout(files), containers: new Map(), images: new Map() };
  const interpreter = new Interpreter(files, { source, statements: script.statements }, { world, cwd });
  interpreter.run();
  const { visits, traps, assumed, exhausted } = interpreter;
  const builds = visits.flatMap((visit) =>
    visit.effects.flatMap((effect) => (effect.kind === "build" ? [effect.build] : [])),
  );
  const linked = new Map<string, LinkedBuild>();
  for (const build of builds) {
    const found = linked.has(build.id) || !isFound(build) ? undefined : linkBuild(build);
    if (found !== undefined) linked.set(build.id, found);
  }
  return { source, script, visits, traps, assumed, exhausted, builds, linked, end: interpreter.world, cwd };
}

function isFound(build: Build): build is FoundBuild {
  return build.file.kind === "found" && build.context !== undefined;
}
