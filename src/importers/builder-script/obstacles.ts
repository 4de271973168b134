/**
 * What speaks against migrating a recognised setup, each with its place.
 *
 *     docker build -f "images/$flavour.Dockerfile" …      only a real run knows the file
 *     openssl … -out app.sig app                          makes a file out of an artifact
 *     docker exec x make                                  changes the container first
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { optionValue } from "../../shell/container-cli.ts";
import { describeField } from "../../shell/symbolic.ts";
import type { Span } from "../../text/source.ts";
import { clonedContext } from "./cloning-commands.ts";
import { checkDockerfileChanges, sayOverwritten } from "./dockerfile-changes.ts";
import { containsImage, isChosen, toCheckout } from "./host-tree.ts";
import { type Injection, isArchiveAdded, type Piece } from "./injection.ts";
import { effectsOf, shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { sourcesOf } from "./setup-graph.ts";
import type { Build, DerivedProblem, Visit } from "./trace.ts";
import { fieldKey } from "./values.ts";

/** Reports everything that stands in the way. */
export function checkRun(recognized: Recognized, reporter: Reporter): void {
  const { run } = recognized;
  checkScript(recognized, reporter);
  for (const build of run.builds) checkBuild(build, run.visits, reporter);
  checkDockerfileChanges(recognized, reporter);
  for (const { effect, visit } of effectsOf(run, "obscure")) {
    const code = effect.what === "path" ? "extraction-path-unknown" : "container-unknown";
    const name = effect.name;
    reporter.report(
      code,
      { path: name, container: effect.key === "" ? name : effect.key.replace(/[‹›]/g, "") },
      spanOf(visit),
    );
  }
  checkUnread(recognized, reporter);
  checkImports(recognized, reporter);
  checkClones(recognized, reporter);
  checkIdioms(recognized, reporter);
  if (reporter.failed) return;
  checkContainers(recognized, reporter);
  checkSources(recognized, reporter);
  reportAssumptions(recognized, reporter);
}

/** Builds whose context is no directory, or whose Dockerfile was not read, and that something is taken out of. */
function checkUnread({ run, groups, linked }: Recognized, reporter: Reporter): void {
  const needed = new Set(
    groups.flatMap((group) => [...group.builders, ...group.finals]).flatMap((one) => [...sourcesOf(one)]),
  );
  for (const build of run.builds) {
    if (!needed.has(build.id) || linked.has(build.id)) continue;
    const visit = run.visits[build.step];
    const context = build.contextField === undefined ? "" : describeField(build.contextField);
    if (build.context === undefined) reporter.report("context-not-directory", { context }, visit && spanOf(visit));
    else if (build.file.kind === "found")
      reporter.report("dockerfile-name-unknown", { name: `--target ${build.target ?? ""}` }, visit && spanOf(visit));
  }
}

/** Images that files are taken out of, or that a build starts from, and that no Dockerfile makes. */
function checkImports({ run, groups }: Recognized, reporter: Reporter): void {
  const parts = groups.flatMap((group) => [...group.builders, ...group.finals]);
  const needed = new Set(parts.flatMap((one) => [...sourcesOf(one)]));
  for (const { effect, visit } of effectsOf(run, "import"))
    if (needed.has(effect.image)) reportImport(effect.name, visit, reporter);
}

function reportImport(name: string, visit: Visit, reporter: Reporter): void {
  reporter.report("image-imported", { image: name, command: shortText(visit) }, spanOf(visit));
}

/** Builds whose context is a clone of another repository, outside the checkout: the build that remains cannot have two contexts. */
function checkClones({ run, groups }: Recognized, reporter: Reporter): void {
  for (const { build } of groups.flatMap((group) => [...group.builders, ...group.finals])) {
    const repository = toCheckout(build.context) === undefined ? clonedContext(build) : undefined;
    const visit = run.visits[build.step];
    if (repository === undefined || visit === undefined) continue;
    const range = build.contextField?.range ?? visit.range;
    const { url, ref } = repository;
    reporter.report(
      "context-from-repository",
      { url, source: ref === undefined ? url : `${url}#${ref}`, dockerfile: build.file.path },
      { path: visit.script.source.path, start: range.start, end: range.end },
    );
  }
}

/** What was taken for granted: branches that build, and defaults of variables in paths. */
function reportAssumptions({ run, extractions }: Recognized, reporter: Reporter): void {
  for (const { source, range } of run.driver.assumed ?? []) {
    const condition = source.text.slice(range.start, range.end).trim();
    reporter.report("environment-assumed", { condition }, { path: source.path, ...range });
  }
  for (const { source, range } of run.driver.entries.flatMap(({ compiled = [] }) => compiled)) {
    const command = source.text.slice(range.start, range.end).replace(/\s+/g, " ").slice(0, 80);
    reporter.report("compiled-in-container", { command }, { path: source.path, ...range });
  }
  for (const { node, script, what } of new Map(run.assumed.map((one) => [one.node, one])).values()) {
    const [condition = ""] = script.source.text.slice(node.range.start, node.range.end).split(/;|\r?\n/);
    reporter.report(
      what === "arguments" ? "arguments-assumed" : "condition-assumed",
      { condition: condition.trim() },
      { path: script.source.path, start: node.range.start, end: node.range.start + condition.length },
    );
  }
  for (const { effect, visit } of effectsOf(run, "spare")) {
    const path = toCheckout(effect.path) ?? effect.path;
    reporter.report("artifact-left-alone", { path, command: shortText(visit) }, spanOf(visit));
  }
  for (const { effect, visit } of extractions) {
    if (effect.defaulted !== undefined)
      reporter.report("default-assumed", { path: effect.from, text: effect.defaulted }, spanOf(visit));
  }
}

function checkScript({ run }: Recognized, reporter: Reporter): void {
  const path = run.source.path;
  const scripts = new Set([
    ...run.driver.entries.flatMap(({ units }) => units),
    ...run.visits.map(({ script }) => script),
  ]);
  const broken = [...scripts].find(({ problems }) => problems !== undefined && problems.length > 0);
  const problem = broken?.problems?.[0];
  if (broken !== undefined && problem !== undefined)
    reporter.report(
      "script-not-followed",
      { problem: problem.message },
      { path: broken.source.path, ...problem.range },
    );
  if (run.exhausted)
    reporter.report("script-not-followed", { problem: "it has too many commands" }, { path, start: 0, end: 0 });
}

/** Whether the Dockerfile comes on standard input, and is not known. */
function readsInput({ file, call }: Build): boolean {
  const option = optionValue(call, "file");
  return file.kind === "unknown" && option !== undefined && fieldKey(option) === "-";
}

function checkBuild(build: Build, visits: readonly Visit[], reporter: Reporter): void {
  const visit = visits[build.step];
  const option = build.call.options.findLast(({ name }) => name === "file");
  const range = option?.value?.range ?? visit?.range;
  const span = range && visit && { path: visit.script.source.path, start: range.start, end: range.end };
  if (readsInput(build)) reporter.report("dockerfile-input-unknown", {}, span);
  else if (build.file.kind === "unknown" && build.context !== undefined)
    reporter.report("dockerfile-name-unknown", { name: build.file.text }, span);
  if (build.file.kind === "outside") reporter.report("file-outside", { path: build.file.text }, span);
  if (build.file.kind === "missing" && !sayOverwritten(build, visits, reporter))
    reporter.report("dockerfile-missing-for-build", { path: build.file.path }, span);
}

/** Idioms that are recognised and not migrated. */
function checkIdioms({ run, containerMade, streamed, unplaced }: Recognized, reporter: Reporter): void {
  for (const { copy, source, step } of containerMade) {
    const visit = run.visits[step];
    const span = { path: copy.ref.document.source.path, ...copy.ref.instruction.range };
    if (visit !== undefined)
      reporter.report("artifact-made-by-container", { source, command: shortText(visit) }, spanOf(visit), [
        { message: "it is copied here", span },
      ]);
  }
  for (const visit of streamed) reporter.report("context-not-directory", { context: "-" }, spanOf(visit));
  if (containerMade.length > 0 || streamed.length > 0 || reporter.failed) return;
  const imports = effectsOf(run, "import");
  for (const { effect, visit } of unplaced) {
    const imported = imports.find(({ effect: { through } }) => through.includes(visit.step));
    if (imported !== undefined) reportImport(imported.effect.name, imported.visit, reporter);
    else if (effect.to === "-") reporter.report("export-only", { path: effect.from }, spanOf(visit));
    else reporter.report("export-name-unknown", { path: effect.from, command: shortText(visit) }, spanOf(visit));
  }
}

/** Containers that were changed, or ran something, before files were taken out of them. */
function checkContainers({ run, groups }: Recognized, reporter: Reporter): void {
  const needed = new Set(groups.flatMap((group) => group.builders.map(({ build }) => build.id)));
  for (const { effect, visit } of effectsOf(run, "derive")) {
    if (!needed.has(effect.build.id)) continue;
    for (const problem of effect.build.derived?.problems ?? []) reportProblem(problem, visit, reporter);
  }
}

/** What a container had and a build does not have. */
function reportProblem(problem: DerivedProblem, visit: Visit, reporter: Reporter): void {
  const command = shortText(visit);
  switch (problem.kind) {
    case "copy":
      reporter.report("container-changed", { command }, spanOf(visit));
      return;
    case "option":
      reporter.report("run-option-beyond-build", { option: problem.name, command }, spanOf(visit));
      return;
    case "mount":
      reporter.report("mount-outside", { path: problem.path, command }, spanOf(visit));
      return;
    case "image":
      reporter.report("container-unknown", { container: problem.name.replace(/[‹›]/g, "") }, spanOf(visit));
      return;
  }
}

/** A file of the machine in a directory that the script puts together, so that it cannot stay where it is. */
function systemFileAmong({ pieces, unstaged }: Injection): readonly string[] {
  return unstaged !== true ? [] : pieces.flatMap((piece) => (piece.kind === "made" ? (piece.node.system ?? []) : []));
}

/** Sources of the builds that nothing explains, or that the host makes out of an artifact. */
function checkSources({ run, groups }: Recognized, reporter: Reporter): void {
  const makers = effectsOf(run, "foreign").filter(({ effect }) => effect.reads.some(containsImage));
  const finals = new Set(groups.flatMap((group) => group.finals));
  for (const final of groups.flatMap((group) => [...group.builders, ...group.finals])) {
    for (const copy of final.copies) {
      const span = { path: copy.ref.document.source.path, ...copy.ref.instruction.range };
      for (const source of copy.sources) {
        const pieces = source.injections.flatMap((injection) => injection.pieces);
        if (pieces.some((piece) => piece.kind === "flow" && isChosen(piece.node)))
          reporter.report("members-by-name", { source: source.text }, span);
        const unexplained = pieces.some(
          (piece) => piece.kind === "missing" || (piece.kind === "made" && piece.node.image === undefined),
        );
        const system = source.injections.flatMap(systemFileAmong)[0];
        if (system !== undefined) {
          reporter.report("file-from-host-system", { path: system }, madeAt(pieces, run.visits) ?? span, [
            { message: "it is copied here", span },
          ]);
          continue;
        }
        const maker = makers.find(({ visit }) => visit.step < final.build.step);
        if (unexplained && maker !== undefined) {
          reporter.report(
            "artifact-made-on-host",
            { source: source.text, command: shortText(maker.visit) },
            spanOf(maker.visit),
            [{ message: "it is copied here", span }],
          );
        } else if (
          finals.has(final) &&
          pieces.some(({ kind }) => kind === "missing") &&
          !mayBeMade(run.visits, final.build.step)
        ) {
          reporter.report("artifact-missing", { source: source.text, dockerfile: final.build.file.path }, span);
        }
        if (source.injections.some((injection) => isArchiveAdded(copy.ref.instruction, injection))) {
          reporter.report("archive-in-context", { source: source.text }, span);
        }
      }
    }
  }
}

/** Where the file of the system was put into the context. */
function madeAt(pieces: readonly Piece[], visits: readonly Visit[]): Span | undefined {
  const step = pieces.flatMap((piece) =>
    piece.kind === "made" && piece.node.system ? (piece.node.by[0] ?? []) : [],
  )[0];
  const visit = step === undefined ? undefined : visits[step];
  return visit && spanOf(visit);
}

/** Whether a command that is not followed ran before, so that a file may be its work. */
function mayBeMade(visits: readonly Visit[], before: number): boolean {
  return visits.slice(0, before).some((visit) => visit.effects.some((effect) => effect.kind === "foreign"));
}
