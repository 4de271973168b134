/**
 * Build caches that no longer hold what they used to.
 *
 *     docker build --cache-from reg/b -f Dockerfile.build …     gone, and its cache with it
 *     docker build --cache-from reg/app -t reg/app .            the image reg/app holds no layer of the build stage
 *
 *     docker exec x git clone https://…                         a RUN, which the next build has in its cache
 *
 * What is said is the option to add: a cache of all stages, or the builder's image where that is still built and pushed.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { type ContainerCall, optionValues } from "../../shell/container-cli.ts";
import { describeField } from "../../shell/symbolic.ts";
import { isWithin } from "../../text/paths.ts";
import type { Range } from "../../text/source.ts";
import { isCache } from "./container-mounts.ts";
import { CHECKOUT } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import { shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";

/** Where a call names sources of its cache, and which. */
export interface CacheUse {
  readonly range: Range;
  readonly sources: readonly string[];
}

/** `--cache-from` of a call; `undefined` without, or where it keeps the layers of all stages. */
export function cacheOf(call: ContainerCall): CacheUse | undefined {
  const option = call.options.find(({ name }) => name === "cache-from");
  const keepsAll = optionValues(call, "cache-to").some((field) => describeField(field).includes("mode=max"));
  if (option === undefined || keepsAll) return undefined;
  return { range: option.span, sources: optionValues(call, "cache-from").map(describeField) };
}

/** The options that make a cache hold all stages. */
export function cacheOfAllStages([source = ""]: readonly string[]): string {
  const name = /^[\w./:-]+$/.test(source) ? source.replace(/:[^/]*$/, "") : "CACHE_IMAGE";
  const ref = `type=registry,ref=${name}:cache`;
  return `--cache-to ${ref},mode=max --cache-from ${ref}`;
}

/** Says which of the driver's own calls have too little in their cache. */
export function sayCaches(
  { run }: Recognized,
  joined: readonly Joined[],
  stillBuilt: ReadonlySet<string>,
  reporter: Reporter,
): void {
  for (const { group } of joined) {
    const images = group.builders
      .filter(({ build }) => stillBuilt.has(build.id))
      .flatMap(({ build }) => build.tags.map(({ field }) => describeField(field)));
    for (const { build } of group.finals) {
      const cache = cacheOf(build.call);
      const script = run.visits[build.step]?.script.source.path;
      if (cache === undefined || script === undefined || images.some((image) => cache.sources.includes(image)))
        continue;
      const [image] = images;
      const add = image === undefined ? cacheOfAllStages(cache.sources) : `--cache-from ${image}`;
      reporter.report("cache-without-stages", { cache: cache.sources[0] ?? "", add }, { path: script, ...cache.range });
    }
  }
}

/** Commands that bring what may be another thing the next time. */
const FETCHES = /\b(?:curl|git\s+(?:clone|fetch|pull)|svn\s+(?:checkout|co|export|update)|wget)\b/;

/** Says what containers fetched anew each time, and a stage fetches once. */
export function sayFetches({ run }: Recognized, joined: readonly Joined[], reporter: Reporter): void {
  for (const { group, stages } of joined) {
    for (const { build } of group.builders) {
      const visit = run.visits[build.step];
      const fetches = build.derived !== undefined && FETCHES.test(build.file.document.source.text);
      if (!fetches || visit === undefined) continue;
      const args = { command: shortText(visit), stage: stages.get(build.id) ?? "" };
      reporter.report("fetch-cached", args, spanOf(visit));
    }
  }
}

/** Says which caches of the machine containers saw, and stages do not: they may hold settings too, as ~/.m2 does. */
export function sayHostCaches({ run }: Recognized, joined: readonly Joined[], reporter: Reporter): void {
  for (const { group } of joined) {
    for (const { build } of [...group.builders, ...group.finals]) {
      const visit = run.visits[build.step];
      const cache = build.derived?.mounts.find(
        (mount) => !mount.volume && isCache(mount) && !isWithin(mount.source, CHECKOUT),
      );
      if (cache === undefined || visit === undefined) continue;
      const target = cache.target.replace(/[‹›]/g, "");
      reporter.report("host-cache-unseen", { target }, spanOf(visit));
    }
  }
}
