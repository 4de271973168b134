/**
 * Builds that no command of the driver makes, as if a plain call made them.
 *
 *     web/Dockerfile over the files that a script leaves behind      docker build -f web/Dockerfile …, without an option
 *
 * What is not decided here: whether there is such a build, and over which files.
 */
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { ContainerCall } from "../../shell/container-cli.ts";
import { type HostPath, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { fromCheckout } from "./host-tree.ts";
import { type FoundBuild, type LinkedBuild, linkBuild } from "./links.ts";

/** What such a build has of its own. */
export type AssumedBuild = Pick<FoundBuild, "id" | "step" | "context" | "host" | "variables" | "positional">;

const CALL: ContainerCall = {
  program: "docker",
  verb: "build",
  prefix: [],
  globals: [],
  options: [],
  operands: [],
  unresolved: [],
  callSpan: { start: 0, end: 0 },
};

/** The build of a Dockerfile of the project; `undefined` where the file cannot be read. */
export function assumedBuild(files: ProjectFiles, path: HostPath, own: AssumedBuild): LinkedBuild | undefined {
  const read = files.read(path);
  if (!read.ok) return undefined;
  const document = parseDockerfile(sourceFile(path, read.text));
  return linkBuild({
    call: CALL,
    file: { kind: "found", path, document },
    source: document.source,
    contextField: undefined,
    tags: [],
    args: [],
    target: undefined,
    cwd: fromCheckout(ROOT),
    images: new Map(),
    fields: [],
    environment: [],
    ...own,
  });
}
