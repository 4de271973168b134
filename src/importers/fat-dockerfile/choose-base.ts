/**
 * The base of the runtime stage: the ecosystems' proposals in ladder order, the old base as the last rung, and the user's word.
 *
 *     golang:1.22, static program, no shell needed     gcr.io/distroless/static-debian12; or debian slim, scratch, golang:1.22
 *
 * A proposal is left out where an executable that run time starts is neither in it nor in a package of it, and where its tag was never
 * published. One whose tag is newer than the list of published tags is there to be chosen, but not recommended.
 */
import { type BaseImage, describeBase } from "../../ecosystems/base-images.ts";
import type { BaseRequest, RuntimeBase } from "../../ecosystems/ecosystem.ts";
import { isEverywhere } from "../../ecosystems/everywhere.ts";
import { publicationOf } from "../../ecosystems/official-tags.ts";
import { executablesOf, packageFor } from "../../ecosystems/os-packages/purposes.ts";
import { PUBLISHED_AT } from "../../ecosystems/published-tags.ts";
import { ECOSYSTEMS } from "../../ecosystems/registry.ts";
import type { DecisionLog } from "../../model/decision.ts";
import { provenance } from "../../model/provenance.ts";
import { flagValue } from "./apply-copy.ts";
import { ownerAt } from "./owners.ts";
import type { ImageReading } from "./read-image.ts";
import { type Relinking, relinked } from "./relink.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Slice } from "./slice.ts";

export interface ChosenBase {
  readonly reference: string;
  readonly base: BaseImage;
  readonly same: boolean;
  /** False for an image that only an answer names. */
  readonly offered: boolean;
  /** Packages to install because the new base lacks what the old one had. */
  readonly packages: readonly string[];
  readonly consequence: string;
  readonly confidence: "likely" | "guess";
}

export function chooseBase(
  reading: ImageReading,
  needs: RuntimeNeeds,
  slice: Slice,
  decisions: DecisionLog,
  relinking: Relinking,
): ChosenBase {
  const request = requestOf(reading, needs, slice, relinking);
  // An unknown base that starts something by itself goes on doing so.
  const startsItself = needs.offered.length > 0 && !reading.image.base.known;
  const tied = slice.whole.length > 0 || slice.setsUp || isTied(reading) || startsItself;
  const fits = (option: RuntimeBase): boolean =>
    provides(option, needs, slice.tools, reading) && knowsUsers(option.base, reading, slice);
  const fitting = tied ? [] : proposalsFor(request).filter(fits);
  const proposals = fitting.filter(isPublished).map(unsureWhereNewer);
  const same = sameBase(
    reading,
    fitting.filter((option) => !isPublished(option)),
  );
  const others = proposals.filter((option) => option.reference !== same.reference);
  const options = [
    ...others.filter((option) => option.unsure !== true),
    same,
    ...others.filter((option) => option.unsure === true),
  ];
  const chosen = decisions.decide({
    id: "runtime-base",
    question: "Which image does the runtime stage start from?",
    options: options.map((option) => ({
      value: option.reference,
      label: option.reference,
      consequence: option.consequence,
    })),
    recommended: options[0]?.reference ?? same.reference,
    // Nothing is smaller than nothing; of the others, the first is.
    ...(others.some(({ reference }) => reference === "scratch") ? { smallest: "scratch" } : {}),
    open: true,
    confidence: "likely",
    because: [provenance(reading.document.source, reading.stage.from.range)],
  });
  const option = options.find((one) => one.reference === chosen);
  const base = option?.base ?? describeBase(chosen);
  return {
    reference: chosen,
    base,
    same: chosen === same.reference,
    offered: option !== undefined,
    packages: missingPackages(option, needs, slice, standing(reading)),
    consequence: option?.consequence ?? "It is what the answers ask for.",
    confidence: decisions.isGuess("runtime-base") ? "guess" : "likely",
  };
}

function isPublished({ base }: RuntimeBase): boolean {
  return publicationOf(base) !== "unpublished";
}

/** Nothing tells whether a tag exists that is newer than all that are known. */
function unsureWhereNewer(option: RuntimeBase): RuntimeBase {
  if (publicationOf(option.base) !== "newer") return option;
  const doubt = `The tag is newer than the list of published tags of ${PUBLISHED_AT.date}: look whether it exists.`;
  return { ...option, unsure: true, consequence: `${option.consequence} ${doubt}` };
}

/** A run showed that only the old base will do. */
function isTied({ evidence }: ImageReading): boolean {
  return evidence.some((need) => need.kind === "base");
}

/** Users that a run missed or that own what is copied: the base has them, since nothing tells under which number it would have to make them. */
function knowsUsers(base: BaseImage, reading: ImageReading, slice: Slice): boolean {
  const made = createdUsers(reading);
  return [...usersOf(reading), ...ownersOf(reading, slice)].every((user) => made.has(user) || hasUser(base, user));
}

/** Owners by name of what comes into the runtime stage. */
function ownersOf(reading: ImageReading, slice: Slice): readonly string[] {
  const owners = slice.supplies.flatMap(({ path, at, kind, form }) => {
    const one = reading.instructions[at];
    const flag = one === undefined ? undefined : flagValue(one.instruction.flags, "chown");
    const given = kind === "build" ? ownerAt(path, at, form, reading).owner : flag;
    return given?.split(":") ?? [];
  });
  return owners.filter((owner) => !/^(?:\d+|root|nobody|nogroup|)$/.test(owner) && !owner.includes("$"));
}

function usersOf({ evidence }: ImageReading): readonly string[] {
  return evidence.flatMap((need) => (need.kind === "user" ? [need.name] : []));
}

function requestOf(reading: ImageReading, needs: RuntimeNeeds, slice: Slice, relinking: Relinking): BaseRequest {
  const { image } = reading;
  const artifacts = relinked(image.artifacts, relinking);
  const reruns = slice.roles.some((roles) => roles.includes("runtime"));
  const shipped = slice.supplies.map((supply) => supply.path);
  const stays = slice.packages.filter((fate) => fate.stays).flatMap((fate) => fate.instead ?? [fate.package.name]);
  return {
    image,
    reference: reading.root.from.image.text,
    artifacts: artifacts.filter((artifact) => shipped.includes(artifact.path) || isBelow(artifact.path, shipped)),
    needs: needs.all,
    shell: needs.shell || reruns || startsUnknown(needs),
    packages: [...new Set([...stays, ...needs.packages])],
    createsUsers: (reruns && createsUsers(reading)) || runsAsNamed(reading) || usersOf(reading).length > 0,
  };
}

function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path.startsWith(`${directory}/`));
}

function startsUnknown(needs: RuntimeNeeds): boolean {
  return needs.executables.size > 0 && [...needs.executables].some((name) => name !== "node");
}

function createsUsers(reading: ImageReading): boolean {
  return reading.instructions.some((one) =>
    one.units.some((unit) => unit.effects.some((effect) => effect.kind === "user")),
  );
}

/** A user by name that not every image knows: `nobody` and `root` are everywhere but in scratch. */
function runsAsNamed(reading: ImageReading): boolean {
  const user = reading.state.user?.split(":")[0];
  return user !== undefined && !/^(?:\d+|root|nobody)$/.test(user);
}

/** Users that official images have beyond `root` and `nobody`. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  node: ["node"],
  nginx: ["nginx"],
  debian: ["www-data", "daemon", "games", "mail"],
  ubuntu: ["www-data", "daemon", "games", "mail"],
};

/** Why a base that an answer names cannot be the runtime stage's: what its lines need and it does not have. */
export function unfitness(
  reading: ImageReading,
  slice: Slice,
  { base, same, offered }: ChosenBase,
): string | undefined {
  if (same || offered || !base.known) return undefined;
  const reruns = slice.roles.some((roles) => roles.includes("runtime"));
  if (reruns && base.shell === false) return "a shell for the RUN lines of the runtime stage";
  const user = reading.state.user?.split(":")[0];
  if (user === undefined || /^(?:\d+|root)$/.test(user) || user.includes("$") || createdUsers(reading).has(user))
    return undefined;
  const has = user === "nobody" ? base.repository !== "scratch" : hasUser(base, user);
  return has ? undefined : `the user "${user}"`;
}

function hasUser(base: BaseImage, user: string): boolean {
  if (user === "nonroot") return base.variant === "distroless";
  return [base.toolchain, base.distribution?.name].some((name) => USERS[name ?? ""]?.includes(user) === true);
}

function createdUsers(reading: ImageReading): ReadonlySet<string> {
  const units = reading.instructions.flatMap((one) => one.units);
  return new Set(
    units.flatMap((unit) => unit.effects.flatMap((effect) => (effect.kind === "user" ? effect.names : []))),
  );
}

/** The first ecosystem with an opinion; two with different ones leave the old base. */
function proposalsFor(request: BaseRequest): readonly RuntimeBase[] {
  const answers = ECOSYSTEMS.flatMap((ecosystem) => {
    const bases = ecosystem.runtimeBases(request);
    return bases === undefined ? [] : [bases];
  });
  const [first, ...others] = answers;
  return first === undefined || others.length > 0 ? [] : first;
}

/** `unpublished`: what would have been proposed instead. */
function sameBase(reading: ImageReading, unpublished: readonly RuntimeBase[]): RuntimeBase {
  const missing = unpublished.map(({ base }) => ` There is no "${base.reference}".`).join("");
  return {
    rung: "same",
    reference: reading.root.from.image.text,
    consequence: `The image keeps its old base, toolchain included.${missing}`,
    base: reading.image.base,
    packages: [],
  };
}

/** Whether what is started by name will be found. */
function provides(
  option: RuntimeBase,
  needs: RuntimeNeeds,
  tools: ReadonlySet<string>,
  reading: ImageReading,
): boolean {
  const manager = option.base.packageManager;
  return [...needs.executables, ...tools].every((name) => {
    if (option.base.executables.includes(name)) return true;
    if (isEverywhere(name)) return option.base.shell === true;
    const installed = reading.image.packages.some((one) => executablesOf(one).includes(name));
    if (installed) return manager !== undefined && manager === reading.image.base.packageManager;
    // What the old image did not have either is no loss.
    if (reading.image.base.known && !reading.image.base.executables.includes(name)) return true;
    return manager !== undefined && packageFor(name, manager) !== undefined;
  });
}

/** Packages that any image of the distribution has. */
function standing({ evidence }: ImageReading): ReadonlySet<string> {
  return new Set(evidence.flatMap((need) => (need.kind === "package" && need.standing === true ? [need.name] : [])));
}

/** Packages for executables that the old base had and the new one lacks. */
function missingPackages(
  option: RuntimeBase | undefined,
  needs: RuntimeNeeds,
  slice: Slice,
  there: ReadonlySet<string>,
): readonly string[] {
  if (option === undefined || option.rung === "same") return [];
  const manager = option.base.packageManager;
  const kept = slice.packages.filter((fate) => fate.stays).flatMap((fate) => fate.instead ?? [fate.package.name]);
  const forCommands = [...needs.executables, ...slice.tools].flatMap((name) => {
    const has = option.base.executables.includes(name) || kept.some((one) => executablesOf(one).includes(name));
    const found = manager === undefined || has ? undefined : packageFor(name, manager);
    return found === undefined ? [] : [found];
  });
  const byName = [...needs.packages].filter(
    (name) => manager !== undefined && !kept.includes(name) && !there.has(name),
  );
  return [...new Set([...option.packages, ...forCommands, ...byName])].filter((name) => !kept.includes(name)).sort();
}
