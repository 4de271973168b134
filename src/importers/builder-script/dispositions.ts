/**
 * What becomes of each command of the script.
 *
 *     docker build -f Dockerfile.build …     removed: the build is a stage now
 *     docker create / cp / rm                removed: nothing goes over the host any more
 *     docker build -t app .                  edited, where the Dockerfile or context is another
 *     docker push app                        kept
 *
 * A command in a loop or function is judged at each visit, and the visits have to agree. What is not decided here: which text
 * goes with a removed command (script-rests.ts, script-edits.ts).
 */
import type { SimpleCommand } from "../../shell/syntax.ts";
import type { TextEdit } from "../../text/edits.ts";
import { isWithin } from "../../text/paths.ts";
import type { HostNode, Step } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import { bringsBack, isStagedBy } from "./staged-nodes.ts";
import type { Effect, RemovedPath, Visit } from "./trace.ts";
import { imageKey, listedName } from "./values.ts";

export type Disposition =
  | { readonly kind: "keep" }
  | { readonly kind: "remove"; readonly reason: string }
  | { readonly kind: "edit"; readonly edits: readonly TextEdit[]; readonly reason: string };

/** What was joined, as far as commands care. */
export interface JoinOutcome {
  /** Builds that are stages now. */
  readonly builders: ReadonlyMap<string, LinkedBuild>;
  /** Builds that remain. */
  readonly finals: ReadonlySet<string>;
  /** All images that files are copied from now, published ones included. */
  readonly sources: ReadonlySet<string>;
  /** Builders that something else than an extraction needs, so that their image is still built. */
  readonly stillBuilt: ReadonlySet<string>;
  /** Commands through which a path went into a build that was joined. */
  readonly carried: ReadonlySet<Step>;
  /** Extractions whose files a build writes to the host itself now, and the edits of the commands that do so. */
  readonly exported: ReadonlySet<Step>;
  readonly exportCalls: ReadonlyMap<Visit, readonly TextEdit[]>;
  /** The edits of calls that make another image now, which the script left to others. */
  readonly remade: ReadonlyMap<Visit, readonly TextEdit[]>;
  /** Commands whose files the host needs too, so that they stay. */
  readonly kept: ReadonlySet<Step>;
  /** Commands that only put files of the checkout where no build needs them any more. */
  readonly unstaged: ReadonlySet<Step>;
  /** `cd` into directories that are not there any more, and out of them. */
  readonly passed: ReadonlySet<Step>;
  /** The edits of a call that still builds: a final's, or a builder's that is needed as an image too. */
  readonly editsOf: (visit: Visit, build: string) => readonly TextEdit[] | undefined;
}

const KEEP: Disposition = { kind: "keep" };

/** The disposition of each visited command; `undefined` where its visits do not agree. */
export function dispositions(
  visits: readonly Visit[],
  outcome: JoinOutcome,
): ReadonlyMap<SimpleCommand, Disposition | undefined> {
  const gone = new Gone(visits, outcome);
  const found = new Map<SimpleCommand, Disposition | undefined>();
  for (const visit of visits) {
    const own = ofVisit(visit, outcome, gone);
    const before = found.get(visit.node);
    found.set(visit.node, found.has(visit.node) ? agreed(before, own) : own);
  }
  return found;
}

function agreed(a: Disposition | undefined, b: Disposition): Disposition | undefined {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b) ? a : undefined;
}

/** What is no longer there once the builds are joined. */
class Gone {
  readonly containers: ReadonlySet<string>;
  readonly created: ReadonlySet<Step>;
  readonly volumes: ReadonlySet<string>;
  readonly paths: readonly string[];
  readonly #kept: readonly string[];
  readonly #entered: readonly string[];

  constructor(visits: readonly Visit[], outcome: JoinOutcome) {
    const effects = visits.flatMap((visit) => visit.effects.map((effect) => ({ effect, visit })));
    this.created = new Set(
      effects.flatMap(({ effect, visit }) =>
        isGoneContainer(effect, visit.step, visits, outcome) ? [visit.step] : [],
      ),
    );
    const named = (goes: boolean): readonly string[] =>
      effects.flatMap(({ effect, visit }) =>
        effect.kind === "create" && this.created.has(visit.step) === goes ? [effect.container] : [],
      );
    const kept = new Set(named(false));
    this.containers = new Set(named(true).filter((name) => !kept.has(name)));
    const seen = (goes: boolean): readonly string[] =>
      effects.flatMap(({ effect, visit }) =>
        effect.kind === "create" && this.created.has(visit.step) === goes ? effect.volumes : [],
      );
    const left = new Set(seen(false));
    this.volumes = new Set(seen(true).filter((name) => !left.has(name)));
    const serves = ({ step }: Visit): boolean => outcome.carried.has(step) || outcome.unstaged.has(step);
    const carrying = effects.filter(({ visit }) => serves(visit));
    this.paths = carrying.flatMap(({ effect }) => writtenBy(effect));
    this.#kept = effects
      .filter(({ effect, visit }) => !serves(visit) && !(effect.kind === "move" && bringsBack(effect)))
      .flatMap(({ effect }) => filesWrittenBy(effect));
    this.#entered = effects
      .filter(({ effect }) => effect.kind === "build" && outcome.finals.has(effect.build.id))
      .map(({ visit }) => visit.cwd.before);
  }

  /** Whether a build that remains is called in a directory, or below it. */
  isEntered(path: string): boolean {
    return this.#entered.some((cwd) => isWithin(cwd, path));
  }

  /** Whether nothing but artifacts ever was at a path, or in it. */
  owns(path: string): boolean {
    const touches = (other: string): boolean => isWithin(other, path) || isWithin(path, other);
    return this.paths.some(touches) && !this.#kept.some((other) => isWithin(other, path));
  }
}

/** The absolute paths that a command puts something at. */
export function writtenBy(effect: Effect): readonly string[] {
  if (effect.kind === "extract") return effect.to === "-" ? [] : [effect.to];
  if (effect.kind === "carry") return [effect.to];
  return effect.kind === "move" ? effect.to : [];
}

/** Files that a command makes or puts somewhere; directories that are only made do not count. */
function filesWrittenBy(effect: Effect): readonly string[] {
  if (effect.kind === "foreign") return effect.makes ?? [];
  if (effect.kind === "move" && effect.from.length === 0 && !effect.makesFile) return [];
  return writtenBy(effect);
}

/** A container that only served extractions that are copies between stages now. */
function isGoneContainer(effect: Effect, step: Step, visits: readonly Visit[], outcome: JoinOutcome): boolean {
  if (effect.kind !== "create") return false;
  if (outcome.kept.has(step)) return false;
  const worked = visits.some((visit) =>
    visit.effects.some((e) => e.kind === "derive" && e.container === step && outcome.builders.has(e.build.id)),
  );
  const carries = visits.some((visit) => visit.step === step && visit.effects.some(({ kind }) => kind === "carry"));
  if (carries && outcome.exported.has(step)) return extracted(visits, step, outcome);
  if (worked || (effect.runs && outcome.carried.has(step))) return extracted(visits, step, outcome);
  if (!outcome.sources.has(effect.image)) return false;
  const extractions = visits.filter((visit) => visit.effects.some((e) => e.kind === "extract" && e.created === step));
  if (extractions.length === 0) return !effect.runs || isRead(visits, step, outcome);
  return extractions.every(({ step: taken }) => outcome.carried.has(taken) || outcome.exported.has(taken));
}

/** Whether `docker exec` prints files of a container that are copied between stages now. */
function isRead(visits: readonly Visit[], step: Step, outcome: JoinOutcome): boolean {
  const calls = visits.filter((visit) =>
    visit.effects.some((e) => e.kind === "container" && e.verb === "exec" && e.created.includes(step)),
  );
  return calls.length > 0 && calls.every((visit) => outcome.carried.has(visit.step));
}

/** Whether all that is taken out of a container is copied between stages now, or written to the host by a build. */
function extracted(visits: readonly Visit[], step: Step, outcome: JoinOutcome): boolean {
  const extractions = visits.filter((visit) => visit.effects.some((e) => e.kind === "extract" && e.created === step));
  return extractions.every((visit) => outcome.carried.has(visit.step) || outcome.exported.has(visit.step));
}

function ofVisit(visit: Visit, outcome: JoinOutcome, gone: Gone): Disposition {
  const exporting = outcome.exportCalls.get(visit);
  if (exporting !== undefined)
    return { kind: "edit", edits: exporting, reason: "The build writes the files to the host itself." };
  const remade = outcome.remade.get(visit);
  if (remade !== undefined)
    return { kind: "edit", edits: remade, reason: "The build makes the image that the files are for." };
  if (outcome.passed.has(visit.step)) return remove("Nothing is done in that directory any more.");
  const isStage = visit.effects.some((effect) => effect.kind === "derive" && outcome.builders.has(effect.build.id));
  // What a container that is a stage now reads from its mounts comes to the stage by COPY.
  const effects = isStage ? visit.effects.filter(({ kind }) => kind !== "foreign") : visit.effects;
  const all = effects.map((effect) => ofEffect(effect, visit, outcome, gone));
  const carries = effects.some(({ kind }) => kind === "carry") && outcome.exported.has(visit.step);
  const isOutput = (other: Effect): boolean => carries && other.kind === "move" && other.makesFile === true;
  const removed = all.find((one) => one.kind === "remove");
  if (removed !== undefined)
    return all.every((one, i) => {
      const other = effects[i];
      return (
        one.kind === "remove" || other === undefined || /^(?:carry|plain|spare)$/.test(other.kind) || isOutput(other)
      );
    })
      ? removed
      : KEEP;
  return all.find((one) => one.kind === "edit") ?? KEEP;
}

function remove(reason: string): Disposition {
  return { kind: "remove", reason };
}

function ofEffect(effect: Effect, visit: Visit, outcome: JoinOutcome, gone: Gone): Disposition {
  switch (effect.kind) {
    case "build": {
      const { id } = effect.build;
      if (outcome.builders.has(id) && !outcome.stillBuilt.has(id))
        return remove("This build is a stage of the joined Dockerfile now.");
      const edits = outcome.editsOf(visit, id);
      return edits === undefined || edits.length === 0
        ? KEEP
        : { kind: "edit", edits, reason: "The one build that remains makes all stages." };
    }
    case "derive":
      if (effect.build.derived?.copies === true && gone.created.has(effect.container))
        return remove("The container is not created any more.");
      return outcome.builders.has(effect.build.id) && !outcome.kept.has(visit.step)
        ? remove("What the container did is part of a stage now.")
        : KEEP;
    case "create":
      return gone.created.has(visit.step)
        ? remove("No container is needed any more: the files are copied between stages.")
        : KEEP;
    case "extract":
      if (outcome.exported.has(visit.step)) return remove("The build writes these files to the host itself.");
      return outcome.carried.has(visit.step)
        ? remove("COPY --from takes these files from the stage; they are no longer left on the host.")
        : KEEP;
    case "carry":
      // Otherwise what becomes of the container decides.
      return outcome.exported.has(visit.step) ? remove("The build writes these files to the host itself.") : KEEP;
    case "container":
      return ofContainers(effect, gone);
    case "image":
      return ofImages(effect, outcome);
    case "volume":
      return effect.names.length > 0 && effect.names.every((name) => gone.volumes.has(name))
        ? remove("No container sees the volume any more.")
        : KEEP;
    case "move":
      return ofMove(effect, visit, outcome, gone);
    case "mode":
      return ofMode(effect, visit, outcome);
    case "change":
      return outcome.carried.has(visit.step) ? remove("The file does not go over the host any more.") : KEEP;
    case "look":
      return effect.reads.every((node) => isArtifact(node) && isCarried(node, outcome))
        ? remove("The file does not go over the host any more.")
        : KEEP;
    case "remove":
      return ofRemove(effect.paths, outcome, gone);
    case "call":
    case "plain":
    case "spare":
    case "foreign":
    case "import":
    case "obscure":
    case "unread":
      return KEEP;
  }
}

function ofContainers(effect: Extract<Effect, { kind: "container" }>, gone: Gone): Disposition {
  const names = effect.containers.map(listedName);
  // A name may be used again for a container that stays; which one is meant is known where all of them were made here.
  const told = effect.created.length === names.length;
  const all =
    names.length > 0 &&
    (told ? effect.created.every((step) => gone.created.has(step)) : names.every((name) => gone.containers.has(name)));
  return all ? remove("The container is not created any more.") : KEEP;
}

function ofImages(effect: Extract<Effect, { kind: "image" }>, outcome: JoinOutcome): Disposition {
  const ranges = effect.verb === "rmi" ? (effect.ranges ?? []) : [];
  const tags = new Set(
    [...outcome.builders].flatMap(([id, { build }]) =>
      outcome.stillBuilt.has(id) ? [] : build.tags.map(({ key }) => key),
    ),
  );
  const gone = effect.names.map((name, index) => {
    const image = effect.images[index];
    const isBuilder = image !== undefined && outcome.builders.has(image) && !outcome.stillBuilt.has(image);
    return isBuilder || (effect.verb === "rmi" && tags.has(imageKey(name))) || (effect.verb === "tag" && index > 0);
  });
  const reason = "The image is not built on its own any more.";
  if (gone.length > 0 && gone.every(Boolean)) return remove(reason);
  const edits = ranges.flatMap((range, index) => (gone[index] === true ? [{ ...range, text: "" }] : []));
  return edits.length === 0 ? KEEP : { kind: "edit", edits, reason };
}

/** Moving an artifact goes; so does a directory that only artifacts were put into. */
function ofMove(
  effect: Extract<Effect, { kind: "move" }>,
  visit: Visit,
  outcome: JoinOutcome,
  gone: Gone,
): Disposition {
  if (outcome.carried.has(visit.step) && effect.reads.every(isArtifact))
    return remove("The files do not go over the host any more.");
  const unstaged = outcome.unstaged.has(visit.step);
  if (effect.reads.length > 0 && unstaged && effect.reads.every((node) => isArtifact(node) || isCheckout(node)))
    return remove("The build takes these files from where they are.");
  if (bringsBack(effect) && effect.reads.every((node) => isStagedBy(node, outcome.unstaged)))
    return remove("The files are not moved away any more.");
  const makesDirectory = effect.from.length === 0 && !effect.makesFile && effect.to.length > 0;
  return makesDirectory && effect.to.every((path) => gone.owns(path) && !gone.isEntered(path))
    ? remove("Nothing is put there any more.")
    : KEEP;
}

/** `chmod` of artifacts goes; of several operands those that are artifacts. */
function ofMode(effect: Extract<Effect, { kind: "mode" }>, visit: Visit, outcome: JoinOutcome): Disposition {
  const staged = effect.reads.length > 0 && effect.reads.every((node) => isStagedBy(node, outcome.unstaged));
  if (staged && !effect.reads.every(isArtifact)) return remove("The build takes these files from where they are.");
  if (!outcome.carried.has(visit.step)) return KEEP;
  const reason = "The file does not go over the host any more.";
  const gone = (effect.fields ?? []).filter((_, index) => isArtifact(effect.reads[index] ?? { kind: "absent" }));
  if (effect.fields === undefined || gone.length === effect.fields.length) return remove(reason);
  const edits = gone.map(({ range }) => ({ start: range.start, end: range.end, text: "" }));
  return { kind: "edit", edits, reason };
}

function isCarried(node: HostNode, outcome: JoinOutcome): boolean {
  if (node.kind === "directory")
    return [...node.layers, ...node.entries.values()].every((inner) => isCarried(inner, outcome));
  return "by" in node && node.by.some((step) => outcome.carried.has(step));
}

function isArtifact(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].every(isArtifact);
  if (node.kind === "made") return node.saved !== undefined;
  return node.kind === "image" || node.kind === "archive" || node.kind === "absent";
}

function isCheckout(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].every(isCheckout);
  return node.kind === "checkout" || isArtifact(node);
}

/** A file that nothing but a container put there, through a mount, and that goes from stage to stage now. */
function isLeftByContainer(node: HostNode, { carried }: JoinOutcome): boolean {
  return (
    node.kind === "image" && node.maybe === true && node.by.length > 0 && node.by.every((step) => carried.has(step))
  );
}

/** `rm` of artifacts goes; of several operands those that are artifacts. A directory that is still made has to be removed before. */
function ofRemove(paths: readonly RemovedPath[], outcome: JoinOutcome, gone: Gone): Disposition {
  const isGone = ({ path, node }: RemovedPath): boolean =>
    ((isArtifact(node) || isStagedBy(node, outcome.unstaged)) && gone.owns(path) && !gone.isEntered(path)) ||
    isLeftByContainer(node, outcome);
  const ranges = [...new Map(paths.map(({ field }) => [field.range.start, field.range])).values()];
  const goneRanges = ranges.filter((range) =>
    paths.filter(({ field }) => field.range.start === range.start).every(isGone),
  );
  if (paths.length > 0 && goneRanges.length === ranges.length)
    return remove("There is nothing left on the host to clean up.");
  if (goneRanges.length === 0) return KEEP;
  const edits = goneRanges.map((range) => ({ start: range.start, end: range.end, text: "" }));
  return { kind: "edit", edits, reason: "These files are not on the host any more." };
}
