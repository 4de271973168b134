/**
 * The edits of a `docker build` that remains: options that builders' calls had, the Dockerfile, the target and the context.
 *
 *     docker build -f deployer/Dockerfile.prod -t app deployer/.
 *     docker build -f deployer/Dockerfile -t app .                      context one directory up, file renamed
 */
import { posix } from "node:path";
import type { ContainerOption } from "../../shell/container-cli.ts";
import { quoteWord } from "../../shell/quote.ts";
import type { TextEdit } from "../../text/edits.ts";
import { type HostPath, isWithin } from "../../text/paths.ts";
import type { Range } from "../../text/source.ts";
import { fromCheckout } from "./host-tree.ts";
import type { Build } from "./trace.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** What a call has to become. */
export interface NewCall {
  readonly dockerfile: HostPath;
  readonly context: HostPath;
  /** Set where the stage is not what a plain build makes. */
  readonly target: string | undefined;
  /** Options to add, as text. */
  readonly options: readonly string[];
  /** Build arguments that nothing reads any more. */
  readonly retired: ReadonlySet<string>;
  /** True where the command makes other calls too, so that its words have to hold for all of them. */
  readonly uniform?: boolean;
  /** True where a variable in the context chooses the Dockerfile in it, so that its words have to stay. */
  readonly chosen?: boolean;
  /** Names of options that go. */
  readonly dropped?: ReadonlySet<string>;
}

export function callEdits(build: Build, text: string, next: NewCall): readonly TextEdit[] {
  const context = fromCheckout(next.context);
  const contextWord = build.contextField === undefined ? undefined : written(text, build.contextField.range);
  const moved = build.context !== undefined && build.context !== context;
  const newContext =
    build.streamed === true
      ? quoteWord(posix.relative(build.cwd, context) || ".")
      : contextWord === undefined || !moved
        ? contextWord
        : (next.uniform === true || next.chosen === true) && context === build.cwd
          ? "."
          : contextFor(build, contextWord, context);
  const file = fileOption(build, text, next, newContext ?? ".", context);
  const target = targetOption(build, text, next);
  const added = [...target.added, ...next.options, ...file.added];
  const edits: TextEdit[] = [...file.edits, ...target.edits, ...goneOptions(build, next)];
  if (build.input?.redirection !== undefined) edits.push({ ...build.input.redirection, text: "" });
  if (moved && build.contextField !== undefined && newContext !== undefined)
    edits.push({ ...build.contextField.range, text: newContext });
  const at = firstWord(build);
  return added.length > 0 && at !== undefined ? inserted(edits, at, added.join(" ")) : edits;
}

function goneOptions({ args, call }: Build, { retired, dropped }: NewCall): readonly TextEdit[] {
  const fields = new Set(args.filter(({ name }) => retired.has(name)).map(({ field }) => field));
  return call.options
    .filter(({ name, value }) => dropped?.has(name) === true || (value !== undefined && fields.has(value)))
    .map(({ span }) => ({ ...span, text: "" }));
}

/** The word for the new context: seen from the old one where that lies below it, else from the working directory. */
function contextFor(build: Build, word: string, context: string): string {
  const old = build.context ?? "";
  if (isWithin(old, context)) return upwards(word, old, context);
  const path = posix.relative(build.cwd, context);
  return path === "" ? "." : quoteWord(path);
}

/** Puts words in front of the word at an offset, which may be one that changes itself. */
function inserted(edits: readonly TextEdit[], at: number, words: string): readonly TextEdit[] {
  const there = edits.find((edit) => edit.start === at);
  if (there === undefined) return [...edits, { start: at, end: at, text: `${words} ` }];
  const text = there.text === "" ? words : `${words} ${there.text}`;
  return edits.map((edit) => (edit === there ? { ...edit, text } : edit));
}

function written(text: string, range: Range): string {
  return text.slice(range.start, range.end);
}

/** Where the first word behind the verb stands. */
function firstWord(build: Build): number | undefined {
  const starts = [
    ...build.call.options.map(({ span }) => span.start),
    ...build.call.operands.map(({ range }) => range.start),
    ...build.call.unresolved.map(({ range }) => range.start),
  ];
  return starts.length === 0 ? undefined : Math.min(...starts);
}

interface OptionEdits {
  readonly edits: readonly TextEdit[];
  readonly added: readonly string[];
}

function targetOption(build: Build, text: string, next: NewCall): OptionEdits {
  if (next.target === undefined || build.target === next.target) return { edits: [], added: [] };
  const own = build.call.options.findLast(({ name }) => name === "target");
  if (own?.value === undefined) return { edits: [], added: [`--target ${next.target}`] };
  return { edits: [{ ...valueRange(own, text), text: next.target }], added: [] };
}

/** Where the value of an option stands, which may share its word: `--file=x`, `-fx`. */
function valueRange({ span, value }: ContainerOption, text: string): Range {
  const range = value?.range ?? span;
  if (range.start > span.start) return range;
  const name = /^(?:--[\w-]+=|-\w=?)/.exec(written(text, range))?.[0].length ?? 0;
  return { start: range.start + name, end: range.end };
}

/** `-f`, changed, added, or taken away where the file is the context's own `Dockerfile`. */
function fileOption(build: Build, text: string, next: NewCall, contextWord: string, context: string): OptionEdits {
  const option = build.call.options.findLast(({ name }) => name === "file");
  const old = build.file.kind === "found" ? build.file.path : undefined;
  const isDefault = fromCheckout(next.dockerfile) === posix.join(context, "Dockerfile");
  if (option?.value === undefined) {
    if (isDefault) return { edits: [], added: [] };
    const field = next.chosen === true ? build.contextField : undefined;
    if (field !== undefined) return { edits: [], added: [`-f ${below(written(text, field.range), "Dockerfile")}`] };
    return { edits: [], added: [`-f ${fileWord(build, next, contextWord, context)}`] };
  }
  const named = absolutePath(build.cwd, fieldKey(option.value));
  const same = named === fromCheckout(next.dockerfile);
  if (same && next.uniform !== true) return { edits: [], added: [] };
  if (isDefault) return { edits: [{ ...option.span, text: "" }], added: [] };
  const word = written(text, valueRange(option, text));
  // A copy that the script made of the file is not there any more.
  const isCopy = old !== undefined && named !== fromCheckout(old) && !isPartlyUnknown(named);
  // The name in a context on standard input counts from that context, which is gone.
  const renamed =
    old !== undefined &&
    !isCopy &&
    build.streamed !== true &&
    next.uniform !== true &&
    posix.dirname(old) === posix.dirname(next.dockerfile) &&
    word.includes(posix.basename(old))
      ? renameLast(word, posix.basename(old), posix.basename(next.dockerfile))
      : undefined;
  return {
    edits: [{ ...valueRange(option, text), text: renamed ?? fileWord(build, next, contextWord, context) }],
    added: [],
  };
}

/** The Dockerfile from the working directory; below the context's word where that is not written out. */
function fileWord(build: Build, next: NewCall, contextWord: string, context: string): string {
  const file = fromCheckout(next.dockerfile);
  const written = !/[$`]/.test(contextWord) && !contextWord.startsWith("/");
  return written ? quoteWord(posix.relative(build.cwd, file)) : below(contextWord, posix.relative(context, file));
}

/** A word whose last name is another; `undefined` where that name is not written out. */
function renameLast(word: string, from: string, to: string): string | undefined {
  const [, before, quote = ""] = /^(.*?)(["']?)$/s.exec(word) ?? [];
  if (before === undefined || !before.endsWith(from)) return undefined;
  return before.slice(0, before.length - from.length) + to + quote;
}

/** A path below a directory that is written as a word. */
function below(directory: string, path: string): string {
  const plain = quoteWord(path);
  if (directory === "." || directory === "./" || directory === '"."') return plain;
  const [, inner, quote = ""] = /^(.*?)(["']?)$/s.exec(directory) ?? [];
  return `${(inner ?? directory).replace(/\/\.?$/, "")}/${plain}${quote}`;
}

/** The word for a directory some levels above the one that a word names. */
export function upwards(word: string, from: string, to: string): string {
  const levels = posix.relative(to, from).split("/").filter(Boolean).length;
  const [, open = "", inner = "", close = ""] = /^(["']?)(.*?)(["']?)$/s.exec(word) ?? [];
  const parts = inner.replace(/\/\.?$/, "").split("/");
  const tail = parts.slice(-levels);
  const plain =
    tail.length === levels && tail.every((part) => /^[\w@%+=:,.-]+$/.test(part) && part !== "." && part !== "..");
  if (!plain)
    return /^\.?$/.test(inner) || inner === "./"
      ? Array(levels).fill("..").join("/")
      : `${open}${inner.replace(/\/\.?$/, "")}/${Array(levels).fill("..").join("/")}${close}`;
  const head = parts.slice(0, -levels).join("/");
  if (head === "" || head === ".") return inner.startsWith("/") ? "/" : ".";
  return `${open}${head}${close}`;
}
