/**
 * Artifacts that the host wants as well as a later build, or instead of one.
 *
 *     docker cp x:/out/app app && docker build -t app .      the build alone
 *     gh release upload v1 app                               the host too
 *
 * What is not decided here: how they get there (exports.ts).
 */
import { provenance } from "../../model/provenance.ts";
import { type Export, type Extraction, exportsOf } from "./exports.ts";
import { containsImage, type HostNode, imageSteps, type Step } from "./host-tree.ts";
import { effectsOf, type ImportWorld } from "./located.ts";
import { withRepeats } from "./repeated-visits.ts";
import type { ScriptRun } from "./run-script.ts";
import { type BuildGroup, carriedSteps } from "./setup-graph.ts";
import type { Visit } from "./trace.ts";
import { passedThrough } from "./visited-directories.ts";

/** Commands on the host, stages not counted, that read what goes into a build, and the commands through which it came to where they read it. */
export function readOnHost(
  run: ScriptRun,
  carried: ReadonlySet<Step>,
  builders: ReadonlySet<string>,
): readonly { readonly visit: Visit; readonly steps: readonly Step[]; readonly node: HostNode }[] {
  const moves = effectsOf(run, "move").filter(({ visit }) => !carried.has(visit.step));
  const isStage = ({ effects }: Visit): boolean =>
    effects.some((effect) => effect.kind === "derive" && builders.has(effect.build.id));
  const passed = passedThrough(run.visits, (step) => carried.has(step));
  const foreign = effectsOf(run, "foreign").filter(({ visit }) => !isStage(visit) && !passed.has(visit.step));
  return [...foreign, ...moves].flatMap(({ effect, visit }) =>
    effect.reads.filter(containsImage).map((node) => {
      const steps = imageSteps(node).filter((step) => carried.has(step));
      return { visit, steps, node };
    }),
  );
}

/** What is taken out of images, and the commands on the host whose work a stage does now. */
export interface Taken {
  readonly extractions: readonly Extraction[];
  readonly changed: Iterable<Step>;
}

/** The exports of files that the host wants of a group's builders; a decision, since the script may go on copying them. */
export function hostExports(
  run: ScriptRun,
  taken: Taken,
  group: BuildGroup,
  { decisions }: ImportWorld,
): readonly Export[] {
  const builders = new Map(group.builders.map((builder) => [builder.build.id, builder]));
  const { exports } = exportsOf(wantedOnHost(run, taken, group), builders, run.visits);
  const [first] = exports;
  if (first === undefined) return [];
  const paths = exports.flatMap((one) => one.extractions.map(({ effect }) => `"${effect.from}"`));
  const chosen = decisions.decide({
    id: `host-files:${first.source.build.file.path}`,
    question: `How does ${[...new Set(paths)].join(", ")} reach the host?`,
    options: [
      { value: "extract", label: "as before", consequence: "The script goes on copying it out of a container." },
      {
        value: "export",
        label: "from a stage",
        consequence: 'docker build --output writes it out of a stage "export"; that needs BuildKit.',
      },
    ],
    recommended: "extract",
    confidence: "likely",
    because: first.extractions.map(({ visit }) => provenance(visit.script.source, visit.range)),
  });
  return chosen === "export" ? exports : [];
}

/** Extractions out of a group's builders that the host wants. */
function wantedOnHost(run: ScriptRun, { extractions, changed }: Taken, group: BuildGroup): readonly Extraction[] {
  const into = withRepeats(run.visits, carriedSteps([...group.builders, ...group.finals]));
  const carried = new Set([...into, ...changed]);
  const ids = new Set(group.builders.map(({ build }) => build.id));
  const read = new Set(readOnHost(run, carried, ids).flatMap(({ steps }) => steps));
  return extractions.filter(
    ({ effect, visit }) => ids.has(effect.image) && (!carried.has(visit.step) || read.has(visit.step)),
  );
}
