/**
 * Why an image is not planned although it could be read: units that do two things at once, directories without a name, builds that serve
 * nothing, bases that lack something. Each is reported at its place.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Artifact } from "../../ecosystems/ecosystem.ts";
import type { Provenance } from "../../model/provenance.ts";
import { imagePath } from "../../text/paths.ts";
import { type ChosenBase, unfitness } from "./choose-base.ts";
import type { ChosenLibraries, ImageOutcome } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import { startTexts } from "./runtime-roots.ts";
import type { Slice } from "./slice.ts";
import { isTemporary } from "./temporary.ts";

export function refuseUnits(
  reading: ImageReading,
  needs: RuntimeNeeds,
  slice: Slice,
  reporter: Reporter,
): ImageOutcome | undefined {
  const path = reading.document.source.path;
  const [unnamed] = unnamedPlaces(reading, needs, slice);
  if (unnamed !== undefined) {
    reporter.report("directory-unnamed", {}, unnamed.span);
    return { kind: "refused", summary: "What run time needs is made in a directory without a fixed name." };
  }
  for (const [at, roles] of slice.roles.entries()) {
    const instruction = reading.instructions[at]?.instruction;
    const unit = roles.indexOf("mixed");
    if (unit < 0 || instruction === undefined) continue;
    const command =
      reading.instructions[at]?.units[unit]?.commands[0]?.command.argv.map((field) => field.text).join(" ") ?? "RUN";
    reporter.report("command-mixed", { command: short(command) }, { path, ...instruction.range });
    return { kind: "refused", summary: "One command builds and sets up the system at once." };
  }
  const [blocked] = slice.blocked;
  const place = blocked === undefined ? undefined : reading.instructions[blocked.at]?.instruction;
  if (blocked !== undefined && place !== undefined) {
    const words = blocked.unit.commands[0]?.command.argv.map((field) => field.text).join(" ") ?? "RUN";
    reporter.report("setup-needs-build", { command: short(words) }, { path, ...place.range });
    return { kind: "refused", summary: "A command that sets up the system needs what the build makes." };
  }
  for (const { at, unit, why } of slice.unknown) {
    const instruction = reading.instructions[at]?.instruction;
    const culprit =
      unit.commands.find((one) => one.effects.some((effect) => effect.kind === "unknown")) ?? unit.commands[0];
    const command = short(culprit?.command.argv.map((field) => field.text).join(" ") ?? "RUN");
    if (instruction === undefined) continue;
    const span = { path, ...instruction.range };
    // What the build makes may arrive at a place that nothing of the image is known to read.
    const anywhere = unit.effects.some((effect) => effect.kind === "unknown" && effect.elsewhere === true);
    if (anywhere || slice.whole.includes(imagePath("/"))) {
      reporter.report("destination-unknown", { command }, span);
      return { kind: "refused", summary: "It is not known where a command puts what the build made." };
    }
    reporter.report("command-effects-unknown", { command, why }, span);
  }
  return undefined;
}

/** Where what ships is made in a directory that mktemp names. */
function unnamedPlaces(
  reading: ImageReading,
  { dependencies }: RuntimeNeeds,
  { supplies }: Slice,
): readonly Provenance[] {
  return [
    ...dependencies.filter(({ tree }) => tree.places.some(isTemporary)).map(({ tree }) => tree.because),
    ...supplies.flatMap(({ path, at }) => (isTemporary(path) ? (reading.instructions[at]?.because ?? []) : [])),
  ];
}

/** A build of which nothing is known to serve run time: what starts then is somewhere that was not looked for. */
export function refuseUnused(
  reading: ImageReading,
  slice: Slice,
  libraries: readonly ChosenLibraries[],
  reporter: Reporter,
): ImageOutcome | undefined {
  const [first] = startTexts(reading);
  const ships = slice.supplies.some(({ kind }) => kind !== "context") || libraries.length > 0;
  const repeats = slice.roles.some((roles, at) =>
    roles.some((role, unit) => role === "runtime" && makes(reading, at, unit)),
  );
  const { artifacts, dependencies } = reading.image;
  // Imports of Node.js are followed, so that a tree which no program imports is known to be the build's.
  const made = artifacts.length > 0 || dependencies.some(({ ecosystem }) => ecosystem !== "node");
  if (!made || ships || repeats || first === undefined) return undefined;
  const { form } = first;
  const program = form.form === "exec" ? (form.words[0] ?? "") : form.command.trim();
  reporter.report("artifact-unknown", { program: short(program) }, first.because.span);
  return { kind: "refused", summary: `Nothing that the build makes is known to serve "${short(program)}".` };
}

function makes(reading: ImageReading, at: number, unit: number): boolean {
  return (
    reading.instructions[at]?.units[unit]?.effects.some(
      ({ kind }) => kind === "artifact" || kind === "dependencies",
    ) === true
  );
}

export function refuseBase(
  reading: ImageReading,
  slice: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
  reporter: Reporter,
): ImageOutcome | undefined {
  const mixed = base.same ? libraries.find(({ need }) => need.tree.overBase !== undefined) : undefined;
  if (mixed !== undefined) {
    const toolchain = mixed.need.tree.overBase ?? "";
    const why = "it changes an environment that the base image brings, and a copy over that would mix the two";
    reporter.report("install-unread", { toolchain, why }, mixed.need.tree.because.span);
    return { kind: "refused", summary: `What ${toolchain} installs cannot be moved, since ${why}.` };
  }
  const lacks = unfitness(reading, slice, base);
  if (lacks === undefined) return undefined;
  const span = { path: reading.document.source.path, ...reading.root.from.image.range };
  reporter.report("base-unfit", { base: base.reference, lacks }, span);
  return { kind: "refused", summary: `"${base.reference}" lacks what the runtime stage needs.` };
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export function warnOfFloatingBase(
  artifacts: readonly Artifact[],
  reading: ImageReading,
  base: ChosenBase,
  slice: Slice,
  reporter: Reporter,
): void {
  const old = reading.image.base;
  const release = old.distribution?.codename ?? old.distribution?.version;
  const dynamic = artifacts.some(
    (artifact) => artifact.linkage.kind === "dynamic" && slice.supplies.some((supply) => supply.path === artifact.path),
  );
  if (base.same || !old.floating || !dynamic || release === undefined) return;
  const span = { path: reading.document.source.path, ...reading.root.from.image.range };
  reporter.report("base-floats", { base: old.reference, release: `${old.distribution?.name ?? ""} ${release}` }, span);
}
