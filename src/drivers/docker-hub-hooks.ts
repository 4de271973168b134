/**
 * Docker Hub's build hooks: shell scripts that one build runs in a fixed order.
 *
 *     hooks/pre_build       docker build -t b -f Dockerfile.build . && docker create …
 *     hooks/build           absent: docker build -f $DOCKERFILE_PATH -t $IMAGE_NAME .
 *     hooks/post_build      docker rm x
 *
 * They start in the folder of the Dockerfile, beside `hooks` (https://docs.docker.com/docker-hub/builds/advanced/). The first
 * of them that is there stands for all. What is not known: the name and tag that Docker Hub was told to build.
 */
import type { ProjectFiles } from "../model/project-files.ts";
import { parseShell } from "../shell/parse.ts";
import { parseMapped } from "../shell/parse-mapped.ts";
import { type SymbolicValue, text } from "../shell/symbolic.ts";
import type { TextEdit } from "../text/edits.ts";
import { mappedText } from "../text/mapped.ts";
import { baseName, type HostPath, hostDirectory, joinHost } from "../text/paths.ts";
import { type SourceFile, sourceFile } from "../text/source.ts";
import type { Driver, DriverReader, ScriptText, Settled } from "./driver.ts";

/** In the order in which they run. */
const HOOKS = [
  "post_checkout",
  "pre_test",
  "post_test",
  "pre_build",
  "build",
  "post_build",
  "pre_push",
  "push",
  "post_push",
];

export const dockerHubHooks: DriverReader = {
  name: "docker-hub-hooks",
  accepts: (path) => baseName(hostDirectory(path)) === "hooks" && HOOKS.includes(baseName(path)),
  read: readHooks,
  settle: settleHook,
};

const VARIABLES: ReadonlyMap<string, SymbolicValue> = new Map([["DOCKERFILE_PATH", text("Dockerfile")]]);

function readHooks(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const folder = hostDirectory(source.path);
  const hooks = HOOKS.flatMap((name) => hookAt(files, folder, name, source));
  if (hooks[0]?.path !== source.path) return undefined;
  const start = hostDirectory(folder);
  const order = (hook: SourceFile): number => HOOKS.indexOf(baseName(hook.path));
  const before = hooks.filter((hook) => order(hook) <= HOOKS.indexOf("build"));
  const after = hooks.filter((hook) => !before.includes(hook));
  const own = hooks.some((hook) => baseName(hook.path) === "build");
  const units = [...before.map(scriptOf), ...(own ? [] : [impliedBuild(source)]), ...after.map(scriptOf)];
  return { source, entries: [{ name: "", units, cwd: start }], runs: true };
}

function hookAt(files: ProjectFiles, folder: HostPath, name: string, known: SourceFile): readonly SourceFile[] {
  const path = joinHost(folder, name);
  if (path === known.path) return [known];
  const read = path === undefined || files.entry(path)?.kind !== "file" ? undefined : files.read(path);
  return path !== undefined && read?.ok === true ? [sourceFile(path, read.text)] : [];
}

function scriptOf(source: SourceFile): ScriptText {
  const { statements, problems } = parseShell(source.text);
  return { source, statements, problems, variables: VARIABLES };
}

/** What Docker Hub runs where no hook builds; it stands in no file, so it cannot be changed. */
function impliedBuild(source: SourceFile): ScriptText {
  const end = source.text.length;
  const command = mappedText([
    { text: "docker build -f $DOCKERFILE_PATH -t $IMAGE_NAME .", from: { start: end, end } },
  ]);
  const { statements, problems } = parseMapped(command, source.text);
  return { source, statements, problems, variables: VARIABLES };
}

function settleHook(source: SourceFile, edits: readonly TextEdit[]): Settled {
  const implied = edits.some(({ start, end }) => start === source.text.length && start === end);
  return implied
    ? { kind: "broken", problem: "Docker Hub builds the last image with a command of its own" }
    : { kind: "edits", added: [] };
}
