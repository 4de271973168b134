/**
 * The program that a `node` command line starts:
 *
 *     node --max-old-space-size=512 -r dotenv/config dist/server.js --port 80
 *     // { script: "dist/server.js", preloads: ["dotenv/config"], files: [] }
 *
 * Options: https://nodejs.org/api/cli.html.
 */
import type { Argument } from "../ecosystem.ts";

export interface NodeCommand {
  /** The script operand; absent for `node -e` and the prompt. */
  readonly script?: Argument;
  /** Modules of `-r`, `--import` and `--loader`. */
  readonly preloads: readonly string[];
  /** Files of `--env-file`. */
  readonly files: readonly string[];
  /** Code on the command line. */
  readonly inline: boolean;
}

const PRELOADS = /^(?:-r|--require|--import|--loader|--experimental-loader)$/;
const ENV_FILE = /^--env-file(?:-if-exists)?$/;
/** Options that take a value as the next field. */
const VALUED =
  /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--env-file-if-exists|--inspect-port|--title|--icu-data-dir|--openssl-config|--diagnostic-dir|--redirect-warnings|--trace-event-categories)$/;

export function readNodeCommand(argv: readonly Argument[]): NodeCommand {
  const preloads: string[] = [];
  const files: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const field = argv[at];
    if (field === undefined) break;
    if (field.text === "--") return withScript(argv[at + 1], preloads, files);
    if (!field.text.startsWith("-")) return withScript(field, preloads, files);
    const equals = field.text.indexOf("=");
    const name = equals < 0 ? field.text : field.text.slice(0, equals);
    if (/^(?:-e|--eval|-p|--print|-pe|-i|--interactive)$/.test(name)) return { preloads, files, inline: true };
    const next = equals < 0 && VALUED.test(name) ? argv[++at]?.text : field.text.slice(equals + 1);
    if (next !== undefined && PRELOADS.test(name)) preloads.push(next);
    if (next !== undefined && ENV_FILE.test(name)) files.push(next);
  }
  return { preloads, files, inline: false };
}

function withScript(script: Argument | undefined, preloads: readonly string[], files: readonly string[]): NodeCommand {
  return { preloads, files, inline: false, ...(script === undefined ? {} : { script }) };
}
