/**
 * Single instructions as text that reads back as what was meant:
 *
 *     writeCopy({ keyword: "COPY", flags: ["--from=builder"], sources: ["/my app"], destination: "/app" })
 *     // COPY --from=builder ["/my app", "/app"]
 *     writePairs("ENV", [{ key: "GREETING", value: "a \"b\" $c" }], "\\")
 *     // ENV GREETING="a \"b\" \$c"
 *
 * Paths given to `writeCopy` and images given to `writeFrom` may hold variables, which stay variables; for text that is meant
 * as it stands there is `literal`.
 */
import type { EscapeCharacter } from "./expand.ts";

export interface CopyText {
  readonly keyword: "COPY" | "ADD";
  /** In order, dashes included: `["--from=builder"]`. */
  readonly flags: readonly string[];
  readonly sources: readonly string[];
  readonly destination: string;
  /** The file's escape character; a backslash if absent. */
  readonly escape?: EscapeCharacter;
}

/** Writes a COPY or ADD on one line, in the JSON form where white space or the beginning would split the words wrongly. */
export function writeCopy({ keyword, flags, sources, destination, escape: escapeWith = "\\" }: CopyText): string {
  const paths = [...sources, destination];
  const words = paths.every(isPlainWord) && !startsOddly(paths[0]) ? paths.join(" ") : writeExec(paths);
  return [keyword, ...flags.map((flag) => writeFlag(flag, escapeWith)), words].join(" ");
}

/** White space splits words; an escape character at the end of the line would continue it. */
function isPlainWord(word: string): boolean {
  return word !== "" && !/[\s\u0085\u00a0]/.test(word) && !/[\\`]$/.test(word);
}

/** `--x` would be read as a flag, `[` as the JSON form. */
function startsOddly(word: string | undefined): boolean {
  return word === undefined || word.startsWith("--") || word.startsWith("[");
}

/** Quotes a flag whose value holds white space, quotes or escapes, all of which the reader of flags takes away. */
function writeFlag(flag: string, escapeWith: EscapeCharacter): string {
  const equals = flag.indexOf("=");
  if (equals < 0 || !/[\s"'\\`]/.test(flag)) return flag;
  return `${flag.slice(0, equals + 1)}"${escaped(flag.slice(equals + 1), `"${escapeWith}`, escapeWith)}"`;
}

/** The text with the escape character before each of the `special` ones. */
function escaped(text: string, special: string, escapeWith: EscapeCharacter): string {
  return [...text].map((character) => (special.includes(character) ? escapeWith + character : character)).join("");
}

/** Words in exec form: a JSON array on one line. */
export function writeExec(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** Writes a FROM. `image` may be a stage; `platform` and `image` may hold variables. */
export function writeFrom(from: {
  readonly image: string;
  readonly name?: string;
  readonly platform?: string;
}): string {
  const platform = from.platform === undefined ? [] : [`--platform=${from.platform}`];
  const name = from.name === undefined ? [] : ["AS", from.name];
  return ["FROM", ...platform, from.image, ...name].join(" ");
}

/**
 * Writes ENV, LABEL or ARG with values that mean themselves: quoted and escaped as needed. `undefined` when a value holds a
 * line break, which no Dockerfile can say there, or a key holds what none can.
 */
export function writePairs(
  keyword: "ENV" | "LABEL" | "ARG",
  pairs: readonly { readonly key: string; readonly value?: string }[],
  escapeWith: EscapeCharacter,
): string | undefined {
  if (pairs.length === 0 || pairs.some(({ key, value = "" }) => !isWritable(key, value))) return undefined;
  const words = pairs.map(({ key, value }) => (value === undefined ? key : `${key}=${literal(value, escapeWith)}`));
  return `${keyword} ${words.join(" ")}`;
}

function isWritable(key: string, value: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(key) && !/[\r\n]/.test(value);
}

/** A text as one word that the builder expands to exactly that text; it must not hold a line break. */
export function literal(text: string, escapeWith: EscapeCharacter): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `"${escaped(text, `"$${escapeWith}`, escapeWith)}"`;
}
