/**
 * Jenkinsfiles: the shell steps of all stages, in order, as one entry.
 *
 *     environment { IMAGE = 'app' }
 *     stage('Image') {
 *       steps {
 *         dir('api') { sh "docker build -t ${IMAGE}:${env.BUILD_ID} ." }        Groovy fills in `${…}` between double quotes
 *         sh '''docker push $IMAGE'''                                           a shell of its own
 *       }
 *     }
 *     bat 'docker build .'                                                      for cmd; pwsh and powershell for PowerShell
 *     docker.build("app:1", "-f Dockerfile.prod .")                             docker build -t app:1 -f Dockerfile.prod .
 *
 * What else runs in containers is in jenkins-containers.ts. Left alone: what Groovy does besides (conditions and loops are taken to
 * run once).
 */
import type { ProjectFiles } from "../model/project-files.ts";
import { callsEngine } from "../shell/engine-text.ts";
import { parseMapped } from "../shell/parse-mapped.ts";
import { type SymbolicValue, text } from "../shell/symbolic.ts";
import type { ShellNode, ShellScript, Unread } from "../shell/syntax.ts";
import { type MappedPiece, mappedText } from "../text/mapped.ts";
import { ROOT } from "../text/paths.ts";
import type { Range, SourceFile } from "../text/source.ts";
import { foreignShell } from "./ci/shells.ts";
import type { Driver, DriverReader, ScriptText } from "./driver.ts";
import { GROOVY_EXPRESSION, GROOVY_STRING, settleBuildCalls } from "./jenkins-build-calls.ts";
import { CONTAINER_USE, containerSteps, unreadStep, usesBehind } from "./jenkins-containers.ts";
import { Placeholders } from "./placeholders.ts";
import { unreadNode } from "./unread.ts";

export const jenkinsfile: DriverReader = {
  name: "jenkinsfile",
  accepts: (path) => /(?:^|\/)Jenkinsfile(?:[._-][^/]+)?$|\.(?:jenkinsfile|jenkins)$/i.test(path),
  read: readJenkinsfile,
  settle: settleBuildCalls,
};

/** What matters in a Jenkinsfile, tried in this order at each place. */
const TOKEN = new RegExp(
  [
    String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`,
    String.raw`\bdir\s*\(\s*(?<folder>'[^'\n]*'|"[^"\n]*")\s*\)\s*(?=\{)`,
    String.raw`\b(?<verb>sh|bat|pwsh|powershell)\s*(?:\(\s*)?(?:(?:label|returnStdout|returnStatus|encoding)\s*:\s*(?:'[^'\n]*'|"[^"\n]*"|\w+)\s*,\s*)*(?:script\s*:\s*)?(?=['"])`,
    String.raw`\b(?<made>sh|bat|pwsh|powershell)\s*(?:\(\s*)?(?:script\s*:\s*)?(?=[A-Za-z_]\w*\s*[)\n+])`,
    String.raw`\bdocker\.build\s*\(\s*`,
    CONTAINER_USE,
    String.raw`\'\'\'[\s\S]*?\'\'\'|"""[\s\S]*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[{}]`,
  ].join("|"),
  "g",
);

interface Step {
  readonly range: Range;
  readonly inside: Range;
  readonly pieces: readonly MappedPiece[];
  readonly removable: boolean;
  readonly cwd: string;
  /** The step's name, and the shell that it runs its commands with. */
  readonly verb: string;
  /** The block that it stands in. */
  readonly block: number;
  /** Set where it is not read. */
  readonly unread?: Unread;
}

function readJenkinsfile(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  if (!/\b(?:docker|podman|nerdctl)\b/.test(source.text)) return undefined;
  const values = environmentOf(source.text);
  const placeholders = new Placeholders(/\$\{(?:[^{}]|\{[^{}]*\})*\}|\$[A-Za-z_][\w.]*/g, (written) =>
    environmentName(written, values),
  );
  const steps = stepsIn(source.text, placeholders);
  const blocks = [...new Set(steps.map(({ block }) => block))];
  const units = blocks.map((id) =>
    unitOf(
      steps.filter(({ block }) => block === id),
      source,
    ),
  );
  const variables = new Map([...values, ...placeholders.variables(() => undefined)]);
  if (units.length === 0) return undefined;
  return {
    source,
    entries: [{ name: "", units: units.map((unit) => ({ ...unit, variables })), cwd: ROOT }],
    runs: true,
  };
}

/** `NAME = 'value'` in `environment` blocks. */
function environmentOf(file: string): ReadonlyMap<string, SymbolicValue> {
  const values = new Map<string, SymbolicValue>();
  for (const [, block = ""] of file.matchAll(/\benvironment\s*\{([^}]*)\}/g)) {
    for (const [, name = "", , value = ""] of block.matchAll(/^\s*([A-Za-z_]\w*)\s*=\s*(['"])([^'"$\n]*)\2\s*$/gm))
      values.set(name, text(value));
  }
  return values;
}

function environmentName(written: string, values: ReadonlyMap<string, SymbolicValue>): string | undefined {
  const [, name] = /^\$\{?\s*(?:env\.)?(\w+)\s*\}?$/.exec(written) ?? [];
  if (name === "WORKSPACE") return name;
  return name !== undefined && values.has(name) ? name : undefined;
}

function stepsIn(file: string, placeholders: Placeholders): readonly Step[] {
  const steps: Step[] = [];
  const blocks: { readonly id: number; readonly cwd: string }[] = [{ id: 0, cwd: "." }];
  let folder: string | undefined;
  let count = 0;
  let at = 0;
  for (const match of file.matchAll(TOKEN)) {
    if (match.index < at) continue;
    const [token] = match;
    const top = blocks.at(-1) ?? { id: 0, cwd: "." };
    if (match.groups?.folder !== undefined) folder = match.groups.folder.slice(1, -1);
    else if (token === "{") {
      count += 1;
      blocks.push({ id: count, cwd: folder === undefined ? top.cwd : joined(top.cwd, folder) });
      folder = undefined;
    } else if (token === "}") {
      if (blocks.length > 1) blocks.pop();
      // What stands behind an inner block is another stretch of commands.
      const outer = blocks.pop() ?? top;
      count += 1;
      blocks.push({ id: count, cwd: outer.cwd });
    } else if (/^\w/.test(token)) {
      const from = match.index + token.length;
      const found =
        match.groups?.verb !== undefined || /^docker\s*\.\s*build/.test(token)
          ? stepAt(file, match.index, from, placeholders)
          : match.groups?.made !== undefined
            ? madeStep(file, match.index, from)
            : containerSteps(file, match.index, from);
      for (const step of found) {
        steps.push({ ...step, cwd: top.cwd, block: top.id });
        at = Math.max(at, step.range.end);
      }
    }
  }
  return steps;
}

function joined(outer: string, folder: string): string {
  return folder.startsWith("/") || outer === "." ? folder : `${outer}/${folder}`;
}

type FoundStep = Omit<Step, "cwd" | "block">;

function stepAt(file: string, start: number, from: number, placeholders: Placeholders): readonly FoundStep[] {
  const [verb = ""] = /^\w+/.exec(file.slice(start, from)) ?? [];
  if (verb === "docker") return imageBuild(file, start, from, placeholders);
  const first = stringAt(file, from, placeholders);
  if (first === undefined) return [];
  const rest = file.slice(first.range.end, first.range.end + 200);
  if (/^\s*\+/.test(rest)) return madeStep(file, start, from);
  const [close = ""] = /^\s*(?:,\s*\w+\s*:\s*\w+\s*)*\)/.exec(rest) ?? [];
  const called = file.slice(start, from).includes("(");
  const range = { start, end: first.range.end + (called ? close.length : 0) };
  return [{ range, inside: first.range, pieces: first.pieces, removable: isStatement(file, range), verb }];
}

/** `sh command`, `sh 'a' + b`: said where the line, or what the variable is set to, calls an engine. */
function madeStep(file: string, start: number, from: number): readonly FoundStep[] {
  const line = file.indexOf("\n", from);
  const range = { start, end: line < 0 ? file.length : line };
  const [name = ""] = /^[A-Za-z_]\w*/.exec(file.slice(from, range.end)) ?? [];
  const set = name === "" ? null : new RegExp(`\\b${name}\\s*\\+?=[^=][^\\n]*`).exec(file);
  const calls = callsEngine(file.slice(start, range.end)) || (set !== null && callsEngine(set[0]));
  return calls ? [unreadStep(range, { reason: "Groovy puts the command together" })] : [];
}

/** `docker.build(name, options)`, and what is done with the image on the spot. */
function imageBuild(file: string, start: number, from: number, placeholders: Placeholders): readonly FoundStep[] {
  const name = stringAt(file, from, placeholders) ?? expressionAt(file, from);
  if (name === undefined) return [];
  const [comma] = /^\s*,\s*/.exec(file.slice(name.range.end, name.range.end + 200)) ?? [];
  const at = comma === undefined ? undefined : name.range.end + comma.length;
  const options = at === undefined ? undefined : (stringAt(file, at, placeholders) ?? expressionAt(file, at));
  const end = (options ?? name).range.end;
  const range = { start, end: end + (/^\s*\)/.exec(file.slice(end, end + 50))?.[0].length ?? 0) };
  const rest = options?.pieces ?? [{ text: ".", from: { start: name.range.end, end: name.range.end } }];
  const pieces = [
    { text: "docker build -t ", from: { start, end: name.range.start } },
    ...name.pieces,
    { text: " ", from: { start: end, end } },
    ...rest,
  ];
  return [
    { range, inside: range, pieces, removable: false, verb: "docker" },
    ...usesBehind(file, range.end, name.pieces.map(({ text }) => text).join("")),
  ];
}

/** A value that Groovy works out, as a variable of its own. */
function expressionAt(
  file: string,
  start: number,
): { readonly range: Range; readonly pieces: readonly MappedPiece[] } | undefined {
  const [whole = ""] = GROOVY_EXPRESSION.exec(file.slice(start, start + 200)) ?? [];
  if (whole === "") return undefined;
  const range = { start, end: start + whole.length };
  return { range, pieces: [{ text: `"\${groovy_${whole.replace(/\W+/g, "_")}}"`, from: range }] };
}

/** Whether nothing else stands on the lines of a call. */
function isStatement(file: string, { start, end }: Range): boolean {
  const before = file.slice(file.lastIndexOf("\n", start - 1) + 1, start);
  return before.trim() === "" && /^[ \t;]*(?:\r?\n|$)/.test(file.slice(end, end + 100));
}

function stringAt(
  file: string,
  start: number,
  placeholders: Placeholders,
): { readonly range: Range; readonly pieces: readonly MappedPiece[] } | undefined {
  const [whole, triple = ""] = GROOVY_STRING.exec(file.slice(start, start + 100_000)) ?? [];
  if (whole === undefined) return undefined;
  const quotes = triple === "" ? 1 : 3;
  const pieces: MappedPiece[] = [];
  const inner = { start: start + quotes, end: start + whole.length - quotes };
  let at = inner.start;
  // `\$` and the like, and line ends that a backslash takes away.
  for (const { 0: escaped, index } of file.slice(inner.start, inner.end).matchAll(/\\(?:\r?\n|[\s\S])/g)) {
    const from = inner.start + index;
    pieces.push({ text: file.slice(at, from), from: { start: at, end: from } });
    pieces.push({ text: unescaped(escaped, whole.startsWith('"')), from: { start: from, end: from + escaped.length } });
    at = from + escaped.length;
  }
  pieces.push({ text: file.slice(at, inner.end), from: { start: at, end: inner.end } });
  const mapped = mappedText(pieces);
  const filled = whole.startsWith('"') ? placeholders.replaced(mapped) : mapped;
  const result = filled.parts.map((part) => ({
    text: filled.text.slice(part.start, part.end).replaceAll(ESCAPED_DOLLAR, "$"),
    from: part.from,
  }));
  return { range: { start, end: start + whole.length }, pieces: result };
}

/** Stands for `\$` until Groovy's own variables are replaced. */
const ESCAPED_DOLLAR = "\uE000";

function unescaped(escaped: string, fillsIn: boolean): string {
  const character = escaped.slice(1);
  if (character === "$") return fillsIn ? ESCAPED_DOLLAR : "$";
  if (/^\r?\n$/.test(character)) return "";
  return { n: "\n", t: "\t", r: "\r" }[character] ?? character;
}

function unitOf(steps: readonly Step[], source: SourceFile): ScriptText {
  const read = steps.map((step) => ({ step, ...commandsOf(step, source) }));
  const nodes = read.flatMap(
    ({ step: { range, inside, removable, verb, unread }, statements }): readonly ShellNode[] => {
      if (unread !== undefined) return [unreadNode(source, range, unread)];
      if (statements.length === 0) return [];
      const frame = {
        inside,
        empty: removable || inside.start !== range.start ? nothingFor(verb) : "null",
        ...(removable ? { whole: range } : {}),
      };
      return [{ kind: "subshell", range, body: statements, redirections: [], frame }];
    },
  );
  const [first] = nodes;
  const last = nodes.at(-1);
  const problems = read.flatMap((one) => one.problems);
  const cwd = text(steps[0]?.cwd ?? ".");
  const base = {
    source,
    problems,
    cwd,
    roots: ["WORKSPACE"],
    write: (written: string, at: number) => inString(source.text, steps, written, at),
  };
  if (
    first === undefined ||
    last === undefined ||
    !steps.every(({ removable, unread }) => removable && unread === undefined)
  )
    return { ...base, statements: nodes };
  const range = { start: first.range.start, end: last.range.end };
  return {
    ...base,
    statements: [
      {
        kind: "group",
        range,
        body: nodes,
        redirections: [],
        frame: { inside: range, empty: `${steps[0]?.verb} ${nothingFor(steps[0]?.verb)}` },
      },
    ],
  };
}

function shellOf(verb: string | undefined) {
  return foreignShell(verb === "bat" ? "cmd" : verb === "pwsh" || verb === "powershell" ? "powershell" : "posix");
}

function commandsOf({ pieces, verb, unread }: Step, source: SourceFile): Pick<ShellScript, "statements" | "problems"> {
  if (unread !== undefined) return { statements: [], problems: [] };
  const mapped = mappedText(pieces);
  return shellOf(verb)?.parse(mapped, source.text) ?? parseMapped(mapped, source.text);
}

/** A command that does nothing, as a string of Groovy. */
function nothingFor(verb: string | undefined): string {
  return `'${shellOf(verb)?.nothing ?? "true"}'`;
}

/** Text for a place in a string: the quotes around it are escaped, those of the file are already. */
function inString(file: string, steps: readonly Step[], written: string, at: number): string {
  const step = steps.find(({ inside }) => inside.start <= at && at <= inside.end);
  const quote = step === undefined ? "" : (file[step.inside.start] ?? "");
  const own = shellOf(step?.verb)?.written(written) ?? written;
  if (step === undefined || !/['"]/.test(quote) || file.startsWith(quote.repeat(3), step.inside.start)) return own;
  return quote === "'" ? own.replace(/\\?'/g, "\\'") : own.replace(/\\?"/g, '\\"');
}
