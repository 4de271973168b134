/**
 * The shell that a script starts in, and the one of a process that a script starts.
 *
 *     build.sh          the variables that are set before its first command, and no functions
 *     sh api/build.sh   the same, with what its caller exported
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { ScriptCall } from "./command-context.ts";
import { startDirectory, startVariables } from "./script-path.ts";
import type { Shell } from "./world.ts";

/** A shell in which nothing has run yet; `from` is where the script starts that names no directory. */
export function freshShell(script: ScriptText, from: string): Shell {
  const cwd = startDirectory(script, from);
  return {
    cwd,
    variables: startVariables(script, cwd),
    lists: new Map(),
    exported: new Set([...(script.roots ?? []), ...(script.variables?.keys() ?? [])]),
    exportsAll: false,
    directories: [],
    functions: new Map(),
    positional: undefined,
  };
}

/** The shell of a process: it has the caller's exported variables and functions. */
export function processShell(unit: ScriptText, called: ScriptCall, caller: Shell): Shell {
  const cwd = startDirectory(unit, called.cwd ?? caller.cwd);
  const exported = new Set([
    ...caller.exported,
    ...(unit.variables?.keys() ?? []),
    ...(called.variables?.keys() ?? []),
  ]);
  const inherited = [...caller.variables].filter(([name]) => caller.exported.has(name));
  const variables = new Map([...inherited, ...startVariables(unit, cwd), ...(called.variables ?? [])]);
  const functions = new Map([...caller.functions].filter(([name]) => caller.exported.has(name)));
  return { ...freshShell(unit, cwd), variables, exported, functions, positional: called.positional ?? [] };
}
