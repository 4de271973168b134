/**
 * What a builder's Dockerfile tells of the paths in its image, without building it.
 *
 *     WORKDIR /app                      "/app" is a directory
 *     RUN go build -o /out/server .     "/out/server" is a file
 *     USER node                         files may belong to somebody else than root
 */
import { posix } from "node:path";
import type { Instruction, StageSyntax } from "../../dockerfile/syntax.ts";
import { describeBase } from "../../ecosystems/base-images.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Shape } from "./host-tree.ts";

/** Names that people give to files alone, by their ending. */
const FILE_ENDING =
  /\.(?:jar|war|ear|zip|tgz|gz|xz|bz2|tar|deb|rpm|apk|whl|so|a|exe|dll|js|mjs|css|html|json|ya?ml|toml|xml|conf|txt|sh|py|rb|pl|wasm|map|pem|crt)$/i;

/** Names that people give to directories of results. */
const DIRECTORY_NAME =
  /^(?:dist|build|out|output|public|target|bin|lib|libs|static|assets|node_modules|www|html|site|_site|release|publish|vendor|share|etc)$/;

/** Whether a path of a stage's image is a file, and how sure that is. */
export function shapeInStage(stage: StageSyntax, path: ImagePath): { readonly shape: Shape; readonly sure: boolean } {
  const told = toldShape(stage, path);
  if (told !== "unknown") return { shape: told, sure: true };
  const name = posix.basename(path);
  if (FILE_ENDING.test(name)) return { shape: "file", sure: false };
  if (DIRECTORY_NAME.test(name)) return { shape: "directory", sure: false };
  return { shape: "unknown", sure: false };
}

function toldShape(stage: StageSyntax, path: ImagePath): Shape {
  let workdir: ImagePath = imagePath("/");
  for (const instruction of stage.instructions) {
    if (instruction.kind === "workdir") {
      workdir = imagePath(instruction.value, workdir);
      if (isWithin(workdir, path)) return "directory";
    }
    if (instruction.kind === "copy" || instruction.kind === "add") {
      const to = instruction.destination.text;
      if (/(?:^|\/)\.?$/.test(to) && isWithin(imagePath(to, workdir), path)) return "directory";
    }
    if (instruction.kind === "run") {
      const shape = shapeByCommand(commandText(instruction), path, workdir);
      if (shape !== "unknown") return shape;
    }
  }
  return "unknown";
}

/** What a path of a stage is a copy of: `RUN cp -r /out/dist /handover`. */
export function copiedFrom(stage: StageSyntax, path: ImagePath): ImagePath | undefined {
  let workdir: ImagePath = imagePath("/");
  for (const instruction of stage.instructions) {
    if (instruction.kind === "workdir") workdir = imagePath(instruction.value, workdir);
    const [, from, to] =
      (instruction.kind === "run" &&
        /^\s*cp(?:\s+-\w+)*\s+([\w./-]+)\s+([\w./-]+)\s*$/.exec(commandText(instruction))) ||
      [];
    if (from !== undefined && to !== undefined && imagePath(to, workdir) === path) return imagePath(from, workdir);
  }
  return undefined;
}

function commandText(instruction: Extract<Instruction, { kind: "run" }>): string {
  return instruction.command.form === "shell" ? instruction.command.command : instruction.command.words.join(" ");
}

/** `-o FILE` of compilers makes a file, `mkdir DIR` a directory. */
function shapeByCommand(command: string, path: ImagePath, workdir: ImagePath): Shape {
  const at = (word: string): ImagePath => imagePath(word.replace(/^["']|["']$/g, ""), workdir);
  const cd = /^\s*cd\s+(\S+?)\s*&&/.exec(command)?.[1];
  const here = cd === undefined ? workdir : at(cd);
  for (const [, word = ""] of command.matchAll(
    /\b(?:go\s+build|gcc|g\+\+|cc|clang|ld|rustc)\b[^&|;]*?\s-o[ =]?(\S+)/g,
  )) {
    const made = imagePath(word.replace(/^["']|["']$/g, ""), here);
    if (!word.endsWith("/") && made === path) return "file";
    if (made !== path && isWithin(made, path)) return "directory";
  }
  for (const [, words = ""] of command.matchAll(/\bmkdir\s+((?:[^&|;])+)/g)) {
    if (words.split(/\s+/).some((word) => word !== "" && !word.startsWith("-") && isWithin(at(word), path)))
      return "directory";
  }
  for (const [, words = ""] of command.matchAll(/\bgo\s+install\b([^&|;]*)/g)) {
    if (path.startsWith("/go/bin/") && words !== undefined) return "file";
  }
  return "unknown";
}

/** Why files of a stage may belong to somebody else than root; `undefined` when nothing says so. */
export function foreignOwner(stage: StageSyntax): string | undefined {
  const base = describeBase(stage.from.image.text);
  let user = base.user;
  for (const instruction of stage.instructions) {
    if (instruction.kind === "user") user = instruction.value;
    const chown = instruction.flags.find((flag) => flag.name === "chown")?.value;
    if (chown !== undefined && !isRoot(chown)) return `--chown=${chown}`;
    if (instruction.kind !== "run") continue;
    if (user !== undefined && !isRoot(user)) return `USER ${user}`;
    if (/\bchown\b/.test(commandText(instruction))) return "chown";
  }
  return undefined;
}

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::(?:root|0))?$/.test(user.trim());
}
