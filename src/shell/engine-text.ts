/**
 * Calls of a container engine in text that is not read as commands: the words of `ssh`, a step in another language, prose.
 *
 *     ssh host docker build -t app .           docker build
 *     subprocess.run(["docker", "build"])      docker", "build
 *     run `docker "$@"`                        docker "$
 *
 * What is not decided here: whether anything runs the text.
 */
import type { Range } from "../text/source.ts";

const PROGRAM = String.raw`\b(?:docker|podman|nerdctl|buildah)(?:\.exe)?`;
const GROUP = "(?:container|image|buildx|builder)";
const VERB = String.raw`(?:build|bud|bake|create|run|cp|commit|export|import|load|save|tag|exec)\b`;
/** A variable of some shell, or a value that is known by what makes it. */
const ANY = String.raw`["']?(?:\$[\w{@*(]|‹|%[\w*~]|@\w)`;

const CALL = new RegExp(String.raw`${PROGRAM}(?:\s+-\S+)*\s+(?:["']?(?:${GROUP}\s+)?${VERB}|${ANY})`, "i");
/** The same as words of a list. */
const LISTED = new RegExp(String.raw`["']docker["']\s*,\s*(?:\[\s*)?["'](?:${GROUP}["']\s*,\s*["'])?${VERB}`);

/** Whether a text calls an engine somewhere. */
export function callsEngine(text: string): boolean {
  return CALL.test(text);
}

/** The first call in a text of any language; `undefined` where there is none. */
export function firstEngineCall(text: string): Range | undefined {
  const found = [CALL.exec(text), LISTED.exec(text)].flatMap((match) =>
    match === null ? [] : [{ start: match.index, end: match.index + match[0].length }],
  );
  return found.sort((a, b) => a.start - b.start)[0];
}
