/**
 * Archives that stand in an image, and whose contents something needs: unpacked in the stage, or read where they were packed from.
 *
 *     RUN tar czf /app.tgz -C /out .       docker cp x:/app.tgz . && ADD app.tgz /srv       COPY --from=builder /out /srv
 *     RUN make rootfs.tar                  docker cp x:/rootfs.tar . && ADD rootfs.tar /
 *         RUN mkdir -p /unpacked/rootfs && tar -xf /rootfs.tar -C /unpacked/rootfs
 *         COPY --from=builder /unpacked/rootfs /
 *
 * What is not decided here: which files are archives (archives.ts).
 */
import { posix } from "node:path";
import type { StageSyntax } from "../../dockerfile/syntax.ts";
import { parseShell } from "../../shell/parse.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { commandsIn } from "./commands-in.ts";
import type { ImageNode, Unpacking } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import { readTar } from "./tar-options.ts";

/** The path that a node has in its image: where it was packed from, or where it is unpacked to. */
export function settledPath(linked: LinkedBuild | undefined, node: ImageNode): ImagePath {
  const stage = linked?.document.stages[linked.target];
  if (node.unpacked === undefined || stage === undefined) return node.path;
  const origin = packedFrom(stage, node.unpacked);
  return origin === undefined ? node.path : imagePath(posix.relative(node.unpacked.into, node.path), origin);
}

/** The command that unpacks an archive in its stage. */
export function unpackCommand({ archive, into, strip }: Unpacking): string {
  const leaves = strip === 0 ? "" : ` --strip-components=${strip}`;
  return `mkdir -p ${into} && tar -x${compression(archive)}f ${archive} -C ${into}${leaves}`;
}

/** The program besides tar that unpacks an archive, where an image may well lack it; gzip is next to tar everywhere. */
export function unpackingProgram(archive: ImagePath): string | undefined {
  const program = { j: "bzip2", J: "xz" };
  const letter = compression(archive);
  return letter === "j" || letter === "J" ? program[letter] : undefined;
}

function compression(archive: ImagePath): string {
  if (/\.(?:tgz|gz)$/i.test(archive)) return "z";
  if (/\.(?:tbz2?|bz2)$/i.test(archive)) return "j";
  return /\.(?:txz|xz)$/i.test(archive) ? "J" : "";
}

/** The directory that all of an archive was packed from, if it is still as it was then. */
function packedFrom(stage: StageSyntax, { archive, strip }: Unpacking): ImagePath | undefined {
  if (strip > 0) return undefined;
  let workdir: ImagePath = imagePath("/");
  let origin: ImagePath | undefined;
  for (const instruction of stage.instructions) {
    if (instruction.kind === "workdir") workdir = imagePath(instruction.value, workdir);
    if (instruction.kind === "copy" || instruction.kind === "add") origin = undefined;
    if (instruction.kind !== "run" || instruction.command.form !== "shell") continue;
    origin = packedIn(instruction.command.command, workdir, archive, origin);
  }
  return origin;
}

/** Follows one RUN: `cd`, the `tar` that packs, and whatever may change the directory behind it. */
function packedIn(
  text: string,
  workdir: ImagePath,
  archive: ImagePath,
  before: ImagePath | undefined,
): ImagePath | undefined {
  let origin = before;
  let here = workdir;
  for (const command of parseShell(text).statements.flatMap(commandsIn)) {
    const words = command.words.map((word) => word.text);
    const [name = "", ...rest] = words;
    if (!words.every((one) => /^[\w./@%+=:,-]+$/.test(one)) || command.redirections.length > 0) origin = undefined;
    else if (name === "cd") here = imagePath(rest[0] ?? "/", here);
    else if (name === "tar") origin = directoryPacked(rest, here, archive) ?? origin;
    else if (!/^(?:ls|echo|true|sha256sum)$/.test(name)) origin = undefined;
  }
  return origin;
}

function directoryPacked(words: readonly string[], here: ImagePath, archive: ImagePath): ImagePath | undefined {
  const call = readTar(words);
  const [member, ...others] = call?.members ?? [];
  const plain =
    call?.mode === "create" && call.excludes.length === 0 && !words.some((one) => /^--(?:owner|group|mode)/.test(one));
  if (!plain || member === undefined || others.length > 0 || call?.archive === undefined) return undefined;
  const whole = /^\.\/?$/.test(member.path) && imagePath(call.archive, here) === archive;
  const directory = imagePath(member.directory ?? ".", here);
  return whole && !isWithin(archive, directory) ? directory : undefined;
}
