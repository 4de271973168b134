/**
 * A container that works, as the build that makes its image: what it ran becomes a RUN.
 *
 *     docker run -v "$PWD:/src" -w /src -e CGO_ENABLED=0 golang:1.22 go build -o app
 *
 *     FROM golang:1.22
 *     COPY . /src
 *     WORKDIR /src
 *     RUN CGO_ENABLED=0 go build -o app
 *
 * The Dockerfile is ours, so that such a build is linked, joined and named like any other; its instructions say the command that
 * they come from. What is not decided here: whether anything takes files out of it.
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import { type ContainerCall, optionValue, optionValues } from "../../shell/container-cli.ts";
import { parseShell } from "../../shell/parse.ts";
import { quoteWord } from "../../shell/quote.ts";
import { fieldText, fieldValue, leadingText, unknownVariable, withoutLeading } from "../../shell/symbolic.ts";
import { imagePath, isWithin } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import type { CommandContext } from "./command-context.ts";
import type { CommandLine, Hole } from "./container-command.ts";
import type { ImageConfig } from "./container-config.ts";
import { isCache, type Mount, outerMount } from "./container-mounts.ts";
import { CHECKOUT, exists, type HostNode, look, VOLUMES } from "./host-tree.ts";
import { shapeInStage } from "./image-facts.ts";
import { targetStage } from "./links.ts";
import type { Build, DerivedProblem, ToldCommands } from "./trace.ts";
import { fieldKey, imageKey, isPartlyUnknown, settledText } from "./values.ts";

/** What a container run is made from. */
export interface DerivedSource {
  readonly context: CommandContext;
  readonly call: ContainerCall;
  /** The image's key, and its reference as the script gives it. */
  readonly image: string;
  readonly reference: string;
  readonly config: ImageConfig;
  readonly line: CommandLine;
  /** What the stage has to run; the output of the line goes to a file where `output` names one. */
  readonly work: string;
  readonly output?: string;
  readonly mounts: readonly Mount[];
  /** All that the line comes to, where that is known. */
  readonly told?: ToldCommands;
}

export function derivedBuild(source: DerivedSource): Build {
  const { context, call, image, mounts } = source;
  const { world, shell } = context;
  const environment = readEnvironment(source);
  const workdir = workdirOf(call);
  const holes = new Map([...source.line.holes, ...environment.holes].map((hole) => [hole.name, hole]));
  const before = continued(source);
  const copied = before === undefined ? mounts.filter((mount) => isCopied(mount, source)) : [];
  const root = contextOf(copied);
  const roots = new Map(copied.map((mount) => [sourceText(mount, root), mount.source]));
  const text = [
    `FROM ${baseName(source)}`,
    ...copied.flatMap((mount) => copyLines(mount, root, ownerOf(source))),
    ...(before === undefined ? [...mounts.flatMap((mount) => aliasOf(mount, source)), ...volumeLines(source)] : []),
    ...[...holes.values()].map(({ name, usual }) => `ARG ${name}${usual === undefined ? "" : `=${quoteWord(usual)}`}`),
    ...(before === undefined
      ? workdirLines(workdir === source.config.workdir ? undefined : workdir)
      : before.workdir === workdir
        ? []
        : workdirLines(workdir)),
    ...userOf(source),
    ...runLines(source, environment.set),
  ];
  const document = parseDockerfile(sourceFile(context.script.source.path, `${text.join("\n")}\n`));
  const base = before?.id ?? image;
  const id = ["run", base, ...text.slice(1)].join("|").replaceAll(":", ";");
  return {
    id,
    step: context.step,
    call: { ...call, options: [], operands: [] },
    file: { kind: "found", path: context.script.source.path, document },
    context: root,
    source: context.script.source,
    contextField: undefined,
    tags: [],
    args: [...holes.values()].map(({ name, value }) => ({
      name,
      value,
      field: { parts: [], range: context.node.range },
    })),
    target: undefined,
    cwd: shell.cwd,
    host: world.host,
    images: new Map(world.images).set(imageKey(baseName(source)), base),
    fields: context.fields,
    environment: [],
    variables: shell.variables,
    positional: shell.positional,
    derived: {
      base: image,
      mounts,
      ...(workdir === undefined ? {} : { workdir }),
      roots,
      options: [...holes.values()].map(({ name, written, usual }) => ({
        name,
        text: `--build-arg ${argumentText(name, written)}`,
        needed: usual === undefined,
      })),
      serves: call.options.some(isForOthers),
      ...(source.told === undefined ? {} : { told: source.told }),
      problems: problemsOf(source),
    },
  };
}

/** A tag that only a run knows in full needs a name here, which stands for the build that has it; none is ever written. */
function baseName({ reference, image, context }: DerivedSource): string {
  if (!isPartlyUnknown(reference)) return reference;
  return context.world.builds.has(image) ? "built-by-the-script" : "scratch";
}

/** `-e NAME` passes a variable on, as `--build-arg NAME` does. */
function argumentText(name: string, written: string): string {
  if (written === "") return name;
  return /["'`\s$]/.test(written) && !/^["']/.test(written) ? `${name}="${written}"` : `${name}=${written}`;
}

/** A path as an operand of COPY. */
export function quotedOperand(path: string): string {
  return /[\s"'\\[\]]/.test(path) ? JSON.stringify(path) : path;
}

// ---- mounts

interface Continued {
  readonly id: string;
  readonly workdir: string | undefined;
}

/** The container before, where this one goes on from what it left: the same image and mounts, and nothing changed between. */
function continued({ image, mounts, context }: DerivedSource): Continued | undefined {
  if (mounts.length === 0 || mounts.every((mount) => mount.readOnly)) return undefined;
  for (const [id, { derived }] of [...context.world.builds].reverse()) {
    if (derived === undefined || derived.base !== image) continue;
    const same = JSON.stringify(derived.mounts) === JSON.stringify(mounts);
    const untouched = mounts.every((mount) => isLeftBy(id, mount, look(context.world.host, mount.source)));
    if (same && untouched) return { id, workdir: derived.workdir };
  }
  return undefined;
}

/** Whether a container was the last to write to a mount. */
function isLeftBy(image: string, mount: Mount, node: HostNode): boolean {
  if (mount.readOnly || isCache(mount)) return true;
  if (node.kind === "image") return node.image === image && node.path === mount.target;
  if (node.kind !== "directory") return false;
  const [top] = node.layers;
  return top?.kind === "image" && top.image === image && top.path === mount.target && isOwn(node, image, mount.target);
}

/** Whether all that was put somewhere by name stands in the image under the same name. */
function isOwn(node: HostNode, image: string, path: string): boolean {
  if (node.kind === "image") return node.image === image && node.path === path;
  if (node.kind !== "directory") return !exists(node);
  return [...node.entries].every(([name, entry]) => isOwn(entry, image, posix.join(path, name)));
}

/** A mount that shows files of the host; empty directories and caches need no COPY. */
function isCopied(mount: Mount, { context, mounts }: DerivedSource): boolean {
  if (isCache(mount) || outerMount(mount, mounts) !== undefined) return false;
  const node = look(context.world.host, mount.source);
  if (!exists(node)) return false;
  return node.kind !== "directory" || node.layers.length > 0 || [...node.entries.values()].some(exists);
}

/** The directory of the checkout that holds all mounts. */
function contextOf(mounts: readonly Mount[]): string {
  const inside = mounts.map(({ source }) => source).filter((source) => isWithin(source, CHECKOUT));
  const [first = CHECKOUT, ...others] = inside;
  return others.reduce((common, path) => {
    let directory = common;
    while (!isWithin(path, directory)) directory = posix.dirname(directory);
    return directory;
  }, first);
}

function sourceText({ source }: Mount, root: string): string {
  return isWithin(source, root) ? posix.relative(root, source) || "." : source.replace(/^\/+/, "");
}

/** A part of another mount under a second name is a link to it; an empty mount is a directory. */
function aliasOf(mount: Mount, source: DerivedSource): readonly string[] {
  const outer = outerMount(mount, source.mounts);
  if (outer !== undefined) {
    const inside = posix.join(outer.target, posix.relative(outer.source, mount.source));
    if (inside === mount.target) return [];
    const above = posix.dirname(mount.target);
    const made = above === "/" ? inside : `${inside} ${above}`;
    return [`RUN mkdir -p ${made} && rm -rf ${mount.target} && ln -s ${inside} ${mount.target}`];
  }
  const there = isCopied(mount, source) || mount.readOnly || isCache(mount) || isDirectoryIn(source, mount.target);
  return there ? [] : madeDirectory(mount.target, ownerOf(source));
}

/** The directories that a container finds because they are volumes of its image. */
function volumeLines(source: DerivedSource): readonly string[] {
  const { config, mounts } = source;
  const own = config.volumes.filter(
    (path) => !isDirectoryIn(source, path) && !mounts.some(({ target }) => isWithin(target, path)),
  );
  const owner = ownerOf(source);
  const lines = own.map((path) => `RUN mkdir -p ${quoteWord(path)}`);
  return owner === undefined || lines.length === 0 ? lines : ["USER root", ...lines, `USER ${owner}`];
}

/** A directory that the user of the command may write to. */
function madeDirectory(path: string, owner: string | undefined): readonly string[] {
  if (owner === undefined) return [`RUN mkdir -p ${path}`];
  return ["USER root", `RUN mkdir -p ${path} && chown ${owner} ${path}`, `USER ${owner}`];
}

/** Whether the image has a directory there for sure. */
function isDirectoryIn({ context, image }: DerivedSource, target: string): boolean {
  const build = context.world.builds.get(image);
  const document = build?.file.kind === "found" ? build.file.document : undefined;
  const index = document === undefined ? undefined : targetStage(document, build?.target);
  const stage = index === undefined ? undefined : document?.stages[index];
  const told = stage === undefined ? undefined : shapeInStage(stage, imagePath(target));
  return told?.sure === true && told.shape === "directory";
}

// ---- options

function workdirOf(call: ContainerCall): string | undefined {
  const field = optionValue(call, "workdir");
  return field === undefined ? undefined : settledText(fieldValue(field));
}

function workdirLines(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [`WORKDIR ${quotedOperand(path)}`];
}

const ROOT_USER = /^(?:root|0)(?::.*)?$/;

/**
 * A number, or the host user's own id, only says whom the files on the host belong to. The user of a published image that nothing
 * is known of may not write to what COPY brings, as the container's could write to the mount: the stage does its work as root.
 */
function userOf({ call, config, context, image, mounts }: DerivedSource): readonly string[] {
  const field = optionValue(call, "user");
  const user = field === undefined ? undefined : fieldText(field);
  const unknown = config.user === undefined && !context.world.builds.has(image);
  if (user === undefined) return unknown && mounts.some((mount) => !mount.readOnly) ? ["USER root"] : [];
  if (ROOT_USER.test(user)) return config.user === undefined || isOther(config.user) ? ["USER root"] : [];
  return /^\d+(?::\d+)?$/.test(user) ? [] : [`USER ${user}`];
}

/** The user that the command runs as, where it is not root: what it sees of the host was open to it. */
function ownerOf(source: DerivedSource): string | undefined {
  const [line] = userOf(source);
  const user = line?.slice("USER ".length) ?? source.config.user;
  return isOther(user) ? user : undefined;
}

function isOther(user: string | undefined): user is string {
  return user !== undefined && /^[\w.-]+(?::[\w.-]+)?$/.test(user) && !ROOT_USER.test(user);
}

/** A COPY makes its files root's, and leaves a directory that is there to whom it belonged. */
function copyLines(mount: Mount, root: string, owner: string | undefined): readonly string[] {
  const from = quotedOperand(sourceText(mount, root));
  const to = quotedOperand(`${mount.target}/`.replace(/\/+$/, "/"));
  if (owner === undefined || mount.readOnly) return [`COPY ${from} ${to}`];
  return [
    `COPY --chown=${owner} ${from} ${to}`,
    "USER root",
    `RUN chown ${owner} ${quotedOperand(mount.target)}`,
    `USER ${owner}`,
  ];
}

interface Environment {
  /** Assignments as a shell reads them. */
  readonly set: readonly string[];
  readonly holes: readonly Hole[];
}

/** `-e` values: known ones stand where they are used, others come as build arguments of the same name. */
function readEnvironment({ call, config, context }: DerivedSource): Environment {
  const holes: Hole[] = [];
  const set: string[] = [];
  for (const field of optionValues(call, "env")) {
    const [, name, equals] = /^([A-Za-z_]\w*)(=?)/.exec(leadingText(field)) ?? [];
    if (name === undefined) continue;
    const value = equals === "=" ? fieldValue(withoutLeading(field, name.length + 1)) : undefined;
    const known = value === undefined ? undefined : settledText(value);
    const varies = /[$`%]/.test(context.script.source.text.slice(field.range.start, field.range.end));
    if (known !== undefined && !varies) set.push(`${name}=${quoteWord(known)}`);
    else if (isSetIn(config, name, equals === "=")) {
      const hole = { name: `HOST_${name}`, written: writtenValue(context, field.range, name), value: value ?? [] };
      holes.push(hole);
      set.push(`${name}="$${hole.name}"`);
    } else {
      const written = value === undefined ? "" : writtenValue(context, field.range, name);
      holes.push({ name, written, value: value ?? [unknownVariable(name)] });
    }
  }
  return { set, holes };
}

/**
 * A line with its variables in front: those of one command before the command itself, unless the line's shell has to read them, too
 * (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_09_01). ENV would reach further than the container did.
 */
function withEnvironment(line: string, set: readonly string[], isPlain: boolean): string {
  if (set.length === 0) return line;
  const [only, ...others] = parseShell(line).statements;
  const isRead = set.some((pair) => line.includes(`$${pair.slice(0, pair.indexOf("="))}`) || line.includes("${"));
  const isOne = isPlain && others.length === 0 && only?.kind === "command" && !isRead;
  return isOne ? `${set.join(" ")} ${line}` : `export ${set.join(" ")}; ${line}`;
}

/** Whether ENV of the image may hide an argument; a variable that is only passed on may be set nowhere, and stays so as an argument. */
function isSetIn(config: ImageConfig, name: string, given: boolean): boolean {
  const value = config.environment(name);
  return typeof value === "string" || (given && value !== undefined);
}

/** The value of `-e NAME=value` as the driver's file writes it, quotes included. */
function writtenValue({ script }: CommandContext, range: { start: number; end: number }, name: string): string {
  const text = script.source.text.slice(range.start, range.end);
  const at = text.indexOf(`${name}=`);
  const value = at < 0 ? `\${${name}}` : text.slice(at + name.length + 1);
  const open = text.slice(0, Math.max(0, at)).replace(/^-{1,2}\w+[= ]?/, "");
  const quote = /["']$/.exec(open)?.[0];
  return quote === undefined ? value : quote + value;
}

/** The RUN; another interpreter, or a line of several, takes the exec form. */
function runLines({ line, work, output }: DerivedSource, set: readonly string[]): readonly string[] {
  const into = (text: string): string => (output === undefined ? text : `( ${text} ) > ${output}`);
  const whole = into(withEnvironment(work, set, line.interpreter === undefined));
  if (line.interpreter !== undefined) return [`RUN ${JSON.stringify([...line.interpreter, whole])}`];
  const isLong = (text: string): boolean => text.replace(/\\\r?\n/g, "").includes("\n");
  if (!isLong(whole)) return [`RUN ${whole}`];
  const { statements } = parseShell(whole);
  const parts = statements.map(({ range }) => whole.slice(range.start, range.end));
  const plain = parts.every((part) => !isLong(part) && !part.includes("<<"));
  return [plain ? `RUN ${parts.join("; \\\n    ")}` : `RUN ${JSON.stringify(["/bin/sh", "-c", whole])}`];
}

// ---- what speaks against it

/** Options that give a container what a build does not have. */
const BEYOND = ["privileged", "device", "cap-add", "gpus", "link", "volumes-from", "env-file", "pid", "ipc"];

/** Options of a container that others talk to; the host's network, or none, is not among them. */
function isForOthers({ name, value }: ContainerCall["options"][number]): boolean {
  const network = /^net(?:work)?$/.test(name) && !/^(?:host|none|bridge|default)$/.test(value ? fieldKey(value) : "");
  return network || /^(?:expose|publish(?:-all)?|restart|network-alias)$/.test(name);
}

function problemsOf(source: DerivedSource): readonly DerivedProblem[] {
  const { call, mounts, context, image, reference } = source;
  const options = BEYOND.filter((name) => call.options.some((option) => option.name === name));
  const outside = mounts.filter(
    (mount) =>
      !mount.volume &&
      !isWithin(mount.source, CHECKOUT) &&
      !isCache(mount) &&
      !exists(look(context.world.host, mount.source)) &&
      mount.readOnly,
  );
  const bound = mounts.filter(
    (mount) => mount.volume && !isCache(mount) && look(context.world.host, mount.source).kind === "made",
  );
  return [
    ...(source.line.unread === true ? [{ kind: "option", name: "--interactive" } as const] : []),
    ...options.map((name): DerivedProblem => ({ kind: "option", name: `--${name}` })),
    ...mounts
      .filter(({ target, source: path }) => /docker\.sock$/.test(target) || /docker\.sock$/.test(path))
      .map(({ source: path }): DerivedProblem => ({ kind: "option", name: `-v ${path}` })),
    ...outside.map((mount): DerivedProblem => ({ kind: "mount", path: mount.source })),
    ...bound.map((mount): DerivedProblem => ({ kind: "mount", path: mount.source.slice(VOLUMES.length + 1) })),
    ...(isPartlyUnknown(reference) && !context.world.builds.has(image)
      ? [{ kind: "image", name: reference } as const]
      : []),
  ];
}
