/**
 * Builds that take files out of an image through the engine alone, because the image is a local one:
 *
 *     docker build -t app:build -f Dockerfile.build .
 *     docker build -t app .                       FROM app:build AS builder   … COPY --from=builder /out/app /
 *                                                 or plainly                    COPY --from=app:build /out/app /
 *
 * A stage that only gives such an image a name is that image's own stage in the joined file, and the build arguments that only
 * chose the image go. What is not decided here: which builds are joined (setup-graph.ts).
 */

import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { variableNames } from "../../dockerfile/expand.ts";
import { fromReferences, globalNames, globalsNamed } from "./from-references.ts";
import type { LinkedBuild } from "./links.ts";
import { imageKey } from "./values.ts";

type Builds = ReadonlyMap<string, LinkedBuild>;

/** The builds, each with the stages and arguments that do nothing but name the image of another one. */
export function withAliases(builds: Builds): Builds {
  return new Map(
    [...builds].map(([id, linked]) => {
      const aliases = aliasesOf(linked, builds);
      const retired = retiredArguments(linked, builds);
      if (aliases.size === 0 && retired.size === 0) return [id, linked];
      return [id, { ...linked, build: withoutArguments(linked, retired), aliases, retired }];
    }),
  );
}

/** Whether a build copies out of the image of another one that the script made. */
export function takesFromImage(linked: LinkedBuild, builds: Builds): boolean {
  if ([...linked.references.values()].some((image) => builds.has(image))) return true;
  return linked.document.stages.some(({ instructions }, index) =>
    instructions.some((instruction) => {
      const from = instruction.kind === "copy" && instruction.flags.find(({ name }) => name === "from")?.value;
      return typeof from === "string" && linked.aliases.has(stageNamed(linked, index, from));
    }),
  );
}

/** Says where a base has the name of an image that the script builds, but not its tag: it then comes from a registry. */
export function checkBaseTags(parts: readonly LinkedBuild[], reporter: Reporter): void {
  for (const { build, document, bases } of parts) {
    for (const [index, reference] of fromReferences(document, build).entries()) {
      const { from } = document.stages[index] ?? {};
      if (from === undefined || reference === undefined || bases.has(index)) continue;
      const built = [...build.images.keys()].find((key) => repositoryOf(key) === repositoryOf(imageKey(reference)));
      if (built === undefined || built === imageKey(reference)) continue;
      const span = { path: document.source.path, ...from.image.range };
      reporter.report("base-tag-differs", { base: imageKey(reference), built }, span);
    }
  }
}

function repositoryOf(key: string): string {
  return key.replace(/:(?:‹[^›]*›|[^/:‹›])*$/, "");
}

function stageNamed({ document }: LinkedBuild, before: number, name: string): number {
  const named = document.stages
    .slice(0, before)
    .findLastIndex((stage) => stage.from.name?.text.toLowerCase() === name.toLowerCase());
  return named < 0 && /^\d+$/.test(name) ? Number(name) : named;
}

/** Stages that are the image of another build and nothing more. What the build itself makes is never one. */
function aliasesOf(linked: LinkedBuild, builds: Builds): ReadonlySet<number> {
  const indices = [...linked.bases].flatMap(([index, image]) => {
    const stage = linked.document.stages[index];
    const plain = stage?.instructions.length === 0 && stage.from.flags.length === 0;
    return plain && index !== linked.target && builds.has(image) ? [index] : [];
  });
  return new Set(indices);
}

/** Arguments before the first FROM that only FROM lines read whose image is a stage now. */
function retiredArguments(linked: LinkedBuild, builds: Builds): ReadonlySet<string> {
  const { document } = linked;
  const isJoined = (index: number): boolean => builds.has(linked.bases.get(index) ?? "");
  const froms = document.stages.map(({ from }, index) => ({ index, names: globalsNamed(document, from.image.text) }));
  const candidates = new Set(froms.filter(({ index }) => isJoined(index)).flatMap(({ names }) => names));
  const read = new Set([
    ...froms.filter(({ index }) => !isJoined(index)).flatMap(({ names }) => names),
    ...document.stages.flatMap(({ from }) => from.flags.flatMap(({ value }) => globalsNamed(document, value ?? ""))),
    ...document.stages.flatMap(({ instructions }) =>
      instructions.flatMap((one) => (one.kind === "arg" ? one.pairs.map(({ key }) => key) : [])),
    ),
  ]);
  for (const instruction of [...document.preamble].reverse()) {
    if (instruction.kind !== "arg") continue;
    const retires = instruction.pairs.every(({ key }) => candidates.has(key) && !read.has(key));
    for (const { key, value = "" } of instruction.pairs) {
      const inner = variableNames(value, document.escape).filter((name) => globalNames(document).has(name));
      if (retires) for (const name of inner) candidates.add(name);
      else for (const name of [key, ...inner]) read.add(name);
    }
  }
  return new Set([...candidates].filter((name) => !read.has(name)));
}

function withoutArguments({ build }: LinkedBuild, names: ReadonlySet<string>): LinkedBuild["build"] {
  const fields = new Set(build.args.filter(({ name }) => names.has(name)).map(({ field }) => field));
  const options = build.call.options.filter(({ value }) => value === undefined || !fields.has(value));
  return { ...build, args: build.args.filter(({ name }) => !names.has(name)), call: { ...build.call, options } };
}
