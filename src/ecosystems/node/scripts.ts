/**
 * Commands that run other commands which `package.json` names, or that they are given:
 *
 *     npm run build -- --prod        prebuild, then "tsc --prod", then postbuild
 *     npm-run-all clean build:*      each script in turn
 *     cross-env A=b webpack          webpack with A set
 *     npx tsc -p .                   tsc -p .
 *     npm run build -w api           the script of another package
 *
 * What the commands do is for the other readers to say.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { quoteWords } from "../../shell/quote.ts";
import { ANY, matchesSequence } from "../../text/glob.ts";
import type { ImagePath } from "../../text/paths.ts";
import type { Argument, Environment, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { scriptEnvironment } from "./install.ts";
import { type Manifest, nearestManifest } from "./manifest.ts";
import type { ManagerCall } from "./package-managers.ts";
import { selectedPackages, selectedTasks } from "./selected-packages.ts";
import { workspaceOf } from "./workspaces.ts";

/** A shell text and where it runs. */
export interface ScriptRun {
  readonly script: string;
  readonly workdir: ImagePath;
  readonly environment: Environment;
}

/** What a command runs in turn; `missing` names the script that the manifest lacks. */
export type Delegation =
  | { readonly kind: "runs"; readonly runs: readonly ScriptRun[]; readonly manifest?: Manifest }
  | { readonly kind: "missing"; readonly name: string };

const RUN_VERBS = new Set(["run", "run-script", "rum", "urn"]);
const EXEC_VERBS = new Set(["exec", "x", "dlx"]);
/** Scripts with a verb of their own (https://docs.npmjs.com/cli/v11/using-npm/scripts). */
const OWN_VERBS: Readonly<Record<string, string>> = {
  start: "start",
  stop: "stop",
  restart: "restart",
  test: "test",
  t: "test",
  tst: "test",
};

/** What a package manager's command line runs, or `undefined` when it runs no script. */
export function managerDelegation(call: ManagerCall, image: ImageView): Delegation | undefined {
  const selection = selectedPackages(call, image);
  if (selection.kind === "unknown") return undefined;
  if (selection.kind === "packages") return inPackages({ ...call, rest: selection.rest }, selection.packages);
  const everywhere = yarnEverywhere(call, image);
  if (everywhere !== undefined) return everywhere;
  const directory = workspaceDirectory(call, image);
  const [verb, rest] =
    directory === undefined ? [call.verb, call.rest] : [call.rest[1]?.text ?? "", call.rest.slice(2)];
  return verbDelegation(verb, rest, call, nearestManifest(directory ?? call.directory, image));
}

function verbDelegation(
  verb: string,
  rest: readonly Argument[],
  call: ManagerCall,
  manifest: Manifest | undefined,
): Delegation | undefined {
  if (EXEC_VERBS.has(verb)) return executes(call.command, rest, manifest);
  const own = OWN_VERBS[verb];
  if (RUN_VERBS.has(verb)) return runScript(rest, manifest, call.command);
  if (own !== undefined) return runScript([{ text: own, known: true, glob: false }, ...rest], manifest, call.command);
  if (call.manager === "npm") return undefined;
  return shorthand(verb, rest, manifest, call.command);
}

/** The same in several packages; one that lacks the script is passed over, as by `--if-present` and by pnpm. */
function inPackages(call: ManagerCall, packages: readonly Manifest[]): Delegation | undefined {
  const all = packages.map((one) => verbDelegation(call.verb, call.rest, call, one));
  const missing = all.find((one) => one?.kind === "missing");
  const runs = all.flatMap((one) => (one?.kind === "runs" ? one.runs : []));
  if (all.some((one) => one === undefined)) return undefined;
  const [only] = packages;
  if (runs.length === 0 && missing !== undefined) return missing;
  return { kind: "runs", runs, ...(packages.length === 1 && only !== undefined ? { manifest: only } : {}) };
}

/** Options of `yarn workspaces foreach` that leave no package out. */
const FOREACH_ALL = /^(?:-[Aaptvi]+|--all|--parallel|--topological|--topological-dev|--verbose|--interlaced)$/;

/** `yarn workspaces run build` (Yarn 1), `yarn workspaces foreach -A run build`. */
function yarnEverywhere(call: ManagerCall, image: ImageView): Delegation | undefined {
  if (call.verb !== "workspaces" || !call.manager.startsWith("yarn")) return undefined;
  const [verb, ...after] = call.rest;
  const at = verb?.text === "foreach" ? after.findIndex(({ text }) => !FOREACH_ALL.test(text)) : 0;
  const rest = verb?.text === "foreach" ? after.slice(at) : call.rest;
  const members = workspaceOf(call.directory, image)?.members ?? [];
  if (at < 0 || rest[0]?.text !== "run" || members.length === 0) return undefined;
  return inPackages({ ...call, verb: "run", rest: rest.slice(1) }, members);
}

/** `turbo run build`, `lerna run build`: the script of each package that has it. */
function taskDelegation(command: ResolvedCommand, image: ImageView): Delegation | undefined {
  const tasks = selectedTasks(command, image);
  if (tasks === undefined) return undefined;
  const runs = tasks.packages.flatMap((one) =>
    tasks.scripts.flatMap((name) => {
      const run = runScript([{ text: name, known: true, glob: false }], one, command);
      return run.kind === "runs" ? run.runs : [];
    }),
  );
  return runs.length === 0 ? undefined : { kind: "runs", runs };
}

/** `yarn workspace NAME verb …` works in another directory. */
function workspaceDirectory(call: ManagerCall, image: ImageView): ImagePath | undefined {
  if (call.verb !== "workspace" || !call.manager.startsWith("yarn")) return undefined;
  const name = call.rest[0]?.text;
  return workspaceOf(call.directory, image)?.members.find((member) => member.name === name)?.directory;
}

/** `yarn build` is a script of that name, else an executable of a library. */
function shorthand(
  verb: string,
  rest: readonly Argument[],
  manifest: Manifest | undefined,
  command: ResolvedCommand,
): Delegation | undefined {
  if (manifest?.scripts[verb] !== undefined)
    return runScript([{ text: verb, known: true, glob: false }, ...rest], manifest, command);
  if (verb === "" || verb.startsWith("-")) return undefined;
  return executes(command, [{ text: verb, known: true, glob: false }, ...rest], manifest);
}

/** Runs `pre<name>`, `<name>`, `post<name>`. */
function runScript(fields: readonly Argument[], manifest: Manifest | undefined, command: ResolvedCommand): Delegation {
  const at = fields.findIndex((field) => !field.text.startsWith("-"));
  const name = fields[at]?.text ?? "";
  const ifPresent = fields.some((field) => field.text === "--if-present");
  const script = manifest?.scripts[name] ?? (name === "start" ? serverDefault(manifest) : undefined);
  if (manifest === undefined || script === undefined)
    return ifPresent || at < 0 ? { kind: "runs", runs: [] } : { kind: "missing", name };
  const given = fields
    .slice(at + 1)
    .filter(
      (field, index, all) =>
        !(field.text === "--" && all.findIndex((f) => f.text === "--") === index) && field.text !== "--if-present",
    );
  const main = given.length === 0 ? script : `${script} ${quoteWords(given.map((field) => field.text))}`;
  const texts = [manifest.scripts[`pre${name}`], main, manifest.scripts[`post${name}`]].filter(
    (text) => text !== undefined,
  );
  return { kind: "runs", manifest, runs: texts.map((text) => scriptRun(text, manifest.directory, command)) };
}

/** "start" without a script runs `node server.js` (npm documentation, npm-start). */
function serverDefault(manifest: Manifest | undefined): string | undefined {
  return manifest === undefined ? undefined : "node server.js";
}

function scriptRun(script: string, directory: ImagePath, command: ResolvedCommand): ScriptRun {
  return { script, workdir: directory, environment: scriptEnvironment(command, directory) };
}

/** `npx -p x y`, `npm exec -- y`, `pnpm dlx y`: the executable y. */
function executes(command: ResolvedCommand, fields: readonly Argument[], manifest: Manifest | undefined): Delegation {
  const words = fields.map((field) => field.text);
  const called = words.findIndex((word) => word === "-c" || word === "--call");
  const at = words.findIndex(
    (word, index) => !word.startsWith("-") && !/^(?:-p|--package)$/.test(words[index - 1] ?? ""),
  );
  const script =
    called >= 0
      ? (words[called + 1] ?? "")
      : at < 0
        ? ""
        : quoteWords([withoutVersion(words[at] ?? ""), ...words.slice(at + 1)]);
  const environment = scriptEnvironment(command, manifest?.directory ?? command.workdir);
  return { kind: "runs", runs: script === "" ? [] : [{ script, workdir: command.workdir, environment }] };
}

/** `typescript@5` runs as `typescript`. */
function withoutVersion(name: string): string {
  return name.replace(/(?<=.)@[^/]*$/, "");
}

/** Programs that only run others; `undefined` for any other command. */
export function wrapperDelegation(command: ResolvedCommand, image: ImageView): Delegation | undefined {
  const fields = command.argv.slice(1);
  const words = fields.map((field) => field.text);
  switch (command.name) {
    case "npx":
    case "pnpx":
    case "bunx":
      return executes(command, fields, nearestManifest(command.workdir, image));
    case "turbo":
    case "lerna":
      return taskDelegation(command, image);
    case "cross-env":
    case "cross-env-shell":
      return plain(command, quoteWithAssignments(words));
    case "nyc":
    case "c8":
      return plain(command, quoteWords(afterOptions(words)));
    case "dotenv":
    case "env-cmd":
    case "dotenvx":
      return plain(
        command,
        quoteWords(words.includes("--") ? words.slice(words.indexOf("--") + 1) : afterOptions(words)),
      );
    case "run-s":
    case "run-p":
    case "npm-run-all":
    case "npm-run-all2":
      return scriptsByPattern(words, command, image);
    case "concurrently":
    case "conc":
      return concurrently(words, command, image);
    default:
      return undefined;
  }
}

function plain(command: ResolvedCommand, script: string): Delegation {
  const { workdir, environment } = command;
  return { kind: "runs", runs: script === "" ? [] : [{ script, workdir, environment }] };
}

function afterOptions(words: readonly string[]): readonly string[] {
  const valued = /^(?:-f|-e|-r|-x|-n|-v|--file|--reporter|--include|--exclude|--environments)$/;
  let at = 0;
  while (at < words.length && words[at]?.startsWith("-") === true) at += valued.test(words[at] ?? "") ? 2 : 1;
  return words.slice(at);
}

function quoteWithAssignments(words: readonly string[]): string {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const assigned = words.slice(0, first < 0 ? words.length : first).map((word) => {
    const equals = word.indexOf("=");
    return `${word.slice(0, equals)}=${quoteWords([word.slice(equals + 1)]) || "''"}`;
  });
  return first < 0 ? "" : [...assigned, quoteWords(words.slice(first))].join(" ");
}

/** Patterns of npm-run-all: `*` stands for a part between colons, `**` for any (npm-run-all documentation). */
function scriptsByPattern(words: readonly string[], command: ResolvedCommand, image: ImageView): Delegation {
  const manifest = nearestManifest(command.workdir, image);
  const names = words.filter((word) => !word.startsWith("-"));
  if (manifest === undefined) return { kind: "missing", name: names[0] ?? "" };
  const runs: ScriptRun[] = [];
  for (const name of names) {
    const [pattern = "", ...given] = name.split(" ");
    const found = pattern.includes("*")
      ? Object.keys(manifest.scripts).filter((key) => matchesName(pattern, key))
      : [pattern];
    for (const one of found) {
      const fields = [one, ...given].map((text) => ({ text, known: true, glob: false }));
      const run = runScript(fields, manifest, command);
      if (run.kind === "missing") return run;
      runs.push(...run.runs);
    }
  }
  return { kind: "runs", runs, manifest };
}

/** `*` stands for a part of a name between colons, `**` for any parts. */
function matchesName(pattern: string, name: string): boolean {
  const parts = pattern
    .split(":")
    .map((part) => (part === "**" ? ANY : (given: string) => matchesWildcard(part, given)));
  return matchesSequence(parts, name.split(":"));
}

/** `concurrently "npm:build-*" "tsc -w"`: each operand is a shell text. */
function concurrently(words: readonly string[], command: ResolvedCommand, image: ImageView): Delegation {
  const texts = words.filter(
    (word, at) =>
      !word.startsWith("-") &&
      !/^(?:-n|--names|-c|--prefix-colors|-p|--prefix|-s|--success|-l|-m)$/.test(words[at - 1] ?? ""),
  );
  const runs: ScriptRun[] = [];
  for (const text of texts) {
    const named = /^(?:npm|yarn|pnpm):(.+)$/.exec(text)?.[1];
    const found = named === undefined ? plain(command, text) : scriptsByPattern([named], command, image);
    if (found.kind === "missing") return found;
    runs.push(...found.runs);
  }
  return { kind: "runs", runs };
}
