/**
 * The calls that write files to the host, for all exports of a setup, or why there cannot be one.
 *
 *     docker build -t b . && docker cp "$(docker create b)":/app .      docker build --target export --output . .
 *
 * What is not decided here: which stage holds the files (export-stages.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { TextEdit } from "../../text/edits.ts";
import { type MovedOptions, movedOptions } from "./build-call.ts";
import { exportCall } from "./export-calls.ts";
import type { Export } from "./exports.ts";
import type { Step } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import type { LinkedBuild } from "./links.ts";
import { shortText, spanOf } from "./located.ts";
import { builtBase, neededBy } from "./setup-graph.ts";
import type { Visit } from "./trace.ts";
import { settledText } from "./values.ts";

export interface PlannedExports {
  readonly steps: ReadonlySet<Step>;
  readonly calls: ReadonlyMap<Visit, readonly TextEdit[]>;
}

export function planExports(
  joined: readonly Joined[],
  visits: readonly Visit[],
  kept: ReadonlySet<string>,
  reporter: Reporter,
): PlannedExports {
  const steps = new Set<Step>();
  const calls = new Map<Visit, readonly TextEdit[]>();
  for (const one of joined) {
    for (const [item, target] of one.exports) {
      for (const { visit } of item.extractions) steps.add(visit.step);
      const call = callOf(one, item, target, { visits, kept, reporter });
      if (call !== undefined) calls.set(call.at, call.edits);
    }
  }
  return { steps, calls };
}

interface ExportWorld {
  readonly visits: readonly Visit[];
  readonly kept: ReadonlySet<string>;
  readonly reporter: Reporter;
}

function callOf({ group, dockerfile, context, renames }: Joined, one: Export, target: string, world: ExportWorld) {
  const { visits, kept, reporter } = world;
  const builds = new Map(group.builders.map((builder) => [builder.build.id, builder]));
  const source = builtBase(one.source, builds);
  const [first] = one.extractions;
  const origin = source && visits[source.build.step];
  if (source === undefined || first === undefined || origin === undefined || !checkEngine(source, origin, reporter))
    return undefined;
  const others = [...neededBy(one.source, group.builders), one.source].filter((builder) => builder !== source);
  const moved = movedOptions(source, others, renames);
  if ("conflict" in moved) {
    reporter.report("option-conflict", { option: moved.conflict.name }, spanOf(origin));
    return undefined;
  }
  const call = exportCall(one, {
    source,
    visits,
    kept: kept.has(source.build.id),
    alone:
      group.exports.every((other) => other === one || builtBase(other.source, builds) !== source) &&
      others.every(({ build }) => build.derived === undefined || build.derived.options.length === 0),
    call: {
      dockerfile: dockerfile.path,
      context: context.directory,
      target,
      options: moved.options,
      retired: source.retired,
    },
  });
  if (call === undefined) {
    const args = { command: shortText(first.visit), build: shortText(origin) };
    reporter.report("export-not-separable", args, spanOf(first.visit));
    return undefined;
  }
  return { at: call.at, edits: [...assignments(moved, call.at), ...call.edits] };
}

function assignments({ environment }: MovedOptions, { range }: Visit): readonly TextEdit[] {
  return environment.map((text) => ({ start: range.start, end: range.start, text: `${text} ` }));
}

/**
 * `--output` is BuildKit's (https://docs.docker.com/reference/cli/docker/buildx/build/#output), and also that of podman and
 * buildah (https://docs.podman.io/en/latest/markdown/podman-build.1.html#output-o-output-opts).
 */
function checkEngine({ build }: LinkedBuild, origin: Visit, reporter: Reporter): boolean {
  const { call, environment, variables } = build;
  if (call.program !== "docker" || call.group === "buildx") return true;
  const variable = variables.get("DOCKER_BUILDKIT");
  const exported = variable === undefined || variable === "unset" ? undefined : settledText(variable);
  const own = environment.find(({ name }) => name === "DOCKER_BUILDKIT")?.text.split("=")[1];
  const value = own ?? exported;
  if (value !== undefined && /^["']?(?:0|false)["']?$/.test(value)) {
    reporter.report("export-without-buildkit", {}, spanOf(origin));
    return false;
  }
  if (value === undefined) reporter.report("export-needs-buildkit", {}, spanOf(origin));
  return true;
}
