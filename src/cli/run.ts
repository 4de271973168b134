/**
 * One run of the command line, from its words to an exit code:
 *
 *     await run(["migrate", "--check"], host)      // 1: there is something to migrate
 *
 * Each command is loaded only when it is asked for, so that `--version` starts as fast as Node does.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { assertNever } from "../text/assert-never.ts";
import { VERSION } from "../version.ts";
import { type Command, parseArguments } from "./arguments.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Host } from "./host.ts";

/** Never throws: what goes wrong inside is said, as JSON where JSON is expected. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  try {
    return await parseAndDispatch(argv, host);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (host.env.RESTAGE_DEBUG === "1" && error instanceof Error) host.stderr.write(`${error.stack}\n`);
    return say(argv, host, diagnostic("internal-error", { problem }), EXIT.failed);
  }
}

async function parseAndDispatch(argv: readonly string[], host: Host): Promise<ExitCode> {
  const parsed = parseArguments(argv);
  switch (parsed.kind) {
    case "version":
      host.stdout.write(`${VERSION}\n`);
      return EXIT.done;
    case "help":
      host.stdout.write(await (await import("./help.ts")).helpText(parsed.argv, host.stdout.columns));
      return EXIT.done;
    case "wizard":
      return wizard(parsed.plain, argv, host);
    case "usage":
      return say(argv, host, usage(parsed.problem, parsed.command), EXIT.usage);
    case "command":
      return dispatch(parsed.command, host);
  }
}

async function dispatch(command: Command, host: Host): Promise<ExitCode> {
  switch (command.name) {
    case "migrate":
      return (await import("./commands/migrate.ts")).runMigrate(command, host);
    case "scan":
      return (await import("./commands/scan.ts")).runScan(command, host);
    case "explain":
      return (await import("./commands/explain.ts")).runExplain(command, host);
    case "verify":
      return (await import("./commands/verify.ts")).runVerify(command, host);
    case "batch":
      return (await import("./commands/batch.ts")).runBatch(command, host);
    case "review":
      return (await import("./commands/review.ts")).runReview(command, host);
    case "undo":
      return (await import("./commands/undo.ts")).runUndo(command, host);
    default:
      return assertNever(command);
  }
}

/** Nobody can answer where input or output is no terminal. */
async function wizard(plain: boolean, argv: readonly string[], host: Host): Promise<ExitCode> {
  if (host.ask === undefined) return say(argv, host, diagnostic("command-missing", {}), EXIT.usage);
  const { runWizard } = await import("./wizard/wizard.ts");
  const options = { plain: plain || host.env.TERM === "dumb", rows: host.stdout.rows ?? 24 };
  return runWizard(host, await host.ask(options), options);
}

function usage(problem: string, command: string): Diagnostic {
  return diagnostic("command-line-invalid", { problem, command });
}

/** A problem before or instead of an answer. */
async function say(argv: readonly string[], host: Host, problem: Diagnostic, exit: ExitCode): Promise<ExitCode> {
  const { locate } = await import("../diagnostics/to-json.ts");
  const { printMigrations } = await import("./document.ts");
  const { reportDiagnostics } = await import("./report.ts");
  const located = locate(problem);
  if (wantsJson(argv)) printMigrations(host, { diagnostics: [located], migrations: [] });
  else reportDiagnostics(host, [located], () => undefined);
  return exit;
}

/** The command line may be wrong elsewhere; whoever asked for JSON gets JSON. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  return options.includes("--json") || options.includes("--json=true");
}
