/**
 * The role of one unit of a RUN, from its effects:
 *
 *     adduser app        runtime: users have to be there
 *     apk add gcc        build, when the package goes; runtime, when it stays
 *     rm -rf /tmp/x      neutral
 */
import { changedPaths } from "../../ecosystems/changed-paths.ts";
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { packageName } from "../../ecosystems/os-packages/os-packages.ts";
import { asRepository } from "../../ecosystems/os-packages/repositories.ts";
import { type ImagePath, isWithin } from "../../text/paths.ts";
import type { PackageFate } from "./packages-plan.ts";
import { holdsContext, type Places } from "./place-paths.ts";
import type { ImageReading, UnitReading } from "./read-image.ts";
import { arrivesWithInstall, isRepeatable } from "./repeatable.ts";
import type { Supply } from "./supplies.ts";
import { isTemporary } from "./temporary.ts";

/** `follow`: goes with the package installs beside it. `mixed`: builds and sets up in one, which cannot be taken apart. */
export type UnitRole = "build" | "runtime" | "check" | "neutral" | "follow" | "mixed" | "unknown";

/** Judges units by what they change. */
export class RoleJudge {
  readonly #reading: ImageReading;
  readonly #places: Places;
  readonly #supplies: readonly Supply[];
  readonly #packages: readonly PackageFate[];
  readonly #firstFile: number;
  readonly #started: ReadonlySet<string>;

  constructor(
    reading: ImageReading,
    places: Places,
    supplies: readonly Supply[],
    packages: readonly PackageFate[],
    firstFile: number,
    started: ReadonlySet<string>,
  ) {
    this.#reading = reading;
    this.#places = places;
    this.#supplies = supplies;
    this.#packages = packages;
    this.#firstFile = firstFile;
    this.#started = started;
  }

  roleOf(unit: UnitReading, at: number): UnitRole {
    const text = unit.commands.flatMap(({ command }) => command.argv.map((field) => field.text)).join(" ");
    const roles = new Set(
      unit.effects.map((effect) => {
        const repository = asRepository(effect, text);
        return repository === undefined ? this.#effectRole(effect, at) : this.#repositoryRole(repository, at);
      }),
    );
    // In one piece with the packages that it is compiled with, it is installed again in one piece.
    if (unit.effects.some(isRepeatable) && unit.effects.some(isInstall) && !unit.effects.some(isBuild))
      return "runtime";
    if (roles.has("unknown")) return at < this.#firstFile || !this.#hasFiles(unit) ? "runtime" : "unknown";
    if (roles.has("runtime") && roles.has("build")) return this.#isHarmlessMix(unit, at) ? "runtime" : "mixed";
    for (const role of ["runtime", "build", "check", "follow"] as const) if (roles.has(role)) return role;
    return "neutral";
  }

  /** Where nothing of the context lies, a command of unknown effect can only have set up the system. */
  #hasFiles(unit: UnitReading): boolean {
    const { tree } = this.#reading.image;
    const { workdir } = unit.before;
    if (workdir === "/") return holdsContext(workdir, tree);
    return tree.below(workdir).some(([path, node]) => node.origin.kind === "context" || this.#places.isProject(path));
  }

  /** Nothing in it is a build proper: it may run again in the runtime stage as it is. */
  #isHarmlessMix(unit: UnitReading, at: number): boolean {
    return unit.effects.every((effect) => this.#effectRole(effect, at) !== "build" || !isBuild(effect));
  }

  #effectRole(effect: Effect, at: number): UnitRole {
    if (arrivesWithInstall(effect, at, this.#reading)) return "build";
    const changed = changedPaths(effect);
    // Nothing reads it after its RUN.
    if (changed.length > 0 && changed.every(isTemporary)) return "build";
    switch (effect.kind) {
      case "packages":
        return this.#packageRole(effect, at);
      case "user":
        return "runtime";
      case "check":
        return "check";
      case "artifact":
      case "dependencies":
      case "dependencies-changed":
      case "foreign":
      case "repository":
        return "build";
      case "tools":
        return this.#installsStarted(effect) ? "runtime" : "build";
      case "writes":
        return this.#writeRole(effect.path, effect.form);
      case "download":
        return "build";
      case "copies":
        return this.#copyRole(effect);
      case "removes":
        return this.#places.isBuilt(effect.path) || this.#places.isPassing(effect.path)
          ? "neutral"
          : this.#systemRole(effect.path);
      case "attributes":
        return this.#attributeRole(effect.paths, at);
      case "unknown":
        return "unknown";
      case "cache":
      case "nothing":
      case "directory-change":
      case "runs":
        return "neutral";
    }
  }

  /** A tool whose files are not known cannot be copied: where run time starts it, it is installed there again. */
  #installsStarted(effect: Extract<Effect, { kind: "tools" }>): boolean {
    return effect.paths.length === 0 && effect.names.some((name) => this.#started.has(name));
  }

  #packageRole(effect: Extract<Effect, { kind: "packages" }>, at: number): UnitRole {
    if (effect.action === "refresh" || effect.action === "clean") return "follow";
    if (effect.action === "remove") return "build";
    const names = effect.names.map(packageName);
    const stays = this.#packages.some(
      (fate) => fate.stays && fate.package.at === at && names.includes(fate.package.name),
    );
    return stays ? "runtime" : "build";
  }

  /** A source of packages goes where a package of it is installed after it. */
  #repositoryRole({ manager, packages }: Extract<Effect, { kind: "repository" }>, at: number): UnitRole {
    const serves = this.#packages.some(
      (fate) =>
        fate.stays &&
        fate.package.at >= at &&
        fate.package.manager === manager &&
        (fate.instead ?? [fate.package.name]).some((name) => packages?.test(name) !== false),
    );
    return serves ? "runtime" : "build";
  }

  #covering(path: ImagePath): Supply | undefined {
    return this.#supplies.find((supply) => isWithin(path, supply.path) || isWithin(supply.path, path));
  }

  #writeRole(path: ImagePath, form: "file" | "directory" | "unknown"): UnitRole {
    const supply = this.#covering(path);
    if (supply?.kind === "build" && isWithin(path, supply.path)) return "build";
    if (this.#places.isPassing(path)) return "neutral";
    const holds = this.#reading.image.tree.children(path).length > 0;
    // A directory that files were put into arrives with them; WORKDIR makes its own.
    if (form === "directory" && (holds || this.#isWorkdir(path)))
      return this.#places.isProject(path) ? "build" : "neutral";
    if (this.#places.isProject(path))
      return form === "directory" && this.#reading.image.kindOf(path) === "directory" ? "runtime" : "build";
    return this.#systemRole(path);
  }

  #isWorkdir(path: ImagePath): boolean {
    return this.#reading.instructions.some(({ instruction, index }) => {
      if (instruction.kind !== "workdir") return false;
      const after = this.#reading.instructions[index + 1]?.before ?? this.#reading.state;
      return isWithin(after.workdir, path);
    });
  }

  #copyRole({ from, to, link }: Extract<Effect, { kind: "copies" }>): UnitRole {
    const outside = !this.#places.isProject(to) && !this.#places.isPassing(to);
    // A link to what is copied out of the build stage, which copying the file that it points to would not bring.
    if (link && outside && this.#supplies.some((supply) => isWithin(from, supply.path))) return "runtime";
    if (this.#reading.image.tools.includes(to)) return "build";
    if (this.#covering(to)?.kind === "build" || this.#places.isProject(to) || this.#places.isPassing(to))
      return "build";
    return this.#places.isBuilt(from) || this.#places.isPassing(from) ? "build" : "runtime";
  }

  #systemRole(path: ImagePath): UnitRole {
    return this.#places.isPassing(path) ? "neutral" : "runtime";
  }

  /** What the build made keeps its attributes when it is copied; what arrives from elsewhere needs them again. */
  #attributeRole(paths: readonly ImagePath[], at: number): UnitRole {
    const roles = paths.map((path): UnitRole => {
      if (keepsAttributes(path, at, this.#supplies, this.#reading)) return "runtime";
      const inside = this.#supplies.filter((supply) => isWithin(supply.path, path) || isWithin(path, supply.path));
      if (inside.length === 0) return this.#places.isProject(path) ? "neutral" : this.#systemRole(path);
      return inside.every((supply) => supply.kind === "build" && isWithin(path, supply.path)) ? "build" : "runtime";
    });
    if (roles.includes("runtime")) return "runtime";
    return roles.includes("build") ? "build" : "neutral";
  }
}

/**
 * Copying a directory copies what it holds; the directory itself, where it is there before, stays as it is. So its owner and mode are
 * set again, at a place where it is there.
 */
export function keepsAttributes(
  path: ImagePath,
  at: number,
  supplies: readonly Supply[],
  { instructions, state }: ImageReading,
): boolean {
  const supply = supplies.find((one) => one.path === path && one.kind === "build" && one.form === "directory");
  if (supply === undefined) return false;
  const stands = instructions.some(({ instruction, index }) => {
    const { workdir } = instructions[index + 1]?.before ?? state;
    return instruction.kind === "workdir" && index < at && isWithin(workdir, path);
  });
  return stands || supply.at < at;
}

function isInstall(effect: Effect): boolean {
  return effect.kind === "packages" && effect.action === "install";
}

/** A build proper, which is not repeated where its result is copied. */
function isBuild(effect: Effect): boolean {
  return ["artifact", "dependencies", "foreign", "dependencies-changed"].includes(effect.kind) && !isRepeatable(effect);
}
