/**
 * One build context for builds that had one each.
 *
 *     docker build api  +  docker build release      context ".", COPY src …  becomes  COPY api/src …
 *
 * and one ignore file: the rules of both, each under its own directory. What the rules leave out is compared over the files of
 * the checkout; where the joined rules would answer differently, the builds cannot be joined.
 */
import { posix } from "node:path";
import { type IgnoreRules, ignoreFileOf, ignoreRules } from "../../dockerfile/dockerignore.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import {
  type ContextPath,
  contextToHost,
  type HostPath,
  hostDirectory,
  hostToContext,
  isWithin,
  ROOT,
} from "../../text/paths.ts";
import { toCheckout } from "./host-tree.ts";
import type { LinkedBuild, LinkedSource } from "./links.ts";
import { hasOwnFile } from "./trace.ts";
import { isStaging } from "./unstaging.ts";

export interface JoinedContext {
  readonly directory: HostPath;
  /** What to put before a source of a build to reach its old context, "" where that is the joined one. */
  readonly prefixes: ReadonlyMap<LinkedBuild, string>;
  /** The ignore file to write, where the ones that are there do not do. */
  readonly ignoreFile?: { readonly path: HostPath; readonly text: string };
  /** Files that a container saw through a mount and that the ignore rules keep from the stage; no compiler reads such files. */
  readonly unseen: readonly HostPath[];
}

/** A file that the joined rules treat otherwise than the old ones did. */
export interface IgnoreConflict {
  readonly first: string;
  readonly second: string;
  readonly path: HostPath;
}

export type ContextResult =
  | { readonly ok: true; readonly context: JoinedContext }
  | { readonly ok: false; readonly outside: LinkedBuild }
  | { readonly ok: false; readonly conflict: IgnoreConflict };

/** The smallest directory that holds all contexts, with ignore rules that leave out what the old ones did. */
export function joinContexts(files: ProjectFiles, all: readonly LinkedBuild[], result: HostPath): ContextResult {
  const needing = all.filter(needsContext);
  const builds = needing.length > 0 ? needing : anyContext(all);
  const outside = builds.find((linked) => toCheckout(linked.build.context) === undefined && !isUnstaged(linked));
  if (outside !== undefined) return { ok: false, outside };
  const directories = builds.map((linked) => toCheckout(linked.build.context) ?? ROOT);
  const directory = commonContext(builds);
  const prefixes = new Map(
    builds.map((linked, index) => [linked, hostToContext(directory, directories[index] ?? ROOT) ?? "."]),
  );
  const tidy = new Map([...prefixes].map(([linked, prefix]) => [linked, prefix === "." ? "" : prefix]));
  const rules = builds.map((linked, index) => oldRules(files, linked, directories[index] ?? ROOT));
  const present = ignoreFileOf(result, directory, (path) => files.entry(path)?.kind === "file");
  const joined = joinedText(files, directory, rules, present);
  const conflict = findConflict(files, directory, rules, joined.text);
  if (conflict !== undefined) return { ok: false, conflict };
  const unseen = unseenFiles(files, directory, rules, joined.text);
  const context = { directory, prefixes: tidy, unseen };
  return {
    ok: true,
    context: joined.changed ? { ...context, ignoreFile: { path: joined.path, text: joined.text } } : context,
  };
}

/** The smallest directory that holds the contexts of all builds that need one. */
export function commonContext(all: readonly LinkedBuild[]): HostPath {
  const needing = all.filter(needsContext);
  const builds = needing.length > 0 ? needing : anyContext(all);
  return builds.flatMap(neededDirectories).reduce(commonDirectory);
}

function anyContext(all: readonly LinkedBuild[]): readonly LinkedBuild[] {
  const inside = all.filter(({ build }) => toCheckout(build.context) !== undefined);
  return (inside.length > 0 ? inside : all).slice(0, 1);
}

/** Whether anything of the context is copied. Where all comes out of images, any context does, and so does none. */
function needsContext({ build, copies }: LinkedBuild): boolean {
  if (build.streamed !== true && build.derived === undefined) return true;
  return copies.some((copy) =>
    copy.sources.some(({ injections }) => injections.some(({ pieces }) => pieces.some(({ kind }) => kind !== "flow"))),
  );
}

/** Whether all that a build takes from its context is copied from where it truly is. */
function isUnstaged(linked: LinkedBuild): boolean {
  return (
    isStaging(linked.build.host, linked.build.context) &&
    linked.copies.every(({ sources }) => sources.every(({ injections }) => injections.every((one) => one.unstaged)))
  );
}

/** The directories that a build's context has to hold: its own, unless the script made it up, and what was taken into it. */
function neededDirectories(linked: LinkedBuild): readonly HostPath[] {
  const own = toCheckout(linked.build.context);
  const staged = stagedPaths(linked).map(hostDirectory);
  if (!isUnstaged(linked)) return [own ?? ROOT, ...staged];
  return own === undefined ? [toCheckout(linked.build.cwd) ?? ROOT, ...staged] : [hostDirectory(own), ...staged];
}

/** Files and directories of the checkout that are copied from where they are, and not from where the script put them. */
function stagedPaths(linked: LinkedBuild): readonly HostPath[] {
  return linked.copies
    .flatMap(({ sources }) => sources)
    .flatMap(({ injections }) => injections.filter(({ unstaged }) => unstaged === true))
    .flatMap(({ pieces }) => pieces.flatMap((piece) => (piece.kind === "staged" ? [piece.node.path] : [])));
}

function commonDirectory(a: HostPath, b: HostPath): HostPath {
  let directory = a;
  while (!isWithin(b, directory)) directory = posix.dirname(directory) as HostPath;
  return directory;
}

interface OldRules {
  readonly linked: LinkedBuild;
  readonly directory: HostPath;
  readonly path: HostPath | undefined;
  readonly text: string;
  readonly rules: IgnoreRules;
}

function oldRules(files: ProjectFiles, linked: LinkedBuild, directory: HostPath): OldRules {
  const path = hasOwnFile(linked.build)
    ? ignoreFileOf(linked.build.file.path, directory, (candidate) => files.entry(candidate)?.kind === "file")
    : undefined;
  const read = path === undefined ? undefined : files.read(path);
  const text = read?.ok === true ? read.text : "";
  return { linked, directory, path, text, rules: ignoreRules(text) };
}

/** The rules that stand, with those added that other directories had. */
function joinedText(
  files: ProjectFiles,
  directory: HostPath,
  rules: readonly OldRules[],
  present: HostPath | undefined,
): { readonly path: HostPath; readonly text: string; readonly changed: boolean } {
  const path = present ?? contextToHost(directory, ".dockerignore" as ContextPath);
  const read = present === undefined ? undefined : files.read(present);
  const base = read?.ok === true ? read.text : "";
  const missing = [
    ...new Map(
      rules.filter((old) => old.path !== undefined && old.path !== present).map((old) => [old.path, old]),
    ).values(),
  ];
  if (missing.length === 0) return { path, text: base, changed: false };
  const added = missing.map((old) => prefixedRules(old, hostToContext(directory, old.directory) ?? "."));
  const start = base === "" || base.endsWith("\n") ? base : `${base}\n`;
  return { path, text: start + added.join(""), changed: added.some((text) => text !== "") };
}

/** Rules as they read from a directory further up. */
function prefixedRules(old: OldRules, prefix: string): string {
  return old.rules.patterns
    .map(({ pattern, negated }) => `${negated ? "!" : ""}${prefix === "." ? pattern : posix.join(prefix, pattern)}\n`)
    .join("");
}

/** The first file below an old context of which the joined rules give another answer. */
function findConflict(
  files: ProjectFiles,
  directory: HostPath,
  rules: readonly OldRules[],
  text: string,
): IgnoreConflict | undefined {
  const joined = ignoreRules(text);
  const hidden = hiddenPath(files, directory, rules, joined);
  if (hidden !== undefined) return hidden;
  if (rules.every((old) => old.directory === directory && old.text === text)) return undefined;
  for (const old of rules) {
    for (const file of files.walk(old.directory)) {
      const before = hostToContext(old.directory, file);
      const after = hostToContext(directory, file);
      if (before === undefined || after === undefined) continue;
      if (old.rules.ignores(before) === joined.ignores(after) || !isCopied(old.linked, before)) continue;
      if (isUnread(old.linked, file)) continue;
      const other = rules.find((candidate) => candidate !== old) ?? old;
      return { first: old.path ?? old.directory, second: other.path ?? other.directory, path: file };
    }
  }
  return undefined;
}

/** Files of a repository that say something to people, to git, to an editor or to a service, and nothing to a compiler. */
const UNREAD = [
  /(?:^|\/)(?:readme|licen[cs]e(?:-[\w.]+)?|copying|notice|changelog|contributing|authors|maintainers|todo)(?:\.(?:txt|rst|adoc|markdown))?$/i,
  /\.md$/i,
  /(?:^|\/)(?:[^/]+\.)?Dockerfile(?:[.-][^/]*)?$/,
  /(?:^|\/)(?:(?:docker-)?compose[^/]*\.ya?ml|Jenkinsfile|\.(?:dockerignore|gitignore|gitattributes|editorconfig))$/,
  /(?:^|\/)\.(?:travis\.yml|gitlab-ci\.yml|drone\.yml|(?:git|github|circleci|vscode|idea)\/.*)$/,
];

/** A mount is not filtered by ignore rules, and its COPY is. The script that starts the container is read by no compiler either. */
function isUnread({ build, document }: LinkedBuild, path: HostPath): boolean {
  if (build.derived === undefined) return false;
  const starts = path === build.file.path && /\.sh$/.test(path);
  const runsItself = starts && document.source.text.includes(posix.basename(path));
  return (starts && !runsItself) || UNREAD.some((pattern) => pattern.test(path));
}

function unseenFiles(
  files: ProjectFiles,
  directory: HostPath,
  rules: readonly OldRules[],
  text: string,
): readonly HostPath[] {
  const joined = ignoreRules(text);
  const unseen = rules
    .filter(({ linked }) => linked.build.derived !== undefined)
    .flatMap(({ linked, directory: own }) =>
      [...files.walk(own)].filter((path) => {
        const [before, after] = [hostToContext(own, path), hostToContext(directory, path)];
        return before !== undefined && after !== undefined && joined.ignores(after) && isCopied(linked, before);
      }),
    );
  return [...new Set(unseen)];
}

/** The first file that the joined rules leave out, where the script put it past the old ones. */
function hiddenPath(
  files: ProjectFiles,
  directory: HostPath,
  rules: readonly OldRules[],
  joined: IgnoreRules,
): IgnoreConflict | undefined {
  for (const { linked } of rules) {
    for (const staged of stagedPaths(linked)) {
      const below = files.entry(staged)?.kind === "directory" ? files.walk(staged) : [staged];
      for (const path of below) {
        const place = hostToContext(directory, path);
        if (place !== undefined && joined.ignores(place))
          return {
            first: rules.find((old) => old.path !== undefined)?.path ?? directory,
            second: linked.build.file.path,
            path,
          };
      }
    }
  }
  return undefined;
}

/** Whether any COPY of a build may take a file in; what comes out of an image is no file of the context. */
function isCopied(linked: LinkedBuild, path: string): boolean {
  return linked.copies.some((copy) =>
    copy.sources.filter(takesContext).some((source) => {
      const plain = posix.normalize(source.text.replace(/^\/+/, "")).replace(/\/$/, "");
      return isWithin(path, plain === "" ? "." : plain) || /[*?[]/.test(source.text);
    }),
  );
}

function takesContext({ injections }: LinkedSource): boolean {
  return injections.some(({ pieces }) => pieces.some(({ kind }) => kind !== "flow"));
}
