/**
 * The edits of a call that stays: another Dockerfile, context and target, and the options of the builders' calls.
 *
 *     docker build -f Dockerfile.prod -t app .      docker build --build-arg VERSION=$V -t app .
 *
 * Says why where one call cannot do what the calls before did.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { TextEdit } from "../../text/edits.ts";
import type { SourceFile } from "../../text/source.ts";
import { movedOptions } from "./build-call.ts";
import { callEdits } from "./call-edits.ts";
import { describedEdits } from "./described-finals.ts";
import type { Joined } from "./join.ts";
import { shortText, spanOf } from "./located.ts";
import { neededBy } from "./setup-graph.ts";
import type { Build, Visit } from "./trace.ts";

/** What a call that stays becomes. */
export function callThatStays(
  files: ProjectFiles,
  visit: Visit,
  id: string,
  joined: readonly Joined[],
  source: SourceFile,
  reporter: Reporter,
): readonly TextEdit[] | undefined {
  const [one, ...more] = joined.filter(({ stages }) => stages.has(id));
  const build = visit.effects.flatMap((effect) => (effect.kind === "build" ? [effect.build] : []))[0];
  // A builder that is part of several files has no place in one of them for its own image.
  if (one === undefined || build === undefined || more.length > 0) return undefined;
  const { group, dockerfile, context, renames } = one;
  const parts = [...group.builders, ...group.finals];
  const own = parts.find((linked) => linked.build.id === id);
  const last = dockerfile.stages.at(-1)?.name;
  const stage = one.stages.get(id);
  const options =
    own === undefined ? { options: [], environment: [] } : movedOptions(own, neededBy(own, group.builders), renames);
  const [renamed] = own === undefined ? [] : [...(renames.get(own)?.keys() ?? [])];
  if (own !== undefined && renamed !== undefined) {
    const paths = { first: own.build.file.path, second: dockerfile.path };
    reporter.report("argument-conflict", { name: renamed, ...paths }, spanOf(visit));
    return undefined;
  }
  if ("conflict" in options) {
    const { name, kind, builder } = options.conflict;
    const paths = { first: builder.build.file.path, second: own?.build.file.path ?? "" };
    if (kind === "argument") reporter.report("argument-conflict", { name, ...paths }, spanOf(visit));
    else reporter.report("option-conflict", { option: name }, spanOf(visit));
    return undefined;
  }
  if (own?.build.described !== undefined) {
    // The action builds with BuildKit whatever the environment says.
    const environment = options.environment.filter((text) => !text.startsWith("DOCKER_BUILDKIT="));
    const [option] = [...options.options, ...environment];
    if (option !== undefined) reporter.report("option-conflict", { option }, spanOf(visit));
    return option === undefined ? describedEdits(files, own, one, reporter) : undefined;
  }
  if (own?.build.composedIn !== undefined) {
    const [option] = [...options.options, ...options.environment];
    if (option !== undefined) reporter.report("option-conflict", { option }, spanOf(visit));
    return [];
  }
  const told = one.shared.get(id);
  const word = told !== undefined && told.name === stage ? told.word : stage;
  const target = stage === last && !one.shared.has(id) ? undefined : word;
  const start = visit.range.start;
  const assignments = options.environment.map((text): TextEdit => ({ start, end: start, text: `${text} ` }));
  const edits = callEdits(build, source.text, {
    dockerfile: dockerfile.path,
    context: context.directory,
    target,
    options: options.options,
    retired: own?.retired ?? new Set(),
    uniform: one.shared.has(id),
    chosen: own?.chosen === true && own.build.file.path === dockerfile.path,
  });
  if (sharesWord(build, edits) || (build.input !== undefined && build.input.redirection === undefined)) {
    reporter.report("use-not-separable", { command: shortText(visit) }, spanOf(visit));
    return undefined;
  }
  return [...assignments, ...edits];
}

/** Words that stand for several arguments, such as an array, cannot be changed for one of them. */
function sharesWord({ fields }: Build, edits: readonly TextEdit[]): boolean {
  const starts = fields.map(({ range }) => range.start);
  const shared = fields.filter(({ range }, index) => starts.indexOf(range.start) !== index).map(({ range }) => range);
  return edits.some(({ start, end }) => shared.some((range) => start < range.end && range.start < end));
}
