/**
 * Changes on the host between the builds that one build from one context cannot repeat.
 *
 *     sed -i s/DEV/PROD/ dist/index.html     changes an artifact on its way
 *     rm -r dist/maps                        takes a part of it away
 *     cp config.json dist/                   needs the directory that the artifact made
 *     rm -rf build/src                       takes away what the builder's stage copies now, later than it used to
 *
 * What is not decided here: what commands behind the last build do (they read what is there; see join-outcome.ts).
 */
import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { hasWildcard } from "../../dockerfile/wildcards.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { contextPath, type HostPath, isWithin } from "../../text/paths.ts";
import {
  CHECKOUT,
  child,
  containsImage,
  type HostNode,
  imageSteps,
  isMaybe,
  look,
  names,
  shapeOf,
  toCheckout,
} from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import type { BuildGroup } from "./setup-graph.ts";
import { firstImage, takesAway } from "./stage-changes.ts";
import { checkoutSteps, unstagedSteps } from "./staged-files.ts";
import type { Effect, Visit } from "./trace.ts";

/** Reports what happens to artifacts and to the builders' sources between the builds. */
export function checkHostChanges(files: ProjectFiles, recognized: Recognized, reporter: Reporter): void {
  for (const group of recognized.groups) {
    for (const final of [...group.builders, ...group.finals]) checkArtifacts(final, recognized, reporter);
    checkBuilderSources(files, group, recognized, reporter);
  }
}

/** Programs that read their operands and leave them as they are. */
const READERS =
  /^(?:aws|b2sum|base64|cd|cksum|cmp|cosign|curl|diff|gh|gsutil|ldd|md5sum|nm|objdump|od|openssl|readelf|scp|sha\d*sum|shasum|size|strings|tar|xxd|zip|)$/;

function checkArtifacts(final: LinkedBuild, recognized: Recognized, reporter: Reporter): void {
  const { run, changes } = recognized;
  const unstaged = unstagedSteps(recognized);
  const carried = new Set(flowsInto(final).flatMap((piece) => piece.node.by));
  const before = (visit: Visit): boolean => visit.step < final.build.step;
  const touches = (node: HostNode): boolean => imageSteps(node).some((step) => carried.has(step));
  for (const { effect, visit } of effectsOf(run, "foreign")) {
    if (!before(visit) || READERS.test(effect.name) || !effect.reads.some(touches)) continue;
    report(visit, effect.reads.find(touches), reporter);
  }
  for (const { effect, visit } of [...effectsOf(run, "change"), ...effectsOf(run, "mode")]) {
    if (before(visit) && !changes.done.has(visit.step) && effect.reads.some(touches))
      report(visit, effect.reads.find(touches), reporter);
  }
  for (const { effect, visit } of effectsOf(run, "move")) {
    const own = carriesImage(effect) || (effect.makesFile === true && visit.effects.some(carriesImage));
    if (!before(visit) || own || unstaged.has(visit.step)) continue;
    const lost = (effect.into ?? []).find((node) => touches(node) && isOnlyArtifact(node, run.visits));
    if (lost !== undefined) report(visit, lost, reporter);
  }
  checkRemoved(final, run.visits, reporter);
  checkStaged(final, recognized, reporter);
}

/** Whether an artifact is all that a command puts somewhere, itself or by its output. */
function carriesImage(effect: Effect): boolean {
  return effect.kind === "move" && effect.reads.length > 0 && effect.reads.every(containsImage);
}

/** What is done to a staged file between the cp and the build is lost where the build takes the file from where it truly is. */
function checkStaged(final: LinkedBuild, { run }: Recognized, reporter: Reporter): void {
  const injections = final.copies.flatMap(({ sources }) => sources).flatMap((source) => source.injections);
  const staging = new Set(
    injections
      .filter(({ unstaged }) => unstaged === true)
      .flatMap(({ pieces }) => pieces.flatMap((piece) => (piece.kind === "staged" ? piece.node.by : []))),
  );
  const isStaged = (node: HostNode): boolean => checkoutSteps(node).some((step) => staging.has(step));
  const changing = [...effectsOf(run, "foreign"), ...effectsOf(run, "change"), ...effectsOf(run, "mode")];
  for (const { effect, visit } of changing) {
    if (visit.step >= final.build.step || (effect.kind === "foreign" && READERS.test(effect.name))) continue;
    const node = effect.reads.find(isStaged);
    if (node !== undefined && !hasMode(final.build.host.files, effect, node)) report(visit, node, reporter);
  }
}

/** Whether a `chmod` gives a file the mode that the checkout has for it. */
function hasMode(files: ProjectFiles, effect: Effect, node: HostNode): boolean {
  const mode = node.kind === "checkout" ? files.entry(node.path)?.mode : undefined;
  const wanted = effect.kind === "mode" ? effect.mode : "";
  return /^(?:0?755|[au]?\+x)$/.test(wanted) ? mode === "100755" : /^0?644$/.test(wanted) && mode === "100644";
}

function report(visit: Visit, node: HostNode | undefined, reporter: Reporter): void {
  const path = node?.kind === "checkout" ? node.path : node && firstImage(node)?.path;
  reporter.report("artifact-changed-on-host", { path: path ?? "", command: shortText(visit) }, spanOf(visit));
}

/** Parts of an artifact that the script deletes or moves away before the build. */
function checkRemoved(final: LinkedBuild, visits: readonly Visit[], reporter: Reporter): void {
  for (const copy of final.copies) {
    for (const source of copy.sources) {
      const removed = source.injections.flatMap(({ pieces }) => pieces).find((piece) => piece.kind === "removed");
      if (removed === undefined) continue;
      const place = posix.join(final.build.context, contextPath(source.text), removed.inside);
      const visit = visits.findLast((one) => one.step < final.build.step && takesAway(one, place));
      const span =
        visit === undefined ? { path: copy.ref.document.source.path, ...copy.ref.instruction.range } : spanOf(visit);
      const command = visit === undefined ? `COPY ${source.written}` : shortText(visit);
      reporter.report(
        "artifact-changed-on-host",
        { path: posix.join(contextPath(source.text), removed.inside), command },
        span,
      );
    }
  }
}

function flowsInto(linked: LinkedBuild) {
  return linked.copies
    .flatMap((copy) => copy.sources)
    .flatMap((source) => source.injections)
    .flatMap((injection) => injection.pieces)
    .flatMap((piece) => (piece.kind === "flow" ? [piece] : []));
}

/** Whether a directory is there through the extraction alone, and not in the checkout or by `mkdir`. */
function isOnlyArtifact(node: HostNode, visits: readonly Visit[]): boolean {
  if (node.kind === "image") return true;
  if (node.kind !== "directory" || node.layers.length === 0) return false;
  const made = node.by.some((step) =>
    visits[step]?.effects.some((effect) => effect.kind === "move" && effect.from.length === 0 && !effect.makesFile),
  );
  return !made && node.layers.every((layer) => isOnlyArtifact(layer, visits));
}

/** What a builder copies has to be the same when the final is built, since all is built then. */
function checkBuilderSources(files: ProjectFiles, group: BuildGroup, { run }: Recognized, reporter: Reporter): void {
  const ownFiles = new Set([...group.builders, ...group.finals].map(({ build }) => build.file.path));
  for (const builder of group.builders) {
    for (const final of group.finals) {
      if (final.build.step <= builder.build.step) continue;
      for (const copy of builder.copies) {
        const placeOf = (source: { readonly text: string }): string =>
          posix.join(builder.build.context, literalPart(source.text));
        const edited = editsBetween(builder, final, run.visits, ownFiles);
        for (const source of copy.sources) {
          const edit = edited.find(({ path }) => isWithin(path, placeOf(source)) || isWithin(placeOf(source), path));
          if (edit === undefined) continue;
          const args = { path: posix.relative(CHECKOUT, edit.path), dockerfile: builder.build.file.path };
          reporter.report("context-changed", args, spanOf(edit.visit));
          return;
        }
        const changed = copy.sources.find((source) => {
          const place = placeOf(source);
          return !isSame(files, ownFiles, look(builder.build.host, place), look(final.build.host, place));
        });
        if (changed === undefined) continue;
        const visit = run.visits
          .slice(builder.build.step + 1, final.build.step)
          .find((one) => one.effects.some((effect) => effect.kind === "remove" || effect.kind === "move"));
        const span =
          visit === undefined ? { path: copy.ref.document.source.path, ...copy.ref.instruction.range } : spanOf(visit);
        reporter.report("context-changed", { path: changed.text, dockerfile: builder.build.file.path }, span);
        return;
      }
    }
  }
  const swaps = effectsOf(run, "move").find(({ effect }) => effect.to.some((path) => path.endsWith(".dockerignore")));
  if (swaps !== undefined)
    reporter.report(
      "context-changed",
      { path: ".dockerignore", dockerfile: group.builders[0]?.build.file.path ?? "" },
      spanOf(swaps.visit),
    );
}

/** Files of the checkout that commands change where they stand, behind a builder's build and before the final's. */
function editsBetween(
  builder: LinkedBuild,
  final: LinkedBuild,
  visits: readonly Visit[],
  ownFiles: ReadonlySet<HostPath>,
): readonly { readonly path: string; readonly visit: Visit }[] {
  return visits.slice(builder.build.step + 1, final.build.step).flatMap((visit) =>
    visit.effects
      .flatMap((effect) => (effect.kind === "foreign" ? effect.writes : []))
      .map((path) => `/${literalPart(path)}`)
      .filter((path) => {
        const own = toCheckout(path);
        return own !== undefined && !ownFiles.has(own) && look(builder.build.host, path).kind === "checkout";
      })
      .map((path) => ({ path, visit })),
  );
}

/** A source up to the first segment that is a pattern. */
function literalPart(source: string): string {
  const segments = contextPath(source).split("/");
  const pattern = segments.findIndex(hasWildcard);
  return pattern < 0 ? segments.join("/") : segments.slice(0, pattern).join("/");
}

/** Whether a directory only got layers more that containers may have written, which count where nothing else is. */
function onlyMaybeMore(before: HostNode, after: HostNode): boolean {
  if (after.kind !== "directory") return false;
  const old = before.kind === "directory" ? before : undefined;
  const layers = old?.layers ?? [before];
  const isIn = (layer: HostNode, others: readonly HostNode[]): boolean => others.some((other) => isOne(layer, other));
  const sameEntries = after.entries.size === 0 ? (old?.entries.size ?? 0) === 0 : old?.entries === after.entries;
  return (
    sameEntries &&
    layers.every((layer) => isMaybe(layer) || isIn(layer, after.layers)) &&
    after.layers.every((layer) => isIn(layer, layers) || isMaybe(layer))
  );
}

function isOne(a: HostNode, b: HostNode): boolean {
  if (a.kind === "image" && b.kind === "image") return a.image === b.image && a.path === b.path;
  return a === b || (a.kind === "checkout" && b.kind === "checkout" && a.path === b.path);
}

/** Whether all that was there before is still there. Artifacts do not count: they no longer arrive on the host. */
function isSame(files: ProjectFiles, ownFiles: ReadonlySet<HostPath>, before: HostNode, after: HostNode): boolean {
  // The builds' own Dockerfiles are not moved about any more.
  if (before.kind === "checkout" && ownFiles.has(before.path)) return true;
  if (onlyMaybeMore(before, after)) return true;
  if (before === after || before.kind === "absent" || containsOnlyArtifacts(before) || after.kind === "image")
    return true;
  if (before.kind === "checkout" && after.kind === "checkout") return before.path === after.path;
  if (before.kind === "made" || before.kind === "archive")
    return before.kind === "made" && (before.presumed || (after.kind === "made" && after.by[0] === before.by[0]));
  if (after.kind === "absent" || shapeOf(files, before) !== "directory") return false;
  return names(files, before).every((name) =>
    isSame(files, ownFiles, child(files, before, name), child(files, after, name)),
  );
}

function containsOnlyArtifacts(node: HostNode): boolean {
  return node.kind === "image";
}
