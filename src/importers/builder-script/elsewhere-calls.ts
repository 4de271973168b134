/**
 * The call of a final that the script never built, made out of its builder's:
 *
 *     docker build -t b -f Dockerfile.build .      docker build -f web/Dockerfile .
 *     docker cp "$(docker create b)":/out ./publish        gone
 *
 * The image has no name in the script, so the call gives it none. What is not decided here: which Dockerfile it is
 * (final-elsewhere.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { TextEdit } from "../../text/edits.ts";
import { callEdits } from "./call-edits.ts";
import type { Joined } from "./join.ts";
import { shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import type { Visit } from "./trace.ts";

/** What says how the builder's image is called, and which of its stages it is. */
const BUILDERS_OWN: ReadonlySet<string> = new Set(["iidfile", "load", "quiet", "tag", "target"]);

/** The edits of the builder's call, where there is such a final. */
export function elsewhereCalls(
  { run, elsewhere }: Recognized,
  joined: readonly Joined[],
  kept: ReadonlySet<string>,
  reporter: Reporter,
): ReadonlyMap<Visit, readonly TextEdit[]> {
  const one = joined.find(({ group }) => group.finals.some((final) => final === elsewhere));
  const [builder, ...others] = one?.group.builders ?? [];
  const at = builder && run.visits[builder.build.step];
  if (one === undefined || elsewhere === undefined || builder === undefined || at === undefined) return new Map();
  if (others.length > 0 || kept.has(builder.build.id)) {
    reporter.report("use-not-separable", { command: shortText(at) }, spanOf(at));
    return new Map();
  }
  const stage = one.stages.get(elsewhere.build.id);
  const edits = callEdits(builder.build, at.script.source.text, {
    dockerfile: one.dockerfile.path,
    context: one.context.directory,
    target: stage === one.dockerfile.stages.at(-1)?.name ? undefined : stage,
    options: [],
    retired: builder.retired,
    dropped: BUILDERS_OWN,
  });
  return new Map([[at, edits]]);
}
