/**
 * Builds of Tiltfiles.
 *
 *     docker_build('app', '.', dockerfile='Dockerfile.build', target='builder')
 *
 * Paths count from the Tiltfile (https://docs.tilt.dev/api.html#api.docker_build). Calls whose arguments are not all plain
 * text where it matters are none of ours.
 */
import { type HostPath, hostDirectory } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyedWord, type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };

export const tiltfile: CallerReader = {
  name: "tiltfile",
  accepts: (path: HostPath) => /(?:^|\/)(?:Tiltfile(?:\.[^/]+)?|[^/]+\.Tiltfile)$/.test(path),
  read: (_, source) =>
    [...source.text.matchAll(/^[^#\n]*?\bdocker_build\(/gm)].flatMap((match) =>
      readCall(source, match.index + match[0].length),
    ),
};

interface Argument {
  readonly name: string | undefined;
  readonly word: KeyedWord | undefined;
}

function readCall(source: SourceFile, start: number): readonly BuildReference[] {
  const call = argumentsFrom(source.text, start);
  if (call === undefined) return [];
  const { end } = call;
  const positional = call.items.filter(({ name }) => name === undefined);
  const named = (name: string): Argument | undefined => call.items.find((item) => item.name === name);
  const context = named(NAMES.context) ?? positional[1];
  const file = named(NAMES.dockerfile);
  const target = named(NAMES.target);
  if (context?.word === undefined || [file, target].some((item) => item !== undefined && item.word === undefined))
    return [];
  const base = hostDirectory(source.path);
  const reference = keyedReference({
    range: { start, end },
    names: NAMES,
    context: context.word,
    dockerfile: file?.word,
    target: target?.word,
    contextBase: base,
    dockerfileBase: base,
    insert: (pairs) => {
      const anchor = (file ?? context).word;
      if (anchor === undefined) return undefined;
      const at = anchor.range.end + 1;
      const quote = source.text[anchor.range.end] ?? "'";
      return { start: at, end: at, text: pairs.map(([key, value]) => `, ${key}=${quote}${value}${quote}`).join("") };
    },
  });
  return reference === undefined ? [] : [reference];
}

/** The arguments of a call up to its closing parenthesis; `undefined` where it has none. */
function argumentsFrom(text: string, start: number): { items: readonly Argument[]; end: number } | undefined {
  const items: Argument[] = [];
  const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[([{]|[)\]}]|,/g;
  token.lastIndex = start;
  let depth = 0;
  let from = start;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [part] = match;
    if (/^[([{]$/.test(part)) depth += 1;
    const closes = /^[)\]}]$/.test(part);
    if (depth === 0 && (closes || part === ",")) {
      if (text.slice(from, match.index).trim() !== "") items.push(argumentOf(text, from, match.index));
      from = match.index + 1;
      if (closes) return { items, end: match.index };
    } else if (closes) depth -= 1;
  }
  return undefined;
}

function argumentOf(text: string, start: number, end: number): Argument {
  const [whole, before = "", name, , inner] =
    /^(\s*(?:(\w+)\s*=\s*)?)(["'])([^"'\\]*)\3\s*$/.exec(text.slice(start, end)) ?? [];
  if (whole === undefined || inner === undefined)
    return { name: /^\s*(\w+)\s*=(?!=)/.exec(text.slice(start, end))?.[1], word: undefined };
  const at = start + before.length + 1;
  return { name, word: { value: inner, range: { start: at, end: at + inner.length } } };
}
