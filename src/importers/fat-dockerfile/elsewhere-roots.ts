/**
 * Which commands of other files are roots like the image's own, as decisions:
 *
 *     compose.yaml: command: shop migrate      keep: what it needs ships, too
 *     ci.yml: docker run shop npm test         leave, as it runs tests; the message names the build stage for it
 *
 * A command that needs nothing more than the image's own is not asked about.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { executablesOf, purposeOf } from "../../ecosystems/os-packages/purposes.ts";
import type { DecisionLog } from "../../model/decision.ts";
import { maskSecrets } from "../../model/mask.ts";
import { isWithin } from "../../text/paths.ts";
import { commandsElsewhere, type ElsewhereCommand, startText } from "./elsewhere.ts";
import { type ImageReading, interpret } from "./read-image.ts";
import { type RuntimeNeeds, readNeeds } from "./runtime-needs.ts";
import { replacedStart, type StartText, unwrapForm, unwrapScript } from "./runtime-roots.ts";

/** What is known when commands of other files are looked at; `builder`: the build stage's name. */
export interface ElsewhereFrame {
  readonly reading: ImageReading;
  readonly needs: RuntimeNeeds;
  readonly builder: string;
  readonly reporter: Reporter;
}

/** The roots that are kept; what is left is told. `settled`: commands that another image is found for. */
export function chooseElsewhere(
  frame: ElsewhereFrame,
  settled: ReadonlySet<ElsewhereCommand>,
  decisions: DecisionLog,
): readonly StartText[] {
  const { reading, needs } = frame;
  const kept: StartText[] = [];
  const asked = new Set<string>();
  for (const command of commandsElsewhere(reading.image.project, reading.document.source.path)) {
    const text = shown(command);
    // Several files run the same.
    if (asked.has(text) || settled.has(command)) continue;
    asked.add(text);
    const starts = replacedStart(reading, command);
    const more = readNeeds(reading, starts);
    const obstacle = obstacleOf(reading, needs, more, starts);
    if (obstacle === undefined && addsNothing(needs, more)) continue;
    if (decide(command, text, obstacle, decisions)) kept.push(...starts);
    else if (obstacle !== undefined) tell(command, obstacle, frame);
  }
  return kept;
}

/** Tells of commands that an answer leaves to the image that ships. */
export function tellLeft(frame: ElsewhereFrame, left: ReadonlySet<ElsewhereCommand>): void {
  const { reading, needs } = frame;
  for (const command of left) {
    const starts = replacedStart(reading, command);
    const obstacle = obstacleOf(reading, needs, readNeeds(reading, starts), starts) ?? "works on the sources";
    tell(command, obstacle, frame);
  }
}

function tell(command: ElsewhereCommand, obstacle: string, { builder, reporter }: ElsewhereFrame): void {
  const { file, who, kind, because } = command;
  const parts = { file, who, command: shown(command), obstacle, stage: builder, kind };
  reporter.report("command-elsewhere", parts, because.span);
}

function decide(
  { id, who, file, because }: ElsewhereCommand,
  text: string,
  obstacle: string | undefined,
  decisions: DecisionLog,
): boolean {
  const chosen = decisions.decide({
    id: `command:${id}`,
    question: `Does the runtime stage have to run "${text}", as ${who} of ${file} does?`,
    options: [
      {
        value: "keep",
        label: "Keep it runnable",
        consequence: "What it needs ships beside what the image itself starts.",
      },
      {
        value: "leave",
        label: "Leave it",
        consequence: "The image is smaller; this command fails in it, and has to run in the build stage's image.",
      },
    ],
    recommended: obstacle === undefined ? "keep" : "leave",
    confidence: "likely",
    because: [because],
  });
  return chosen === "keep";
}

/** Why the runtime stage would not be what runs a command: a clause after "which". */
function obstacleOf(
  reading: ImageReading,
  own: RuntimeNeeds,
  more: RuntimeNeeds,
  starts: readonly StartText[],
): string | undefined {
  const effect = effectObstacle(reading, starts);
  if (effect !== undefined) return effect;
  const known = new Set(own.all.map(({ reason }) => reason));
  for (const need of more.all) {
    if (need.kind !== "everything" || known.has(need.reason)) continue;
    if (need.developmentServer !== undefined) return `starts the development server "${need.developmentServer}"`;
    if (need.worksOnSources !== undefined) return `runs "${need.worksOnSources}" on the sources`;
    if (!own.everything.some((directory) => isWithin(need.directory, directory)))
      return "may need anything of the project";
  }
  if (needsDevelopment(own, more)) return "needs development dependencies";
  const tool = [...more.executables].find((name) => !own.executables.has(name) && isBuildTool(name, reading));
  if (tool !== undefined) return `needs "${tool}", which only the build has`;
  const missing = more.missing.find(({ program }) => !own.missing.some((one) => one.program === program));
  return missing === undefined || starts.some(({ joined }) => joined === true)
    ? undefined
    : `starts "${missing.program}", which nothing is known to make`;
}

/** Whether libraries that could be installed without development dependencies would no longer be. */
function needsDevelopment(own: RuntimeNeeds, more: RuntimeNeeds): boolean {
  return more.dependencies.some(({ tree, choices }) => {
    const before = own.dependencies.find((one) => one.tree.directory === tree.directory);
    const whole = choices.every(({ value }) => value === "as-built");
    const wholeBefore = before?.choices.every(({ value }) => value === "as-built") === true;
    // Only of Node are libraries for development told from others.
    return whole && !wholeBefore && !tree.production && tree.ecosystem === "node";
  });
}

const BUILD_TOOLS =
  /^(?:go|cargo|rustc|javac|mvn|gradle|sbt|dotnet|make|cmake|ninja|meson|gcc|g\+\+|cc|c\+\+|clang|tsc)$/;

function isBuildTool(name: string, { image }: ImageReading): boolean {
  const bringers = image.packages.filter((one) => executablesOf(one).includes(name));
  return BUILD_TOOLS.test(name) || bringers.some((one) => purposeOf(one).kind === "build");
}

const DEEPEST = 4;

/** A command that tests, builds or installs. */
function effectObstacle(reading: ImageReading, starts: readonly StartText[]): string | undefined {
  const commands = starts.flatMap(({ form, because }) => unwrapForm(form, reading.state, because).commands);
  const effects = commands.flatMap((command) => deepEffects(interpret(command, reading.image), reading, 0));
  const check = effects.find((effect) => effect.kind === "check");
  if (check?.kind === "check") return check.what === "test" ? "runs tests" : "checks the sources";
  if (effects.some(({ kind }) => kind === "artifact")) return "builds";
  return effects.some(({ kind }) => kind === "dependencies" || kind === "packages")
    ? "installs what it needs"
    : undefined;
}

function deepEffects(effects: readonly Effect[], reading: ImageReading, depth: number): readonly Effect[] {
  if (depth >= DEEPEST) return [];
  return effects.flatMap((effect) => {
    if (effect.kind !== "runs") return [effect];
    const { workdir, environment = reading.state.environment, script, because } = effect;
    const { commands } = unwrapScript(script, { workdir, environment }, because);
    return commands.flatMap((command) => deepEffects(interpret(command, reading.image), reading, depth + 1));
  });
}

/** Whether the image's own commands need all of it anyway. */
function addsNothing(own: RuntimeNeeds, more: RuntimeNeeds): boolean {
  const places = [...own.paths.map(({ path }) => path), ...own.everything];
  return (
    more.paths.every(({ path }) => places.some((place) => isWithin(path, place))) &&
    more.everything.every((path) => own.everything.some((place) => isWithin(path, place))) &&
    [...more.executables].every((name) => own.executables.has(name)) &&
    [...more.packages].every((name) => own.packages.has(name)) &&
    (own.shell || !more.shell) &&
    more.dependencies.every(({ tree, choices }) => {
      const before = own.dependencies.find((one) => one.tree.directory === tree.directory);
      return before !== undefined && before.choices.length <= choices.length;
    })
  );
}

function shown(command: ElsewhereCommand): string {
  const masked = maskSecrets(startText(command).slice(0, 1000));
  return masked.length > 60 ? `${masked.slice(0, 59)}…` : masked;
}
