/**
 * Where a file of an image comes from, as far as the COPYs of its Dockerfile tell.
 *
 *     COPY run.Dockerfile /tmp/bin/Dockerfile       "/tmp/bin/Dockerfile" is the checkout's run.Dockerfile
 *
 * What RUN commands make is not known here.
 */
import { posix } from "node:path";
import { copyDestination, finalPlace } from "../../dockerfile/copy-semantics.ts";
import { readScopes } from "../../dockerfile/scope.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import { hasWildcard } from "../../dockerfile/wildcards.ts";
import { contextPath, type ImagePath, isWithin } from "../../text/paths.ts";
import { exists, type HostNode, look, shapeOf } from "./host-tree.ts";
import { buildArguments, targetStage } from "./links.ts";
import type { Build } from "./trace.ts";

/** A file of an image, with the COPY that brought it. */
export interface CopiedFile {
  readonly node: HostNode;
  readonly instruction: Instruction;
  /** True where that COPY brought nothing else. */
  readonly alone: boolean;
}

/** What a build copied to a path from its context; `undefined` where nothing tells. */
export function copiedFile(build: Build | undefined, path: ImagePath): CopiedFile | undefined {
  if (build === undefined || build.file.kind !== "found" || build.context === undefined) return undefined;
  const { document } = build.file;
  const target = targetStage(document, build.target);
  const scopes = target === undefined ? undefined : readScopes(document, { buildArgs: buildArguments(build) })[target];
  if (scopes === undefined) return undefined;
  let found: CopiedFile | undefined;
  for (const [index, instruction] of scopes.stage.instructions.entries()) {
    if (instruction.kind !== "copy" && instruction.kind !== "add") continue;
    if (instruction.flags.some((flag) => flag.name === "from")) continue;
    const scope = scopes.before(index);
    const destination = copyDestination(scope.expand(instruction.destination.text).value, scope.workdir);
    if (destination === undefined) continue;
    for (const { text } of instruction.sources) {
      const source = scope.expand(text).value;
      if (hasWildcard(source)) continue;
      const place = posix.join(build.context, contextPath(source));
      const node = look(build.host, place);
      const type = shapeOf(build.host.files, node) === "directory" ? "directory" : "file";
      const landed = finalPlace({ path: source, type }, destination);
      if (!isWithin(path, landed.path)) continue;
      const inner = look(build.host, posix.join(place, posix.relative(landed.path, path)));
      const alone = instruction.sources.length === 1 && type === "file";
      if (exists(inner)) found = { node: inner, instruction, alone };
    }
  }
  return found;
}
