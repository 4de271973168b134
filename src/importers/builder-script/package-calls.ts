/**
 * Commands that run a script of a package.json.
 *
 *     npm run docker:build        the script with its hooks, in the package's directory
 *     yarn docker:build           the same, where yarn has no command of that name
 *     npm --prefix web test       of another package
 *
 * Left alone: workspaces and filters, and calls that hand arguments on, since a script takes them at its end.
 */
import { posix } from "node:path";
import { packageScript } from "../../drivers/package-json.ts";
import { type Field, fieldValue, knownText } from "../../shell/symbolic.ts";
import { type HostPath, hostDirectory, hostPath, ROOT } from "../../text/paths.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { absolutePath } from "./values.ts";

/** `undefined` where the command runs no script that is known. */
export function readPackageCall(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  if (name !== "npm" && name !== "yarn" && name !== "pnpm") return undefined;
  const words = operands.map((field) => knownText(fieldValue(field)));
  if (!words.every((word) => word !== undefined)) return undefined;
  const { directory, rest } = withoutOptions(words);
  const script = scriptName(name, rest);
  const cwd = absolutePath(context.shell.cwd, directory ?? ".");
  const folder = context.checkoutAt(cwd);
  const from = folder === undefined ? undefined : hostPath(folder === "" ? "." : folder);
  if (script === undefined || from === undefined) return undefined;
  const package_ = nearestPackage(context, from);
  const units = package_ === undefined ? undefined : packageScript(context.files, package_, script);
  if (package_ === undefined || units === undefined) return undefined;
  const place = absolutePath(cwd, posix.relative(from, package_) || ".");
  if (context.checkoutAt(place) !== package_) return undefined;
  return { ...PLAIN, called: { units, apart: true, cwd: place, positional: [] } };
}

/** `--prefix DIR`, `--cwd DIR`, `-C DIR`, and switches, which change nothing here. */
function withoutOptions(words: readonly string[]): { readonly directory?: string; readonly rest: readonly string[] } {
  const option = /^(?:--prefix|--cwd|--dir|-C)(?:=|$)/;
  const isValue = (at: number): boolean => option.test(words[at - 1] ?? "") && !words[at - 1]?.includes("=");
  const found = words.findIndex((word) => option.test(word));
  const [, written] = /=(.*)$/s.exec(words[found] ?? "") ?? [];
  const directory = found < 0 ? undefined : (written ?? words[found + 1]);
  const rest = words.filter(
    (word, at) => !option.test(word) && !isValue(at) && !/^-(?:s|-silent|q|-quiet)$/.test(word),
  );
  return directory === undefined ? { rest } : { directory, rest };
}

const OWN_SCRIPTS = /^(?:test|start|stop|restart)$/;

/** The script's name, where nothing is handed on to it. */
function scriptName(program: string, [first, second, ...others]: readonly string[]): string | undefined {
  if (first === "run" || first === "run-script") return others.length === 0 ? second : undefined;
  const direct = program !== "npm" || OWN_SCRIPTS.test(first ?? "");
  return direct && second === undefined && first?.startsWith("-") === false ? first : undefined;
}

function nearestPackage({ files }: CommandContext, from: HostPath): HostPath | undefined {
  for (let folder = from; ; folder = hostDirectory(folder)) {
    const path = hostPath(`${folder}/package.json`);
    if (path !== undefined && files.entry(path)?.kind === "file") return folder;
    if (folder === ROOT) return undefined;
  }
}
