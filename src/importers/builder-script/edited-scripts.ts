/**
 * The edits of all scripts of a run, each in the file that its commands stand in.
 *
 *     build.sh      docker build -f Dockerfile.build …       gone, with what only served it
 *     Makefile      ./build.sh; docker push app              kept, or gone where nothing of build.sh is left
 *
 * Nothing is edited where a command can neither stay nor go, or two readings of a text do not agree.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ScriptText } from "../../drivers/driver.ts";
import type { CallerEdit } from "../../model/plan.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import { commandsIn } from "./commands-in.ts";
import { tidyContinuations } from "./continued-lines.ts";
import { type Disposition, dispositions, type JoinOutcome } from "./dispositions.ts";
import { conflicts, type Reading } from "./edit-conflicts.ts";
import { shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { scriptEdits } from "./script-edits.ts";
import { type EditWorld, isGone } from "./script-rests.ts";
import { callerEdits, settledEdits } from "./settled-edits.ts";
import type { Visit } from "./trace.ts";

/** What becomes of the text of every script; empty where something speaks against it, which is then reported. */
export function editScripts({ run }: Recognized, outcome: JoinOutcome, reporter: Reporter): readonly CallerEdit[] {
  const found = dispositions(run.visits, outcome);
  const lastBuilds = new Set(
    run.visits.flatMap(({ node, effects }) =>
      effects.some((effect) => effect.kind === "build" && outcome.finals.has(effect.build.id)) ? [node] : [],
    ),
  );
  const disagree = new Set([...found].flatMap(([node, disposition]) => (disposition === undefined ? [node] : [])));
  for (const visit of startsOfNothing(run.visits, (node) => found.get(node)))
    reporter.report("use-not-separable", { command: shortText(visit) }, spanOf(visit));
  const traps = new Map(run.traps.map((trap) => [trap.node, trap.body]));
  const scripts = new Set<ScriptText>(run.visits.map((visit) => visit.script));
  const units = new Map(
    run.visits.flatMap(({ node, effects }) =>
      effects.flatMap((effect) => (effect.kind === "call" && effect.units ? [[node, effect.units] as const] : [])),
    ),
  );
  const open = new Set<ScriptText>();
  const worldOf = ({ source }: ScriptText): EditWorld => ({
    text: source.text,
    dispositionOf: (node) => found.get(node),
    disagree,
    directories: (node) => {
      const [visit, ...others] = run.visits.filter((candidate) => candidate.node === node);
      return others.length === 0 ? visit?.cwd : undefined;
    },
    trapBody: (node) => traps.get(node),
    isLastBuild: (node) => lastBuilds.has(node),
    runsNothing: (node) => units.get(node)?.every(isAllGone) ?? false,
  });
  const isAllGone = (script: ScriptText): boolean => {
    if (open.has(script)) return false;
    open.add(script);
    const gone = isGone(script.statements, worldOf(script));
    open.delete(script);
    return gone;
  };
  const readings = [...scripts].map((script): Reading => {
    const { source, statements, rewritable, described } = script;
    const { edits: plain, stuck: entangled, stranded } = scriptEdits(statements, worldOf(script));
    const edits = tidyContinuations(source.text, plain);
    const stuck =
      rewritable === false ||
      (described !== undefined && !(isGone(statements, worldOf(script)) && goesWhole(statements)))
        ? [...entangled, ...changedIn(statements, found, described !== undefined)]
        : entangled;
    for (const node of stuck) {
      const command = source.text.slice(node.range.start, node.range.end).replace(/\s+/g, " ").slice(0, 80);
      reporter.report("use-not-separable", { command }, { path: source.path, ...node.range });
    }
    for (const { node, name } of stranded) {
      const command = source.text.slice(node.range.start, node.range.end).replace(/\s+/g, " ").slice(0, 80);
      reporter.report("variable-left-unset", { name, command }, { path: source.path, ...node.range });
    }
    // A text that the run puts together goes with the command that runs it.
    const edited = stuck.length > 0 || rewritable === false ? [] : callerEdits(script, edits);
    return { path: source.path, statements, edits: edited };
  });
  for (const span of reporter.failed ? [] : conflicts(readings)) {
    const text = run.visits.find(({ script }) => script.source.path === span.path)?.script.source.text ?? "";
    reporter.report(
      "use-not-separable",
      { command: text.slice(span.start, span.end).replace(/\s+/g, " ").slice(0, 80) },
      span,
    );
  }
  if (reporter.failed) return [];
  return settledEdits(
    readings.flatMap(({ edits }) => edits),
    [...scripts].map(({ source }) => source),
    reporter,
  );
}

/** Containers that stay, of images that nothing builds any more: the script would fail at them. */
function startsOfNothing(
  visits: readonly Visit[],
  dispositionOf: (node: SimpleCommand) => Disposition | undefined,
): readonly Visit[] {
  const built = new Map<string, boolean>();
  for (const { node, effects } of visits)
    for (const effect of effects)
      if (effect.kind === "build")
        built.set(effect.build.id, built.get(effect.build.id) === true || dispositionOf(node)?.kind !== "remove");
  const starts = visits.filter(
    ({ node, effects }) =>
      dispositionOf(node)?.kind === "keep" &&
      effects.some((effect) => effect.kind === "create" && built.get(effect.image) === false),
  );
  return [...new Map(starts.map((visit) => [visit.node, visit])).values()];
}

/** Whether commands go with what stands around them. */
function goesWhole(statements: ScriptText["statements"]): boolean {
  return statements.every((node) => "frame" in node && node.frame?.whole !== undefined);
}

/** Commands in a text that the run puts together, which would have to change: there is no place to change them at. */
function changedIn(
  statements: ScriptText["statements"],
  found: ReadonlyMap<SimpleCommand, Disposition | undefined>,
  described: boolean,
): readonly SimpleCommand[] {
  const commands = statements.flatMap(commandsIn);
  const removed = commands.filter((command) => found.get(command)?.kind === "remove");
  const edited = commands.filter((command) => found.get(command)?.kind === "edit");
  // The edits of a step's inputs are made where the inputs are; nothing of them goes alone.
  if (described) return removed;
  return removed.length > 0 && removed.length < commands.length ? [...edited, ...removed] : edited;
}
