/**
 * Commands that run a script of a package.json.
 *
 *     npm run docker:build        the script with its hooks, in the package's directory
 *     yarn docker:build           the same, where yarn has no command of that name
 *     npm --prefix web test       of another package
 *     run-s build push            one after another (https://github.com/mysticatea/npm-run-all)
 *
 * Left alone: workspaces and filters, and calls that hand arguments on, since a script takes them at its end.
 */
import { posix } from "node:path";
import { packageScript } from "../../drivers/package-json.ts";
import { callsEngine } from "../../shell/engine-text.ts";
import { type Field, fieldValue, knownText } from "../../shell/symbolic.ts";
import { type HostPath, hostDirectory, hostPath, ROOT } from "../../text/paths.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { absolutePath } from "./values.ts";

/** `undefined` where the command runs no script that is known. */
export function readPackageCall(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  if (/^(?:npm-run-all|run-s|run-p)$/.test(name)) return readRunAll(operands, context);
  if (name !== "npm" && name !== "yarn" && name !== "pnpm") return undefined;
  const words = operands.map((field) => knownText(fieldValue(field)));
  if (!words.every((word) => word !== undefined)) return undefined;
  const { directory, rest } = withoutOptions(words);
  const script = scriptName(name, rest);
  const package_ = packageAround(context, absolutePath(context.shell.cwd, directory ?? "."));
  if (script === undefined || package_ === undefined) return undefined;
  const units = packageScript(context.files, package_.folder, script);
  return units && { ...PLAIN, called: { units, apart: true, cwd: package_.cwd, positional: [] } };
}

/** The package that a directory belongs to, by its folder in the checkout and its path here. */
function packageAround(
  context: CommandContext,
  cwd: string,
): { readonly folder: HostPath; readonly cwd: string } | undefined {
  const seen = context.checkoutAt(cwd);
  const from = seen === undefined ? undefined : hostPath(seen === "" ? "." : seen);
  const folder = from === undefined ? undefined : nearestPackage(context, from);
  if (from === undefined || folder === undefined) return undefined;
  const place = absolutePath(cwd, posix.relative(from, folder) || ".");
  return context.checkoutAt(place) === folder ? { folder, cwd: place } : undefined;
}

/** Scripts by their names, in the order in which they stand; patterns are not read, which is said. */
function readRunAll(operands: readonly Field[], context: CommandContext): Done | undefined {
  const words = operands.map((field) => knownText(fieldValue(field)));
  const names = words.filter((word) => word === undefined || !word.startsWith("-"));
  const package_ = packageAround(context, context.shell.cwd);
  if (package_ === undefined) return undefined;
  const { folder, cwd } = package_;
  const units = names.map((word) => (word === undefined ? undefined : packageScript(context.files, folder, word)));
  if (units.every((unit) => unit !== undefined))
    return { ...PLAIN, called: { units: units.flat(), apart: true, cwd, positional: [] } };
  const read = context.files.read(hostPath(`${folder}/package.json`) ?? folder);
  const calls = read.ok && callsEngine(read.text);
  return calls ? { ...PLAIN, doubtful: true, effects: [unread(context.fields)] } : undefined;
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
