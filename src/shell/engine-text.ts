/**
 * Calls of a container engine in text that is not read as commands: the words of `ssh`, a step in another language, prose.
 *
 *     ssh host docker build -t app .           docker build
 *     subprocess.run(["docker", "build"])      "docker", "build
 *     run `docker "$@"`                        docker "$
 *
 * What is not decided here: whether anything runs the text.
 */
import type { Range } from "../text/source.ts";

const PROGRAM = String.raw`\b(?:docker|podman|nerdctl|buildah)(?:\.exe)?`;
/** Blanks, and line ends that a shell takes away. */
const BLANK = String.raw`(?:[ \t]|[\\\x60^]\r?\n)+`;
const GROUP = "(?:container|image|buildx|builder)";
/** Verbs that make images, or hand files over. */
const MAKES = String.raw`(?:build|bud|bake|create|cp|commit|export)\b`;
const ALL = String.raw`(?:build|bud|bake|create|run|cp|commit|export|import|load|save|tag|exec)\b`;
/** A variable of some shell, or a value that is known by what makes it. */
const ANY = String.raw`["']?(?:\$[\w{@*(]|‹|%[\w*~]|@\w)`;

function callOf(verb: string, any: string): RegExp {
  return new RegExp(`${PROGRAM}(?:${BLANK}-\\S+)*${BLANK}(?:["']?(?:${GROUP}${BLANK})?${verb}${any})`);
}

const CALL = callOf(ALL, `|${ANY}`);
const MAKING = callOf(MAKES, "");
/** The same as words of a list. */
const LISTED = new RegExp(String.raw`["']docker["']\s*,\s*(?:\[\s*)?["'](?:${GROUP}["']\s*,\s*["'])?${MAKES}`);

/** Whether a text calls an engine somewhere. */
export function callsEngine(text: string): boolean {
  return CALL.test(text);
}

/** The first call in a text of any language that makes an image or hands files over; `undefined` where there is none. */
export function firstEngineCall(text: string): Range | undefined {
  const found = [MAKING.exec(text), LISTED.exec(text)].flatMap((match) =>
    match === null ? [] : [{ start: match.index, end: match.index + match[0].length }],
  );
  return found.sort((a, b) => a.start - b.start)[0];
}
