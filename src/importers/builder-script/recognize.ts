/**
 * Whether a run is a builder setup, and which builds belong to it.
 *
 *     docker cp feeds a later build's COPY           a setup, one group of builds for each final image
 *     docker cp out of a build, and nothing more     a setup that only exports
 *     one docker build                               none
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type HostPath, ROOT } from "../../text/paths.ts";
import { containerExtractions } from "./container-exports.ts";
import { type Export, type Extraction, exportsOf } from "./exports.ts";
import { filledElsewhere } from "./filled-elsewhere.ts";
import { finalElsewhere } from "./final-elsewhere.ts";
import { CHECKOUT, fromCheckout, type Step, toCheckout } from "./host-tree.ts";
import { hostExports } from "./host-uses.ts";
import type { Piece } from "./injection.ts";
import type { LinkedBuild, LinkedCopy } from "./links.ts";
import { withAliases } from "./local-bases.ts";
import { effectsOf, type ImportWorld, shortText, spanOf } from "./located.ts";
import { runAgain, type ScriptRun } from "./run-script.ts";
import { type BuildGroup, buildGroups, exportGroups, withoutIdle, withoutStrays } from "./setup-graph.ts";
import { leaveToStages, type StageChanges } from "./stage-changes.ts";
import { type Build, hasOwnFile, type Visit } from "./trace.ts";
import { withUnbuiltImages } from "./unbuilt-images.ts";
import { unplacedFiles } from "./unplaced-files.ts";
import { sayUnreadMounts } from "./unread-mounts.ts";

export interface Recognized {
  readonly run: ScriptRun;
  readonly groups: readonly BuildGroup[];
  /** All builds by image, with what flows into them. */
  readonly linked: ReadonlyMap<string, LinkedBuild>;
  /** What host commands did to artifacts, as far as stages can do it. */
  readonly changes: StageChanges;
  /** Extractions that are commands of the script. */
  readonly extractions: readonly Extraction[];
  /** Those that nothing copies and that no build can write to the host either. */
  readonly unplaced: readonly Extraction[];
  /** Files that a container writes through a mount or on its output, and a build takes in. */
  readonly containerMade: readonly { readonly copy: LinkedCopy; readonly source: string; readonly step: Step }[];
  /** Builds whose context comes out of a container on standard input. */
  readonly streamed: readonly Visit[];
  readonly dockerfiles: readonly HostPath[];
  /** The build of a final that no call of the script makes (final-elsewhere.ts). */
  readonly elsewhere?: LinkedBuild;
}

export function recognize(files: ProjectFiles, run: ScriptRun, world: ImportWorld): Recognized | undefined {
  const followed = followingSecondRun(files, run, world);
  const made = containerExtractions(run, followed);
  const known = withoutIdle(followed, new Set(made.map(({ effect }) => effect.image)));
  const found = withoutStrays(withAliases(withUnbuiltImages(files, run, known, world)));
  const { changes, linked: own } = leaveToStages(run, found);
  const extractions = effectsOf(run, "extract");
  const built = new Set(run.builds.map((build) => build.id));
  const taken = inOrder([...extractions.filter(isOfBuild(run)), ...made]);
  const { exports, left } = exportsOf(buildGroups(own).length > 0 ? [] : taken, own, run.visits);
  const elsewhere = finalElsewhere(files, run, exports, world);
  const linked = elsewhere === undefined ? own : new Map(own).set(elsewhere.build.id, elsewhere);
  const containerMade = [...linked.values()].flatMap((build) => build.copies.flatMap(madeByContainer));
  const streamed = run.visits.filter((visit) => isStreamed(visit, run));
  const joined = buildGroups(linked);
  if (joined.length === 0) sayMounts(files, exports, world.reporter);
  const groups =
    joined.length === 0
      ? exportGroups(exports, linked)
      : joined.map((group) => ({
          ...group,
          exports: hostExports(run, { extractions, changed: changes.done }, group, world),
        }));
  const named = [...linked.values()].flatMap(({ build }) => (hasOwnFile(build) ? [build.file.path] : []));
  const dockerfiles = [...new Set([...named, ...run.builds.flatMap((build) => possibleFiles(files, build))])];
  const outOfBuild = extractions.some(({ effect }) => built.has(effect.image) || linked.has(effect.image));
  const unfollowed = run.builds.length > 0 && effectsOf(run, "obscure").length > 0;
  const lost = groups.length > 0 ? [] : unplacedFiles(run, followed, [...taken, ...left]);
  const nothing = groups.length === 0 && !outOfBuild && containerMade.length === 0 && streamed.length === 0;
  const isNone = nothing && !unfollowed && lost.length === 0;
  if (isNone && !(run.driver.runs && sayUnreadMounts(run, run.linked.values(), world.reporter))) return undefined;
  return {
    run,
    groups,
    linked,
    changes,
    extractions,
    unplaced: [...left, ...lost],
    containerMade,
    streamed,
    dockerfiles,
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

function isOfBuild({ builds }: ScriptRun): (extraction: Extraction) => boolean {
  return ({ effect }) => builds.some((build) => build.id === effect.image);
}

/** A container that went on from what an earlier run left in a mount would do so no more. */
function sayMounts(files: ProjectFiles, exports: readonly Export[], reporter: Reporter): void {
  for (const { effect, visit } of exports.flatMap((one) => one.extractions)) {
    const own = toCheckout(effect.to);
    const path = own ?? effect.to;
    if (!visit.effects.some(({ kind }) => kind === "derive")) continue;
    const by = own === undefined ? undefined : filledElsewhere(files, own);
    if (by !== undefined) reporter.report("mount-filled-elsewhere", { path, by }, spanOf(visit));
    else reporter.report("mount-taken-empty", { path, command: shortText(visit) }, spanOf(visit));
  }
}

function inOrder(extractions: readonly Extraction[]): readonly Extraction[] {
  return [...extractions].sort((a, b) => a.visit.step - b.visit.step);
}

/** The files of the project that a partly unknown `-f` may name. */
function possibleFiles(files: ProjectFiles, { file }: Build): readonly HostPath[] {
  const known = file.kind === "unknown" ? file.key?.replace(/‹[^›]*›/g, "").replace(CHECKOUT, "") : undefined;
  if (file.kind !== "unknown" || file.key === undefined || !/\w/.test(known ?? "")) return [];
  const source = file.key
    .split(/‹[^›]*›/)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("[^/]*");
  return [...files.walk(ROOT)].filter((path) => new RegExp(`^${source}$`).test(fromCheckout(path)));
}

function madeByContainer(copy: LinkedCopy): readonly { copy: LinkedCopy; source: string; step: Step }[] {
  return copy.sources.flatMap((source) =>
    source.injections
      .flatMap((injection) => injection.pieces)
      .flatMap((piece) =>
        piece.kind === "made" && piece.node.image !== undefined
          ? [{ copy, source: source.text, step: piece.node.by[0] ?? 0 }]
          : [],
      ),
  );
}

/** `docker run builder | docker build -` */
function isStreamed(visit: Visit, run: ScriptRun): boolean {
  return visit.effects.some((effect) => {
    if (effect.kind !== "build" || effect.build.context !== undefined) return false;
    const before = run.visits[visit.step - 1];
    return before?.effects.some((other) => other.kind === "create" && other.runs) ?? false;
  });
}

/**
 * Where a source is not there, or only taken to be there, in a clean checkout, but the run leaves it behind for the next one,
 * the next run is the one that people saw working.
 */
function followingSecondRun(
  files: ProjectFiles,
  run: ScriptRun,
  { reporter }: ImportWorld,
): ReadonlyMap<string, LinkedBuild> {
  if (![...run.linked.values()].some((linked) => linked.copies.some(hasDoubt))) return run.linked;
  const second = runAgain(files, run).linked;
  return new Map(
    [...run.linked].map(([id, linked]) => [
      id,
      {
        ...linked,
        copies: linked.copies.map((copy, index) => better(copy, second.get(id)?.copies[index], run, reporter)),
      },
    ]),
  );
}

function hasDoubt(copy: LinkedCopy): boolean {
  return piecesOf(copy).some(isDoubtful);
}

function piecesOf(copy: LinkedCopy): readonly Piece[] {
  return copy.sources.flatMap((source) => source.injections).flatMap((injection) => injection.pieces);
}

function isDoubtful(piece: Piece): boolean {
  return piece.kind === "missing" || (piece.kind === "flow" && piece.node.presumed);
}

/** What a container worked out of the files that an earlier run left has no stage in this one. */
function isOfAnotherRun(piece: Piece, run: ScriptRun): boolean {
  return piece.kind === "flow" && piece.node.image.startsWith("run|") && !run.linked.has(piece.node.image);
}

function better(copy: LinkedCopy, other: LinkedCopy | undefined, run: ScriptRun, reporter: Reporter): LinkedCopy {
  if (other === undefined || !hasDoubt(copy) || hasDoubt(other)) return copy;
  if (piecesOf(other).some((piece) => isOfAnotherRun(piece, run))) return copy;
  const flow = piecesOf(other).find((piece) => piece.kind === "flow");
  if (flow?.kind !== "flow") return copy;
  const visit = run.visits[flow.node.by[0] ?? 0];
  const command = visit === undefined ? "docker cp" : shortText(visit);
  const span = { path: copy.ref.document.source.path, ...copy.ref.instruction.range };
  reporter.report(
    "works-only-on-second-run",
    { source: copy.sources.map((source) => source.text).join(" "), command },
    span,
  );
  return { ...copy, sources: other.sources };
}
