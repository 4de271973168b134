/**
 * The call that writes an export to the host, and where it stands in the script.
 *
 *     docker build -t b .                        docker build --target export --output . .
 *     docker cp "$(docker create b)":/app .      gone
 *
 * It takes the place of the build where nothing else needs the image and nothing happens to the files in between; else that of
 * the extraction, with the words of the build. The image of the build then comes out of the cache, so nothing is built twice.
 */
import { posix } from "node:path";
import { hasSwitch } from "../../shell/container-cli.ts";
import { quoteWord } from "../../shell/quote.ts";
import { type Field, fieldValue, type SymbolicValue } from "../../shell/symbolic.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import { callEdits, type NewCall } from "./call-edits.ts";
import { changesHost, type Export, type Extraction } from "./exports.ts";
import { CHECKOUT, toCheckout } from "./host-tree.ts";
import type { FoundBuild, LinkedBuild } from "./links.ts";
import type { Visit } from "./trace.ts";
import { absolutePath, fieldKey, isPartlyUnknown, settledText } from "./values.ts";

/** What has to be known to place a call. */
export interface ExportSite {
  /** The build whose call it is: that of the image, or of the one that a container was made from. */
  readonly source: LinkedBuild;
  readonly visits: readonly Visit[];
  /** Whether the image of the build is still made, for something else. */
  readonly kept: boolean;
  /** Whether no other export comes out of the image, and the call needs no words of other commands. */
  readonly alone: boolean;
  /** The call, but for its `--output`. */
  readonly call: NewCall;
}

/** The edits that make the call, and the command that they are made in; `undefined` where it can stand nowhere. */
export function exportCall(
  one: Export,
  site: ExportSite,
): { readonly at: Visit; readonly edits: readonly TextEdit[] } | undefined {
  return atBuild(one, site) ?? atExtraction(one, site);
}

function atBuild(one: Export, { source, visits, kept, alone, call }: ExportSite) {
  const { build } = source;
  const at = visits[build.step];
  const [first] = one.extractions;
  if (kept || !alone || at === undefined || first === undefined || hasSwitch(build.call, "quiet")) return undefined;
  if (visits.slice(build.step + 1, first.visit.step).some((visit) => comesBetween(visit, one))) return undefined;
  const directory = directoryWord(one, first, at);
  if (directory === undefined) return undefined;
  return { at, edits: outputEdits(build, at, directory, call) };
}

function comesBetween(visit: Visit, { directory }: Export): boolean {
  const makes = visit.effects.some((effect) => effect.kind === "move" || effect.kind === "build");
  return makes || changesHost(visit, directory);
}

function atExtraction(one: Export, { source, visits, call }: ExportSite) {
  const { build } = source;
  const [first] = one.extractions;
  const origin = visits[build.step];
  if (first === undefined || origin === undefined) return undefined;
  const at = first.visit;
  if (at.script.source !== origin.script.source || at.cwd.before !== build.cwd) return undefined;
  const directory = directoryWord(one, first, at);
  if (directory === undefined) return undefined;
  const edits = outputEdits(build, origin, directory, call);
  const settled = settledWords(build, at, origin, edits);
  if (settled === undefined) return undefined;
  return { at, edits: [{ ...at.range, text: editedText(origin, [...edits, ...settled]) }] };
}

/** Options that say where the image goes, which is not made by this call. */
const IMAGE_OPTIONS: ReadonlySet<string> = new Set(["iidfile", "load", "push", "quiet", "tag"]);

function outputEdits(build: FoundBuild, at: Visit, directory: string, call: NewCall): readonly TextEdit[] {
  const options = [`--output ${directory}`, ...call.options];
  return callEdits(build, at.script.source.text, { ...call, options, dropped: IMAGE_OPTIONS });
}

/** The text of the build's command with edits in it; a word that goes takes the blanks before it along. */
function editedText({ script, range }: Visit, edits: readonly TextEdit[]): string {
  const text = script.source.text.slice(range.start, range.end);
  return applyEdits(
    text,
    edits.map((edit) => {
      const start = edit.start - range.start;
      const blanks = edit.text === "" ? (/(?:[ \t]|\\\r?\n)+$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0;
      return { start: start - blanks, end: edit.end - range.start, text: edit.text };
    }),
  );
}

/** The words of the build whose variables have other values here, as text; `undefined` where a value is not known. */
function settledWords(
  build: FoundBuild,
  at: Visit,
  origin: Visit,
  edits: readonly TextEdit[],
): readonly TextEdit[] | undefined {
  const settled: TextEdit[] = [];
  for (const field of build.fields) {
    const written = origin.script.source.text.slice(field.range.start, field.range.end);
    const edited = edits.some(({ start, end }) => start <= field.range.start && field.range.end <= end);
    if (edited || readsTheSame(written, build.variables, at.variables)) continue;
    const value = settledText(fieldValue(field));
    if (value === undefined || value.includes(CHECKOUT)) return undefined;
    settled.push({ ...field.range, text: quoteWord(value) });
  }
  return settled;
}

type Variables = ReadonlyMap<string, SymbolicValue | "unset">;

function readsTheSame(written: string, a: Variables, b: Variables): boolean {
  const names = [...written.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  return names.every(
    (name) => a.get(name) === b.get(name) || JSON.stringify(a.get(name)) === JSON.stringify(b.get(name)),
  );
}

/** The export's directory as a word of the script at a command: out of the extraction's own word, else written plainly. */
function directoryWord(one: Export, { effect, visit }: Extraction, at: Visit): string | undefined {
  const { destination } = effect;
  const { text } = visit.script.source;
  const word = destination === undefined ? undefined : text.slice(destination.range.start, destination.range.end);
  const same =
    at === visit || (at.cwd.before === visit.cwd.before && readsTheSame(word ?? "", at.variables, visit.variables));
  if (destination !== undefined && word !== undefined && same) {
    const stripped = strippedWord(word, visitPath(visit, destination), one.directory);
    if (stripped !== undefined) return stripped;
  }
  if (isPartlyUnknown(one.directory) || isPartlyUnknown(at.cwd.before)) return undefined;
  if (toCheckout(one.directory) === undefined) return quoteWord(one.directory);
  return quoteWord(posix.relative(at.cwd.before, one.directory) || ".");
}

function visitPath(visit: Visit, destination: Field): string {
  return absolutePath(visit.cwd.before, fieldKey(destination));
}

/** `"$OUT/bin/app"` as the word for a directory above it: `"$OUT/bin"`. */
function strippedWord(word: string, path: string, directory: string): string | undefined {
  const [, open = "", inner = "", close = ""] = /^(["']?)(.*?)(["']?)$/s.exec(word) ?? [];
  let left = inner.length > 1 ? inner.replace(/\/+$/, "") : inner;
  let at = path;
  while (at !== directory) {
    const name = posix.basename(at);
    if (isPartlyUnknown(name) || !(left === name || left.endsWith(`/${name}`))) return undefined;
    left = left === name ? "." : left.slice(0, -name.length - 1).replace(/\/+$/, "") || "/";
    at = posix.dirname(at);
    if (left === "." && at !== directory) return undefined;
  }
  return `${open}${left}${close}`;
}
