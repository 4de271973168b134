/**
 * Whether two containers did the same, and whether that proves anything:
 *
 *     before    GET / 200 text/html 1,204 bytes      after    the same: ok
 *     control   the same with /app hidden            then the probe would pass without the artifacts, and is none
 *
 * What differs between two runs of the old image itself (a time, a process number, a random id) is not held against the new one.
 */
import type { BehaviourCheck, FailureCause, Finding, Observation } from "../model/verification.ts";
import type { Observed } from "./observe.ts";

export interface ComparedRuns {
  /** Two runs of the old image: what differs between them is volatile. */
  readonly before: readonly [Observed, Observed];
  readonly after: Observed;
  /** The new image with its artifacts hidden; absent where there is nothing to hide. */
  readonly control?: Observed | undefined;
  /** What the user says the first request, or the program, has to answer. */
  readonly wanted?: { readonly status?: number; readonly contains?: string };
  readonly causes: readonly FailureCause[];
  readonly modules: readonly Finding[];
}

export function compareBehaviour(runs: ComparedRuns): BehaviourCheck {
  const { before, after, control, causes, modules, wanted = {} } = runs;
  const [first, again] = before;
  const wishes = [...unmet("old", first, wanted), ...unmet("new", after, wanted)];
  const findings = [...differences(first, again, after), ...wishes, ...modules];
  const problems = findings.filter(({ level }) => level === "problem");
  const caused = problems.length === 0 ? [] : causes.map(causeFinding);
  // A port that nobody could ask says nothing, although it says the same of both.
  const silent = first.observation.answers.some(({ status }) => status === 0);
  const fails = control !== undefined && differences(first, again, control).some(({ level }) => level === "problem");
  const proves = fails && !silent;
  const unproven: readonly Finding[] =
    proves || problems.length > 0
      ? []
      : [
          {
            level: "note",
            what: "the probe proves nothing",
            why: silent
              ? "A port is open that could not be asked from here: give another --run-network, or run as root."
              : control === undefined
                ? "There is no artifact that could be hidden to see the probe fail."
                : "It also passes when the artifacts are hidden, so that it does not depend on them.",
          },
        ];
  const probes = ["started as configured", ...first.observation.answers.map(({ request }) => request)];
  return {
    ok: problems.length === 0,
    summary: summaryOf(first.observation, problems.length, proves),
    findings: [...findings, ...caused, ...unproven],
    probes,
    proves,
    before: kept(first.observation),
    after: kept(after.observation),
  };
}

/** A probe that the user describes has to hold for both images, the old one included: else it says nothing. */
function unmet(which: string, run: Observed, { status, contains }: NonNullable<ComparedRuns["wanted"]>) {
  const [answer] = run.observation.answers;
  const text = answer === undefined ? run.observation.stdout : (run.bodies.get(answer.request) ?? "");
  const problem = (what: string): Finding => ({ level: "problem", what, why: "The probe that was given asks for it." });
  return [
    ...(status === undefined || answer?.status === status
      ? []
      : [problem(`the ${which} image answers ${answer?.status ?? "nothing"}, and not ${status}`)]),
    ...(contains === undefined || text.includes(contains)
      ? []
      : [problem(`the ${which} image does not answer with "${contains}"`)]),
  ];
}

/** Reports need no whole logs. */
function kept(observation: Observation): Observation {
  return { ...observation, stdout: observation.stdout.slice(-4000), stderr: observation.stderr.slice(-4000) };
}

function summaryOf({ staysUp, exitCode, answers }: Observation, problems: number, proves: boolean): string {
  if (problems > 0) return `${problems} ${problems === 1 ? "difference" : "differences"}`;
  const asked = answers.map(({ request, status }) => `${request} ${status ?? "taken"}`);
  const did = staysUp ? ["stays up", ...asked].join(", ") : `ends with code ${exitCode ?? "none"}`;
  return `${did}, both${proves ? "; fails without the artifacts" : "; not proven by any probe"}`;
}

function causeFinding(cause: FailureCause): Finding {
  return { level: "problem", what: `cause: ${cause.kind}`, why: "Read from what the new container printed.", cause };
}

function differences(first: Observed, again: Observed, other: Observed): readonly Finding[] {
  const [old, now] = [first.observation, other.observation];
  return [
    ...differs("stays up", yes(old.staysUp), yes(now.staysUp)),
    ...(old.staysUp || now.staysUp ? [] : differs("the exit code", `${old.exitCode}`, `${now.exitCode}`)),
    ...differs("the health", old.health ?? "none", now.health ?? "none"),
    ...differs("open ports", old.ports.join(", ") || "none", now.ports.join(", ") || "none"),
    ...answerDifferences(first, again, other),
    ...outputDifferences(first, again, other),
  ];
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}

function differs(what: string, before: string, after: string): readonly Finding[] {
  if (before === after) return [];
  return [
    { level: "problem", what: `${what}: it was ${before}, and is ${after}`, why: "The new image runs otherwise." },
  ];
}

function answerDifferences(first: Observed, again: Observed, other: Observed): readonly Finding[] {
  return first.observation.answers.flatMap((answer): readonly Finding[] => {
    const now = other.observation.answers.find(({ request }) => request === answer.request);
    const twice = again.observation.answers.find(({ request }) => request === answer.request);
    const what = answer.request;
    if (now === undefined) return differs(what, `${answer.status ?? "taken"}`, "not answered");
    if (answer.status !== now.status) return differs(`${what}: status`, `${answer.status}`, `${now.status}`);
    const type = differs(`${what}: type`, answer.contentType ?? "none", now.contentType ?? "none");
    if (answer.digest === now.digest || type.length > 0) return type;
    const volatile = twice?.digest !== answer.digest;
    const [old = "", next = ""] = [first.bodies.get(what), other.bodies.get(what)];
    if (volatile && shapeOf(old) === shapeOf(next)) return [];
    const shape = volatile ? ", of another shape" : "";
    const told = `${what}: body: it was ${answer.bytes} bytes, and is ${now.bytes} others${shape}`;
    return [{ level: "problem", what: told, why: "The new image answers otherwise." }];
  });
}

/** Without what changes from run to run: numbers, times, ids. */
export function shapeOf(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, "#")
    .replace(/\b[0-9a-f]{12,}\b/gi, "#")
    .replace(/\b[A-Za-z0-9+/_-]{24,}={0,2}/g, "#")
    .replace(
      /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? |\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b/g,
      "#",
    )
    .replace(/\d+(?:[.,:]\d+)*/g, "#");
}

/** A program's output has to be equal, but for what is volatile; of a server's log only new lines that tell of errors count. */
function outputDifferences(first: Observed, again: Observed, other: Observed): readonly Finding[] {
  const [old, twice, now] = [first, again, other].map(({ observation }) => observation);
  if (old === undefined || twice === undefined || now === undefined) return [];
  if (!old.staysUp && old.stdout !== now.stdout) {
    const volatile = old.stdout !== twice.stdout;
    if (!volatile || shapeOf(old.stdout) !== shapeOf(now.stdout))
      return [
        {
          level: "problem",
          what: `the output is another one: ${firstDifference(old.stdout, now.stdout)}`,
          why: "The program prints something else.",
        },
      ];
  }
  const known = new Set([old, twice].flatMap(({ stdout, stderr }) => linesOf(stdout + stderr).map(shapeOf)));
  const errors = linesOf(now.stdout + now.stderr).filter((line) => ERROR.test(line) && !known.has(shapeOf(line)));
  return errors.slice(0, 5).map((line) => ({
    level: "problem",
    what: `it logs "${line.slice(0, 200)}"`,
    why: "The old image does not log this.",
  }));
}

const ERROR = /\b(?:error|exception|fatal|panic|cannot|failed|not found|no such file|denied|unhandled)\b/i;

function linesOf(text: string): readonly string[] {
  return text
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function firstDifference(a: string, b: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  const index = at < 0 ? left.length : at;
  return `line ${index + 1} was "${(left[index] ?? "").slice(0, 80)}", and is "${(right[index] ?? "").slice(0, 80)}"`;
}
