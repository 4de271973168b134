/**
 * Builtins that fill variables from outside the script: `read`, `mapfile`, `getopts`.
 *
 *     while IFS=: read -r name port; do …     one line of standard input for each round, where its lines are known
 *     getopts "t:p" option                    the next option of the arguments that are known; none where the caller gives them
 */
import { separatorText } from "../../shell/splitting.ts";
import { concat, type Field, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import { evaluateValue } from "../../shell/values.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { fieldKey } from "./values.ts";
import { withList } from "./variables.ts";
import type { Shell } from "./world.ts";

export function readInputBuiltin(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  switch (name) {
    case "read":
      return readLine(operands, context);
    case "mapfile":
    case "readarray":
      return readLines(operands, context);
    case "getopts":
      return nextOption(operands, context);
    default:
      return undefined;
  }
}

/** Options whose value is the next word. */
const READ_VALUES = "dinNptu";
const MAPFILE_VALUES = "dnOsuCc";

/** Names behind the options. */
function namesIn(operands: readonly Field[], valueLetters: string): readonly string[] {
  const words = operands.map(fieldKey);
  let at = 0;
  while (at < words.length && /^-\w/.test(words[at] ?? "")) {
    const option = words[at] ?? "";
    at += valueLetters.includes(option.at(-1) ?? "") ? 2 : 1;
  }
  return words.slice(at).filter((word) => /^[A-Za-z_]\w*$/.test(word));
}

function unknown(name: string): SymbolicValue {
  return [{ kind: "unknown", source: `$${name}`, name }];
}

function readLine(operands: readonly Field[], { shell, stdin, node, scope }: CommandContext): Done {
  const names = namesIn(operands, READ_VALUES);
  const into = names.length === 0 ? ["REPLY"] : names;
  const array = operands.some((field) => /^-\w*a$/.test(fieldKey(field)));
  if (stdin === undefined) return { ...PLAIN, truth: undefined, shell: filled(shell, into, []) };
  const line = stdin.line();
  if (line === undefined)
    return {
      ...PLAIN,
      truth: false,
      shell: filled(
        shell,
        into,
        into.map(() => []),
      ),
    };
  const own = node.assignments.find(({ name }) => name === "IFS")?.value;
  const separators = own === undefined ? separatorText(scope) : (knownText(evaluateValue(own, scope)) ?? " \t\n");
  const words = splitLine(line, separators, array ? Number.POSITIVE_INFINITY : into.length);
  if (array) {
    const elements = new Map((words ?? []).map((word, index) => [String(index), word] as const));
    const list = words === undefined ? undefined : { associative: false, elements };
    return { ...PLAIN, shell: withList(shell, into[0] ?? "REPLY", list) };
  }
  return { ...PLAIN, shell: filled(shell, into, words ?? []) };
}

/** Variables with values in order; those without one are not known. */
function filled(shell: Shell, names: readonly string[], values: readonly SymbolicValue[]): Pick<Shell, "variables"> {
  const variables = new Map(shell.variables);
  for (const [index, name] of names.entries()) variables.set(name, values[index] ?? unknown(name));
  return { variables };
}

/** The last word takes the rest of the line; a line that is known in part is not taken apart. */
function splitLine(line: SymbolicValue, separators: string, most: number): readonly SymbolicValue[] | undefined {
  const known = knownText(line);
  if (known === undefined) return most === 1 ? [line] : undefined;
  if (separators === "") return [line, ...missing(1, most)];
  const blank = [...separators].every((char) => " \t\n".includes(char));
  const set = `[${separators.replace(/[\\\]^-]/g, "\\$&")}]`;
  const split = new RegExp(blank ? `${set}+` : `[ \\t]*${set}`, "u");
  let rest = blank ? known.replace(new RegExp(`^${set}+|${set}+$`, "gu"), "") : known;
  const words: SymbolicValue[] = [];
  while (words.length < most - 1) {
    const match = split.exec(rest);
    if (match === null) break;
    words.push(text(rest.slice(0, match.index)));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== "" || words.length < most) words.push(text(rest));
  return [...words, ...missing(words.length, most)];
}

function missing(count: number, most: number): readonly SymbolicValue[] {
  return Number.isFinite(most) ? Array.from({ length: Math.max(0, most - count) }, () => []) : [];
}

function readLines(operands: readonly Field[], { shell, stdin }: CommandContext): Done {
  const [name = "MAPFILE"] = namesIn(operands, MAPFILE_VALUES);
  const trims = operands.some((field) => /^-\w*t/.test(fieldKey(field)));
  if (stdin === undefined) return { ...PLAIN, shell: withList(shell, name, undefined) };
  const elements = new Map<string, SymbolicValue>();
  for (let line = stdin.line(); line !== undefined; line = stdin.line())
    elements.set(String(elements.size), trims ? line : concat(line, text("\n")));
  return { ...PLAIN, shell: withList(shell, name, { associative: false, elements }) };
}

/** Clustered letters (`-xv`) are not taken apart. */
function nextOption([specification, variable]: readonly Field[], { shell, scope }: CommandContext): Done {
  const letters = specification === undefined ? "" : fieldKey(specification);
  const name = variable === undefined ? "opt" : fieldKey(variable);
  const give = (values: Readonly<Record<string, SymbolicValue>>, truth: boolean | undefined): Done => ({
    ...PLAIN,
    truth,
    shell: { variables: new Map([...shell.variables, ...Object.entries(values)]) },
  });
  const index = scope.lookup("OPTIND");
  const at = index === undefined || index === "unset" ? 1 : Number(knownText(index) ?? Number.NaN);
  const word = shell.positional?.[at - 1];
  const given = word === undefined ? undefined : knownText(word);
  if (shell.positional === undefined || Number.isNaN(at))
    return give({ [name]: unknown(name), OPTARG: unknown("OPTARG") }, undefined);
  if (word === undefined || given === undefined || !/^-./.test(given)) {
    const known = word === undefined || given !== undefined;
    return give({ [name]: known ? text("?") : unknown(name) }, known ? false : undefined);
  }
  if (given === "--") return give({ OPTIND: text(String(at + 1)) }, false);
  const letter = given.slice(1, 2);
  const takesValue = letters.includes(`${letter}:`);
  if (!takesValue && given.length > 2) return give({ [name]: unknown(name) }, undefined);
  const attached = given.slice(2);
  const next = attached === "" ? shell.positional[at] : text(attached);
  const values = takesValue ? { OPTARG: next ?? [] } : {};
  const used = takesValue && attached === "" ? 2 : 1;
  return give(
    { [name]: text(letters.includes(letter) ? letter : "?"), ...values, OPTIND: text(String(at + used)) },
    true,
  );
}
