/**
 * The command line as data:
 *
 *     parseArguments(["migrate", "--json", "shop"])     // { kind: "command", command: { name: "migrate", json: true, … } }
 *     parseArguments(["migrate", "--jsno"])             // { kind: "usage", problem: 'the option "--jsno" is unknown' }
 *
 * Strict: what is not understood is an error, and so is a single-valued option given twice. Nothing is run from here.
 */
import { parseArgs } from "node:util";
import { COMMANDS, type CommandName, type CommandRow } from "./commands.ts";

/** Options that limit the answer, or give answers beforehand. */
export interface SetupOptions {
  readonly dockerfile?: string;
  readonly script?: string;
  readonly answers?: string;
  /** Decisions without an answer take the option with the smallest image. */
  readonly smallest?: true;
}

export interface MigrateArguments extends SetupOptions {
  readonly name: "migrate";
  readonly directory: string;
  readonly write: boolean;
  readonly force: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly patch?: string;
  /** Build and run the old images first, and plan with what they show. */
  readonly observe: boolean;
  readonly yes: boolean;
  /** As they were typed; only for `observe`. */
  readonly networks: Readonly<Partial<Record<"build-network" | "run-network", string>>>;
}

export interface ScanArguments {
  readonly name: "scan";
  readonly directories: readonly string[];
  readonly json: boolean;
}

export interface ExplainArguments extends SetupOptions {
  readonly name: "explain";
  readonly directory: string;
  readonly markdown: boolean;
}

export interface UndoArguments {
  readonly name: "undo";
  readonly directory: string;
}

export interface VerifyArguments extends SetupOptions {
  readonly name: "verify";
  readonly directory: string;
  readonly yes: boolean;
  readonly repair: boolean;
  readonly write: boolean;
  readonly runScript: boolean;
  readonly prune: boolean;
  /** Builds may take the engine's cache, so that their times say nothing. */
  readonly cached: boolean;
  readonly json: boolean;
  /** As they were typed; the command checks them, together with what `.restage.yml` says. */
  readonly given: Readonly<Partial<Record<VerifyValue, string>>>;
}

export interface BatchArguments {
  readonly name: "batch";
  readonly input: string;
  readonly out?: string;
  readonly nul: boolean;
  readonly json: boolean;
  readonly answers?: string;
  readonly smallest?: true;
}

export interface ReviewArguments {
  readonly name: "review";
  readonly run: string;
  readonly html?: string;
}

export type VerifyValue =
  | "after"
  | "before"
  | "budget"
  | "build-network"
  | "html"
  | "port"
  | "request"
  | "run-network"
  | "timeout";

export type Command =
  | MigrateArguments
  | ScanArguments
  | ExplainArguments
  | UndoArguments
  | VerifyArguments
  | BatchArguments
  | ReviewArguments;

export type Parsed =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "version" }
  /** No command: the wizard, where there is a terminal. */
  | { readonly kind: "wizard"; readonly plain: boolean }
  /** Help, or something for completion; `argv` says of what. */
  | { readonly kind: "help"; readonly argv: readonly string[] }
  /** `command` is the one whose help applies, or `""`. */
  | { readonly kind: "usage"; readonly problem: string; readonly command: string };

/** `argv` is without the interpreter and the program's name. */
export function parseArguments(argv: readonly string[]): Parsed {
  const [first, ...rest] = argv;
  if (first === undefined) return { kind: "wizard", plain: false };
  if (argv.length === 1 && first === "--plain") return { kind: "wizard", plain: true };
  if (argv.length === 1 && first === "--version") return { kind: "version" };
  if (["--help", "-h", "help"].includes(first)) return { kind: "help", argv: [...rest.slice(0, 1), "--help"] };
  if (first === "--get-yargs-completions") return { kind: "help", argv };
  const row = COMMANDS.find(({ name }) => name === first);
  if (row === undefined) return { kind: "usage", problem: unknownCommand(first), command: "" };
  const read = readWords(row, rest);
  if (typeof read === "string") return { kind: "usage", problem: read, command: row.name };
  if (read.help || row.name === "completion")
    return { kind: "help", argv: [row.name, ...(read.help ? ["--help"] : [])] };
  return { kind: "command", command: commandOf(row.name, read) };
}

function unknownCommand(word: string): string {
  if (word.startsWith("-")) return `"${word}" stands before the command`;
  const similar = COMMANDS.find(({ name }) => differsLittle(word, name));
  return `the command "${word}" is unknown${similar === undefined ? "" : `; did you mean "${similar.name}"?`}`;
}

/** One letter too many, missing, wrong, or swapped with its neighbour. */
function differsLittle(word: string, name: string): boolean {
  let start = 0;
  while (start < word.length && word[start] === name[start]) start += 1;
  const [a, b] = [word.slice(start), name.slice(start)];
  const swapped = `${a[1] ?? ""}${a[0] ?? ""}${a.slice(2)}`;
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || swapped === b;
}

interface Words {
  readonly help: boolean;
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly operands: readonly string[];
}

/** The words after the command, or what is wrong with them. */
function readWords(row: CommandRow, args: readonly string[]): Words | string {
  const kinds = new Map(row.options.map(({ name, kind }) => [name, kind]));
  const short = new Map(
    row.options.flatMap(({ name, short }) => (short === undefined ? [] : [[name, short] as const])),
  );
  const types = [...kinds].map(([name, kind]) => {
    const letter = short.get(name);
    const type = kind === "flag" ? "boolean" : "string";
    return [name, { type, ...(letter === undefined ? {} : { short: letter }) }] as const;
  });
  const options = { ...Object.fromEntries(types), help: { type: "boolean", short: "h" } } as const;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const problem = optionProblem(token, kinds, values);
    if (problem !== undefined) return problem;
    if (token.value === undefined) flags.add(token.name);
    else values[token.name] = token.value;
  }
  const most = { none: 0, dir: 1, input: 1, run: 1, dirs: Number.POSITIVE_INFINITY }[row.operands];
  if (operands.length > most) return `"${operands[most]}" is one operand too many`;
  const missing = operands.length === 0 && (row.operands === "input" || row.operands === "run") && !flags.has("help");
  if (missing) return `the ${row.operands === "input" ? "INPUT" : "RUN"} is missing`;
  return { help: flags.has("help"), flags, values, operands };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function optionProblem(
  { name, rawName, value, inlineValue }: OptionToken,
  kinds: ReadonlyMap<string, "flag" | "value">,
  before: Readonly<Record<string, string>>,
): string | undefined {
  const kind = name === "help" ? "flag" : kinds.get(name);
  if (kind === undefined) return `the option "${rawName}" is unknown`;
  if (kind === "flag") return value === undefined ? undefined : `the option "${rawName}" takes no value`;
  // A word such as `--json` in the place of a value is an option whose neighbour's value was forgotten; `-` is a value.
  const forgotten = value === undefined || value === "" || (inlineValue !== true && /^-./.test(value));
  if (forgotten) return `the option "${rawName}" needs a value`;
  return Object.hasOwn(before, name) ? `the option "${rawName}" is given twice` : undefined;
}

function commandOf(name: Exclude<CommandName, "completion">, { flags, values, operands }: Words): Command {
  const [directory = "."] = operands;
  const { dockerfile, script, answers, patch } = values;
  const limits = {
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(script === undefined ? {} : { script }),
    ...(answers === undefined ? {} : { answers }),
    ...(flags.has("smallest") ? { smallest: true as const } : {}),
  };
  switch (name) {
    case "migrate": {
      const [write, force, check, json] = [
        flags.has("write"),
        flags.has("force"),
        flags.has("check"),
        flags.has("json"),
      ];
      const [observe, yes] = [flags.has("observe"), flags.has("yes")];
      const { "build-network": build, "run-network": run } = values;
      const networks = {
        ...(build === undefined ? {} : { "build-network": build }),
        ...(run === undefined ? {} : { "run-network": run }),
      };
      const given = { ...(patch === undefined ? {} : { patch }), ...limits };
      return { name, directory, write, force, check, json, observe, yes, networks, ...given };
    }
    case "scan":
      return { name, directories: operands.length > 0 ? operands : ["."], json: flags.has("json") };
    case "explain":
      return { name, directory, markdown: flags.has("markdown"), ...limits };
    case "undo":
      return { name, directory };
    case "batch": {
      const { out } = values;
      const given = { ...(out === undefined ? {} : { out }), ...limits };
      return { name, input: directory, nul: flags.has("null"), json: flags.has("json"), ...given };
    }
    case "review": {
      const { html } = values;
      return { name, run: directory, ...(html === undefined ? {} : { html }) };
    }
    case "verify": {
      const { dockerfile: _dockerfile, script: _script, answers: _answers, ...given } = values;
      const [yes, repair, write, prune] = [
        flags.has("yes"),
        flags.has("repair"),
        flags.has("write"),
        flags.has("prune"),
      ];
      const [runScript, cached, json] = [flags.has("run-script"), flags.has("cached"), flags.has("json")];
      return { name, directory, yes, repair, write, runScript, prune, cached, json, given, ...limits };
    }
  }
}
