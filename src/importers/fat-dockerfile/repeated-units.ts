/**
 * What has to be repeated in the runtime stage so that the commands which are repeated there find what they work with:
 *
 *     curl -o /tmp/a.tgz …            build, but the next command reads it: repeated as well
 *     tar -C /opt -xzf /tmp/a.tgz     repeated, since /opt belongs to the system
 *     ./setup-something               may need any package and file: everything before it is repeated
 *
 * Where a repeated command needs what a build makes, there is no such stage, and the place is reported.
 */
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageReading, UnitReading } from "./read-image.ts";
import { arrivesWithInstall, isRepeatable } from "./repeatable.ts";
import type { Supply } from "./supplies.ts";
import type { UnitRole } from "./unit-roles.ts";

export type Roles = readonly (readonly UnitRole[])[];

/** A repeated unit that needs what only the build makes. */
export interface Blocked {
  readonly at: number;
  readonly unit: UnitReading;
}

export interface Repeated {
  readonly roles: Roles;
  readonly blocked: readonly Blocked[];
}

type Place = { readonly at: number; readonly unit: number };

/** The last repeated unit whose effects, and so whose needs, are not known. */
export function lastUnknown(reading: ImageReading, roles: Roles): Place | undefined {
  return places(reading).findLast(
    ({ at, unit }) => roles[at]?.[unit] === "runtime" && effectsAt(reading, { at, unit }).some(isUnknown),
  );
}

/** The last instruction of which a repeated unit may need any package that stands before it; -1: none. */
export function lastOpenSetup(reading: ImageReading, roles: Roles): number {
  const installs = places(reading).filter(
    (place) => roleAt(roles, place) === "runtime" && effectsAt(reading, place).some(isRepeatable),
  );
  return Math.max(lastUnknown(reading, roles)?.at ?? -1, installs.at(-1)?.at ?? -1);
}

/** Repeats what repeated units need, until nothing is missing. */
export function repeatNeeded(reading: ImageReading, roles: Roles, supplies: readonly Supply[]): Repeated {
  const drafts = roles.map((units) => [...units]);
  const blocked = [...repeatBefore(lastUnknown(reading, roles), reading, drafts)];
  repeatInstalls(reading, drafts);
  for (let grown = true; grown; ) {
    grown = false;
    for (const place of places(reading).filter((one) => roleAt(drafts, one) === "runtime"))
      for (const maker of missingMakers(place, reading, drafts, supplies)) {
        if (builds(effectsAt(reading, maker))) {
          blocked.push(...blockedAt(reading, place));
          continue;
        }
        setRole(drafts, maker, "runtime");
        grown = true;
      }
  }
  dropIdle(reading, drafts, supplies);
  return { roles: drafts, blocked };
}

function places(reading: ImageReading): readonly Place[] {
  return reading.instructions.flatMap((one) => one.units.map((_, unit) => ({ at: one.index, unit })));
}

function effectsAt(reading: ImageReading, { at, unit }: Place): readonly Effect[] {
  return reading.instructions[at]?.units[unit]?.effects ?? [];
}

function roleAt(roles: Roles, { at, unit }: Place): UnitRole | undefined {
  return roles[at]?.[unit];
}

function setRole(roles: UnitRole[][], { at, unit }: Place, role: UnitRole): void {
  const units = roles[at];
  if (units !== undefined) units[unit] = role;
}

function isUnknown(effect: Effect): boolean {
  return effect.kind === "unknown";
}

function builds(effects: readonly Effect[]): boolean {
  return effects.some(
    (effect) =>
      ["artifact", "dependencies", "dependencies-changed", "foreign"].includes(effect.kind) && !isRepeatable(effect),
  );
}

function blockedAt(reading: ImageReading, { at, unit }: Place): readonly Blocked[] {
  const found = reading.instructions[at]?.units[unit];
  return found === undefined ? [] : [{ at, unit: found }];
}

/** A command of unknown effect may need any package and file that is there before it. */
function repeatBefore(last: Place | undefined, reading: ImageReading, drafts: UnitRole[][]): readonly Blocked[] {
  if (last === undefined) return [];
  const before = places(reading).filter(({ at, unit }) => at < last.at || (at === last.at && unit < last.unit));
  for (const place of before) if (roleAt(drafts, place) !== "check") setRole(drafts, place, "runtime");
  const cleanup = places(reading).filter(({ at, unit }) => at === last.at && unit > last.unit);
  for (const place of cleanup)
    if (effectsAt(reading, place).every(isCleanup) && roleAt(drafts, place) !== "check")
      setRole(drafts, place, "runtime");
  return before.some((place) => builds(effectsAt(reading, place))) ? blockedAt(reading, last) : [];
}

/** Where one install of the system's own libraries is repeated, all are, each with the packages of its RUN. */
function repeatInstalls(reading: ImageReading, drafts: UnitRole[][]): void {
  const installs = places(reading).filter((place) => effectsAt(reading, place).some(isRepeatable));
  if (!installs.some((place) => roleAt(drafts, place) === "runtime")) return;
  for (const place of places(reading)) {
    const effects = effectsAt(reading, place);
    const joins = effects.some((effect) => effect.kind === "packages" || isRepeatable(effect)) && !builds(effects);
    const settings = effects.length > 0 && effects.every((each) => arrivesWithInstall(each, place.at, reading));
    if (settings || (joins && installs.some(({ at }) => at === place.at))) setRole(drafts, place, "runtime");
  }
}

function isCleanup(effect: Effect): boolean {
  const removes = effect.kind === "packages" && effect.action !== "install";
  return removes || ["removes", "cache", "nothing"].includes(effect.kind);
}

/** Units that make what a repeated unit reads, where it neither is repeated nor arrives by a copy before. */
function missingMakers(
  place: Place,
  reading: ImageReading,
  roles: Roles,
  supplies: readonly Supply[],
): readonly Place[] {
  const own = effectsAt(reading, place);
  const read = readPaths(reading, place).filter((path) => !own.some((effect) => changes(effect, path)));
  const missing = read.filter((path) => !arrives(path, place, supplies));
  return places(reading).filter(
    (maker) =>
      (maker.at < place.at || (maker.at === place.at && maker.unit < place.unit)) &&
      roleAt(roles, maker) !== "runtime" &&
      effectsAt(reading, maker).some((effect) => missing.some((path) => makes(effect, path))),
  );
}

function arrives(path: ImagePath, place: Place, supplies: readonly Supply[]): boolean {
  return supplies.some((supply) => supply.kind === "build" && supply.at < place.at && isWithin(path, supply.path));
}

/** The paths that a unit's words name, its programs included. */
function readPaths(reading: ImageReading, { at, unit }: Place): readonly ImagePath[] {
  const commands = reading.instructions[at]?.units[unit]?.commands ?? [];
  return commands.flatMap(({ command, effects }) => {
    // `useradd shop`, `apk add shop`, `chown shop:shop …`: the words are names, whatever the working directory holds.
    const takesNames =
      effects.length > 0 && effects.every(({ kind }) => ["attributes", "packages", "user"].includes(kind));
    return command.argv.flatMap((field, index) => {
      if (!field.known || field.text.startsWith("-")) return [];
      if (index > 0 && takesNames && !field.text.includes("/")) return [];
      const started = index === 0 ? reading.image.which(field.text, command.workdir, command.environment) : undefined;
      if (index === 0) return started === undefined ? [] : [started];
      const path = imagePath(field.text, command.workdir);
      return path === "/" || path === command.workdir ? [] : [path];
    });
  });
}

/** What a unit changes at a path does not have to be read there; a symbolic link may point to what comes later. */
function changes(effect: Effect, path: ImagePath): boolean {
  switch (effect.kind) {
    case "attributes":
      return effect.paths.includes(path);
    case "writes":
      return effect.path === path && effect.form !== "file";
    case "removes":
      return effect.path === path;
    case "copies":
      return effect.to === path || (effect.link && effect.from === path);
    default:
      return false;
  }
}

function makes(effect: Effect, path: ImagePath): boolean {
  switch (effect.kind) {
    case "download":
      return isWithin(path, effect.path);
    case "writes":
      return effect.form !== "directory" && effect.path === path;
    case "tools":
      return effect.paths.some((tool) => isWithin(path, tool));
    case "copies":
      return !effect.link && isWithin(path, effect.to);
    case "artifact":
      return isWithin(path, effect.artifact.path);
    default:
      return false;
  }
}

/** `rm /tmp/a.tgz` and `chmod +x /usr/bin/tool`, where the file never comes into the runtime stage. */
function dropIdle(reading: ImageReading, drafts: UnitRole[][], supplies: readonly Supply[]): void {
  for (const place of places(reading)) {
    const effects = effectsAt(reading, place);
    const paths = effects.flatMap(touchedOnly);
    if (roleAt(drafts, place) !== "runtime" || paths.length === 0 || effects.some((e) => touchedOnly(e).length === 0))
      continue;
    const absent = paths.every((path) => isAbsent(path, place, reading, drafts, supplies));
    if (absent) setRole(drafts, place, "neutral");
  }
}

function touchedOnly(effect: Effect): readonly ImagePath[] {
  if (effect.kind === "attributes") return effect.paths;
  return effect.kind === "removes" ? [effect.path] : [];
}

function isAbsent(
  path: ImagePath,
  place: Place,
  reading: ImageReading,
  roles: Roles,
  supplies: readonly Supply[],
): boolean {
  if (supplies.some((supply) => isWithin(path, supply.path) || isWithin(supply.path, path))) return false;
  const makers = places(reading).filter(
    (maker) =>
      (maker.at < place.at || (maker.at === place.at && maker.unit < place.unit)) &&
      effectsAt(reading, maker).some((effect) => makes(effect, path)),
  );
  return makers.length > 0 && makers.every((maker) => roleAt(roles, maker) !== "runtime");
}
