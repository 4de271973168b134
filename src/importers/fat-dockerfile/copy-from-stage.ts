/**
 * COPY --from a stage of the same file onto the abstract image:
 *
 *     COPY --from=web /app/dist ./static        the contents of dist in ./static, as far as that stage tells
 *     COPY --from=libs /app/node_modules ./     libraries stay libraries, a program keeps how it was linked
 *
 * What the stage does not tell may be a file or a directory, with anything in it.
 */
import type { CopyInstruction } from "../../dockerfile/syntax.ts";
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import type { DependencyTree } from "../../ecosystems/ecosystem.ts";
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { AbstractImage } from "./abstract-image.ts";
import type { ShellState } from "./commands.ts";
import type { Origin } from "./image-tree.ts";
import { expandText } from "./variables.ts";

/** Where each source lands and what it brings along; `at` is the index of the instruction. */
export function copyFromStage(
  instruction: CopyInstruction,
  at: number,
  state: ShellState,
  stage: AbstractImage,
  image: AbstractImage,
): void {
  const destination = expandText(instruction.destination.text, state.environment).text;
  const to = imagePath(destination, state.workdir);
  const written = instruction.sources.map((operand) => expandText(operand.text, state.environment).text);
  const sources = written.flatMap((source) => matches(imagePath(source), stage));
  const into = /(?:^|\/)\.?$/.test(destination) || written.length > 1 || image.kindOf(to) === "directory";
  for (const from of sources) {
    const kind = stage.kindOf(from);
    const isFile = kind === "file" || (kind === undefined && looksLikeFile(from, to, into));
    const target = isFile && into ? imagePath(baseName(from), to) : to;
    if (isFile) image.tree.put(target, { kind: "file", origin: originOf(from, at, stage) });
    else placeDirectory(from, target, at, stage, image);
    bringAlong(from, target, stage, image);
  }
}

/** Paths that a source names; a pattern that nothing known matches stands for itself. */
function matches(source: ImagePath, stage: AbstractImage): readonly ImagePath[] {
  const name = baseName(source);
  if (!/[*?[]/.test(name)) return [source];
  const parent = imagePath("..", source);
  const found = stage.children(parent).filter((child) => matchesWildcard(name, child));
  return found.length === 0 ? [source] : found.map((child) => imagePath(child, parent));
}

/** By names alone: what has an ending, and what lies among programs. */
function looksLikeFile(from: ImagePath, to: ImagePath, into: boolean): boolean {
  return /[^/]\.\w+$/.test(from) || /\/s?bin\/[^/]+$/.test(from) || (!into && /\/s?bin\/[^/]+$/.test(to));
}

/** A file of the context keeps the name that it has there. */
function originOf(from: ImagePath, at: number, stage: AbstractImage): Origin {
  const host = stage.hostOf(from);
  return host === undefined ? { kind: "foreign", at } : { kind: "foreign", at, host };
}

function placeDirectory(from: ImagePath, to: ImagePath, at: number, stage: AbstractImage, image: AbstractImage): void {
  const nodes = stage.tree.below(from);
  const known = nodes.length > 0 && stage.hostOf(from) !== undefined && !stage.tree.isTouched(from);
  // Into a directory that stands already comes more than is known.
  if (!known && image.kindOf(to) === "directory") image.tree.touch(to, at);
  else image.tree.put(to, { kind: "directory", origin: known ? originOf(from, at, stage) : { kind: "foreign", at } });
  for (const [path, { kind }] of nodes) {
    if (path === from) continue;
    const origin = stage.tree.isTouched(path) ? ({ kind: "foreign", at } as const) : originOf(path, at, stage);
    image.tree.put(moved(path, from, to), { kind, origin });
  }
}

function moved(path: ImagePath, from: ImagePath, to: ImagePath): ImagePath {
  return imagePath(`.${path.slice(from === "/" ? 0 : from.length)}`, to);
}

function bringAlong(from: ImagePath, to: ImagePath, stage: AbstractImage, image: AbstractImage): void {
  const here = (path: ImagePath): ImagePath => moved(path, from, to);
  const artifacts = stage.artifacts.filter(({ path }) => isWithin(path, from));
  const libraries = stage.dependencies.flatMap((tree) => movedTree(tree, from, here));
  image.artifacts = [...image.artifacts, ...artifacts.map((one) => ({ ...one, path: here(one.path) }))];
  image.dependencies = [
    ...image.dependencies.filter((one) => !libraries.some(({ directory }) => directory === one.directory)),
    ...libraries,
  ];
  image.tools = [...image.tools, ...stage.tools.filter((path) => isWithin(path, from)).map(here)];
  image.links = [...image.links, ...stage.links.filter((path) => isWithin(path, from)).map(here)];
}

/** Libraries belong to the manifest that lies as far above them as before. */
function movedTree(
  tree: DependencyTree,
  from: ImagePath,
  here: (path: ImagePath) => ImagePath,
): readonly DependencyTree[] {
  const places = tree.places.filter((place) => isWithin(place, from)).map(here);
  const [first] = places;
  const [old] = tree.places.filter((place) => isWithin(place, from));
  if (first === undefined || old === undefined) return [];
  const inner = isWithin(old, tree.directory) ? old.slice(tree.directory === "/" ? 0 : tree.directory.length) : "";
  const directory = inner !== "" && first.endsWith(inner) ? imagePath(first.slice(0, -inner.length) || "/") : here(old);
  return [{ ...tree, places, directory }];
}
