/**
 * What one build tool writes: the answer of each file in this folder.
 *
 *     tsc -p .       { kind: "built", outputs: [{ path: "/app/dist", form: "directory", source: "/app/src" }] }
 *     tsc --noEmit   { kind: "checked" }
 */
import { type ImagePath, imagePath } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import type { Setting } from "../configuration.ts";

export interface Output {
  readonly path: ImagePath;
  readonly form: "file" | "directory";
  /** Directory (or file) that the output is made from. */
  readonly source?: ImagePath;
}

export type ToolResult =
  | { readonly kind: "built"; readonly outputs: readonly Output[] }
  /** Nothing is written: types are checked, or code is. */
  | { readonly kind: "checked"; readonly what: "test" | "lint" }
  | { readonly kind: "nothing" }
  /** It builds, but where to cannot be told: somewhere below the working directory. */
  | { readonly kind: "somewhere" };

export type Tool = (command: ResolvedCommand, image: ImageView) => ToolResult;

export const SOMEWHERE: ToolResult = { kind: "somewhere" };

/** One directory as the result. */
export function builtDirectory(path: ImagePath, source?: ImagePath): ToolResult {
  return { kind: "built", outputs: [{ path, form: "directory", ...(source === undefined ? {} : { source }) }] };
}

/** A directory from a setting, or the tool's default; SOMEWHERE when the setting cannot be told, or names the project itself. */
export function directoryFrom(setting: Setting, standard: string, root: ImagePath, source: ImagePath): ToolResult {
  if (setting.kind === "unknown") return SOMEWHERE;
  const path = imagePath(setting.kind === "text" ? setting.text : standard, root);
  return path === root || path === "/" ? SOMEWHERE : builtDirectory(path, source);
}

/** What several builds write together; SOMEWHERE when it cannot be told of one of them. */
export function together(results: readonly ToolResult[]): ToolResult {
  const outputs = results.flatMap((result) => (result.kind === "built" ? result.outputs : []));
  if (outputs.length === 0 || results.some((result) => result.kind === "somewhere")) return SOMEWHERE;
  const once = outputs.filter((output, at) => outputs.findIndex((other) => other.path === output.path) === at);
  return { kind: "built", outputs: once };
}

/** The value of `--name value`, `--name=value` or one of its other spellings. */
export function optionOf(command: ResolvedCommand, ...names: readonly string[]): Setting {
  const fields = command.argv;
  for (const [at, field] of fields.entries()) {
    const equals = field.text.indexOf("=");
    const name = equals < 0 ? field.text : field.text.slice(0, equals);
    if (!names.includes(name)) continue;
    const value = equals < 0 ? fields[at + 1] : { ...field, text: field.text.slice(equals + 1) };
    return value === undefined
      ? { kind: "unset" }
      : value.known
        ? { kind: "text", text: value.text }
        : { kind: "unknown" };
  }
  return { kind: "unset" };
}

/** Whether an option without a value is given. */
export function hasOption(command: ResolvedCommand, ...names: readonly string[]): boolean {
  return command.argv.some((field) => names.includes(field.text) || names.includes(field.text.replace(/=true$/, "")));
}

/** The first field after the command's name that is no option. */
export function verbOf(command: ResolvedCommand): string | undefined {
  return command.argv.slice(1).find((field) => !field.text.startsWith("-"))?.text;
}

/** The first setting that is not unset. */
export function firstSet(...settings: readonly Setting[]): Setting {
  return settings.find((setting) => setting.kind !== "unset") ?? { kind: "unset" };
}

/** An environment variable as a setting. */
export function variable(command: ResolvedCommand, name: string): Setting {
  const value = command.environment.get(name);
  if (value === undefined) return { kind: "unset" };
  return value.known ? { kind: "text", text: value.text } : { kind: "unknown" };
}
