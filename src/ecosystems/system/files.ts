/**
 * The commands that move files about, as effects on an image's tree:
 *
 *     mkdir -p /data            writes the directory /data
 *     mv build/app /usr/bin/    copies /src/build/app to /usr/bin/app and removes the first
 *     chmod +x run.sh           changes attributes of /src/run.sh
 *
 * A path that cannot be told makes the command unknown, except where it only removes. Left alone: rsync, install with patterns,
 * and everything that reads its paths from standard input.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { isSystemDirectory } from "../base-directories.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";

/** A variable that nothing in the Dockerfile sets may name any directory, unless it stands below a known one that passes. */
function isAnywhere(target: string): boolean {
  return /^["']?(?:\$|\/)/.test(target) && !/^\/(?:var\/)?tmp\//.test(target);
}

type Reader = (command: ResolvedCommand, image: ImageView) => readonly Effect[];

const UNKNOWN_PATH: Effect = { kind: "unknown", why: "a path in it is not known" };
const ELSEWHERE: Effect = { ...UNKNOWN_PATH, elsewhere: true };

/** The effects of a file command, or `undefined` when it is none. */
export function readFileCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  return READERS[command.name]?.(command, image);
}

function resolve(command: ResolvedCommand, field: Argument): ImagePath | undefined {
  return field.known ? imagePath(field.text, command.workdir) : undefined;
}

function isPath(path: ImagePath | undefined): path is ImagePath {
  return path !== undefined;
}

/** All paths that a field stands for; a pattern is matched against what the image is known to hold. */
function expand(command: ResolvedCommand, field: Argument, image: ImageView): readonly ImagePath[] {
  const path = resolve(command, field);
  if (path === undefined) return [];
  if (!field.glob) return [path];
  const directory = imagePath("..", path);
  const pattern = baseName(path);
  return image
    .children(directory)
    .filter((name) => matchesWildcard(pattern, name) && !name.startsWith("."))
    .map((name) => imagePath(name, directory));
}

const mkdir: Reader = (command) => {
  const paths = readOperands(command.argv, ["-m", "--mode"]).operands.map((field) => resolve(command, field));
  if (paths.some((path) => path === undefined)) return [UNKNOWN_PATH];
  return paths.filter(isPath).map((path) => ({ kind: "writes", path, form: "directory" }));
};

const touch: Reader = (command) => {
  const paths = readOperands(command.argv, ["-r", "-t", "-d"]).operands.map((field) => resolve(command, field));
  if (paths.some((path) => path === undefined)) return [UNKNOWN_PATH];
  return paths.filter(isPath).map((path) => ({ kind: "writes", path, form: "file" }));
};

const remove: Reader = (command, image) => {
  const removed = readOperands(command.argv, []).operands.flatMap((field) => {
    const found = expand(command, field, image);
    // A pattern over files that the base image brought.
    const pattern = field.glob ? resolve(command, field) : undefined;
    return found.length > 0 || pattern === undefined ? found : [pattern];
  });
  return removed.length === 0 ? [{ kind: "nothing" }] : removed.map((path) => ({ kind: "removes", path }));
};

/** The last operand receives: under its own name when it is a directory, or several come, or it ends in `/`. */
function transfer(command: ResolvedCommand, image: ImageView, move: boolean): readonly Effect[] {
  const { operands, values } = readOperands(command.argv, ["-t", "--target-directory", "-S", "--suffix"]);
  const given = values.get("-t") ?? values.get("--target-directory");
  const target = given ?? operands.at(-1);
  const sources = given === undefined ? operands.slice(0, -1) : operands;
  const to = target === undefined ? undefined : resolve(command, target);
  if (to === undefined && target !== undefined && isAnywhere(target.text)) return [ELSEWHERE];
  if (to === undefined || target === undefined || sources.length === 0) return [UNKNOWN_PATH];
  const from = sources.flatMap((field) => expanded(command, field, image));
  // `mv "$(lein uberjar | sed …)" app.jar`: nobody knows what comes, but where it goes.
  const here = isWithin(to, command.workdir) && command.workdir !== "/" && image.kindOf(to) !== "directory";
  if (from.length === 0) return here ? [{ kind: "writes", path: to, form: "file" }] : [UNKNOWN_PATH];
  const directory = image.kindOf(to) === "directory" || isSystemDirectory(to);
  const into = sources.length > 1 || target.text.endsWith("/") || directory || given !== undefined;
  return from.map(({ path, as }) => {
    if (as === "unseen") return { kind: "copies", from: path, to, move, link: false };
    const contents = sources.some((field) => field.text.endsWith("/.") && resolve(command, field) === path);
    const final = into && !contents && as === "itself" ? imagePath(baseName(path), to) : to;
    return { kind: "copies", from: path, to: final, move, link: false };
  });
}

interface Source {
  readonly path: ImagePath;
  /** `contents`: `dist/*`, of which the names are not known. `unseen`: files of which only the pattern is known. */
  readonly as: "itself" | "contents" | "unseen";
}

function expanded(command: ResolvedCommand, field: Argument, image: ImageView): readonly Source[] {
  const found = expand(command, field, image);
  const pattern = found.length === 0 && field.glob ? resolve(command, field) : undefined;
  if (pattern === undefined) return found.map((path) => ({ path, as: "itself" }));
  return baseName(pattern) === "*" && !/[*?[]/.test(imagePath("..", pattern))
    ? [{ path: imagePath("..", pattern), as: "contents" }]
    : [{ path: pattern, as: "unseen" }];
}

const link: Reader = (command, image) => {
  const { operands, options } = readOperands(command.argv, ["-t", "-S"]);
  const [source, target] = operands;
  if (source === undefined || !source.known) return [UNKNOWN_PATH];
  const named = resolve(command, target ?? { ...source, text: baseName(source.text) });
  if (named === undefined) return [UNKNOWN_PATH];
  const into = target !== undefined && (target.text.endsWith("/") || image.kindOf(named) === "directory");
  const to = into ? imagePath(baseName(source.text), named) : named;
  const symbolic = options.has("-s") || options.has("--symbolic");
  const from = symbolic ? imagePath(source.text, imagePath("..", to)) : imagePath(source.text, command.workdir);
  return [{ kind: "copies", from, to, move: false, link: symbolic }];
};

const attributes: Reader = (command, image) => {
  const { operands, options, values } = readOperands(command.argv, ["--reference", "--from"]);
  // A mode such as `-x` reads as an option; then no operand is a mode.
  const modeIsOption = command.name === "chmod" && [...options].some((o) => /^-[rwxXst]$/.test(o) && o !== "-R");
  const targets = values.has("--reference") || modeIsOption ? operands : operands.slice(1);
  const paths = targets.flatMap((field) => expand(command, field, image));
  if (targets.some((field) => !field.known)) return [UNKNOWN_PATH];
  if (paths.length === 0) return [{ kind: "nothing" }];
  const recursive = options.has("-R") || options.has("--recursive");
  const [first] = operands;
  const named = command.name === "chown" && !values.has("--reference") && first?.known === true;
  return [{ kind: "attributes", paths, recursive, ...(named ? { owner: first.text } : {}) }];
};

const install: Reader = (command, image) => {
  const valued = ["-m", "--mode", "-o", "--owner", "-g", "--group", "-t", "--target-directory"];
  const { options, operands } = readOperands(command.argv, valued);
  if (!options.has("-d") && !options.has("--directory")) return transfer(stripOptions(command, operands), image, false);
  const paths = operands.map((field) => resolve(command, field));
  if (paths.some((path) => path === undefined)) return [UNKNOWN_PATH];
  return paths.filter(isPath).map((path) => ({ kind: "writes", path, form: "directory" }));
};

function stripOptions(command: ResolvedCommand, operands: readonly Argument[]): ResolvedCommand {
  return { ...command, argv: [...command.argv.slice(0, 1), ...operands] };
}

/** `sed -i` and `tee` write the files that they are given; `sed` without `-i` writes to standard output. */
const sed: Reader = (command) => {
  const { operands, options } = readOperands(command.argv, ["-e", "--expression", "-f", "--file"]);
  const edits = [...options].some((o) => o === "-i" || o.startsWith("--in-place"));
  if (!edits) return [{ kind: "nothing" }];
  const files = options.has("-e") || options.has("-f") ? operands : operands.slice(1);
  const paths = files.map((field) => resolve(command, field));
  if (paths.some((path) => path === undefined)) return [UNKNOWN_PATH];
  return paths.filter(isPath).map((path) => ({ kind: "writes", path, form: "file" }));
};

const tee: Reader = (command) => {
  const paths = readOperands(command.argv, []).operands.map((field) => resolve(command, field));
  if (paths.some((path) => path === undefined)) return [UNKNOWN_PATH];
  return paths.filter(isPath).map((path) => ({ kind: "writes", path, form: "file" }));
};

const READERS: Readonly<Record<string, Reader>> = {
  chgrp: attributes,
  chmod: attributes,
  chown: attributes,
  cp: (command, image) => transfer(command, image, false),
  install,
  ln: link,
  mkdir,
  mv: (command, image) => transfer(command, image, true),
  rm: remove,
  rmdir: remove,
  sed,
  setcap: attributes,
  tee,
  touch,
  unlink: remove,
};
