/**
 * Help, and completion in a shell, by yargs:
 *
 *     helpText(["migrate", "--help"], 80)                      // "restage migrate [dir] …"
 *     helpText(["--get-yargs-completions", "restage", "mi"], 80)   // "migrate\n"
 *
 * Loaded only for these: reading a command line needs no library, and yargs takes as long to load as Node itself.
 */
import yargs, { type Argv } from "yargs";
import { COMMANDS, type CommandRow } from "./commands.ts";

/** What yargs prints for a command line that asks for help, for the completion script, or for completions. */
export async function helpText(argv: readonly string[], columns: number): Promise<string> {
  let output = "";
  await program(Math.min(columns, 100)).parseAsync([...argv], {}, (_error: unknown, _values: unknown, text: string) => {
    output += text;
  });
  return output === "" ? "" : `${output}\n`;
}

function program(width: number): Argv {
  const start = yargs()
    .scriptName("restage")
    .usage("$0 COMMAND\n\nTurns legacy Docker builds into multi-stage Dockerfiles, and explains every line.")
    .detectLocale(false)
    .exitProcess(false)
    .help()
    .alias("help", "h")
    .version(false)
    .wrap(width);
  return COMMANDS.reduce<Argv>((parser, row) => addCommand(parser, row), start)
    .option("version", { type: "boolean", global: false, describe: "Show the version" })
    .example("$0 migrate", "show what would change in this directory")
    .example("$0 migrate --write", "change it")
    .example("$0 undo", "take that back")
    .epilogue(
      "Exit codes: 0 done, 1 a refusal, an error, or --check found something, 2 wrong usage, 3 no container engine, 130 interrupted.",
    );
}

function addCommand(parser: Argv, row: CommandRow): Argv {
  const operand = { none: "", dir: " [dir]", dirs: " [dirs..]", input: " INPUT", run: " RUN" }[row.operands];
  return parser.command(
    `${row.name}${operand}`,
    row.describe,
    (command) => describe(command, row),
    () => {
      if (row.name === "completion") parser.showCompletionScript();
    },
  );
}

function describe(parser: Argv, { operands, options, examples }: CommandRow): Argv {
  if (operands === "dir") parser.positional("dir", { type: "string", default: ".", describe: "the project's root" });
  if (operands === "dirs")
    parser.positional("dirs", { type: "string", describe: "roots of projects; this directory if none" });
  for (const { name, short, kind, describe } of options) {
    const alias = short === undefined ? {} : { alias: short };
    parser.option(name, { type: kind === "flag" ? "boolean" : "string", describe, ...alias });
  }
  for (const [line, describe] of examples) parser.example(`$0 ${line}`, describe);
  return parser;
}
