/**
 * Which OS packages the runtime stage gets, each with a reason:
 *
 *     apk add build-base python openssh-client      openssh-client stays; build-base and python only build
 *     apt-get install libpq-dev                     becomes libpq5 where the table knows the release
 *
 * A package that no rule knows stays, as a decision.
 */
import type { BaseImage } from "../../ecosystems/base-images.ts";
import { KIT_TOOLS } from "../../ecosystems/base-java.ts";
import type { Artifact, RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import { isNativeTool } from "../../ecosystems/native-tools.ts";
import {
  compilerLibrary,
  executablesOf,
  javaRuntimeOf,
  purposeOf,
  runtimeHalvesOf,
} from "../../ecosystems/os-packages/purposes.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { Provenance } from "../../model/provenance.ts";
import { baseName } from "../../text/paths.ts";
import type { InstalledPackage } from "./abstract-image.ts";
import type { ImageReading } from "./read-image.ts";
import { isRepeatable } from "./repeatable.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Supply } from "./supplies.ts";

export interface PackageFate {
  readonly package: InstalledPackage;
  readonly stays: boolean;
  /** Take the package's place in the runtime stage. */
  readonly instead?: readonly string[];
  readonly reason: string;
}

/**
 * What the runtime stage repeats: the names of its commands, and the last instruction with one of unknown effect or with an install
 * of libraries that compiles (-1: none).
 */
export interface Setup {
  readonly commands: ReadonlySet<string>;
  readonly unknownAt: number;
  /** What ships. */
  readonly supplies: readonly Supply[];
}

/** Decides for every package that is installed at the end. */
export function planPackages(
  reading: ImageReading,
  needs: RuntimeNeeds,
  setup: Setup,
  decisions: DecisionLog,
): readonly PackageFate[] {
  const { supplies } = setup;
  const signs: Signs = { used: commandsOfBuild(reading), unread: unreadPrograms(reading, supplies), supplies };
  const left = reading.image.headers.filter(({ name }) => !reading.image.packages.includes(name));
  return [...reading.image.installed, ...left].map((one) => {
    const because = reading.instructions[one.at]?.because;
    if (one.at <= setup.unknownAt)
      return {
        package: one,
        stays: true,
        reason: "A command that the runtime stage runs, and whose needs are not all known, may need it.",
      };
    const repeated = executablesOf(one.name).find((executable) => setup.commands.has(executable));
    if (repeated !== undefined)
      return { package: one, stays: true, reason: `The runtime stage runs "${repeated}" to set itself up.` };
    return planPackage(one, reading, needs, signs, decisions, because === undefined ? [] : [because]);
  });
}

/** What else tells for or against a package. */
interface Signs {
  /** Names of commands that RUNs start. */
  readonly used: ReadonlySet<string>;
  readonly supplies: readonly Supply[];
  readonly unread: readonly Supply[];
}

/** Programs that no ecosystem knows to have made, and that may be written for an interpreter. */
function unreadPrograms({ image }: ImageReading, supplies: readonly Supply[]): readonly Supply[] {
  return supplies.filter(
    ({ path, kind, form }) =>
      kind !== "context" &&
      form === "file" &&
      !/\.\w{1,5}$|(?:^|\/)lib/.test(path) &&
      !isNativeTool(baseName(path)) &&
      !image.artifacts.some((artifact) => artifact.path === path),
  );
}

const INTERPRETER =
  /^(?:python[23]?(?:\.\d+)?|pypy3?|perl|ruby(?:\d[\d.]*)?|nodejs|php(?:\d[\d.]*)?-cli|default-jre(?:-headless)?|lua5?[\d.]*|tcl|guile-[\d.]+)$/;

/** The names of all commands that RUNs start, apart from package managers. */
function commandsOfBuild(reading: ImageReading): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { units } of reading.instructions)
    for (const { commands } of units)
      for (const { command, effects } of commands) {
        names.add(command.name);
        if (effects.some(isRepeatable)) names.add("file");
        if (/^(?:npm|npx|yarn|pnpm)$/.test(command.name)) names.add("node");
        // Fetching sources and libraries calls version control, and add-ons are compiled with Python.
        // Composer unpacks archives (https://getcomposer.org/doc/00-intro.md#system-requirements).
        if (effects.some((e) => e.kind === "dependencies" && e.tree.ecosystem === "php"))
          for (const name of ["unzip", "7z", "zip"]) names.add(name);
        if (effects.some((e) => e.kind === "artifact" || e.kind === "dependencies" || e.kind === "cache"))
          for (const name of ["git", "hg", "svn", "bzr", "python", "python2", "python3", "patch", "tar", "gzip"])
            names.add(name);
      }
  return names;
}

function planPackage(
  one: InstalledPackage,
  reading: ImageReading,
  needs: RuntimeNeeds,
  { used, unread, supplies }: Signs,
  decisions: DecisionLog,
  because: readonly Provenance[],
): PackageFate {
  const { name } = one;
  const stays = (reason: string): PackageFate => ({ package: one, stays: true, reason });
  const goes = (reason: string): PackageFate => ({ package: one, stays: false, reason });
  if (needs.packages.has(name)) return stays(`"${name}" is needed at run time.`);
  const jars = supplies.some(({ path }) => /\.(?:jar|war|ear)$/.test(path));
  const replaced = replacement(one, reading, needs, jars);
  if (replaced !== undefined) return replaced;
  const called = executablesOf(name).find((executable) => needs.executables.has(executable));
  if (called !== undefined) return stays(`"${called}" of "${name}" is started at run time.`);
  const [program] = unread;
  if (program !== undefined && INTERPRETER.test(name))
    return keepOrDrop(one, "keep", `"${program.path}" ships unread, and may be written for it.`, decisions, because);
  const purpose = purposeOf(name);
  if (purpose.kind === "build") return goes(`${purpose.reason}.`);
  if (purpose.kind === "development") return planDevelopment(one, reading, needs, decisions, because);
  const byBuild = executablesOf(name).some((executable) => used.has(executable)) || name.startsWith("python");
  if (purpose.kind === "runtime") return keepOrDrop(one, "keep", `${purpose.reason}.`, decisions, because);
  if (purpose.kind === "tool" && byBuild)
    return keepOrDrop(one, "drop", `Only the build is seen to use "${name}".`, decisions, because);
  return keepOrDrop(one, "keep", `It is not known whether run time uses "${name}".`, decisions, because);
}

/** A compiler whose own library the compiled parts load, and what brings an interpreter along. */
function replacement(
  one: InstalledPackage,
  reading: ImageReading,
  needs: RuntimeNeeds,
  jars: boolean,
): PackageFate | undefined {
  const { name, manager } = one;
  const instead = (names: readonly string[], reason: string): PackageFate => ({
    package: one,
    stays: true,
    instead: names,
    reason,
  });
  const developed = KIT_TOOLS.some((tool) => needs.executables.has(tool));
  const java = needs.executables.has("java");
  const runtime = (java || jars) && !developed ? javaRuntimeOf(name) : undefined;
  const why = java ? "Java is started at run time" : "An archive for Java ships";
  if (runtime !== undefined) return instead([runtime], `${why}, and "${name}" is for building.`);
  // Node's images have the library of C++.
  const compiled =
    reading.image.base.toolchain !== "node" && needs.all.some((need) => need.kind === "dependencies" && need.native);
  const library = compiled && (manager === "apt" || manager === "apk") ? compilerLibrary(name, manager) : undefined;
  if (library !== undefined) return instead([library], `Compiled parts load "${library}", which "${name}" brings.`);
  const started = [...needs.executables].some((executable) => /^python3?$/.test(executable));
  if (!started) return undefined;
  // Programs import its pkg_resources without saying so: gunicorn did before 20 (https://github.com/benoitc/gunicorn/issues/1716).
  if (/^python3?-(?:setuptools|pkg-resources)$|^py3-setuptools$/.test(name))
    return {
      package: one,
      stays: true,
      reason: `Python is started at run time, and programs import what "${name}" brings.`,
    };
  const stands = reading.image.packages.includes("python3");
  // Debian's pip brings setuptools (https://packages.debian.org/bookworm/python3-pip).
  const brought = name === "python3-pip" ? ["python3-setuptools"] : [];
  const names = stands ? brought : ["python3", ...brought];
  if (!/^python3?-(?:pip|dev|venv|wheel)$|^py3-pip$/.test(name) || names.length === 0) return undefined;
  return instead(names, `Python is started at run time, and "${name}" brings ${names.join(" and ")}.`);
}

function keepOrDrop(
  one: InstalledPackage,
  recommended: "keep" | "drop",
  reason: string,
  decisions: DecisionLog,
  because: readonly Provenance[],
): PackageFate {
  const chosen = decisions.decide({
    id: `drop-package:${one.name}`,
    question: `Does run time need the package "${one.name}"?`,
    options: [
      { value: "keep", label: "Install it in the runtime stage", consequence: "The image holds it, as before." },
      {
        value: "drop",
        label: "Leave it in the build stage",
        consequence: "The image is smaller; what calls it at run time fails.",
      },
    ],
    recommended,
    confidence: "likely",
    because,
  });
  return { package: one, stays: chosen === "keep", reason };
}

/** Headers go; the library behind them stays where something is linked to it. */
function planDevelopment(
  one: InstalledPackage,
  reading: ImageReading,
  needs: RuntimeNeeds,
  decisions: DecisionLog,
  because: readonly Provenance[],
): PackageFate {
  const { name, manager } = one;
  if (!linksLibraries(reading.image.artifacts, needs.all))
    return {
      package: one,
      stays: false,
      reason: `"${name}" holds headers, and what is shipped links to no library of the system.`,
    };
  if (reading.librariesSeen)
    return keepOrDrop(
      one,
      "drop",
      `"${name}" holds headers; the libraries that programs were seen to load are installed by their own packages.`,
      decisions,
      because,
    );
  const codename = releaseOf(reading.image.base);
  const halves = manager === "apt" || manager === "apk" ? runtimeHalvesOf(name, manager, codename) : undefined;
  if (halves !== undefined)
    return {
      package: one,
      stays: true,
      instead: halves,
      reason: `"${halves.join(", ")}" ${halves.length > 1 ? "are the libraries" : "is the library"} that "${name}" has the headers of.`,
    };
  return keepOrDrop(
    one,
    "keep",
    `Its library's package for this release is not known, so "${name}" stays.`,
    decisions,
    because,
  );
}

/** A digest may be of an image from before the tag moved on to the next release. */
function releaseOf({ digest, tag = "", version = "", distribution }: BaseImage): string | undefined {
  const codename = distribution?.codename;
  const sure = digest === undefined || version.split(".").length > 2 || tag.includes(codename ?? "?");
  return sure ? codename : undefined;
}

function linksLibraries(artifacts: readonly Artifact[], needs: readonly RuntimeNeed[]): boolean {
  const dynamic = artifacts.some(
    (artifact) => artifact.linkage.kind === "dynamic" || artifact.linkage.kind === "unknown",
  );
  return dynamic || needs.some((need) => need.kind === "dependencies" && need.native);
}
