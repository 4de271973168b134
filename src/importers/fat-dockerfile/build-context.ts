/**
 * Which directory is the build context of a Dockerfile, as far as the project says:
 *
 *     compose.yaml: build: ./api              the directory "api"
 *     make: docker build -f api/Dockerfile .  the project's root
 *     api/Dockerfile: COPY server.js /app     "api", where server.js is; said as an assumption
 *
 * A source of COPY that is in no candidate is made by something that is not seen here.
 */
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import { oncePerProject } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { contextPath, contextToHost, type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import { composeServices, isComposeFile } from "./compose-files.ts";

export interface BuildContext {
  readonly directory: HostPath;
  /** True where only the sources of COPY speak for it. */
  readonly assumed: boolean;
  /** Sources of COPY and ADD that the directory lacks. */
  readonly missing: readonly string[];
}

/** The context that the caller names, else that a build command names, else the one where all sources are. */
export function inferContext(
  files: ProjectFiles,
  dockerfile: HostPath,
  document: DockerfileDocument,
  given: HostPath | undefined,
): BuildContext {
  const sources = sourcesOf(document);
  const missingIn = (directory: HostPath): readonly string[] =>
    sources.filter((source) => !exists(source, directory, files));
  const own = hostDirectory(dockerfile);
  const named = given ?? (own === ROOT ? ROOT : declaredContext(files, dockerfile));
  if (named !== undefined) return { directory: named, assumed: false, missing: missingIn(named) };
  const atRoot = missingIn(ROOT);
  const namedThere = (directory: HostPath): number =>
    namedFiles(document).filter((file) => exists(file, directory, files)).length;
  // `COPY . .` says nothing, but what the commands work on lies in one of the two.
  const speaksForOwn = atRoot.length === 0 && missingIn(own).length === 0 && namedThere(own) > namedThere(ROOT);
  if (speaksForOwn) return { directory: own, assumed: true, missing: [] };
  if (atRoot.length === 0) return { directory: ROOT, assumed: false, missing: [] };
  const atOwn = missingIn(own);
  if (atOwn.length === 0) return { directory: own, assumed: true, missing: [] };
  return { directory: ROOT, assumed: false, missing: atOwn.length < atRoot.length ? atOwn : atRoot };
}

/** The file that a tool looks for in the directory that it starts in, by the tools' own documentation. */
const MANIFESTS: readonly (readonly [command: RegExp, file: string])[] = [
  [/\b(?:npm|yarn|pnpm|bun)\s/, "package.json"],
  [/\bgo\s+(?:build|install|mod|get|run)\b/, "go.mod"],
  [/\bcargo\s/, "Cargo.toml"],
  [/\bmvnw?\s/, "pom.xml"],
  [/\bgradlew?\s/, "build.gradle"],
  [/\bgradlew?\s/, "build.gradle.kts"],
  [/\bbundle\s/, "Gemfile"],
  [/\bcomposer\s/, "composer.json"],
  [/\bmix\s/, "mix.exs"],
  [/\blein\s/, "project.clj"],
  [/\bswift\s+build\b/, "Package.swift"],
  [/\bstack\s/, "stack.yaml"],
  [/\bpoetry\s/, "pyproject.toml"],
  [/\bcmake\s/, "CMakeLists.txt"],
  [/\bmake\b/, "Makefile"],
];

/** Files that RUN, CMD and ENTRYPOINT name by themselves or by their tool: `pip install -r requirements.txt`, `node src/app.js`. */
function namedFiles(document: DockerfileDocument): readonly string[] {
  const texts = document.stages.flatMap((stage) =>
    stage.instructions.flatMap((one) => {
      if (one.kind !== "run" && one.kind !== "cmd" && one.kind !== "entrypoint") return [];
      return [one.command.form === "exec" ? one.command.words.join(" ") : one.command.command];
    }),
  );
  const words = texts.flatMap((text) => text.split(/[\s;&|()"']+/)).map((word) => word.replace(/^\.\//, ""));
  const files = words.filter((word) => /^[\w-][\w./-]*\.\w+$/.test(word) && !word.includes(".."));
  const tools = MANIFESTS.flatMap(([command, file]) => (texts.some((text) => command.test(`${text} `)) ? [file] : []));
  return [...new Set([...files, ...tools])];
}

/** What COPY and ADD take from the context, without variables. */
function sourcesOf(document: DockerfileDocument): readonly string[] {
  const found = document.stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) => {
      if (instruction.kind !== "copy" && instruction.kind !== "add") return [];
      if (flagValue(instruction.flags, "from") !== undefined) return [];
      return instruction.sources.map((operand) => operand.text);
    }),
  );
  return [...new Set(found.filter((source) => !/^(?:<<|https?:|git@|ssh:)|[$"']/.test(source)))];
}

function exists(source: string, context: HostPath, files: ProjectFiles): boolean {
  // Patterns that match nothing are the builder's to reject, and those that match are found by their directory.
  const [plain = ""] = source.split(/[*?[]/, 1);
  const path = plain === source ? source : plain.slice(0, plain.lastIndexOf("/") + 1) || ".";
  const host = contextToHost(context, contextPath(path));
  return host === ROOT || files.entry(host) !== undefined || files.children(host).length > 0;
}

const CALLERS = /(?:^|\/)(?:Makefile|GNUmakefile|[\w.-]+\.(?:sh|mk|ya?ml)|Jenkinsfile|package\.json)$/;
const MOST_CALLERS = 400;

/** The one context that compose files and build commands of the project name for a Dockerfile. */
function declaredContext(files: ProjectFiles, dockerfile: HostPath): HostPath | undefined {
  const found = declaredContexts(files).get(dockerfile);
  const [only] = found ?? [];
  return found?.size === 1 ? only : undefined;
}

/** All contexts that the project names, by Dockerfile. */
const declaredContexts = oncePerProject((files): ReadonlyMap<HostPath, ReadonlySet<HostPath>> => {
  const contexts = new Map<HostPath, Set<HostPath>>();
  const callers = [...files.walk(ROOT)].filter((path) => CALLERS.test(path) && !/(?:^|\/)node_modules\//.test(path));
  for (const path of callers.slice(0, MOST_CALLERS)) {
    const read = files.read(path);
    if (!read.ok || !read.text.includes("build")) continue;
    const isCompose = isComposeFile(path);
    for (const build of isCompose ? composeBuilds(read.text) : commandBuilds(read.text)) {
      const context = resolve(build.context, isCompose ? hostDirectory(path) : ROOT);
      if (context === undefined) continue;
      const file = isCompose ? resolve(build.file ?? "Dockerfile", context) : fileOf(build, context);
      if (file !== undefined) contexts.set(file, (contexts.get(file) ?? new Set()).add(context));
    }
  }
  return contexts;
});

interface Build {
  readonly context: string;
  readonly file?: string;
}

/** `docker build -f` counts from where the command stands, compose's `dockerfile` from the context. */
function fileOf({ file }: Build, context: HostPath): HostPath | undefined {
  return file === undefined ? resolve("Dockerfile", context) : resolve(file, ROOT);
}

function resolve(written: string, from: HostPath): HostPath | undefined {
  return /[$:`"']/.test(written) || written.startsWith("/") ? undefined : joinHost(from, written);
}

function composeBuilds(text: string): readonly Build[] {
  return composeServices(text).flatMap(({ build }) => build ?? []);
}

/** `docker build -f api/Dockerfile .` in scripts, makefiles and CI files; lines that change the directory are left alone. */
function commandBuilds(text: string): readonly Build[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  return joined.split("\n").flatMap((line): readonly Build[] => {
    const [, call] = /\bdocker\s+(?:buildx\s+|image\s+)?build\s+([^;&|]*)/.exec(line) ?? [];
    if (call === undefined || /\bcd\s/.test(line)) return [];
    const words = call
      .replace(/["',\]]+\s*$/, "")
      .trim()
      .split(/\s+/);
    const at = words.findIndex((word) => word === "-f" || word === "--file");
    const file = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith("--file="))?.slice(7);
    const context = words.at(-1);
    if (context === undefined || context.startsWith("-")) return [];
    return [file === undefined ? { context } : { context, file }];
  });
}
