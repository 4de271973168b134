/**
 * The words of a container's command with what they are made of: variables of the driver that its callers can set, and patterns.
 *
 *     docker run b make V=$(VERSION)       VERSION ?= 1.0    V=${VERSION}, whose value is 1.0 where nobody sets it
 *     docker run -v "$PWD:/src" -w /src b cat *.txt          *.txt, where the container sees the files that the host sees
 *
 * As the values of today they would be written into a Dockerfile, and stay there when they change. What is not decided here: how a
 * line is made of the words (container-command.ts).
 */
import { type ContainerCall, recognizeContainerCall } from "../../shell/container-cli.ts";
import type { Scope } from "../../shell/scope.ts";
import type { Field, FieldPart } from "../../shell/symbolic.ts";
import type { ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { evaluateWords } from "../../shell/values.ts";
import type { CommandContext } from "./command-context.ts";
import { commandsIn } from "./commands-in.ts";
import type { Mount } from "./container-mounts.ts";
import { expandPatterns } from "./file-patterns.ts";

/** The container's words as they may be kept, or those that are given where it is not sure that they come to the same. */
export function openWords(
  context: CommandContext,
  { operands }: ContainerCall,
  words: readonly Field[],
  seen: { readonly mounts: readonly Mount[]; readonly workdir: string },
): readonly Field[] {
  const own = operands.slice(1);
  if (own !== words && (own.length !== words.length || own.some((field, index) => field !== words[index])))
    return words;
  const values = context.script.settable?.values ?? new Map<string, string>();
  const found = wordsOf(context, values);
  if (found === undefined) return words;
  const isSame = (list: readonly Field[]): boolean =>
    shown(list.flatMap((field) => settled(context, field, values))) === shown(words);
  const kept = seesSame(context, seen)
    ? found
    : found.flatMap((field) => expandPatterns(context.world.host, context.shell.cwd, field));
  return isSame(kept) ? kept : words;
}

/** The words of the command as its file would have it, before patterns are replaced; `undefined` where that adds nothing. */
function wordsOf(
  { script, node, scope }: CommandContext,
  values: ReadonlyMap<string, string>,
): readonly Field[] | undefined {
  const open = values.size === 0 ? node : nodeAt(script.settable?.statements ?? [], node);
  if (open === undefined) return undefined;
  const own: Scope = {
    ...scope,
    lookup: (name) => (values.has(name) ? undefined : scope.lookup(name)),
    substitute: () => undefined,
    assign: () => undefined,
  };
  const fields = evaluateWords(open.words, own);
  const isOpen = (part: FieldPart): boolean => part.kind === "glob" || (part.kind === "unknown" && isOf(values, part));
  if (!fields.some(({ parts }) => parts.some(isOpen))) return undefined;
  return recognizeContainerCall(fields)?.operands.slice(1);
}

function nodeAt(statements: readonly ShellNode[], { range }: SimpleCommand): SimpleCommand | undefined {
  return statements.flatMap(commandsIn).find((one) => one.range.start === range.start && one.range.end === range.end);
}

function isOf(values: ReadonlyMap<string, string>, part: FieldPart): boolean {
  return part.kind === "unknown" && part.name !== undefined && values.has(part.name);
}

/** The fields that the values of today make of one; a pattern counts as the names that match. */
function settled(
  { world, shell }: CommandContext,
  field: Field,
  values: ReadonlyMap<string, string>,
): readonly Field[] {
  const parts = field.parts.map((part): FieldPart => {
    const value = part.kind === "unknown" && part.name !== undefined ? values.get(part.name) : undefined;
    return value === undefined ? part : { kind: "text", text: value };
  });
  return expandPatterns(world.host, shell.cwd, { ...field, parts });
}

/** Fields as one text, in which words that a value splits into look like fields. */
function shown(fields: readonly Field[]): string {
  const texts = fields.map(({ parts }) =>
    parts.map((part) => (part.kind === "unknown" ? `‹${part.name ?? part.source}›` : part.text)).join(""),
  );
  return texts.join(" ").replace(/ +/g, " ").trim();
}

/** Whether the command starts in the container where the host's shell is, so that a pattern matches the same names. */
function seesSame(
  { shell }: CommandContext,
  { mounts, workdir }: { readonly mounts: readonly Mount[]; readonly workdir: string },
): boolean {
  return mounts.some(({ source, target }) => source === shell.cwd && target === workdir);
}
