/**
 * What starts when the image runs, with wrappers taken off:
 *
 *     ENTRYPOINT ["/sbin/tini", "--"]     needs the executable tini,
 *     CMD ["sh", "-c", "exec ./app"]      a shell, and starts ./app
 *
 * ENTRYPOINT with CMD, CMD alone, and HEALTHCHECK are roots; a base image's own count where the file sets neither.
 */

import type { CommandForm, Instruction } from "../../dockerfile/syntax.ts";
import type { BaseImage } from "../../ecosystems/base-images.ts";
import { isConda } from "../../ecosystems/conda/commands.ts";
import type { Argument, ResolvedCommand, RuntimeRoot } from "../../ecosystems/ecosystem.ts";
import { onceForEachText } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { substitutionsBelow } from "../../shell/commands.ts";
import { parseShell } from "../../shell/parse.ts";
import type { ShellNode, ShellScript } from "../../shell/syntax.ts";
import { baseName } from "../../text/paths.ts";
import { functionNames, type ShellState, walkNode } from "./commands.ts";
import type { ImageReading } from "./read-image.ts";
import { wrapperLength } from "./wrappers.ts";

type CommandInstruction = Extract<Instruction, { readonly kind: "cmd" | "entrypoint" | "healthcheck" }>;

/** A root before wrappers are taken off. */
export interface StartText {
  readonly origin: RuntimeRoot["origin"];
  readonly form: CommandForm;
  readonly because: Provenance;
  /** True where it starts with the image's own ENTRYPOINT, so that its words need be no program. */
  readonly joined?: boolean;
}

function lastOf(reading: ImageReading, kind: CommandInstruction["kind"]): CommandInstruction | undefined {
  const all = reading.instructions.map(({ instruction }) => instruction);
  return all.filter((one): one is CommandInstruction => one.kind === kind).at(-1);
}

/** The command lines that the image starts with, ENTRYPOINT and CMD joined as the engine does. */
export function startTexts(reading: ImageReading): readonly StartText[] {
  const place = (instruction: Instruction): Provenance => provenance(reading.document.source, instruction.range);
  const entrypoint = lastOf(reading, "entrypoint");
  const cmd = lastOf(reading, "cmd");
  const health = lastOf(reading, "healthcheck");
  const { base } = reading.image;
  const within = (form: CommandForm): CommandForm => inShell(form, reading);
  const roots: StartText[] = [];
  if (entrypoint?.command !== undefined) {
    roots.push({
      origin: "entrypoint",
      form: joinForms(within(entrypoint.command), cmd?.command),
      because: place(entrypoint),
    });
    if (cmd?.command !== undefined && passesOn(entrypoint.command, reading))
      roots.push({ origin: "cmd", form: within(cmd.command), because: place(cmd) });
  } else if (cmd?.command !== undefined) {
    roots.push({ origin: "cmd", form: cmd.command, because: place(cmd) });
  } else if (base.toolchain === "nginx" || base.toolchain === "java-server") {
    const script = base.toolchain === "java-server" ? (base.entrypoint ?? []) : [];
    const form = { form: "exec", words: [...script, ...(base.cmd ?? [])] } as const;
    roots.push({ origin: "cmd", form, because: place(reading.stage.from) });
  } else if (base.toolchain === "php") {
    const words = serverOf(base);
    if (words !== undefined)
      roots.push({ origin: "cmd", form: { form: "exec", words }, because: place(reading.stage.from) });
  }
  if (health?.kind === "healthcheck" && health.command !== undefined)
    roots.push({ origin: "healthcheck", form: health.command, because: place(health) });
  return roots;
}

/** A shell line is given to the words of SHELL, where those name another program than a shell: `SHELL ["conda", "run", …]`. */
function inShell(form: CommandForm, { stage }: ImageReading): CommandForm {
  const shell = stage.instructions.findLast((one) => one.kind === "shell");
  const words = shell?.kind === "shell" ? shell.words : [];
  return form.form === "exec" || !isConda(words[0] ?? "") ? form : { form: "exec", words: [...words, form.command] };
}

/** What starts when something else is put in the place of ENTRYPOINT, which leaves no CMD, or of CMD alone. */
export function replacedStart(
  reading: ImageReading,
  given: { readonly entrypoint?: CommandForm; readonly command?: CommandForm; readonly because: Provenance },
): readonly StartText[] {
  const { because, command } = given;
  const own = given.entrypoint === undefined ? lastOf(reading, "entrypoint")?.command : undefined;
  const entrypoint = given.entrypoint ?? own;
  if (entrypoint === undefined) return command === undefined ? [] : [{ origin: "script", form: command, because }];
  const joined = own === undefined ? {} : { joined: true };
  const start: StartText = { origin: "script", form: joinForms(entrypoint, command), because, ...joined };
  const passed = command !== undefined && passesOn(entrypoint, reading);
  return passed ? [start, { origin: "script", form: command, because, ...joined }] : [start];
}

/** What an image of PHP serves with; `undefined` for a prompt. An image of another maker starts some server of its own. */
function serverOf({ known, cmd }: BaseImage): readonly string[] | undefined {
  if (!known) return ["php-fpm"];
  return cmd?.includes("-a") === true ? undefined : cmd;
}

/** Whether an entrypoint is a script that starts its arguments: `exec "$@"`. */
function passesOn(form: CommandForm, reading: ImageReading): boolean {
  if (form.form === "shell") return false;
  const { image, state } = reading;
  return form.words.some((word) => {
    const path = image.which(word, state.workdir, state.environment);
    return path !== undefined && /\$(?:[@*]|\{[@*])/.test(image.read(path) ?? "");
  });
}

/** CMD is appended to an ENTRYPOINT in exec form and ignored by one in shell form. */
function joinForms(entrypoint: CommandForm, cmd: CommandForm | undefined): CommandForm {
  if (entrypoint.form === "shell" || cmd === undefined) return entrypoint;
  const words = cmd.form === "exec" ? cmd.words : ["/bin/sh", "-c", cmd.command];
  return { form: "exec", words: [...entrypoint.words, ...words] };
}

/** A wrapper that was taken off, by the name that it has to be found under. */
export interface Unwrapped {
  readonly commands: readonly ResolvedCommand[];
  readonly wrappers: readonly Argument[];
  readonly shell: boolean;
  /** True for a text that cannot be read, so that not all of its commands are known. */
  readonly unread?: boolean;
}

/** The commands of a start text, wrappers off. Exec form gets no shell expansion, so its words are what they are. */
export function unwrapForm(form: CommandForm, state: ShellState, because: Provenance): Unwrapped {
  if (form.form === "shell") return unwrapScript(form.command, state, because);
  const argv = form.words.map((text) => ({ text, known: true, glob: false }));
  return unwrapArgv(argv, state, because);
}

/** A script of the project as a tree, read once however many images start it. */
export const projectScript: (files: ProjectFiles, text: string) => ShellScript = onceForEachText((_, text) =>
  parseShell(text),
);

/** The commands of a shell text, those in `$(…)` included. */
export function unwrapScript(script: string | ShellScript, state: ShellState, because: Provenance): Unwrapped {
  const commands: ResolvedCommand[] = [];
  const parsed = typeof script === "string" ? parseShell(script) : script;
  const functions = functionNames(parsed);
  const walk = (statements: readonly ShellNode[], start: ShellState): void => {
    let current = start;
    for (const node of statements) {
      for (const inner of substitutionsBelow(node)) walk(inner.statements, current);
      current = walkNode(node, current, because, (command, at) => {
        if (!functions.has(command.name)) commands.push(command);
        return at;
      });
    }
  };
  walk(parsed.statements, state);
  const inner = commands.map((command) =>
    unwrapArgv(command.argv, { ...state, workdir: command.workdir, environment: command.environment }, because),
  );
  return {
    commands: inner.flatMap((one) => one.commands),
    wrappers: inner.flatMap((one) => one.wrappers),
    shell: true,
    unread: parsed.problems.length > 0 || inner.some((one) => one.unread === true),
  };
}

function unwrapArgv(argv: readonly Argument[], state: ShellState, because: Provenance): Unwrapped {
  const [first] = argv;
  if (first === undefined) return { commands: [], wrappers: [], shell: false };
  const name = baseName(first.text) || first.text;
  const script = scriptArgument(name, argv);
  if (script !== undefined) {
    const inner = unwrapScript(script, state, because);
    return { ...inner, wrappers: [first, ...inner.wrappers] };
  }
  const skip = wrapperLength(name, argv);
  if (skip !== undefined && argv.length > skip) {
    const inner = unwrapArgv(argv.slice(skip), state, because);
    return { ...inner, wrappers: [first, ...inner.wrappers] };
  }
  const { workdir, environment } = state;
  const command: ResolvedCommand = {
    name: first.known ? name : "",
    argv,
    workdir,
    environment,
    ...(state.user === undefined ? {} : { user: state.user }),
    because,
  };
  return { commands: [command], wrappers: [], shell: false };
}

/** The text of `sh -c text`, also as `sh -ec text`. */
function scriptArgument(name: string, argv: readonly Argument[]): string | undefined {
  if (!/^(?:ba|da|a|z)?sh$/.test(name)) return undefined;
  const at = argv.findIndex((field, index) => index > 0 && /^-[a-z]*c$/.test(field.text));
  return at < 0 ? undefined : argv[at + 1]?.text;
}
