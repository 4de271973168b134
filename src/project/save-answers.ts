/**
 * Answers as text of `.restage.yml`, each with its question as a comment:
 *
 *     answers:
 *       "fat-dockerfile:Dockerfile":
 *         # Which image does the runtime stage start from?
 *         # or gcr.io/distroless/static-debian12, golang:1.22
 *         runtime-base: debian:bookworm-slim
 *
 * What stands in the file already stays, with its comments and its order; an answer that was there gets the new value. The file is not
 * written here.
 */
import { type Document, isMap, isScalar, type Pair, parseDocument, type Scalar, type YAMLMap } from "yaml";
import type { Answers } from "../model/decision.ts";
import type { MigrationDecision } from "../model/migration.ts";
import { visibleLine } from "../text/visible.ts";

/** Of a setup, the part that comments are made of. */
export interface AnsweredSetup {
  readonly id: string;
  readonly decisions: readonly MigrationDecision[];
}

/** `undefined` where the file is not one that answers can be put into. */
export function withAnswers(
  text: string | undefined,
  answers: Answers,
  setups: readonly AnsweredSetup[],
): string | undefined {
  const document = parseDocument(text ?? "");
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return undefined;
  if (document.contents === null) document.contents = emptyMap(document) as never;
  const root = document.contents as unknown as YAMLMap;
  // The line `answers:` may be left out, and then setups stand at the top.
  const bare = !root.has("answers") && !root.has("verify") && root.items.length > 0;
  const all = bare ? root : mapIn(root, "answers", document);
  if (all === undefined) return undefined;
  for (const [setup, own] of Object.entries(answers)) {
    const map = mapIn(all, setup, document);
    if (map === undefined) return undefined;
    const decisions = setups.find(({ id }) => id === setup)?.decisions ?? [];
    for (const [id, value] of Object.entries(own))
      put(
        map,
        id,
        value,
        decisions.find((one) => one.id === id),
        document,
      );
  }
  return String(document);
}

function emptyMap(document: Document): YAMLMap {
  return document.createNode({}) as unknown as YAMLMap;
}

/** The map under a key, made where there is none. */
function mapIn(map: YAMLMap, key: string, document: Document): YAMLMap | undefined {
  const found = map.get(key, true) as unknown;
  if (isMap(found)) return found;
  if (found !== undefined && !(isScalar(found) && found.value === null)) return undefined;
  const made = emptyMap(document);
  map.set(key, made);
  return made;
}

function put(
  map: YAMLMap,
  id: string,
  value: string,
  decision: MigrationDecision | undefined,
  document: Document,
): void {
  const known = map.items.find(({ key }) => isScalar(key) && key.value === id);
  if (known !== undefined) {
    known.value = document.createNode(value);
    return;
  }
  const pair = document.createPair(id, value) as Pair<Scalar, Scalar>;
  if (decision !== undefined) pair.key.commentBefore = commentOf(decision, value);
  map.items.push(pair);
}

function commentOf({ question, options }: MigrationDecision, value: string): string {
  const others = options.map((one) => one.value).filter((one) => one !== value);
  const consequence = options.find((one) => one.value === value)?.consequence;
  return [
    question,
    ...(consequence === undefined ? [] : [consequence]),
    ...(others.length === 0 ? [] : [`or ${others.join(", ")}`]),
  ]
    .map((line) => ` ${visibleLine(line)}`)
    .join("\n");
}
