/**
 * The command line as data:
 *
 *     parseArguments(["migrate", "--json", "shop"])     // { kind: "command", command: { name: "migrate", json: true, … } }
 *     parseArguments(["migrate", "--jsno"])             // { kind: "usage", problem: 'the option "--jsno" is unknown' }
 *
 * Strict: what is not understood is an error, and so is a single-valued option given twice. Nothing is run from here.
 */
import yargs, { type Argv } from "yargs";

/** Options that limit the answer, or give answers beforehand. */
export interface SetupOptions {
  readonly dockerfile?: string;
  readonly script?: string;
  readonly answers?: string;
}

export interface MigrateArguments extends SetupOptions {
  readonly name: "migrate";
  readonly directory: string;
  readonly write: boolean;
  readonly force: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly patch?: string;
}

export interface ScanArguments {
  readonly name: "scan";
  readonly directories: readonly string[];
  readonly json: boolean;
}

export interface ExplainArguments extends SetupOptions {
  readonly name: "explain";
  readonly directory: string;
}

export interface UndoArguments {
  readonly name: "undo";
  readonly directory: string;
}

export type Command = MigrateArguments | ScanArguments | ExplainArguments | UndoArguments;

export type Parsed =
  | { readonly kind: "command"; readonly command: Command }
  /** Help, or the script for shell completion: to be printed. */
  | { readonly kind: "text"; readonly text: string }
  /** `command` is the one whose help applies, or `""`. */
  | { readonly kind: "usage"; readonly problem: string; readonly command: string };

type Values = Readonly<Record<string, unknown>>;

const SINGLE = ["answers", "dockerfile", "patch", "script"] as const;
const COMMANDS = ["completion", "explain", "migrate", "scan", "undo"] as const;

/** `argv` is without the interpreter and the program's name. */
export async function parseArguments(argv: readonly string[]): Promise<Parsed> {
  const name = COMMANDS.find((command) => command === argv[0]) ?? "";
  const early = misplaced(argv, name) ?? notBoolean(argv);
  if (early !== undefined) return { kind: "usage", problem: early, command: name };
  let output = "";
  let problem: string | undefined;
  const parser = commandLine().fail((message: string | undefined, error: Error | undefined) => {
    problem ??= describe(message ?? error?.message ?? "the command line is not understood", argv, name);
  });
  const values: Values = await parser.parseAsync([...argv], {}, (_error: unknown, _values: unknown, text: string) => {
    output += text;
  });
  if (problem !== undefined) return { kind: "usage", problem, command: name };
  if (output !== "") return { kind: "text", text: `${output}\n` };
  return read(name, values);
}

/** An option before the command would swallow the command's name as its value. */
function misplaced(argv: readonly string[], name: string): string | undefined {
  const [first = ""] = argv;
  const known = name !== "" || !first.startsWith("-") || ["--help", "-h", "--get-yargs-completions"].includes(first);
  return known ? undefined : `"${first}" stands before the command`;
}

function notBoolean(argv: readonly string[]): string | undefined {
  const [, option, value] = /(?:^|\0)--(write|force|check|json)=([^\0]*)/.exec(argv.join("\0")) ?? [];
  return value === undefined || ["true", "false"].includes(value)
    ? undefined
    : `the option "--${option}" takes no value`;
}

function commandLine(): Argv {
  const parser = yargs();
  return parser
    .scriptName("restage")
    .usage("$0 COMMAND\n\nTurns legacy Docker builds into multi-stage Dockerfiles, and explains every line.")
    .detectLocale(false)
    .exitProcess(false)
    .version(false)
    .help()
    .alias("help", "h")
    .strict()
    .recommendCommands()
    .wrap(100)
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .command("migrate [dir]", "print, or write, the migration as an explained diff", migrateOptions)
    .command("scan [dirs..]", "list the builds that are there, and what they would gain", scanOptions)
    .command("explain [dir]", "show each line of the result with the reason why it is there", explainOptions)
    .command("undo [dir]", "restore what was last written, byte for byte", undoOptions)
    .command("completion", "print a script that completes commands and options in bash or zsh", {}, () => {
      parser.showCompletionScript();
    })
    .option("version", { type: "boolean", global: false, describe: "print the version" })
    .example("$0 migrate", "show what would change in this directory")
    .example("$0 migrate --write", "change it")
    .epilogue("Exit codes: 0 done, 1 an error in the project or --check found something, 2 wrong usage.");
}

function directory(parser: Argv): Argv {
  return parser.positional("dir", { type: "string", default: ".", describe: "the project's root" });
}

function setupOptions(parser: Argv): Argv {
  return parser
    .option("dockerfile", { type: "string", requiresArg: true, describe: "only the build of this Dockerfile" })
    .option("script", { type: "string", requiresArg: true, describe: "only the build that this script runs" })
    .option("answers", { type: "string", requiresArg: true, describe: "a YAML file with answers to decisions" });
}

function migrateOptions(parser: Argv): Argv {
  return setupOptions(directory(parser))
    .option("write", { type: "boolean", default: false, describe: "change the files, all or none" })
    .option("force", { type: "boolean", default: false, describe: "write files with uncommitted changes too" })
    .option("patch", { type: "string", requiresArg: true, describe: "put the patch into this file; - is stdout" })
    .option("json", { type: "boolean", default: false, describe: "print one JSON document instead" })
    .option("check", { type: "boolean", default: false, describe: "exit with 1 when there is something to migrate" })
    .example("$0 migrate | git apply", "apply the diff with git (at the top of a repository)")
    .example("$0 migrate --script build.sh --write", "migrate the build that build.sh runs")
    .example("$0 migrate --check", "keep a repository from going back, in continuous integration");
}

function scanOptions(parser: Argv): Argv {
  return parser
    .positional("dirs", { type: "string", array: true, describe: "projects [default: this directory]" })
    .option("json", { type: "boolean", default: false, describe: "print one JSON document instead" })
    .example("$0 scan repos/*", "look through many projects");
}

function explainOptions(parser: Argv): Argv {
  return setupOptions(directory(parser)).example(
    "$0 explain --dockerfile Dockerfile",
    "explain the result for one file",
  );
}

function undoOptions(parser: Argv): Argv {
  return directory(parser).example("$0 undo", "take the last --write back");
}

/** Says it as this tool says things, with the words as they were typed: yargs names options bare. */
function describe(message: string, argv: readonly string[], command: string): string {
  const [, unknown] = /^Unknown (?:argument|command)s?: (.+)$/.exec(message) ?? [];
  if (unknown !== undefined) return describeUnknown(unknown.split(", ")[0] ?? "", argv, command);
  const [, missing] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (missing !== undefined) return `the option "--${missing}" needs a value`;
  const [, similar] = /^Did you mean (.+)\?$/.exec(message) ?? [];
  return similar === undefined ? message : `the command "${argv[0]}" is unknown; did you mean "${similar}"?`;
}

function describeUnknown(name: string, argv: readonly string[], command: string): string {
  const option = argv.find((word) => word.replace(/^-+/, "").split("=")[0] === name && word.startsWith("-"));
  if (option !== undefined) return `the option "${option.split("=")[0]}" is unknown`;
  return command === "" ? `the command "${name}" is unknown` : `"${name}" is one operand too many`;
}

function read(name: (typeof COMMANDS)[number] | "", values: Values): Parsed {
  const twice = SINGLE.find((option) => Array.isArray(values[option]));
  if (twice !== undefined) return { kind: "usage", problem: `the option "--${twice}" is given twice`, command: name };
  const empty = SINGLE.find((option) => values[option] === "");
  if (empty !== undefined) return { kind: "usage", problem: `the option "--${empty}" needs a value`, command: name };
  const operands = operandsOf(values);
  if (name !== "scan" && operands.length > 1)
    return { kind: "usage", problem: `"${operands[1]}" is one operand too many`, command: name };
  const command = commandOf(name, values, operands);
  if (command !== undefined) return { kind: "command", command };
  return { kind: "usage", problem: "no command is given", command: "" };
}

/** Directories before and after `--`. */
function operandsOf({ dir, dirs, _ }: Values): readonly string[] {
  const after = texts(_).slice(1);
  const before = dirs === undefined ? [text(dir) ?? "."] : texts(dirs);
  return dir === "." && after.length > 0 ? after : [...before, ...after];
}

function commandOf(name: string, values: Values, operands: readonly string[]): Command | undefined {
  const flag = (option: string) => values[option] === true;
  const [first = "."] = operands;
  const patch = text(values.patch);
  switch (name) {
    case "migrate":
      return {
        name,
        directory: first,
        write: flag("write"),
        force: flag("force"),
        check: flag("check"),
        json: flag("json"),
        ...(patch === undefined ? {} : { patch }),
        ...limits(values),
      };
    case "scan":
      return { name, directories: operands.length > 0 ? operands : ["."], json: flag("json") };
    case "explain":
      return { name, directory: first, ...limits(values) };
    case "undo":
      return { name, directory: first };
    default:
      return undefined;
  }
}

function limits(values: Values): SetupOptions {
  const dockerfile = text(values.dockerfile);
  const script = text(values.script);
  const answers = text(values.answers);
  return {
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(script === undefined ? {} : { script }),
    ...(answers === undefined ? {} : { answers }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
