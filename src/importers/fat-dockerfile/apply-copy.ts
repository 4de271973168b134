/**
 * COPY and ADD onto the abstract image, with Docker's rules for where things land:
 *
 *     COPY a.txt b/ /x/     /x/a.txt, and the contents of b in /x
 *     COPY a.txt /x         the file /x, unless /x is a directory
 *     ADD app.tar.gz /x     unpacks into /x
 *
 * (https://docs.docker.com/reference/dockerfile/#copy---destination)
 */
import type { CopyInstruction, InstructionFlag } from "../../dockerfile/syntax.ts";
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { isSystemDirectory } from "../../ecosystems/base-directories.ts";
import {
  baseName,
  type ContextPath,
  contextPath,
  contextToHost,
  type HostPath,
  type ImagePath,
  imagePath,
} from "../../text/paths.ts";
import type { AbstractImage } from "./abstract-image.ts";
import type { ShellState } from "./commands.ts";
import { expandText } from "./variables.ts";

/** The value of a flag of an instruction. */
export function flagValue(flags: readonly InstructionFlag[], name: string): string | undefined {
  return flags.find((flag) => flag.name === name)?.value;
}

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst))$/;

/** Where each source of a COPY lands, for sources that are known. */
export function applyCopy(
  instruction: CopyInstruction,
  at: number,
  state: ShellState,
  image: AbstractImage,
  isIgnored: (path: HostPath) => boolean,
): void {
  const destination = expandText(instruction.destination.text, state.environment).text;
  const to = imagePath(destination, state.workdir);
  const sources = instruction.sources.map((operand) => expandText(operand.text, state.environment).text);
  const intoDirectory =
    destination.endsWith("/") ||
    destination === "." ||
    sources.length > 1 ||
    image.kindOf(to) === "directory" ||
    isSystemDirectory(to);
  const receive = (name: string): ImagePath => (intoDirectory ? imagePath(baseName(name), to) : to);
  for (const [index, source] of sources.entries()) {
    const heredoc = instruction.heredocs[index];
    if (source.startsWith("<<") && heredoc !== undefined) {
      image.tree.put(receive(heredoc.name), { kind: "file", origin: { kind: "made", at } });
    } else if (flagValue(instruction.flags, "from") !== undefined || /^(?:https?|git|ssh):\/\//.test(source)) {
      image.tree.put(receive(source), { kind: "file", origin: { kind: "foreign", at } });
      if (/^https?:/.test(source)) image.fetched.set(receive(source), source);
    } else if (instruction.kind === "add" && ARCHIVE.test(source)) {
      image.tree.touch(to, at);
    } else {
      for (const path of contextMatches(source, image)) copyOne(path, at, receive, to, image, isIgnored);
    }
  }
}

function copyOne(
  path: ContextPath,
  at: number,
  receive: (name: string) => ImagePath,
  to: ImagePath,
  image: AbstractImage,
  isIgnored: (path: HostPath) => boolean,
): void {
  const host = contextToHost(image.context, path);
  const directory = image.project.entry(host)?.kind === "directory";
  image.tree.copyContext(image.project, host, directory ? to : receive(path), at, isIgnored);
}

/** The context paths that a source names; a pattern is matched as Go's filepath.Match does, one directory at a time. */
function contextMatches(source: string, image: AbstractImage): readonly ContextPath[] {
  if (!/[*?[]/.test(source)) return [contextPath(source)];
  let found: readonly string[] = ["."];
  for (const part of contextPath(source).split("/")) {
    found = found.flatMap((directory) =>
      image.project
        .children(contextToHost(image.context, contextPath(directory)))
        .filter((name) => matchesWildcard(part, name))
        .map((name) => (directory === "." ? name : `${directory}/${name}`)),
    );
  }
  return found.map((path) => contextPath(path));
}
