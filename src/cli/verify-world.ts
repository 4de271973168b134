/**
 * What a verification does to the world, put together: copies of the project, Dockerfiles beside them, digests, an engine.
 * What is not decided here: what is compared (verify/).
 */
import { createHash, randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { runScript } from "../engine/script-run.ts";
import type { Migration } from "../model/migration.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import { hideChanges } from "../project/git.ts";
import {
  digestTree,
  placeDockerfile,
  prepareFiles,
  type Scratch,
  sourceToTouch,
  touch,
  writeChanges,
} from "../project/scratch.ts";
import type { Sides } from "../project/sides.ts";
import { hostPath, joinHost } from "../text/paths.ts";
import type { BuildWorld, Built } from "../verify/build-images.ts";
import type { VerifyWorld } from "../verify/verify.ts";
import type { VerifyChoices } from "./verify-options.ts";

export interface WorldParts {
  readonly engine: Engine;
  readonly scratch: Scratch;
  readonly sides: Sides;
  /** The project as it was. */
  readonly files: ProjectFiles;
  readonly choices: VerifyChoices;
  readonly runsScript: boolean;
  readonly cached: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (message: string) => void;
}

export function verifyWorld(migration: Migration, parts: WorldParts): VerifyWorld {
  const { engine, scratch, sides, files, choices, signal, progress, runsScript } = parts;
  const afterRoot = sides.after ?? migratedCopy(migration, parts);
  const places = migration.flows.flatMap(({ from }) => {
    const context = from.kind === "context" ? hostPath(from.name) : undefined;
    return (context === undefined ? undefined : joinHost(context, from.path)) ?? [];
  });
  const touched = parts.cached ? undefined : sourceToTouch(files, places);
  // A cache that knows the change from an earlier verification would make the rebuild look instant.
  const lines = randomInt(1, 4096);
  const buildWorld = (root: () => string, noCache: boolean): BuildWorld => ({
    engine,
    network: choices.buildNetwork,
    timeout: choices.timeout,
    signal,
    noCache,
    progress,
    copyProject: root,
    prepare: (copy, prepared, copyOut) => prepareFiles(scratch, copy, prepared, copyOut),
    writeDockerfile: (copy, path, text) => placeDockerfile(scratch, copy, path, text),
    emptyDirectory: () => {
      const folder = scratch.fresh("empty");
      mkdirSync(folder);
      return folder;
    },
    join,
  });
  const paths = migration.changes.map(({ path }) => path);
  const hasRepository = existsSync(join(sides.before, ".git"));
  const copyOf = (root: string, changed: string | undefined): string => {
    const copy = scratch.copyOf(root);
    // What a build writes down of the checkout's state would differ, although the migration does nothing to it.
    if (hasRepository) hideChanges(copy, paths);
    else rmSync(join(copy, ".git"), { recursive: true, force: true });
    if (changed !== undefined) touch(copy, changed, lines);
    return copy;
  };
  return {
    engine,
    signal,
    progress,
    runNetwork: choices.runNetwork,
    probe: choices.probeOf(migration.id),
    ...(choices.budget === undefined ? {} : { budget: choices.budget }),
    digest: (bytes) => createHash("sha256").update(bytes).digest("hex"),
    sleep: parts.sleep,
    before: (changed) => buildWorld(() => copyOf(sides.before, changed), changed === undefined && !parts.cached),
    after: (changed) => {
      const root = copyOf(afterRoot, changed);
      return { root, world: buildWorld(() => root, changed === undefined && !parts.cached) };
    },
    readAfter: (path) => (existsSync(join(afterRoot, path)) ? readFileSync(join(afterRoot, path), "utf8") : ""),
    ...(touched === undefined ? {} : { touched }),
    timed: !parts.cached,
    checkout: digestTree(sides.before),
    wantsScript: runsScript,
    ...(runsScript && migration.recipe?.script !== undefined ? { runScript: () => byScript(migration, parts) } : {}),
  };
}

function migratedCopy({ changes }: Migration, { scratch, sides }: WorldParts): string {
  const copy = scratch.copyOf(sides.before);
  writeChanges(copy, changes);
  return copy;
}

/** The old images as the real script leaves them, under names of ours too. */
async function byScript({ recipe }: Migration, parts: WorldParts): Promise<Built> {
  const { engine, scratch, sides, choices, env, signal, progress } = parts;
  const script = recipe?.script;
  if (script === undefined) throw new Error("there is no script to run");
  const copy = scratch.copyOf(sides.before);
  const what = script.argv.join(" ");
  progress(`running ${what}`);
  const started = Date.now();
  const finished = await runScript({
    argv: script.argv,
    cwd: join(copy, script.directory),
    folder: scratch.fresh("bin"),
    program: engine.facts.kind,
    runId: engine.runId,
    buildNetwork: choices.buildNetwork,
    runNetwork: choices.runNetwork,
    timeout: choices.timeout,
    env,
    signal,
  });
  const log = `${finished.stdout}\n${finished.stderr}`.trimEnd().split("\n").slice(-40);
  if (finished.code !== 0) return { ok: false, what, outcome: { ok: false, why: "build-failed", log } };
  const tags: Record<string, string> = {};
  for (const [id, tag] of Object.entries(script.tags)) {
    if ((await engine.inspect(tag)) === undefined)
      return {
        ok: false,
        what,
        outcome: { ok: false, why: "build-failed", log: [...log, `it left no image "${tag}"`] },
      };
    const own = `restage-${engine.runId}-script-${Object.keys(tags).length + 1}`;
    await engine.tag(tag, own);
    tags[id] = own;
  }
  return { ok: true, tags, took: Date.now() - started, notes: [] };
}
