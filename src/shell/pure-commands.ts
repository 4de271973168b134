/**
 * What a few commands print, where their arguments alone say so.
 *
 *     runPureCommand(fields of `basename "$DIR/app.jar" .jar`, scope)     // [{ kind: "text", text: "app\n" }]
 *
 * `undefined` wherever shells differ, files matter or an unknown part decides. What is not decided here: commands that a script
 * defines itself under these names.
 */
import type { Scope } from "./scope.ts";
import { concat, type Field, fieldText, fieldValue, knownText, type SymbolicValue, text } from "./symbolic.ts";

/** Standard output of a command, its final line end included; `undefined` where it is not exactly known. */
export function runPureCommand(fields: readonly Field[], scope: Scope): SymbolicValue | undefined {
  const [name, ...rest] = fields;
  const run = name === undefined ? undefined : COMMANDS.get(fieldText(name) ?? "");
  const values = rest.map(exactValue);
  return values.every((value) => value !== undefined) ? run?.(values, scope) : undefined;
}

type PureCommand = (values: readonly SymbolicValue[], scope: Scope) => SymbolicValue | undefined;

const COMMANDS: ReadonlyMap<string, PureCommand> = new Map<string, PureCommand>([
  [":", () => []],
  ["basename", baseNameOf],
  ["dirname", directoryOf],
  ["echo", echo],
  ["printf", printf],
  ["pwd", workingDirectory],
  ["true", () => []],
]);

/** A field's value, unless it is a pattern or may be several fields. */
function exactValue(field: Field): SymbolicValue | undefined {
  const exact = field.parts.every((part) => part.kind === "text" || (part.kind === "unknown" && !part.splits));
  return exact ? fieldValue(field) : undefined;
}

const line = (value: SymbolicValue): SymbolicValue => concat(value, text("\n"));

/** `basename path [suffix]` (POSIX); of a path known in part the known end is enough if it holds a name after a slash. */
function baseNameOf(values: readonly SymbolicValue[]): SymbolicValue | undefined {
  const [path, suffixValue, ...others] = values;
  const suffix = knownText(suffixValue ?? []);
  const last = path?.at(-1);
  if (path === undefined || suffix === undefined || others.length > 0 || startsWithDash(path)) return undefined;
  if (path.length === 0) return text("\n");
  const end = last?.kind === "text" ? last.text.replace(/\/+$/, "") : "";
  if (knownText(path) === undefined && !/\/[^/]+$/.test(end)) return undefined;
  if (end === "") return text("/\n");
  const name = end.slice(end.lastIndexOf("/") + 1);
  const short = suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  return text(`${short}\n`);
}

function directoryOf(values: readonly SymbolicValue[]): SymbolicValue | undefined {
  const [path, ...others] = values;
  const known = path === undefined ? undefined : knownText(path);
  if (known === undefined || others.length > 0 || known.startsWith("-")) return undefined;
  const bare = known.replace(/\/+$/, "");
  if (bare === "") return text(known === "" ? ".\n" : "/\n");
  const slash = bare.lastIndexOf("/");
  if (slash < 0) return text(".\n");
  const directory = bare.slice(0, slash).replace(/\/+$/, "");
  return text(`${directory === "" ? "/" : directory}\n`);
}

function startsWithDash(value: SymbolicValue): boolean {
  const [first] = value;
  return first?.kind === "text" && first.text.startsWith("-");
}

/** Shells differ on backslashes and on options other than a single `-n`. */
function echo(values: readonly SymbolicValue[]): SymbolicValue | undefined {
  const [first, ...rest] = values;
  const quiet = first !== undefined && knownText(first) === "-n";
  const words = quiet ? rest : values;
  const [word] = words;
  if (word !== undefined && startsWithDash(word)) return undefined;
  if (words.some((value) => value.some((part) => part.kind === "text" && part.text.includes("\\")))) return undefined;
  const joined = concat(...words.flatMap((value, index) => (index === 0 ? [value] : [text(" "), value])));
  return quiet ? joined : line(joined);
}

const ESCAPES: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\r": "\r", "\\\\": "\\", "%%": "%" };

/** Formats of text, `%s`, `%%` and the commonest escapes; the format is used again while arguments are left. */
function printf(values: readonly SymbolicValue[]): SymbolicValue | undefined {
  const [formatValue, ...words] = values[0] !== undefined && knownText(values[0]) === "--" ? values.slice(1) : values;
  const format = formatValue === undefined ? undefined : knownText(formatValue);
  if (format === undefined || format.startsWith("-")) return undefined;
  const tokens = format.match(/\\[\s\S]|%[\s\S]|[^\\%]+|[\\%]$/g) ?? [];
  const plain = tokens.every((token) => /^[^\\%]/.test(token) || token === "%s" || Object.hasOwn(ESCAPES, token));
  if (!plain) return undefined;
  const holes = tokens.filter((token) => token === "%s").length;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(words.length / holes));
  let at = 0;
  const next = (): SymbolicValue => {
    at += 1;
    return words[at - 1] ?? [];
  };
  const once = (): readonly SymbolicValue[] =>
    tokens.map((token) => (token === "%s" ? next() : text(ESCAPES[token] ?? token)));
  return concat(...Array.from({ length: rounds }, once).flat());
}

/** `-L` and `-P` are the same here: a script is read as from a checkout without links above it. */
function workingDirectory(values: readonly SymbolicValue[], scope: Scope): SymbolicValue | undefined {
  if (!values.every((value) => /^-[LP]$/.test(knownText(value) ?? ""))) return undefined;
  const value = scope.lookup("PWD");
  return value === undefined || value === "unset" ? undefined : line(value);
}
