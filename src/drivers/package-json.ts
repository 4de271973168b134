/**
 * The scripts of a package.json: one entry for each that no other script of the file runs.
 *
 *     "scripts": {
 *       "predocker": "docker build -t b -f Dockerfile.build .",        runs before docker, in a shell of its own
 *       "docker": "docker build -t \"app:$TAG\" ."                     JSON's escapes are not the shell's
 *     }
 *
 * https://docs.npmjs.com/cli/using-npm/scripts. What `npm run NAME` in a command runs is found by `packageScript`. Left alone:
 * workspaces, and npm's own variables but for the name and version of the package.
 */
import type { ProjectFiles } from "../model/project-files.ts";
import { parseMapped } from "../shell/parse-mapped.ts";
import { type SymbolicValue, text } from "../shell/symbolic.ts";
import type { ShellNode } from "../shell/syntax.ts";
import { applyEdits, type TextEdit } from "../text/edits.ts";
import { type MappedPiece, mappedText } from "../text/mapped.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../text/paths.ts";
import { type Range, type SourceFile, sourceFile } from "../text/source.ts";
import type { Driver, DriverReader, ScriptText, Settled } from "./driver.ts";
import { type JsonMember, membersOf } from "./json-members.ts";

export const packageJson: DriverReader = {
  name: "package-json",
  accepts: (path) => /(?:^|\/)package\.json$/.test(path),
  read: readScripts,
  settle: settleJson,
};

/** A package's scripts, by name. */
type Scripts = ReadonlyMap<string, ScriptText>;

function readScripts(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const scripts = scriptsOf(files, source);
  const names = [...scripts.keys()];
  const runByOthers = (name: string): boolean =>
    names.some((other) => other !== name && !isHookOf(name, other) && runs(scripts.get(other), name));
  const hook = (name: string): boolean => names.some((other) => isHookOf(name, other));
  const entries = names
    .filter((name) => !hook(name) && !runByOthers(name))
    .map((name) => ({ name, units: withHooks(scripts, name), cwd: hostDirectory(source.path) }));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

/** What `npm run NAME` runs in a package: the script with its hooks. `undefined` where there is none. */
export function packageScript(files: ProjectFiles, folder: HostPath, name: string): readonly ScriptText[] | undefined {
  const path = joinHost(folder, "package.json");
  const read = path === undefined ? undefined : files.read(path);
  if (path === undefined || read?.ok !== true) return undefined;
  const units = withHooks(scriptsOf(files, sourceFile(path, read.text)), name);
  return units.length === 0 ? undefined : units;
}

function withHooks(scripts: Scripts, name: string): readonly ScriptText[] {
  if (!scripts.has(name)) return [];
  return [`pre${name}`, name, `post${name}`].flatMap((one) => scripts.get(one) ?? []);
}

function isHookOf(name: string, other: string): boolean {
  return name === `pre${other}` || name === `post${other}`;
}

function runs(script: ScriptText | undefined, name: string): boolean {
  const [statement] = script?.statements ?? [];
  const inside = statement === undefined ? "" : script?.source.text.slice(statement.range.start, statement.range.end);
  const mention = `\\b(?:npm(?: run| run-script)?|yarn(?: run)?|pnpm(?: run)?|run-s|run-p|npm-run-all)\\b[^&|;]*[\\s"']${literal(name)}(?![\\w:.-])`;
  return new RegExp(mention).test(inside ?? "");
}

function literal(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

const READ = new WeakMap<ProjectFiles, Map<HostPath, Scripts>>();

/** Read once, so that a script stays the same however often it is called. */
function scriptsOf(files: ProjectFiles, source: SourceFile): Scripts {
  const known = READ.get(files) ?? new Map<HostPath, Scripts>();
  READ.set(files, known);
  const scripts = known.get(source.path) ?? parseScripts(files, source);
  known.set(source.path, scripts);
  return scripts;
}

function parseScripts(files: ProjectFiles, source: SourceFile): Scripts {
  const top = membersOf(source.text, 0);
  const scripts = top.find(({ name }) => name === "scripts");
  const members = scripts === undefined ? [] : membersOf(source.text, scripts.value.start);
  const strings = members.filter(({ value }) => source.text[value.start] === '"');
  const variables = packageVariables(source.text, top);
  return new Map(
    strings.map((member) => [
      member.name,
      scriptText(source, member, members, variables, isCalled(files, source, member.name)),
    ]),
  );
}

function packageVariables(source: string, top: readonly JsonMember[]): ReadonlyMap<string, SymbolicValue> {
  return new Map(
    ["name", "version"].flatMap((name) => {
      const member = top.find((one) => one.name === name);
      const written = member && source.slice(member.value.start, member.value.end);
      return written?.startsWith('"') === true ? [[`npm_package_${name}`, text(written.slice(1, -1))] as const] : [];
    }),
  );
}

function scriptText(
  source: SourceFile,
  { name, value, whole }: JsonMember,
  members: readonly JsonMember[],
  variables: ReadonlyMap<string, SymbolicValue>,
  called: boolean,
): ScriptText {
  const mapped = mappedText(stringPieces(source.text, { start: value.start + 1, end: value.end - 1 }));
  const { statements: body, problems } = parseMapped(mapped, source.text);
  const others = members.filter((other) => other.name !== name);
  const range = others.length > 0 && !called ? whole : value;
  const frame = { inside: value, empty: '"true"', ...(range === whole ? { whole } : {}) };
  const node: ShellNode = { kind: "subshell", range, body, redirections: [], frame };
  return { source, statements: body.length === 0 ? [] : [node], problems, variables, write: escaped };
}

const CALLER =
  /(?:^|\/)(?:[Mm]akefile|GNUmakefile|Jenkinsfile|Dockerfile[^/]*|[^/]+\.(?:sh|bash|mk|ya?ml|ps1|bat|cmd|md|json))$/;
const LARGEST_CALLER = 256 * 1024;

/** Whether another file of the project, or a command here that runs scripts by a pattern, may run a script. */
function isCalled(files: ProjectFiles, source: SourceFile, name: string): boolean {
  const group = name.includes(":") ? `|${literal(name.slice(0, name.indexOf(":")))}:\\*` : "";
  const together = new RegExp(
    `\\b(?:run-s|run-p|npm-run-all|concurrently)\\b[^\\n]*[\\s"':](?:${literal(name)}${group})(?![\\w:.-])`,
  );
  if (together.test(source.text)) return true;
  const pattern = new RegExp(`\\b(?:npm|yarn|pnpm)\\b[^\\n]*\\s["']?${literal(name)}(?![\\w:.-])`);
  return callersOf(files).some(({ path, text }) => path !== source.path && pattern.test(text));
}

const CALLERS = new WeakMap<ProjectFiles, readonly SourceFile[]>();

function callersOf(files: ProjectFiles): readonly SourceFile[] {
  const known = CALLERS.get(files);
  if (known !== undefined) return known;
  const found = [...files.walk(ROOT)].flatMap((path) => {
    if (!CALLER.test(path) || (files.entry(path)?.size ?? LARGEST_CALLER + 1) > LARGEST_CALLER) return [];
    const read = files.read(path);
    return read.ok && /\b(?:npm|yarn|pnpm)\b/.test(read.text) ? [sourceFile(path, read.text)] : [];
  });
  CALLERS.set(files, found);
  return found;
}

// ---- JSON strings (https://www.rfc-editor.org/rfc/rfc8259#section-7)

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|.)/gs;

function stringPieces(file: string, { start, end }: Range): readonly MappedPiece[] {
  const pieces: MappedPiece[] = [];
  let at = start;
  for (const { 0: written, index } of file.slice(start, end).matchAll(ESCAPE)) {
    const from = start + index;
    pieces.push({ text: file.slice(at, from), from: { start: at, end: from } });
    pieces.push({ text: unescaped(written), from: { start: from, end: from + written.length } });
    at = from + written.length;
  }
  return [...pieces, { text: file.slice(at, end), from: { start: at, end } }];
}

const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function unescaped(written: string): string {
  if (written.startsWith("\\u")) return String.fromCharCode(Number.parseInt(written.slice(2), 16));
  return ESCAPED[written.slice(1)] ?? written.slice(1);
}

/** Quotes escaped; words of the file that come back have theirs escaped already. */
function escaped(shellText: string): string {
  return shellText.replace(/\\?"/g, '\\"');
}

// ---- edits

/** A comma in front of the closing brace goes, and the file has to be JSON still. */
function settleJson(source: SourceFile, edits: readonly TextEdit[]): Settled {
  const scripts = membersOf(source.text, 0).find(({ name }) => name === "scripts");
  const members = scripts === undefined ? [] : membersOf(source.text, scripts.value.start);
  const gone = ({ whole }: JsonMember): boolean =>
    edits.some(({ start, end, text }) => text === "" && start <= whole.start && whole.end <= end);
  const last = members.findLast((member) => !gone(member));
  const comma = last?.comma;
  const added = comma === undefined || last === members.at(-1) ? [] : [{ ...comma, text: "" }];
  try {
    JSON.parse(applyEdits(source.text, [...edits, ...added]));
  } catch (error) {
    return { kind: "broken", problem: `it would be no JSON any more (${error instanceof Error ? error.message : ""})` };
  }
  return { kind: "edits", added };
}
