/**
 * What a script knows of its own place.
 *
 *     cd "$(dirname "$0")"                       $0 is the script's path
 *     cd "$(dirname "${BASH_SOURCE[0]}")"        so is this, an array element that values do not follow
 */
import { posix } from "node:path";
import type { ScriptText } from "../../drivers/driver.ts";
import { type Field, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import { CHECKOUT } from "./host-tree.ts";
import { absolutePath, keyOf } from "./values.ts";
import type { Shell } from "./world.ts";

/** The variables that are set before the first command. */
export function startVariables(script: ScriptText, cwd: string): ReadonlyMap<string, SymbolicValue | "unset"> {
  const path = absolutePath(CHECKOUT, script.source.path);
  return new Map<string, SymbolicValue>([
    ["0", text(path)],
    ["BASH_SOURCE", text(path)],
    ["OLDPWD", text(cwd)],
    // What make calls the directory that it runs in, whatever a recipe's `cd` does.
    ...(script.environment === undefined ? [] : [["CURDIR", text(cwd)] as const]),
    ...[...(script.environment ?? [])].map(([name, value]) => [name, text(value)] as const),
    ...(script.roots ?? []).map((name) => [name, text(CHECKOUT)] as const),
    ...(script.variables ?? []),
  ]);
}

/** The directory that a script starts in: its own, or the one it is called in. */
export function startDirectory(script: ScriptText, cwd: string): string {
  return script.cwd === undefined ? cwd : absolutePath(CHECKOUT, keyOf(script.cwd));
}

/** `${BASH_SOURCE[0]}` is an array element, which values do not follow; it is the script's own path, or what it is called by. */
export function withScriptPath(script: ScriptText, called: Shell["variables"]): (field: Field) => Field {
  return (field) => {
    if (!field.parts.some(isScriptPath)) return field;
    const own = scriptPath(script, called);
    return { ...field, parts: field.parts.map((part) => (isScriptPath(part) ? { kind: "text", text: own } : part)) };
  };
}

/** Inside a container the path is none of the host's. A file that is sourced does not have the name of its caller. */
export function scriptPath({ source }: ScriptText, called: Shell["variables"]): string {
  const name = called.get("BASH_SOURCE");
  const known = name === undefined || name === "unset" ? undefined : knownText(name);
  const isOwn = known !== undefined && posix.basename(known) === posix.basename(source.path);
  return isOwn ? known : absolutePath(CHECKOUT, source.path);
}

function isScriptPath(part: Field["parts"][number]): boolean {
  return part.kind === "unknown" && /^\$\{BASH_SOURCE\[0\]\}$|^\$\{\(%\):-%[xN]\}$/.test(part.source);
}

/** By the script's first line; without one, scripts by their names are bash's, and other files' commands are sh's. */
export function expandsBraces({ source }: ScriptText): boolean {
  const [, program] = /^#!\s*(?:\S*\/)?(?:env\s+)?(\S+)/.exec(source.text) ?? [];
  return program === undefined ? /\.(?:sh|bash)$/.test(source.path) : /(?:bash|zsh|ksh)$/.test(program);
}
