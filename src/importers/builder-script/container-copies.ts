/**
 * Files of the host that are copied into a container.
 *
 *     docker create --name x b make
 *     docker cp src/. x:/src               FROM b
 *     docker start -a x                    COPY src /src/
 *
 * What the container holds then is another image: a Dockerfile of ours, as for a command that works (derived-build.ts). A file goes into a
 * directory that is there and else gets the name given, for both; a directory is nested in one that is there, where COPY pours its
 * contents, so whether it is there has to be known (https://docs.docker.com/reference/cli/docker/container/cp/#description,
 * https://docs.docker.com/reference/dockerfile/#destination). Both give the files to root. What is not decided here: how files leave a
 * container (container-commands.ts).
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import { type ContainerCall, hasSwitch } from "../../shell/container-cli.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { imageConfig } from "./container-config.ts";
import type { Mount } from "./container-mounts.ts";
import { quotedOperand } from "./derived-build.ts";
import { readSource } from "./host-operands.ts";
import { CHECKOUT, type HostNode, type ImageNode, look, shapeOf } from "./host-tree.ts";
import { shapeInStage } from "./image-facts.ts";
import { targetStage } from "./links.ts";
import type { Build, DerivedProblem } from "./trace.ts";
import { imageKey, isPartlyUnknown } from "./values.ts";
import type { Container, World } from "./world.ts";

/** `docker cp SOURCE CONTAINER:PATH`; `source` and `path` are keys. */
export function copyInto(
  context: CommandContext,
  call: ContainerCall,
  container: Container,
  copy: { readonly source: string; readonly path: string },
): Done {
  const { world } = context;
  const build = copiedBuild(context, call, container, copy);
  const after: Container = { ...container, image: build.id };
  const containers = new Map([...world.containers].map(([name, one]) => [name, one === container ? after : one]));
  const builds = new Map(world.builds).set(build.id, build);
  return {
    effects: [{ kind: "derive", build, container: container.created }],
    truth: true,
    output: [],
    world: { ...world, containers, builds },
  };
}

function copiedBuild(
  context: CommandContext,
  call: ContainerCall,
  container: Container,
  { source, path }: { readonly source: string; readonly path: string },
): Build {
  const { world, shell } = context;
  const { image, reference } = container;
  const found = readSource(world.host, source, context);
  const node = look(world.host, found.path);
  const isDirectory = found.contents || shapeOf(world.host.files, node) === "directory";
  const target = imagePath(path);
  const there = found.contents ? false : directoryAt(world, image, target);
  const to = isDirectory && there === true ? posix.join(target, posix.basename(found.path)) : target;
  const root = isDirectory ? found.path : posix.dirname(found.path);
  const inside = isWithin(found.path, CHECKOUT);
  const from = inside ? posix.relative(root, found.path) || "." : found.path.replace(/^\/+/, "");
  const directory = isDirectory || there === true || /\/\.?$/.test(path);
  const text = `COPY ${quotedOperand(from)} ${quotedOperand(directory ? `${to}/`.replace(/\/+$/, "/") : to)}`;
  const base = isPartlyUnknown(reference) ? "scratch" : reference;
  const document = parseDockerfile(sourceFile(context.script.source.path, `FROM ${base}\n${text}\n`));
  const mount: Mount = { source: found.path, target: to as ImagePath, readOnly: true, volume: false };
  // Under its own name a file lands at the same place either way.
  const settled = directory ? there !== undefined || !isDirectory : node.kind !== "image" || isNamed(node, found.path);
  const known = isKnown(node) && settled && !isPartlyUnknown(path) && !isPartlyUnknown(source);
  const isPlain = !hasSwitch(call, "archive") && !hasSwitch(call, "follow-link") && source !== "-";
  const mounted = container.mounts.some((one) => isWithin(to, one.target));
  const problem: DerivedProblem = { kind: "copy" };
  return {
    id: ["cp", image, found.path, text, context.step].join("|").replaceAll(":", ";"),
    step: context.step,
    call: { ...call, options: [], operands: [] },
    file: { kind: "found", path: context.script.source.path, document },
    context: inside ? root : CHECKOUT,
    source: context.script.source,
    contextField: undefined,
    tags: [],
    args: [],
    target: undefined,
    cwd: shell.cwd,
    host: world.host,
    images: new Map(world.images).set(imageKey(reference), image),
    fields: context.fields,
    environment: [],
    variables: shell.variables,
    positional: shell.positional,
    derived: {
      base: image,
      copies: true,
      mounts: [mount],
      roots: new Map([[from, found.path]]),
      options: [],
      serves: false,
      problems: known && isPlain && !mounted ? [] : [problem],
    },
  };
}

function isNamed(node: ImageNode, path: string): boolean {
  return posix.basename(node.path) === posix.basename(path);
}

/** What a COPY can bring: the checkout's, or out of an image. */
function isKnown(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].every(isKnown);
  return node.kind === "checkout" || (node.kind === "image" && node.maybe !== true);
}

/** Chains of images longer than this are a loop. */
const DEEPEST = 20;

/** Whether an image has a directory at a path; `undefined` where nobody knows. */
function directoryAt(world: World, image: string, path: ImagePath, depth = 0): boolean | undefined {
  if (imageConfig(world.builds, image).workdir === path || ROOTS.test(path)) return true;
  const build = world.builds.get(image);
  const document = build?.file.kind === "found" ? build.file.document : undefined;
  const index = document === undefined ? undefined : targetStage(document, build?.target);
  const stage = index === undefined ? undefined : document?.stages[index];
  if (build === undefined || stage === undefined || depth > DEEPEST) return undefined;
  const told = shapeInStage(stage, path);
  if (told.sure) return told.shape === "directory";
  const reference = stage.from.image.text;
  return directoryAt(world, build.images.get(imageKey(reference)) ?? reference, path, depth + 1);
}

/** Directories that every image with a shell has (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html). */
const ROOTS =
  /^\/(?:|bin|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|usr\/(?:bin|lib|local|sbin|share)|usr\/local\/bin|var|var\/tmp)$/;
