/**
 * What host commands did to artifacts between the builds, as RUN instructions of the stage that makes them.
 *
 *     chmod +x app                           RUN chmod +x /go/bin/app
 *     sed -i s/DEV/PROD/ dist/index.html     RUN sed -i s/DEV/PROD/ /src/dist/index.html
 *     rm -rf dist/maps                       RUN rm -rf /src/dist/maps
 *     mv dist/app dist/server                RUN mv /src/dist/app /src/dist/server
 *
 * A stage does so where every consumer of the path saw the change, and where the stage has a shell. What is not decided here: what
 * is said where it cannot (host-changes.ts).
 */
import { posix } from "node:path";
import { describeBase } from "../../ecosystems/base-images.ts";
import type { StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { quoteWord } from "../../shell/quote.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { HostNode, ImageNode, Step } from "./host-tree.ts";
import type { Injection, Piece } from "./injection.ts";
import { type Builds, type Flow, mapInjections } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";
import type { StageChange } from "./stage-change.ts";
import { canRun, prepareInStages } from "./stage-preparations.ts";
import type { Visit } from "./trace.ts";

export interface StageChanges {
  /** In an order that comes to the same as the script's. */
  readonly steps: readonly StageChange[];
  /** The commands whose work stages do. */
  readonly done: ReadonlySet<Step>;
}

/** The changes that stages can make, and the builds without the pieces that these changes account for. */
export function leaveToStages(
  run: ScriptRun,
  found: Builds,
): { readonly changes: StageChanges; readonly linked: Builds } {
  const { unpackings, compressions, builds } = prepareInStages(run, found);
  const inPlace = [...modeChanges(run, builds), ...textChanges(run, builds).filter(isCertain(run, builds))];
  const taken = takenAway(run, builds);
  // What is compressed has the changes before that and none after it. Both name a path as the image has it, so what renames it comes
  // behind them.
  const inOrder = [...compressions, ...inPlace].sort((a, b) => a.step - b.step);
  const steps = [...unpackings, ...inOrder, ...taken.steps];
  const settled = mapInjections(builds, (injection) => withoutRepeated(taken.without(injection)));
  return { changes: { steps, done: new Set([...inPlace, ...taken.steps].map(({ step }) => step)) }, linked: settled };
}

/** Whether a command runs whenever the builds do that take its work in. */
function isCertain(run: ScriptRun, builds: Builds): (change: StageChange) => boolean {
  return ({ step, visit }) => {
    const users = [...builds.values()].filter(
      (linked) => linked.build.step > step && allInjections(linked).some((one) => flowsOf(one).length > 0),
    );
    return !visit.maybe || users.every(({ build }) => run.visits[build.step]?.maybe === true);
  };
}

/** The steps that an image's stage gets, as whoever the commands on the host were run by: not bound by a user of the image. */
export function changeSteps({ steps }: StageChanges, linked: LinkedBuild): readonly StageStep[] {
  const own = steps.filter(({ image }) => image === linked.build.id);
  const runs = own.map(
    ({ text, reason, visit, confidence = "certain" }): StageStep => ({
      kind: "synthesized",
      text,
      reason,
      because: [provenance(visit.script.source, visit.range)],
      confidence,
    }),
  );
  const user = userOf(linked);
  const [first] = runs;
  if (first === undefined || user === undefined) return runs;
  const asUser = (name: string, reason: string): StageStep => ({
    ...first,
    kind: "synthesized",
    text: `USER ${name}`,
    reason,
  });
  return [
    asUser("0", "The script's commands were not run by the user of the image."),
    ...runs,
    asUser(user, "The image has the user that it had before."),
  ];
}

/** The user that a stage ends with, unless that is root. */
function userOf(linked: LinkedBuild): string | undefined {
  const stage = linked.document.stages[linked.target];
  const told = stage?.instructions.findLast((instruction) => instruction.kind === "user");
  const user = told?.kind === "user" ? told.value : describeBase(stage?.from.image.text ?? "").user;
  return user === undefined || user === "" || /^(?:root|0)(?::(?:root|0))?$/.test(user) ? undefined : user;
}

// ---- changes in place

/** The artifact that stands at a node, with nothing from elsewhere in it. */
function artifactAt(node: HostNode): ImageNode | undefined {
  if (node.kind === "image") return node;
  const [layer, ...others] = node.kind === "directory" ? node.layers : [];
  const root = layer && others.length === 0 ? artifactAt(layer) : undefined;
  if (node.kind !== "directory" || root === undefined) return undefined;
  const own = [...node.entries.values()].every(({ kind }) => kind === "image" || kind === "absent");
  return own ? root : undefined;
}

function modeChanges(run: ScriptRun, builds: Builds): readonly StageChange[] {
  return effectsOf(run, "mode").flatMap(({ effect, visit }) => {
    const reads = effect.reads.flatMap((node) => artifactAt(node) ?? []);
    const images = [...new Set(reads.map(({ image }) => image))];
    return images.flatMap((image): StageChange[] => {
      const paths = reads.filter((node) => node.image === image).map(({ path }) => path);
      if (!paths.every((path) => isSeenByAll(builds, image, path, visit.step)) || !canRun(builds, image)) return [];
      const text = `RUN chmod ${effect.mode} ${paths.map(word).join(" ")}`;
      const reason = "The script changed the mode on the host; the file does not go over the host any more.";
      return [{ image, step: visit.step, text, reason, visit }];
    });
  });
}

function textChanges(run: ScriptRun, builds: Builds): readonly StageChange[] {
  return effectsOf(run, "change").flatMap(({ effect, visit }): StageChange[] => {
    const nodes = effect.words.flatMap((one) => (one.kind === "path" ? [one.node] : []));
    const image = nodes[0] && artifactAt(nodes[0])?.image;
    if (image === undefined || !canRun(builds, image)) return [];
    const all = nodes
      .map(artifactAt)
      .every((found) => found?.image === image && isSeenByAll(builds, image, found.path, visit.step));
    if (!all) return [];
    const words = effect.words.map((one) =>
      one.kind === "text" ? literal(one.text) : word(artifactAt(one.node)?.path ?? one.path),
    );
    const reason = "The script changed the files on the host; they do not go over the host any more.";
    return [{ image, step: visit.step, text: `RUN ${words.join(" ")}`, reason, visit }];
  });
}

/** Text as a word of a command. */
function literal(text: string): string {
  return /[*?[\]$\\ ]/.test(text) && !text.includes("'") ? `'${text}'` : quoteWord(text);
}

/** A path as a word of a command; a pattern stays one. */
function word(path: string): string {
  return /^[\w./@%+=:,*?-]+$/.test(path) ? path : quoteWord(path);
}

/** Whether a change at a path reached all that is copied of it, and at least one copy. */
function isSeenByAll(builds: Builds, image: string, path: ImagePath, step: Step): boolean {
  let seen = false;
  for (const injection of injectionsOf(builds)) {
    const flows = flowsOf(injection).filter(({ node }) => node.image === image);
    const packed = flows.filter(({ node }) => node.compressed !== undefined && overlap(node.compressed.of.path, path));
    seen ||= packed.some(({ node }) => node.by.includes(step));
    const above = flows.findLast(({ node }) => isWithin(path, node.path));
    const below = flows.filter(({ node }) => node.path !== path && isWithin(node.path, path));
    const concerned = [...(above === undefined ? [] : [above]), ...below];
    if (!concerned.every(({ node }) => node.by.includes(step))) return false;
    seen ||= concerned.length > 0;
  }
  return seen;
}

function overlap(a: ImagePath, b: ImagePath): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

// ---- parts taken away, or renamed

interface Taken {
  readonly steps: readonly StageChange[];
  /** An injection without the pieces that the steps account for. */
  readonly without: (injection: Injection) => Injection;
}

interface Removal {
  readonly injection: Injection;
  readonly piece: Extract<Piece, { kind: "removed" }>;
  readonly image: string;
  readonly path: ImagePath;
}

function takenAway(run: ScriptRun, builds: Builds): Taken {
  const removals = [...builds.values()].flatMap((linked) => removalsIn(linked));
  const settled = new Map<Removal, StageChange>();
  const renamed = new Set<Piece>();
  for (const removal of removals) {
    const { since, hostPath } = removal.piece;
    const visit = since === undefined ? run.visits.findLast((one) => takesAway(one, hostPath)) : run.visits[since];
    if (visit === undefined || !canRun(builds, removal.image) || !isTakenByAll(builds, removals, removal)) continue;
    const target = renameTarget(builds, removal);
    if (target === "conflict") continue;
    const command =
      target === undefined ? `rm -rf ${word(removal.path)}` : `mv ${word(removal.path)} ${word(target.path)}`;
    const reason =
      target === undefined
        ? "The script took this away on the host, before it was copied."
        : "The script renamed this on the host, before it was copied.";
    if (target !== undefined && isSearchedLater(run, visit.step)) continue;
    const change = { image: removal.image, step: visit.step, text: `RUN ${command}`, reason, visit };
    if (!isCertain(run, builds)(change)) continue;
    if (target !== undefined) renamed.add(target.piece);
    settled.set(removal, change);
  }
  const gone = new Set<Piece>([...renamed, ...[...settled.keys()].map(({ piece }) => piece)]);
  const steps = [
    ...new Map([...settled.values()].map((change) => [`${change.image} ${change.text}`, change])).values(),
  ];
  return {
    steps,
    without: (injection) => ({ ...injection, pieces: injection.pieces.filter((piece) => !gone.has(piece)) }),
  };
}

/** Whether a later command goes by the names that a rename made. */
function isSearchedLater(run: ScriptRun, step: Step): boolean {
  const searches = (text: string): boolean => /^find$|[*?[]/.test(text);
  return effectsOf(run, "change").some(
    ({ effect, visit }) =>
      visit.step > step && effect.words.some((one) => searches(one.kind === "text" ? one.text : one.path)),
  );
}

function removalsIn(linked: LinkedBuild): readonly Removal[] {
  return allInjections(linked).flatMap((injection) =>
    injection.pieces.flatMap((piece): Removal[] => {
      if (piece.kind !== "removed") return [];
      const above = flowsOf(injection).findLast(({ inside }) => inside === "" || isWithin(piece.inside, inside));
      if (above === undefined) return [];
      const path = imagePath(posix.relative(above.inside, piece.inside), above.node.path);
      return [{ injection, piece, image: above.node.image, path }];
    }),
  );
}

/** Whether whoever copies a directory that held the path copies it without. */
function isTakenByAll(builds: Builds, removals: readonly Removal[], { image, path }: Removal): boolean {
  const without = new Set(
    removals.filter((other) => other.image === image && isWithin(path, other.path)).map((other) => other.injection),
  );
  return injectionsOf(builds).every(
    (injection) =>
      without.has(injection) ||
      !flowsOf(injection).some(({ node }) => node.image === image && node.path !== path && isWithin(path, node.path)),
  );
}

/** Where a part went that was renamed inside its directory; `conflict` where something else copies it. */
function renameTarget(
  builds: Builds,
  { injection, image, path }: Removal,
): { readonly path: ImagePath; readonly piece: Piece } | "conflict" | undefined {
  const users = injectionsOf(builds).flatMap((one) =>
    flowsOf(one)
      .filter(({ node }) => node.image === image && isWithin(node.path, path))
      .map((piece) => ({ piece, own: one === injection })),
  );
  const [user, ...others] = users;
  if (user === undefined) return undefined;
  const root = flowsOf(injection).find(({ inside, node }) => inside === "" && node.image === image);
  const plain = others.length === 0 && user.own && user.piece.node.path === path && root !== undefined;
  return plain ? { path: imagePath(user.piece.inside, root.node.path), piece: user.piece } : "conflict";
}

/** Whether a command removes a path of the host, or moves it away. */
export function takesAway(visit: Visit, place: string): boolean {
  return visit.effects.some(
    (effect) =>
      (effect.kind === "remove" && effect.paths.some(({ path }) => isWithin(place, path))) ||
      (effect.kind === "move" && effect.from.some((path) => isWithin(place, path))),
  );
}

// ---- pieces

/** A part of a directory that comes along with it does not have to be copied again. */
function withoutRepeated(injection: Injection): Injection {
  const pieces = injection.pieces.filter((piece, index) => {
    if (piece.kind !== "flow" || piece.inside === "") return true;
    const before = injection.pieces.slice(0, index);
    const above = before.findLast(({ inside }) => inside === "" || isWithin(piece.inside, inside));
    return !(above?.kind === "flow" && isSamePlace(above, piece));
  });
  return { ...injection, pieces };
}

function isSamePlace(above: Flow, piece: Flow): boolean {
  const path = imagePath(posix.relative(above.inside, piece.inside), above.node.path);
  return above.node.image === piece.node.image && path === piece.node.path;
}

function injectionsOf(builds: Builds): readonly Injection[] {
  return [...builds.values()].flatMap(allInjections);
}

function allInjections(linked: LinkedBuild): readonly Injection[] {
  return linked.copies.flatMap((copy) => copy.sources).flatMap((source) => source.injections);
}

function flowsOf(injection: Injection): readonly Flow[] {
  return injection.pieces.flatMap((piece) => (piece.kind === "flow" ? [piece] : []));
}

/** The first image path at a node, or in it. */
export function firstImage(node: HostNode): ImageNode | undefined {
  if (node.kind === "directory")
    return [...node.layers, ...node.entries.values()].map(firstImage).find((found) => found !== undefined);
  return node.kind === "image" ? node : undefined;
}
