/**
 * `make` and `./script.sh`: commands that run other commands which the project holds.
 *
 *     make build               the recipe lines of "build" and of what it depends on
 *     sh scripts/build.sh      the script's own lines
 *
 * What the lines do is for the other ecosystems to say.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import { readUnseenMake } from "../c/build-systems.ts";
import type {
  Argument,
  Ecosystem,
  Effect,
  Environment,
  ImageView,
  ResolvedCommand,
  SymbolicText,
} from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { expandMake, makeRecipe, readMakefile } from "./makefile.ts";

const SHELLS = new Set(["sh", "bash", "ash", "dash", "source", "."]);

export const make: Ecosystem = {
  name: "make",
  interpret(command, image) {
    if (command.name === "make" || command.name === "gmake") return readMake(command, image);
    return readScript(command, image);
  },
  needs: () => undefined,
  runtimeBases: () => undefined,
};

function readMake(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, ["-f", "--file", "-C", "--directory", "-j", "--jobs"]);
  const changed = values.get("-C") ?? values.get("--directory");
  const workdir = changed === undefined ? command.workdir : imagePath(changed.text, command.workdir);
  const text = makefileText(workdir, (values.get("-f") ?? values.get("--file"))?.text, image);
  const given = operands.filter((field) => field.text.includes("="));
  const targets = operands
    .filter((field) => !field.text.includes("=") && !/^\d+$/.test(field.text))
    .map((field) => field.text);
  if (text === undefined) return readUnseenMake(command, workdir, targets, assignments(given), image);
  const makefile = readMakefile(text, assignments(given), known(command.environment));
  const lines = makeRecipe(makefile, targets);
  if (lines === undefined)
    return [{ kind: "unknown", why: `the makefile has no plain rule for "${targets.join(" ")}"` }];
  const exported = [...makefile.exported].flatMap((name): (readonly [string, SymbolicText])[] => {
    const value = makefile.variables.get(name);
    return value === undefined ? [] : [[name, symbolic(expandMake(value, makefile.variables))]];
  });
  const environment = new Map([...command.environment, ...exported]);
  return lines.map((script) => ({ kind: "runs", script, workdir, environment, because: command.because }));
}

function symbolic(text: string): SymbolicText {
  return { text, known: !text.includes("$") };
}

function makefileText(workdir: ImagePath, named: string | undefined, image: ImageView): string | undefined {
  const names = named === undefined ? ["GNUmakefile", "makefile", "Makefile"] : [named];
  return names.map((name) => image.read(imagePath(name, workdir))).find((text) => text !== undefined);
}

function assignments(fields: readonly { readonly text: string }[]): ReadonlyMap<string, string> {
  return new Map(
    fields.map((field): [string, string] => {
      const equals = field.text.indexOf("=");
      return [field.text.slice(0, equals), field.text.slice(equals + 1)];
    }),
  );
}

function known(environment: Environment): ReadonlyMap<string, string> {
  return new Map(
    [...environment]
      .filter(([, value]) => value.known)
      .map(([name, value]) => [name, value.text.replaceAll("$", "$$$$")]),
  );
}

/** A shell script of the project, started by its path or by a shell, or a text that a shell is given: `sh -c "make all"`. */
function readScript(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const isShell = SHELLS.has(command.name);
  const text = isShell ? command.argv.findIndex((field, at) => at > 0 && /^-[a-z]*c$/.test(field.text)) : -1;
  if (text > 0) return readText(command, text + 1);
  const at = isShell ? command.argv.findIndex((field, index) => index > 0 && !field.text.startsWith("-")) : 0;
  const script = command.argv[at];
  if (at < 0 || script === undefined || !script.known) return undefined;
  if (!isShell && !script.text.includes("/")) return undefined;
  const body = image.read(imagePath(script.text, command.workdir));
  if (body === undefined) return undefined;
  const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body);
  const interpreter = baseName(shebang?.[1] ?? "sh") === "env" ? (shebang?.[2] ?? "") : baseName(shebang?.[1] ?? "sh");
  return SHELLS.has(interpreter) ? [runs(command, body, command.argv.slice(at + 1))] : undefined;
}

/** `sh -c text name arguments`; the name is `$0`. */
function readText(command: ResolvedCommand, at: number): readonly Effect[] | undefined {
  const script = command.argv[at];
  return script?.known === true ? [runs(command, script.text, command.argv.slice(at + 2))] : undefined;
}

function runs(command: ResolvedCommand, script: string, given: readonly Argument[]): Effect {
  const { workdir, because } = command;
  return { kind: "runs", script, workdir, environment: withArguments(command.environment, given), because };
}

/** `$1`, `$2` … and `$#` of a script; those of the script that calls it are out of sight. */
function withArguments(environment: Environment, given: readonly Argument[]): Environment {
  const outer = [...environment].filter(([name]) => !/^(?:\d+|#)$/.test(name));
  const numbered = given.map(({ text, known }, at): [string, SymbolicText] => [String(at + 1), { text, known }]);
  return new Map([...outer, ...numbered, ["#", { text: String(given.length), known: true }]]);
}
