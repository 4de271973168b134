/**
 * What a Jenkinsfile does with images besides building them (https://www.jenkins.io/doc/book/pipeline/docker/).
 *
 *     docker.image('b').inside { sh 'make' }      commands in a container that sees the workspace
 *     builder.withRun { c -> … }                  a container while the block runs
 *     agent { docker { image 'golang' } }         a whole stage in a container
 *     app.push()                                  the image is wanted
 *     buildImage(name: 'app')                     a step of a library
 *
 * None of it is followed, which is said, and the image stays for it.
 */
import type { Unread } from "../shell/syntax.ts";
import type { MappedPiece } from "../text/mapped.ts";
import type { Range } from "../text/source.ts";

/** Where such a use begins. */
export const CONTAINER_USE = String.raw`\bdocker\s*\.\s*image\s*\([^()\n]*\)\s*\.\s*(?:inside|withRun|run|push)\b|\b[A-Za-z_]\w*\s*\.\s*(?:inside|withRun|push)\s*(?=[({])|\b(?!def\s)(?:\w*[dD]ocker\w*(?:[bB]uild|[iI]mage)\w*|(?:build|make|publish)\w*(?:Docker|Image|Container)\w*|kaniko\w*)\s*(?=[({])|\bagent\s*\{\s*(?:docker\b(?!\s*\{\s*label)|dockerfile\b)`;

interface FoundStep {
  readonly range: Range;
  readonly inside: Range;
  readonly pieces: readonly MappedPiece[];
  readonly removable: boolean;
  readonly verb: string;
  readonly unread?: Unread;
}

/** A step that is not read. */
export function unreadStep(range: Range, unread: Unread): FoundStep {
  return { range, inside: range, pieces: [], removable: false, verb: "sh", unread };
}

/** What a use at a place comes to: that it is not followed, and which image it needs. */
export function containerSteps(file: string, start: number, end: number): readonly FoundStep[] {
  const token = file.slice(start, end);
  const range = { start, end };
  if (token.startsWith("agent"))
    return [unreadStep(range, { reason: "the commands of the stage run in a container", onlyWrites: true })];
  if (/^\w+\s*$/.test(token)) {
    const isOwn = new RegExp(`\\bdef\\s+${token.trim()}\\b`).test(file);
    return isOwn ? [] : [unreadStep(range, { reason: "a step of a library is not read" })];
  }
  const [, quoted, variable] =
    /^docker\s*\.\s*image\s*\(\s*(?:['"]([^'"]*)['"])?|^([A-Za-z_]\w*)\s*\./.exec(token) ?? [];
  const name = quoted ?? (variable === undefined ? undefined : imageIn(file, variable));
  // What no image was put into is something else: `steps.push(…)` of a list.
  if (variable !== undefined && name === undefined) return [];
  return [...needed(range, name), ...ran(range, token)];
}

/** The same behind a `docker.build(…)`. */
export function usesBehind(file: string, at: number, name: string): readonly FoundStep[] {
  const [use] = /^\s*\.\s*(?:inside|withRun|run|push)\b/.exec(file.slice(at, at + 100)) ?? [];
  if (use === undefined) return [];
  const range = { start: at, end: at + use.length };
  return [...needed(range, name), ...ran(range, use)];
}

function ran(range: Range, token: string): readonly FoundStep[] {
  const what = /(inside|withRun|run)\s*$/.exec(token)?.[1];
  return what === undefined ? [] : [unreadStep(range, { reason: `what runs in a container by "${what}" is not read` })];
}

/** A command that needs the image, which stands for whatever does; it is no text of the file. */
function needed({ start }: Range, name: string | undefined): readonly FoundStep[] {
  if (name === undefined || name === "") return [];
  const at = { start, end: start };
  const pieces = [{ text: `docker push "${name.replace(/["\\`]/g, "")}"`, from: at }];
  return [{ range: at, inside: at, pieces, removable: false, verb: "sh" }];
}

/** The name of the image that a variable holds, where it is written out. */
function imageIn(file: string, variable: string): string | undefined {
  const [, name] =
    new RegExp(`\\b${variable}\\s*=\\s*docker\\s*\\.\\s*(?:build|image)\\s*\\(\\s*['"]([^'"]*)['"]`).exec(file) ?? [];
  return name;
}
