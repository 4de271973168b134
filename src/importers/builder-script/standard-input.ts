/**
 * Text that commands read on standard input, where it is known: a here-document, a here-string, a file of the checkout, or what
 * the command before a pipe prints.
 *
 *     while read name; do …; done < services.txt      one round for each line of the file
 *     docker build - <<EOF                             the Dockerfile is in the script
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { Scope } from "../../shell/scope.ts";
import type { SymbolicValue } from "../../shell/symbolic.ts";
import { concat, text, withFallbacks } from "../../shell/symbolic.ts";
import type { Redirection } from "../../shell/syntax.ts";
import { evaluateValue } from "../../shell/values.ts";
import type { Range } from "../../text/source.ts";
import { type HostNode, type HostTree, look } from "./host-tree.ts";
import { absolutePath, isPartlyUnknown, keyOf } from "./values.ts";

/** What stands on standard input, and where it is written in a script, if it is. */
export interface InputText {
  readonly value: SymbolicValue;
  readonly range?: Range;
  readonly script?: ScriptText;
}

/** Standard input; what one command reads of it the next one does not see. */
export class TextInput {
  readonly input: InputText;
  readonly #lines: readonly SymbolicValue[];
  #at = 0;

  constructor(input: InputText) {
    this.input = input;
    this.#lines = linesOf(withFallbacks(input.value));
  }

  /** The next line without its end; `undefined` when there is none. */
  line(): SymbolicValue | undefined {
    const line = this.#lines[this.#at];
    if (line !== undefined) this.#at += 1;
    return line;
  }

  /** How many lines were read. */
  get position(): number {
    return this.#at;
  }
}

/** Lines of a value; a last one that is empty is only the end of the one before. */
function linesOf(value: SymbolicValue): readonly SymbolicValue[] {
  const lines: SymbolicValue[] = [[]];
  for (const part of value) {
    const pieces: readonly SymbolicValue[] = part.kind === "text" ? part.text.split("\n").map(text) : [[part]];
    for (const [index, piece] of pieces.entries()) {
      if (index === 0) lines[lines.length - 1] = concat(lines.at(-1) ?? [], piece);
      else lines.push(piece);
    }
  }
  return lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines;
}

/** Files that are larger hold no list of names. */
const LARGEST_FILE = 64 * 1024;

/** What the last input redirection brings; "unknown" where there is one that is not followed, `undefined` without any. */
export function redirectedInput(
  redirections: readonly Redirection[],
  place: { readonly scope: Scope; readonly host: HostTree; readonly cwd: string; readonly script: ScriptText },
): InputText | "unknown" | undefined {
  const last = redirections.findLast(
    ({ operator, fileDescriptor }) => /^<(?:<-?|<<)?$/.test(operator) && (fileDescriptor ?? 0) === 0,
  );
  if (last === undefined) return undefined;
  const { script, scope } = place;
  if (last.body !== undefined) return { value: evaluateValue(last.body.word, scope), range: last.body.range, script };
  if (last.target === undefined) return "unknown";
  const value = evaluateValue(last.target, scope);
  if (last.operator === "<<<") return { value: concat(value, text("\n")), range: last.target.range, script };
  const known = fileText(place.host, absolutePath(place.cwd, keyOf(value)));
  return known === undefined ? "unknown" : { value: text(known) };
}

/** The file that the last input redirection names, whatever is known of it; `undefined` without one that names a file. */
export function redirectedNode(
  redirections: readonly Redirection[],
  place: { readonly scope: Scope; readonly host: HostTree; readonly cwd: string },
): HostNode | undefined {
  const last = redirections.findLast(({ operator, fileDescriptor }) => operator === "<" && (fileDescriptor ?? 0) === 0);
  if (last?.target === undefined) return undefined;
  const node = look(place.host, absolutePath(place.cwd, keyOf(evaluateValue(last.target, place.scope))));
  return node.kind === "absent" ? undefined : node;
}

/** The text of a small file of the checkout. */
export function fileText(host: HostTree, path: string): string | undefined {
  if (isPartlyUnknown(path)) return undefined;
  const node = look(host, path);
  if (node.kind !== "checkout" || (host.files.entry(node.path)?.size ?? 0) > LARGEST_FILE) return undefined;
  const read = host.files.read(node.path);
  return read.ok ? read.text : undefined;
}
