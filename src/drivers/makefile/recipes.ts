/**
 * The commands of a recipe, with their places in the Makefile.
 *
 *     ⇥@docker build -t $(IMAGE) . && \      one shell for the line and what continues it: a subshell, whose place is the
 *     ⇥  docker push $(IMAGE)                whole line with its `@`; the words of $(IMAGE) stand where the reference does
 *
 * How make hands lines to the shell: https://www.gnu.org/software/make/manual/html_node/Recipe-Execution.html. What the commands
 * do is not decided here.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { parseMapped } from "../../shell/parse-mapped.ts";
import { quotesAfter } from "../../shell/quotes.ts";
import type { ShellNode, ShellScript } from "../../shell/syntax.ts";
import { type MappedPiece, type MappedText, mappedText } from "../../text/mapped.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { ScriptText, SettableValues } from "../driver.ts";
import type { Recipe } from "./database.ts";
import { type ExpandWorld, expand, expandReference, type MakeVariable } from "./expand.ts";
import { withoutHoles } from "./holes.ts";
import { tokensOf } from "./references.ts";

/** What a recipe is read with. */
export interface RecipeWorld {
  readonly world: ExpandWorld;
  /** The world of the whole file, without what counts for one target alone. */
  readonly outer: ExpandWorld;
  /** Variables that the shell finds in its environment, as far as their values are known. */
  readonly environment: ReadonlyMap<string, string>;
  readonly oneShell: boolean;
}

/** A recipe's commands. */
export interface RecipeScript extends ScriptText {
  /** Whether they may call a container engine: by its name, or by starting make again. */
  readonly callsEngine: boolean;
}

const ENGINE = /\b(?:docker|podman|nerdctl|buildah)\b/;
const STARTS = /\b(?:docker|podman|nerdctl|buildah|make)\b/;

/** `$(DOCKER) build`, `$(CONTAINER_ENGINE) run`: an engine that the environment names; and what a function of make makes. */
const MAY_CALL =
  /\$[({]\w*(?:DOCKER|PODMAN|ENGINE|RUNTIME)\w*[)}]|\$[({]\w+[ \t][^\n]*\b(?:docker|podman|nerdctl|buildah)\b/i;

/** The commands of a recipe; `undefined` where it has none. */
export function recipeScript(
  recipe: Recipe,
  { world, outer, environment, oneShell }: RecipeWorld,
): RecipeScript | undefined {
  const { source } = recipe;
  const lines = recipe.lines.flatMap((range) => {
    const text = commandText(source, range, world);
    return text.text.trim() === "" ? [] : [{ range, text }];
  });
  if (lines.length === 0) return undefined;
  const key = JSON.stringify([
    source.path,
    lines.map(({ range, text }) => [range.start, text.text]),
    oneShell,
    [...environment],
  ]);
  return remembered(world.files, key, () => {
    const made = parsed(source, lines, oneShell);
    const statements = made.flatMap((one) => one.statements);
    const callsEngine = lines.some(
      ({ text, range }) => STARTS.test(text.text) || MAY_CALL.test(source.text.slice(range.start, range.end)),
    );
    const problems = made.flatMap((one) => one.problems);
    const settable = callsEngine ? settableIn(recipe, { world, outer, environment, oneShell }) : undefined;
    return { source, statements, problems, environment, callsEngine, ...(settable === undefined ? {} : { settable }) };
  });
}

const SCRIPTS = new WeakMap<ProjectFiles, Map<string, RecipeScript>>();

/** A recipe that reads the same is the same commands, under whichever goal it runs. */
function remembered(files: ProjectFiles, key: string, make: () => RecipeScript): RecipeScript {
  const known = SCRIPTS.get(files) ?? new Map<string, RecipeScript>();
  SCRIPTS.set(files, known);
  const script = known.get(key) ?? make();
  known.set(key, script);
  return script;
}

/** Values that mean the same where a shell finds them in a variable as where they stand in its text. */
const PLAIN = /^[\w./:=,@%+ -]*$/;

/**
 * The commands with `${NAME}` for variables of the file that the command line of make, or for `?=` the environment, can set; in make
 * that is a reference too. Absent where there are none.
 */
function settableIn({ source, lines }: Recipe, { world, outer, oneShell }: RecipeWorld): SettableValues | undefined {
  const values = new Map<string, string>();
  const lookup = (name: string): MakeVariable | undefined => {
    const variable = world.lookup(name);
    if (variable?.origin !== "file" || outer.lookup(name) !== variable || !/^[A-Za-z_]\w*$/.test(name)) return variable;
    const value = variable.recursive ? expand(variable.value, world) : variable.value;
    if (!PLAIN.test(value)) return variable;
    values.set(name, value);
    return undefined;
  };
  const open: ExpandWorld = { ...world, lookup };
  const texts = lines.map((range) => ({ range, text: commandText(source, range, world, open) }));
  if (values.size === 0) return undefined;
  const made = parsed(
    source,
    texts.filter(({ text }) => text.text.trim() !== ""),
    oneShell,
  );
  return { statements: made.flatMap((one) => one.statements), values };
}

function parsed(source: SourceFile, lines: readonly RecipeLine[], oneShell: boolean): readonly Made[] {
  return oneShell ? inOneShell(source, lines) : lines.map(({ range, text }) => lineOf(source, range, text));
}

interface RecipeLine {
  readonly range: Range;
  readonly text: MappedText;
}

type Made = Pick<ShellScript, "statements" | "problems">;

/** One line is one shell. What the shell would reject matters only where it has to be understood. */
function lineOf(source: SourceFile, range: Range, text: MappedText): Made {
  const { statements, problems } = parseMapped(text, source.text);
  const node: ShellNode = { kind: "subshell", range, body: statements, redirections: [] };
  if (problems.length === 0) return { statements: [node], problems };
  return ENGINE.test(text.text)
    ? { statements: [node], problems }
    : { statements: [{ kind: "opaque", range, text: text.text }], problems: [] };
}

/** With `.ONESHELL` the lines are one script (https://www.gnu.org/software/make/manual/html_node/One-Shell.html). */
function inOneShell(source: SourceFile, lines: readonly RecipeLine[]): readonly Made[] {
  const pieces = lines.flatMap(({ text, range }) => [
    ...text.parts.map((part) => ({ text: text.text.slice(part.start, part.end), from: part.from })),
    { text: "\n", from: { start: range.end, end: range.end + 1 } },
  ]);
  return [parseMapped(mappedText(pieces), source.text)];
}

/** The shell text of a line, without the `@`, `-` and `+` in front of it. `open` is what references are expanded in. */
function commandText(source: SourceFile, range: Range, world: ExpandWorld, open = world): MappedText {
  const raw = withoutHoles(source.text.slice(range.start, range.end));
  const pieces: MappedPiece[] = [];
  let quotes = quotesAfter(undefined, "");
  const add = (text: string, from: Range): void => {
    pieces.push(...correspondingWhole(text, from));
    quotes = quotesAfter(quotes, text);
  };
  for (const token of tokensOf(raw)) {
    const from = { start: range.start + token.start, end: range.start + token.end };
    if (token.kind === "text") {
      for (const piece of literalPieces(raw.slice(token.start, token.end), from.start)) {
        pieces.push(piece);
        quotes = quotesAfter(quotes, piece.text);
      }
    } else if (token.kind === "dollar") add("$", from);
    else if (!isEmptyPrefix(token.body, raw.slice(0, token.start), raw.slice(token.end), world))
      add(world.holes.toShell(expandReference(token.body, open), quotes.state === "single"), from);
  }
  return withoutPrefix(pieces);
}

/** The character that marks a recipe is taken off the lines that continue it, too. */
function literalPieces(text: string, start: number): readonly MappedPiece[] {
  const pieces: MappedPiece[] = [];
  let from = 0;
  const push = (until: number): void => {
    if (until > from) pieces.push({ text: text.slice(from, until), from: { start: start + from, end: start + until } });
  };
  for (const match of text.matchAll(/\r(?=\n)|(?<=\n)\t/g)) {
    push(match.index);
    from = match.index + match[0].length;
  }
  push(text.length);
  return pieces;
}

/** Pieces that stand for all of a reference, even where the value happens to be as long as the reference. */
function correspondingWhole(text: string, from: Range): readonly MappedPiece[] {
  if (text.length !== from.end - from.start) return [{ text, from }];
  return [
    { text: text.slice(0, 1), from },
    { text: text.slice(1), from },
  ];
}

/** `$(Q)docker build`, `$(SUDO) docker build`: what nobody sets is nothing there, and no part of the command's name. */
function isEmptyPrefix(body: string, before: string, after: string, world: ExpandWorld): boolean {
  if (!/^[\s@+-]*$/.test(before) || !/^[\w.-]+$/.test(body) || world.lookup(body) !== undefined) return false;
  return /^(?:\w|[ \t]+(?:sudo|docker|podman|nerdctl|buildah|make)\b)/.test(after);
}

function withoutPrefix(pieces: readonly MappedPiece[]): MappedText {
  let open = true;
  const left = pieces.flatMap((piece): readonly MappedPiece[] => {
    if (!open) return [piece];
    const prefix = /^[\s@+-]*/.exec(piece.text)?.[0].length ?? 0;
    open = prefix === piece.text.length;
    if (prefix === 0) return [piece];
    const literal = piece.text.length === piece.from.end - piece.from.start;
    const from = literal ? { ...piece.from, start: piece.from.start + prefix } : piece.from;
    return literal ? [{ text: piece.text.slice(prefix), from }] : correspondingWhole(piece.text.slice(prefix), from);
  });
  return mappedText(left);
}
