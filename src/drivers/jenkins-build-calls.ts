/**
 * The words of `docker.build` in a Jenkinsfile, and where options go that the build needs from now on: they stand in its second
 * argument, which ends with the context (https://www.jenkins.io/doc/book/pipeline/docker/#building-containers).
 *
 *     docker.build("app:1", 'deploy')      docker.build("app:1", '-f deploy/Dockerfile .')
 *     docker.build("app:1")                docker.build("app:1", "-f deploy/Dockerfile .")
 *
 * Left alone: options with quotes or variables, which Groovy and the shell would read one after the other.
 */
import type { TextEdit } from "../text/edits.ts";
import type { Range, SourceFile } from "../text/source.ts";
import type { Settled } from "./driver.ts";

/** A string of Groovy, with its quotes. */
export const GROOVY_STRING = /^('''|""")[\s\S]*?\1|^'(?:[^'\\\n]|\\.)*'|^"(?:[^"\\\n]|\\.)*"/;

/** A value that Groovy works out. */
export const GROOVY_EXPRESSION = /^[\w.]+(?:\([^()]*\))?/;

const CALL = /^docker\s*\.\s*build\s*\(\s*/;
const COMMA = /^\s*,\s*/;
const PLAIN = /^[\w./:=@,+ -]+$/;

interface BuildCall {
  readonly start: number;
  readonly name: Range;
  /** What stands between the quotes of the second argument; absent without one. */
  readonly options?: Range;
}

/** Moves what the editor of commands puts before the call, or behind its name, into the second argument. */
export function settleBuildCalls({ text }: SourceFile, edits: readonly TextEdit[]): Settled {
  const replaced: TextEdit[] = [];
  const added: TextEdit[] = [];
  for (const { index } of text.matchAll(/\bdocker\s*\.\s*build\b/g)) {
    const call = buildCall(text, index);
    const put = edits.filter(({ start, end, text: words }) => start === index && end === index && words !== "");
    const named = call?.name;
    const context = edits.find(({ start, end }) => start === named?.end && end === named.end);
    if (put.length === 0 && (context === undefined || call?.options !== undefined)) continue;
    const options = put.map((edit) => edit.text).join("");
    const words = `${options}${call?.options === undefined ? (context?.text ?? ".") : ""}`;
    if (call === undefined || !PLAIN.test(words))
      return { kind: "broken", problem: "docker.build would have to be given other options" };
    const at = call.options?.start ?? call.name.end;
    added.push({ start: at, end: at, text: call.options === undefined ? `, "${words}"` : words });
    replaced.push(...put, ...(call.options === undefined && context !== undefined ? [context] : []));
  }
  return { kind: "edits", added, replaced };
}

/** The arguments of a call; `undefined` where the second one is no string. */
function buildCall(file: string, start: number): BuildCall | undefined {
  const from = start + (CALL.exec(file.slice(start, start + 100))?.[0].length ?? 0);
  const name = from === start ? undefined : (found(file, from, GROOVY_STRING) ?? found(file, from, GROOVY_EXPRESSION));
  if (name === undefined) return undefined;
  const comma = found(file, name.end, COMMA);
  if (comma === undefined) return { start, name };
  const second = found(file, comma.end, GROOVY_STRING);
  if (second === undefined) return undefined;
  const quotes = /^(?:'''|""")/.test(file.slice(second.start)) ? 3 : 1;
  return { start, name, options: { start: second.start + quotes, end: second.end - quotes } };
}

function found(file: string, start: number, pattern: RegExp): Range | undefined {
  const [whole = ""] = pattern.exec(file.slice(start, start + 2000)) ?? [];
  return whole === "" ? undefined : { start, end: start + whole.length };
}
