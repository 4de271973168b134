/**
 * What is refused before anything is planned, each with a place: toolchains that are not read, ONBUILD, nothing that starts but
 * a shell, and images that work on the sources when they run.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { CommandForm } from "../../dockerfile/syntax.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import { holdsContext } from "./place-paths.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import { startTexts, unwrapForm } from "./runtime-roots.ts";
import { refuseServices } from "./services.ts";

export function refusal(reading: ImageReading, needs: RuntimeNeeds, reporter: Reporter): ImageOutcome | undefined {
  const path = reading.document.source.path;
  const own = reading.instructions.find(({ instruction }) => instruction.kind === "onbuild")?.instruction;
  const onbuild =
    own?.range ?? (/(?:^|-)onbuild/.test(reading.image.base.tag ?? "") ? reading.root.from.range : undefined);
  if (onbuild !== undefined) {
    reporter.report("onbuild-unread", {}, { path, ...onbuild });
    return { kind: "refused", summary: "ONBUILD runs in builds that are not seen here." };
  }
  return (
    leaveDevelopment(reading) ??
    refuseWindows(reading, reporter) ??
    refuseUnreadable(reading, reporter) ??
    refuseForeign(reading, reporter) ??
    refuseUnstarted(reading, needs, reporter) ??
    refuseShell(reading, reporter) ??
    refuseDevelopment(needs, reporter) ??
    (builds(reading) ? refuseServices(reading, needs.started, reporter) : undefined) ??
    refuseExport(reading, reporter) ??
    refuseUnmade(reading, needs, reporter)
  );
}

/** A development container is for people with an editor, who want its tools (https://containers.dev/implementors/spec/). */
function leaveDevelopment({ document }: ImageReading): ImageOutcome | undefined {
  const isContainer = /(?:^|\/)\.devcontainer\//.test(document.source.path);
  return isContainer
    ? { kind: "no-benefit", summary: "It is a development container, whose tools are what it is for." }
    : undefined;
}

/** Windows images have other shells, paths and package managers. */
function refuseWindows(reading: ImageReading, reporter: Reporter): ImageOutcome | undefined {
  const { document, root } = reading;
  const windows = document.escape === "`" || /windows|nanoserver|servercore/i.test(root.from.image.text);
  if (!windows) return undefined;
  reporter.report(
    "toolchain-unsupported",
    { toolchain: "Windows containers" },
    { path: document.source.path, ...root.from.image.range },
  );
  return { kind: "refused", summary: "It builds a Windows image, which is not read yet." };
}

/** A RUN that a shell would reject, or that is for another shell. */
function refuseUnreadable(reading: ImageReading, reporter: Reporter): ImageOutcome | undefined {
  for (const one of reading.instructions) {
    if (one.problem === undefined) continue;
    const span = { path: reading.document.source.path, ...one.instruction.range };
    reporter.report("shell-syntax", { problem: one.problem }, span);
    return { kind: "refused", summary: "A RUN cannot be read." };
  }
  return undefined;
}

function refuseForeign(reading: ImageReading, reporter: Reporter): ImageOutcome | undefined {
  for (const one of reading.instructions) {
    const effect = one.units.flatMap((unit) => unit.effects).find((each) => each.kind === "foreign");
    if (effect?.kind !== "foreign") continue;
    if (effect.why !== undefined) {
      const span = { path: reading.document.source.path, ...one.instruction.range };
      reporter.report("install-unread", { toolchain: effect.toolchain, why: effect.why }, span);
      return { kind: "refused", summary: `What ${effect.toolchain} installs cannot be followed, since ${effect.why}.` };
    }
    reporter.report(
      "toolchain-unsupported",
      { toolchain: effect.toolchain },
      { path: reading.document.source.path, ...one.instruction.range },
    );
    return { kind: "refused", summary: `It builds with ${effect.toolchain}, which is not read yet.` };
  }
  return undefined;
}

function refuseUnstarted(reading: ImageReading, needs: RuntimeNeeds, reporter: Reporter): ImageOutcome | undefined {
  if (needs.starts) return undefined;
  if (!builds(reading)) return { kind: "no-benefit", summary: "Nothing is built in it." };
  reporter.report("nothing-starts", {}, { path: reading.document.source.path, ...reading.stage.from.range });
  return { kind: "refused", summary: "It is not known what the image runs." };
}

/** A shell alone, for people or a script that run other commands in it: nobody can tell which of its tools they use. */
function refuseShell(reading: ImageReading, reporter: Reporter): ImageOutcome | undefined {
  const starts = startTexts(reading).filter(({ origin }) => origin !== "healthcheck");
  const [first] = starts;
  if (first === undefined || !starts.every(({ form }) => isBareShell(form))) return undefined;
  if (!builds(reading) && reading.image.installed.length === 0)
    return { kind: "no-benefit", summary: "Nothing is built in it." };
  reporter.report("only-a-shell-starts", {}, first.because.span);
  return { kind: "refused", summary: "The image starts nothing but a shell." };
}

function isBareShell(form: CommandForm): boolean {
  const words = form.form === "exec" ? form.words : form.command.trim().split(/\s+/);
  const [shell = "", ...options] = words[0] === "exec" ? words.slice(1) : words;
  return (
    /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z)?sh$/.test(shell) &&
    options.every((option) => /^-[il]+$|^--login$/.test(option))
  );
}

/** An image that prints what it built, for a script that reads it: `CMD ["cat", "/app/build.tar.gz"]`. */
function refuseExport(reading: ImageReading, reporter: Reporter): ImageOutcome | undefined {
  for (const { form, origin, because } of startTexts(reading)) {
    const { commands } = unwrapForm(form, reading.state, because);
    const [only] = commands;
    if (origin === "healthcheck" || commands.length !== 1 || !/^(?:cat|tar|gzip|base64)$/.test(only?.name ?? ""))
      continue;
    const path = only?.argv.at(-1)?.text ?? "";
    reporter.report("export-only", { path }, because.span);
    return { kind: "refused", summary: "The image only prints what it built, for a script that reads it." };
  }
  return undefined;
}

/** An image for development: what it runs builds the sources, so every tool and source is a runtime need. */
function refuseDevelopment(needs: RuntimeNeeds, reporter: Reporter): ImageOutcome | undefined {
  for (const need of needs.all) {
    const [because] = need.because;
    if (need.kind !== "everything" || because === undefined) continue;
    if (need.worksOnSources !== undefined)
      return { kind: "no-benefit", summary: `It runs "${need.worksOnSources}" on the sources, so all of them stay.` };
    if (need.developmentServer === undefined) continue;
    reporter.report("development-server", { command: need.developmentServer }, because.span);
    return { kind: "refused", summary: `It runs the development server "${need.developmentServer}".` };
  }
  return undefined;
}

function builds(reading: ImageReading): boolean {
  return reading.image.artifacts.length > 0 || reading.image.dependencies.length > 0;
}

/** A started program that nothing is known to make, although something is built. */
function refuseUnmade(reading: ImageReading, needs: RuntimeNeeds, reporter: Reporter): ImageOutcome | undefined {
  if (!builds(reading) && reading.image.installed.length === 0)
    return { kind: "no-benefit", summary: "Nothing is built in it." };
  const missing = needs.missing[0];
  if (missing === undefined) return undefined;
  const { span, program } = missing;
  const empty = !holdsContext(reading.state.workdir, reading.image.tree);
  if (!builds(reading) && empty && !program.startsWith("/"))
    return { kind: "no-benefit", summary: `Nothing is built in it, and "${program}", which it starts, is mounted.` };
  reporter.report("artifact-unknown", { program }, span);
  return { kind: "refused", summary: `Nothing is known to make "${program}", which the image starts.` };
}
