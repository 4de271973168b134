/**
 * What becomes of the files that build the old Dockerfiles besides the driver.
 *
 *     compose.yaml:   dockerfile: Dockerfile.build        dockerfile: Dockerfile, target: builder
 *     ci.mk:          $(BUILD) Dockerfile.build           left alone; Dockerfile.build stays, and that is said
 *     README.md:      "Dockerfile.build is for …"         left alone, and that is said
 *
 * An old Dockerfile goes only where all that builds it could be told exactly what to build from now on. Other people's code in
 * the checkout is never touched. Not decided here: the driver's own commands (dispositions.ts).
 */
import type { Reporter } from "../../../diagnostics/diagnostic.ts";
import type { CallerEdit } from "../../../model/plan.ts";
import type { ProjectFiles } from "../../../model/project-files.ts";
import { provenance } from "../../../model/provenance.ts";
import { applyEdits, type TextEdit } from "../../../text/edits.ts";
import { type HostPath, ROOT } from "../../../text/paths.ts";
import { type Range, type SourceFile, sourceFile } from "../../../text/source.ts";
import { cacheOfAllStages } from "../build-cache.ts";
import { toCheckout } from "../host-tree.ts";
import type { Joined } from "../join.ts";
import { type LinkedBuild, targetStage } from "../links.ts";
import { hasOwn } from "../references.ts";
import { hasOwnFile } from "../trace.ts";
import { mentionsOf, namingOf } from "./mentions.ts";
import type { BuildReference, CallerReader, NewBuild } from "./reference.ts";
import { CALLER_READERS } from "./registry.ts";

/** What the search is made for. */
export interface CallerSearch {
  readonly files: ProjectFiles;
  readonly joined: readonly Joined[];
  /** Files whose edits are made elsewhere: the driver and what it calls. */
  readonly drivers: ReadonlySet<HostPath>;
  /** Options that a call which builds all stages needs, as text, by the final's id. */
  readonly optionsOf: (final: LinkedBuild) => readonly string[];
  readonly reporter: Reporter;
}

export interface OtherCallers {
  readonly edits: readonly CallerEdit[];
  /** The file for which an old Dockerfile has to stay, by the Dockerfile. */
  readonly keptFor: ReadonlyMap<HostPath, HostPath>;
}

/** Finds the files, and says of each what it comes to. */
export function planOtherCallers(search: CallerSearch): OtherCallers {
  const paths = oldPaths(search.joined);
  const results = new Set(search.joined.map(({ dockerfile }) => dockerfile.path));
  const found = callersOf(search, paths);
  const keptFor = new Map<HostPath, HostPath>();
  for (const path of paths) {
    const by = results.has(path) ? undefined : found.find((caller) => !isExact(caller, path));
    if (by !== undefined) keptFor.set(path, by.source.path);
  }
  const edits = found.flatMap((caller) => {
    sayOf(caller, results, keptFor, search);
    const changed = caller.uses.filter(({ dockerfile }) => !keptFor.has(dockerfile));
    return changed.flatMap((use) => callerEdits(caller.source, use));
  });
  return { edits, keptFor };
}

/** The Dockerfiles that are stages now. */
function oldPaths(joined: readonly Joined[]): readonly HostPath[] {
  const parts = joined.flatMap(({ group }) => [...group.builders, ...group.finals]);
  return [...new Set(parts.flatMap(({ build }) => (hasOwnFile(build) ? [build.file.path] : [])))];
}

/** One build of an old Dockerfile in another file. */
interface Use {
  readonly reference: BuildReference;
  readonly dockerfile: HostPath;
  readonly part: Part | undefined;
  readonly next: NewBuild | undefined;
  /** `undefined` where it cannot be told exactly. */
  readonly edits: readonly TextEdit[] | undefined;
}

/** A build that was joined, and the stage that it asks for. */
interface Part {
  readonly linked: LinkedBuild;
  readonly joined: Joined;
  readonly stage: string;
}

interface Caller {
  readonly source: SourceFile;
  readonly uses: readonly Use[];
  /** Places that name an old Dockerfile in a way that nothing explains. */
  readonly unexplained: readonly { readonly dockerfile: HostPath; readonly range: Range; readonly harmless: boolean }[];
}

const LARGEST = 512 * 1024;
/** Files of commands that are run for one setup; a repository with more of them has other troubles. */
const MOST_READ = 300;
const FOREIGN =
  /(?:^|\/)(?:\.bundle|\.terraform|\.tox|\.venv|Godeps|Pods|_vendor|bower_components|node_modules|site-packages|third_party|vendor|venv)\//;

function callersOf(search: CallerSearch, paths: readonly HostPath[]): readonly Caller[] {
  const callers: Caller[] = [];
  let budget = MOST_READ;
  for (const path of search.files.walk(ROOT)) {
    if (FOREIGN.test(path) || search.drivers.has(path) || paths.includes(path)) continue;
    const readers = CALLER_READERS.filter((reader) => reader.accepts(path));
    const naming = namingOf(path);
    if ((readers.length === 0 && naming === "nothing") || (search.files.entry(path)?.size ?? LARGEST + 1) > LARGEST)
      continue;
    const read = search.files.read(path);
    if (!read.ok) continue;
    const source = sourceFile(path, read.text);
    const uses = mayBuild(read.text) && budget-- > 0 ? readers.flatMap((reader) => usesIn(reader, source, search)) : [];
    const unexplained = paths.flatMap((dockerfile) =>
      unexplainedIn(search.files, source, dockerfile, uses, naming === "tells"),
    );
    if (uses.length + unexplained.length > 0) callers.push({ source, uses, unexplained });
  }
  return callers;
}

/**
 * The Dockerfiles whose containers another file starts, so that their CMD and ENTRYPOINT mean something yet, and what a container
 * of the driver did is no part of their image.
 */
export function startedElsewhere(
  files: ProjectFiles,
  dockerfiles: ReadonlySet<HostPath>,
  drivers: ReadonlySet<HostPath>,
): ReadonlySet<HostPath> {
  const started = new Set<HostPath>();
  let budget = MOST_READ;
  for (const path of files.walk(ROOT)) {
    const readers = CALLER_READERS.filter((reader) => reader.accepts(path));
    const isOwn = drivers.has(path) || dockerfiles.has(path) || FOREIGN.test(path);
    if (readers.length === 0 || isOwn || (files.entry(path)?.size ?? LARGEST + 1) > LARGEST) continue;
    const read = files.read(path);
    if (!read.ok || !mayBuild(read.text) || !/\brun\b/.test(read.text) || budget-- <= 0) continue;
    for (const reader of readers)
      for (const { starts, dockerfile } of reader.read(files, sourceFile(path, read.text)))
        if (starts === true && dockerfiles.has(dockerfile)) started.add(dockerfile);
  }
  return started;
}

function mayBuild(text: string): boolean {
  return /\b(?:build|bud|target|docker_build|docker)\b/.test(text);
}

function usesIn(reader: CallerReader, source: SourceFile, search: CallerSearch): readonly Use[] {
  const paths = oldPaths(search.joined);
  return reader
    .read(search.files, source)
    .filter(({ dockerfile }) => paths.includes(dockerfile))
    .map((reference) => {
      const part = partOf(reference, search.joined);
      const next = part && newBuild(reference, part);
      const edits = next && reference.rewrite(next);
      const exact = edits !== undefined && next !== undefined && readsBack(reader, source, edits, next, search.files);
      return { reference, dockerfile: reference.dockerfile, part, next, edits: exact ? edits : undefined };
    });
}

/** The joined build that a reference means: of the same context, with the stage that it asks for. */
function partOf(reference: BuildReference, joined: readonly Joined[]): Part | undefined {
  for (const one of joined) {
    for (const linked of [...one.group.finals, ...one.group.builders]) {
      if (linked.build.file.path !== reference.dockerfile) continue;
      if (reference.context === undefined || toCheckout(linked.build.context) !== reference.context) continue;
      const index = targetStage(linked.document, reference.target);
      const from = index === undefined ? undefined : linked.document.stages[index]?.from;
      const stage = one.dockerfile.stages.find((candidate) => candidate.from?.instruction === from);
      if (from !== undefined && stage !== undefined) return { linked, joined: one, stage: stage.name };
    }
  }
  return undefined;
}

function newBuild(reference: BuildReference, { joined, stage }: Part): NewBuild {
  const isPlain = joined.dockerfile.stages.at(-1)?.name === stage && reference.target === undefined;
  return {
    dockerfile: joined.dockerfile.path,
    context: joined.context.directory,
    target: isPlain ? undefined : stage,
  };
}

/** Data files are read again with the edits made: they have to say what was meant. Commands are checked by their own edits. */
function readsBack(
  reader: CallerReader,
  source: SourceFile,
  edits: readonly TextEdit[],
  next: NewBuild,
  files: ProjectFiles,
): boolean {
  if (edits.length === 0 || reader.name === "command-files") return true;
  const again = reader.read(files, sourceFile(source.path, applyEdits(source.text, edits)));
  return again.some(
    (one) => one.dockerfile === next.dockerfile && one.context === next.context && one.target === next.target,
  );
}

function unexplainedIn(
  files: ProjectFiles,
  source: SourceFile,
  dockerfile: HostPath,
  uses: readonly Use[],
  tells: boolean,
): Caller["unexplained"] {
  return mentionsOf(source.text, dockerfile)
    .filter(({ range }) => !uses.some(({ reference }) => contains(reference.range, range)))
    .filter(({ range }) => source.text[range.start - 1] === "/" || !hasOwn(files, source.path, dockerfile))
    .map(({ range, comment }) => ({ dockerfile, range, harmless: tells || comment }));
}

function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether nothing in a file needs the old Dockerfile any more once its edits are made. */
function isExact({ uses, unexplained }: Caller, path: HostPath): boolean {
  const unsure = uses.some((use) => use.dockerfile === path && use.edits === undefined);
  return !unsure && !unexplained.some((mention) => mention.dockerfile === path && !mention.harmless);
}

function callerEdits(source: SourceFile, { edits, dockerfile, part, next, reference }: Use): readonly CallerEdit[] {
  if (edits === undefined || part === undefined || next === undefined) return [];
  const reason =
    next.target === undefined
      ? `"${dockerfile}" is the last stage of "${next.dockerfile}" now, whose context is "${next.context}".`
      : `"${dockerfile}" is the stage "${next.target}" of "${next.dockerfile}" now.`;
  const { document } = part.linked;
  const from = document.stages[0]?.from.range ?? { start: 0, end: 0 };
  const because = [provenance(source, reference.range), provenance(document.source, from)];
  return edits.map((edit) => ({
    path: source.path,
    range: { start: edit.start, end: edit.end },
    text: edit.text,
    reason,
    because,
    confidence: "certain",
  }));
}

function sayOf(
  caller: Caller,
  results: ReadonlySet<HostPath>,
  keptFor: ReadonlyMap<HostPath, HostPath>,
  search: CallerSearch,
): void {
  const { path } = caller.source;
  for (const use of caller.uses) {
    if (!keptFor.has(use.dockerfile)) sayOfUse(caller, use, search);
  }
  const said = new Set<HostPath>();
  for (const { dockerfile, range } of caller.unexplained) {
    if (results.has(dockerfile) || keptFor.has(dockerfile) || said.has(dockerfile)) continue;
    said.add(dockerfile);
    const result = search.joined.find(({ group }) =>
      [...group.builders, ...group.finals].some(({ build }) => build.file.path === dockerfile),
    );
    const now = result?.dockerfile.path ?? dockerfile;
    search.reporter.report("dockerfile-mentioned", { path: dockerfile, by: path, now }, { path, ...range });
  }
}

function sayOfUse({ source }: Caller, { reference, part, edits, dockerfile }: Use, search: CallerSearch): void {
  const { reporter } = search;
  const { path } = source;
  const span = { path, ...firstLine(source, reference.range) };
  if (edits === undefined || part === undefined) {
    const result = search.joined.find(({ dockerfile: planned }) => planned.path === dockerfile);
    reporter.report("caller-unsure", { path: dockerfile, by: path, context: result?.context.directory ?? "." }, span);
    return;
  }
  if (!part.joined.group.finals.includes(part.linked)) return;
  const options = search.optionsOf(part.linked);
  if (options.length > 0) reporter.report("caller-lacks-options", { by: path, options: options.join(" ") }, span);
  reporter.report("caller-builds-alone", { path: part.joined.dockerfile.path, by: path }, span);
  const { cache } = reference;
  const coversStages = source.text.slice(reference.range.start, reference.range.end).includes("mode=max");
  if (cache !== undefined && !coversStages)
    reporter.report(
      "cache-without-stages",
      { cache: cache.sources[0] ?? "", add: cacheOfAllStages(cache.sources) },
      { path, ...cache.range },
    );
}

/** A range without what stands below its first line. */
function firstLine({ text }: SourceFile, { start, end }: Range): Range {
  const newline = text.indexOf("\n", start);
  return { start, end: newline < 0 ? end : Math.min(end, newline) };
}
