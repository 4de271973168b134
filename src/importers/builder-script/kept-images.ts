/**
 * Builders whose image something needs besides the files that are taken out of it, so that it is still built.
 *
 *     docker push app:build            docker run --rm app:build make test            compose.yaml: image: app:build
 *
 * What is not decided here: what becomes of the files (plan-setup.ts, exports.ts).
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { readOnHost } from "./host-uses.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, type ImportWorld } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { usesOfImage } from "./references.ts";
import { returnedImages } from "./saved-images.ts";
import { builtBase, carriedSteps, sourcesOf } from "./setup-graph.ts";

/** The ids of those builders. */
export function keptImages(files: ProjectFiles, recognized: Recognized, world: ImportWorld): ReadonlySet<string> {
  const { run, groups, linked, extractions } = recognized;
  const builders = new Map(
    groups.flatMap((group) => group.builders.map((builder) => [builder.build.id, builder] as const)),
  );
  const used = [...usedElsewhere(files, recognized, builders, world)];
  const parts = new Set(groups.flatMap((group) => [...group.builders, ...group.finals]));
  for (const other of linked.values()) if (!parts.has(other)) used.push(...sourcesOf(other));
  const returned = returnedImages(run.visits);
  for (const { effect, visit } of effectsOf(run, "image")) {
    if (/^(?:push|save)$/.test(effect.verb) && !returned.has(visit.step)) used.push(...effect.images);
  }
  const extracted = new Set(extractions.map(({ effect }) => effect.created));
  const worked = new Set(
    effectsOf(run, "derive").flatMap(({ effect }) => (builders.has(effect.build.id) ? [effect.container] : [])),
  );
  const carried = new Set([...carriedSteps([...parts]), ...recognized.changes.done]);
  const stays = new Set(readOnHost(run, carried, new Set(builders.keys())).flatMap(({ steps }) => steps));
  for (const step of stays) carried.delete(step);
  const read = new Set(
    effectsOf(run, "container").flatMap(({ effect, visit }) =>
      effect.verb === "exec" && carried.has(visit.step) ? effect.created : [],
    ),
  );
  const exports = new Set(
    groups.flatMap((group) => group.exports.flatMap((one) => one.extractions.map(({ visit }) => visit.step))),
  );
  for (const { effect, visit } of effectsOf(run, "create")) {
    const gone =
      exports.has(visit.step) ||
      extracted.has(visit.step) ||
      read.has(visit.step) ||
      worked.has(visit.step) ||
      carried.has(visit.step);
    if (effect.runs && (stays.has(visit.step) || !gone)) used.push(effect.image);
  }
  const kept = new Set(used.filter((image) => builders.has(image)));
  const sources = groups.flatMap((group) => group.exports.map(({ source }) => source));
  const exported = new Set(sources.flatMap((source) => builtBase(source, builders) ?? []));
  for (const source of exported)
    if (!kept.has(source.build.id) && isProduct(source, recognized, world)) kept.add(source.build.id);
  return kept;
}

/** Builders whose tag another file of the repository uses: compose services, CI jobs, other Dockerfiles. */
function usedElsewhere(
  files: ProjectFiles,
  { run }: Recognized,
  builders: ReadonlyMap<string, LinkedBuild>,
  { reporter, companions = [] }: ImportWorld,
): readonly string[] {
  const own = [
    ...companions,
    ...run.visits.map((visit) => visit.script.source.path),
    ...[...run.linked.values()].map(({ build }) => build.file.path),
  ];
  return [...builders].flatMap(([id, { build }]) =>
    build.tags.flatMap(({ key }) => {
      const [by] = usesOfImage(files, key, own);
      if (by !== undefined) reporter.report("builder-image-kept", { image: key, by }, { path: by, start: 0, end: 0 });
      return by === undefined ? [] : [id];
    }),
  );
}

/** Words by which people call images that are only there for what is taken out of them. */
const PASSING = /(?:^|[^a-z])(?:artifacts?|build(?:er|env|s)?|compile[rd]?|dev|export|extract|temp|tmp)(?:[^a-z]|$)/i;

/** Whether an image that files are taken out of for the host is wanted as an image too; a decision where nothing tells. */
function isProduct(source: LinkedBuild, { run }: Recognized, { decisions }: ImportWorld): boolean {
  const { build, document, target } = source;
  const [tag] = build.tags;
  const visit = run.visits[build.step];
  const removed = effectsOf(run, "image").some(
    ({ effect }) => effect.verb === "rmi" && effect.images.includes(build.id),
  );
  if (tag === undefined || removed) return false;
  const runs = document.stages[target]?.instructions.some(({ kind }) => kind === "cmd" || kind === "entrypoint");
  const passing = PASSING.test(tag.key) || PASSING.test(build.file.path) || PASSING.test(build.target ?? "");
  const chosen = decisions.decide({
    id: `image:${tag.key}`,
    question: `Is the image "${tag.key.replace(/[‹›]/g, "")}" wanted as well as the files that are taken out of it?`,
    options: [
      { value: "drop", label: "the files alone", consequence: "The build writes the files and makes no image." },
      {
        value: "keep",
        label: "the image too",
        consequence: "The image is built as before; the files come out of its cache.",
      },
    ],
    recommended: passing || runs !== true ? "drop" : "keep",
    confidence: "likely",
    because: visit === undefined ? [] : [provenance(visit.script.source, visit.range)],
  });
  return chosen === "keep";
}
