/**
 * Where what a container did is written: at the end of the builder's own stage, or in a stage of its own.
 *
 *     docker build -t b . ; docker run -v "$PWD/out:/out" b make      the RUN stands in the builder's stage
 *     docker run b make lint ; docker run b make                      a stage FROM the builder's, since b itself runs too
 *
 * And which instructions of the builder only served that it was run.
 */
import type { Instruction } from "../../dockerfile/syntax.ts";
import type { LinkedBuild } from "./links.ts";
import { returnedImages } from "./saved-images.ts";
import { sourcesOf } from "./setup-graph.ts";
import type { StageChanges } from "./stage-changes.ts";
import type { Visit } from "./trace.ts";

/** For each derived build the one at whose end it is written, by id. */
export function inlinedBuilds(
  builds: readonly LinkedBuild[],
  visits: readonly Visit[],
  isKept: (linked: LinkedBuild) => boolean,
): ReadonlyMap<string, LinkedBuild> {
  const inlined = new Map<string, LinkedBuild>();
  for (const linked of builds) {
    if (linked.build.derived === undefined) continue;
    const base = builds.find(({ build }) => build.id === linked.bases.get(0));
    if (base === undefined || isKept(base) || !servesOnly(base, linked, builds, visits)) continue;
    inlined.set(linked.build.id, inlined.get(base.build.id) ?? base);
  }
  return inlined;
}

/** Whether nothing else needs the image that a container was made from. */
function servesOnly(
  base: LinkedBuild,
  derived: LinkedBuild,
  builds: readonly LinkedBuild[],
  visits: readonly Visit[],
): boolean {
  const id = base.build.id;
  const others = builds.filter((linked) => linked !== derived && linked !== base);
  if (others.some((linked) => sourcesOf(linked).has(id))) return false;
  const returned = returnedImages(visits);
  return visits.every((visit) => {
    const own = visit.effects.some((effect) => effect.kind === "derive" && effect.build.id === derived.build.id);
    return (
      own ||
      visit.effects.every((effect) => {
        if (effect.kind === "create") return effect.image !== id || startsOnly(derived, visits, visit.step);
        const leaves = effect.kind === "image" && /^(?:push|save)$/.test(effect.verb) && !returned.has(visit.step);
        return !(leaves && effect.images.includes(id));
      })
    );
  });
}

/** A container that was only made to be worked in later. */
function startsOnly(derived: LinkedBuild, visits: readonly Visit[], step: number): boolean {
  return visits.some((visit) =>
    visit.effects.some(
      (effect) => effect.kind === "derive" && effect.build.id === derived.build.id && effect.container === step,
    ),
  );
}

/** CMD and ENTRYPOINT of builders whose containers ran by themselves, and are run no more. */
export function servedRunning(
  linked: LinkedBuild,
  visits: readonly Visit[],
  isGone: (step: number) => boolean,
): readonly Instruction[] {
  const runs = visits.flatMap((visit) =>
    visit.effects.flatMap((effect) =>
      effect.kind === "create" && effect.runs && effect.image === linked.build.id ? [{ effect, step: visit.step }] : [],
    ),
  );
  const bare = runs.filter(({ effect }) => effect.command.length === 0 && effect.entrypoint === undefined);
  if (bare.length === 0 || !runs.every(({ step }) => isGone(step))) return [];
  const stage = linked.document.stages[linked.target];
  return stage?.instructions.filter(({ kind }) => kind === "cmd" || kind === "entrypoint") ?? [];
}

/**
 * VOLUME of builders whose stages run more than they did. A container keeps what it writes to a volume for `docker cp`; the classic
 * builder throws away what a later RUN writes there, and BuildKit does not (https://docs.docker.com/reference/dockerfile/#volume).
 */
export function servedVolumes(
  linked: LinkedBuild,
  builds: readonly LinkedBuild[],
  changes: StageChanges,
): readonly Instruction[] {
  const { id, derived } = linked.build;
  const isOn = (other: LinkedBuild): boolean => [...other.bases.values()].includes(id);
  const after = builds.filter((other) => other !== linked && isOn(other));
  const works =
    after.some(({ build }) => build.derived !== undefined) || changes.steps.some(({ image }) => image === id);
  const shared = builds.some((other) => other !== linked && other.document === linked.document);
  if (derived !== undefined || !works || shared || after.some(({ build }) => build.derived === undefined)) return [];
  return linked.document.stages
    .slice(0, linked.target + 1)
    .flatMap(({ instructions }) => instructions.filter(({ kind }) => kind === "volume"));
}
