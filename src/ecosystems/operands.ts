/**
 * Options and operands of a command line, as getopt reads them:
 *
 *     readOperands(["cp", "-r", "a", "b"], [])            // { options: ["-r"], operands: [a, b] }
 *     readOperands(["curl", "-o", "f", url], ["-o"])      // { values: { "-o": f }, operands: [url] }
 *
 * Which options take a value is the caller's knowledge.
 */
import { quoteWord } from "../shell/quote.ts";
import type { Argument } from "./ecosystem.ts";

export interface Operands {
  /** Options as written, each letter of a bundle by itself: `-rf` gives "-r" and "-f". */
  readonly options: ReadonlySet<string>;
  /** The last value of each option that takes one. */
  readonly values: ReadonlyMap<string, Argument>;
  readonly operands: readonly Argument[];
}

/** Reads all fields but the first. `valued`: options that take a value, in either form (`-o f`, `-of`, `--out=f`, `--out f`). */
export function readOperands(argv: readonly Argument[], valued: readonly string[]): Operands {
  const options = new Set<string>();
  const values = new Map<string, Argument>();
  const operands: Argument[] = [];
  for (let at = 1; at < argv.length; at++) {
    const field = argv[at];
    if (field === undefined) break;
    if (field.text === "--") {
      operands.push(...argv.slice(at + 1));
      break;
    }
    if (!field.text.startsWith("-") || field.text === "-") {
      operands.push(field);
    } else if (readOption(field, argv[at + 1], valued, options, values)) {
      at++;
    }
  }
  return { options, values, operands };
}

/** Records one option field; true when it took the next field as its value. */
function readOption(
  field: Argument,
  next: Argument | undefined,
  valued: readonly string[],
  options: Set<string>,
  values: Map<string, Argument>,
): boolean {
  const [name = "", ...rest] = field.text.split("=");
  if (rest.length > 0) {
    options.add(name);
    values.set(name, { ...field, text: rest.join("=") });
    return false;
  }
  if (valued.includes(field.text)) {
    options.add(field.text);
    if (next !== undefined) values.set(field.text, next);
    return true;
  }
  if (field.text.startsWith("--")) {
    options.add(field.text);
    return false;
  }
  return readBundle(field, next, valued, options, values);
}

function readBundle(
  field: Argument,
  next: Argument | undefined,
  valued: readonly string[],
  options: Set<string>,
  values: Map<string, Argument>,
): boolean {
  const letters = field.text.slice(1);
  for (let at = 0; at < letters.length; at++) {
    const option = `-${letters[at]}`;
    options.add(option);
    if (!valued.includes(option)) continue;
    const attached = letters.slice(at + 1);
    if (attached !== "") values.set(option, { ...field, text: attached });
    else if (next !== undefined) values.set(option, next);
    return attached === "";
  }
  return false;
}

/** Fields as the text of a command line again; what is not known stands as it was written. */
export function commandText(argv: readonly Argument[]): string {
  return argv.map(({ text, known }) => (known ? quoteWord(text) : text)).join(" ");
}
