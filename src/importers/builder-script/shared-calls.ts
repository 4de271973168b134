/**
 * Final images that one command of the script builds, each at another visit:
 *
 *     for d in hello hola; do docker build -t greet:$d "$d"; done
 *
 * In the joined file each is a stage, and the one command has to say which: `--target "$d"`, where a variable that the command
 * reads has another value at each visit and all of them can name stages. What is not decided here: the names of other stages.
 */
import type { LinkedBuild } from "./links.ts";
import { isStageName } from "./stage-names.ts";
import type { Build, Visit } from "./trace.ts";
import { settledText } from "./values.ts";

/** A word that names the stage at every visit, and what it comes to at one of them. */
export interface SharedTarget {
  /** As the command may write it: `"$d"`. */
  readonly word: string;
  readonly name: string;
}

/** By the ids of builds that share their command with others: the target, or `undefined` where no variable tells. */
export function sharedTargets(
  builds: readonly LinkedBuild[],
  visits: readonly Visit[],
): ReadonlyMap<string, SharedTarget | undefined> {
  const byNode = new Map<unknown, LinkedBuild[]>();
  for (const linked of builds) {
    const node = visits[linked.build.step]?.node;
    byNode.set(node, [...(byNode.get(node) ?? []), linked]);
  }
  const targets = new Map<string, SharedTarget | undefined>();
  for (const [node, shared] of byNode) {
    if (node === undefined || shared.length < 2) continue;
    const told = tellingVariable(shared, visits);
    for (const { build } of shared) {
      const name = told === undefined ? undefined : valueOf(build, told.name);
      targets.set(build.id, told === undefined || name === undefined ? undefined : { word: told.word, name });
    }
  }
  return targets;
}

/** A variable of the command that has another value for each build, with the text that refers to it. */
function tellingVariable(
  shared: readonly LinkedBuild[],
  visits: readonly Visit[],
): { readonly name: string; readonly word: string } | undefined {
  const visit = visits[shared[0]?.build.step ?? -1];
  const text = visit?.script.source.text.slice(visit.range.start, visit.range.end) ?? "";
  for (const [word, braced, bare] of text.matchAll(/\$\$?(?:\{(\w+)\}|(\w+))/g)) {
    const name = braced ?? bare ?? "";
    const values = shared.map(({ build }) => valueOf(build, name));
    const fit = values.every((value) => value !== undefined && isStageName(value));
    if (fit && new Set(values).size === shared.length) return { name, word: `"${word}"` };
  }
  return undefined;
}

function valueOf({ variables, positional }: Build, name: string): string | undefined {
  const value = /^\d+$/.test(name) ? positional?.[Number(name) - 1] : variables.get(name);
  return value === undefined || value === "unset" ? undefined : settledText(value);
}
