/**
 * What the line that a container runs does to the image, to the mounts and to standard output, command by command.
 *
 *     cd /src && make && cp app /out/       work: "cd /src && make"       exported: app, into the mount /out
 *     tar -cf - -C / app                    no work; the output is an archive of the image's /app
 *
 * The line is read by the interpreter itself, over a world in which the image is the root and the mounts are what the host has.
 * Work is what a stage has to RUN; what only carries files out is left to COPY --from.
 */
import { parseShell } from "../../shell/parse.ts";
import type { ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { applyEdits } from "../../text/edits.ts";
import { isWithin } from "../../text/paths.ts";
import { commandsIn } from "./commands-in.ts";
import type { CommandLine } from "./container-command.ts";
import type { Mount } from "./container-mounts.ts";
import type { Disposition } from "./dispositions.ts";
import { scriptEdits } from "./script-edits.ts";
import type { Effect, Visit } from "./trace.ts";

type Kind = "work" | "exported" | "neutral";

/** What a line comes to. `work` is the text that a stage has to run; absent where there is none. */
export interface LineWork {
  readonly work?: string;
}

/** `carries`: whether the line's output is known, so that the commands that make it need not run. */
export function workOf(
  line: CommandLine,
  visits: readonly Visit[],
  mounts: readonly Mount[],
  carries: boolean,
): LineWork {
  const kinds = new Map<SimpleCommand, Kind>();
  for (const visit of visits) {
    // What a script or function does that the line calls is done by the line's own command.
    const [node = visit.node] = visit.calls;
    const before = kinds.get(node);
    const own = kindOf(visit, mounts, carries);
    kinds.set(node, joined(before, own));
  }
  if (![...kinds.values()].includes("work")) return {};
  const printing = new Set(carries ? visits.filter(({ streams }) => streams === true).map(({ node }) => node) : []);
  return { work: withoutExports(line.text, withPreparation(kinds, printing)) };
}

/** What is done to a mount before the last command that works may be what that command needs: `mkdir -p /out && make`. */
function withPreparation(
  kinds: ReadonlyMap<SimpleCommand, Kind>,
  printing: ReadonlySet<SimpleCommand>,
): ReadonlyMap<SimpleCommand, Kind> {
  const last = Math.max(...[...kinds].flatMap(([node, kind]) => (kind === "work" ? [node.range.start] : [])));
  const prepares = ([node, kind]: readonly [SimpleCommand, Kind]): boolean =>
    kind === "exported" && node.range.start < last && !printing.has(node);
  return new Map([...kinds].map((entry) => [entry[0], prepares(entry) ? "work" : entry[1]]));
}

function joined(before: Kind | undefined, own: Kind): Kind {
  if (before === undefined || before === "neutral") return own;
  return own === before || own === "neutral" ? before : "work";
}

/** Whether a command does something that a stage has to run, whatever else the line does. */
export function isWork(visit: Visit, mounts: readonly Mount[], carries: boolean): boolean {
  return kindOf(visit, mounts, carries) === "work";
}

function kindOf(visit: Visit, mounts: readonly Mount[], carries: boolean): Kind {
  if (carries && visit.streams === true) return "exported";
  const kinds = visit.effects.map((effect) => (makesFile(effect, visit) ? "work" : kindOfEffect(effect, mounts)));
  if (kinds.includes("work")) return "work";
  return kinds.includes("exported") ? "exported" : "neutral";
}

/** `echo 1.4 > /out/version` and `touch /out/done` make a file; `cat /app > /out/app` only brings one. */
function makesFile(effect: Effect, { effects }: Visit): boolean {
  const brings = effects.some((other) => (other.kind === "look" || other.kind === "move") && other.reads.length > 0);
  return effect.kind === "move" && effect.makesFile === true && !brings;
}

function kindOfEffect(effect: Effect, mounts: readonly Mount[]): Kind {
  const outside = (path: string): boolean => mounts.some(({ target, readOnly }) => !readOnly && isWithin(path, target));
  switch (effect.kind) {
    case "plain":
    case "look":
    case "call":
    case "spare":
      return "neutral";
    case "move":
      return effect.to.every(outside) ? "exported" : "work";
    case "mode":
      return effect.paths.every(outside) ? "exported" : "work";
    case "remove":
      return effect.paths.every(({ path }) => outside(path)) ? "exported" : "work";
    case "foreign":
      return effect.name === "cd" ? "neutral" : "work";
    default:
      return "work";
  }
}

/** The line without the commands that only carry files out, and without what stands behind the last one that works. */
function withoutExports(text: string, kinds: ReadonlyMap<SimpleCommand, Kind>): string {
  const { statements } = parseShell(text);
  const byPlace = new Map([...kinds].map(([node, kind]) => [node.range.start, kind]));
  const kindAt = (node: SimpleCommand): Kind | undefined => byPlace.get(node.range.start);
  const works = (node: ShellNode): boolean => commandsIn(node).some((command) => kindAt(command) === "work");
  const last = statements.findLastIndex(works);
  const kept = statements.slice(0, last + 1);
  const dispositionOf = (node: SimpleCommand): Disposition =>
    kindAt(node) === "exported" ? { kind: "remove", reason: "" } : { kind: "keep" };
  const {
    edits,
    stuck: entangled,
    stranded,
  } = scriptEdits(kept, {
    text,
    dispositionOf,
    disagree: new Set(),
    directories: () => undefined,
    trapBody: () => undefined,
    isLastBuild: () => false,
    runsNothing: () => false,
  });
  const stuck = [...entangled, ...stranded];
  const end = kept.at(-1)?.range.end ?? text.length;
  const whole =
    stuck.length > 0
      ? text
      : applyEdits(
          text,
          edits.filter((edit) => edit.end <= end),
        );
  const removed =
    stuck.length > 0 ? 0 : edits.reduce((sum, edit) => sum + (edit.end - edit.start - edit.text.length), 0);
  const line = stuck.length > 0 ? whole : whole.slice(0, end - removed);
  return withoutTail(line);
}

/** Neutral commands at the end of a chain mean nothing any more. */
function withoutTail(line: string): string {
  const trimmed = line.replace(/(?:\s|;|&&)+$/, "");
  const shorter = trimmed.replace(/\s*(?:&&|;)\s*(?:cd\s+[^&|;<>]+|exit(?:\s+0)?|true|pwd)$/, "");
  return shorter === trimmed ? trimmed : withoutTail(shorter);
}
