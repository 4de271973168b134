/**
 * What a call of a container engine does to the abstract world.
 *
 *     docker build -t app:build .            an image, under each of its tags
 *     id=$(docker create app:build)          a container; what is printed is its id
 *     docker cp "$id:/out/app" ./app         an image path arrives on the host
 *     docker run -v "$PWD:/src" app:build    a container that may write into the checkout
 *
 * What is not decided here: which calls the new script still needs.
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import { type ContainerCall, hasSwitch, optionValue, optionValues } from "../../shell/container-cli.ts";
import { describeField, type Field, fieldValue, leadingText, withoutLeading } from "../../shell/symbolic.ts";
import { imagePath, isWithin } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { readCompose } from "./compose-builds.ts";
import { allMounts, type Mount, mountsOf } from "./container-mounts.ts";
import { type ContainerRun, runContainer, runInContainer, waits } from "./container-run.ts";
import { dockerfileInput, isWithoutContext, NO_CONTEXT } from "./dockerfile-input.ts";
import { unreadVerb } from "./engine-calls.ts";
import {
  arrive,
  asDirectory,
  exists,
  type HostNode,
  type HostTree,
  type ImageNode,
  look,
  place,
  type Step,
  toCheckout,
  touched,
} from "./host-tree.ts";
import { copiedFile } from "./image-files.ts";
import { mountedArtifacts } from "./mounted-artifacts.ts";
import type { Build, BuildArgument, BuildFile, DockerfileInput, Effect } from "./trace.ts";
import { absolutePath, fieldKey, imageKey, isPartlyUnknown, LISTED } from "./values.ts";
import type { Container, World } from "./world.ts";

export function readContainerCommand(context: CommandContext, call: ContainerCall): Done {
  switch (call.verb) {
    case "build":
      return readBuild(context, call);
    case "create":
    case "run":
      return readCreate(context, call, call.verb === "run");
    case "cp":
      return readCopy(context, call);
    case "tag":
      return readTag(context, call);
    case "rm":
    case "start":
    case "stop":
    case "kill":
    case "wait":
    case "logs":
    case "inspect":
    case "exec":
    case "rename":
    case "attach":
    case "pause":
    case "unpause":
    case "restart":
      return readContainerUse(context, call, call.verb);
    case "commit":
      return readCommit(context, call);
    case "export":
      return readExport(context, call);
    case "rmi":
    case "push":
    case "save":
    case "history":
      return readImageUse(context, call, call.verb);
    case "ps":
      return readList(call);
    case "compose":
      return readCompose(context, call, readBuild);
    default:
      return { effects: [unreadVerb(call) ?? { kind: "plain" }], truth: true, doubtful: true, output: undefined };
  }
}

// ---- build

function readBuild(context: CommandContext, call: ContainerCall): Done {
  const { world, shell } = context;
  const contextField = call.operands[0];
  const streamed = streamedContext(context, contextField);
  const input = streamed === undefined ? dockerfileInput(context, call) : undefined;
  const bare = input !== undefined && isWithoutContext(call);
  const contextPath = streamed?.path ?? (bare ? NO_CONTEXT : contextDirectory(contextField, shell.cwd));
  const file = readBuildFile(streamed === undefined ? context : inStream(context, streamed), call, contextPath, input);
  const tags = optionValues(call, "tag").map((field) => ({ key: imageKey(fieldKey(field)), field }));
  const build: Build = {
    id: buildId(file, contextPath, call),
    step: context.step,
    call,
    file,
    context: contextPath,
    source: context.script.source,
    contextField,
    tags,
    args: optionValues(call, "build-arg").map(readArgument),
    target: optionalKey(optionValue(call, "target")),
    cwd: shell.cwd,
    host: streamed?.host ?? world.host,
    images: world.images,
    fields: context.fields,
    ...(input === undefined ? {} : { input }),
    ...(bare ? { streamed: true } : {}),
    ...(streamed === undefined ? {} : { streamed: true, fileInContext: posix.join(streamed.path, streamedFile(call)) }),
    environment: context.node.assignments.map(({ name, range }) => ({
      name,
      text: context.script.source.text.slice(range.start, range.end),
    })),
    variables: shell.variables,
    positional: shell.positional,
  };
  const images = new Map(world.images);
  for (const { key } of tags) images.set(key, build.id);
  const printed = { kind: "unknown" as const, source: "$(docker build)", tag: build.id };
  images.set(imageKey(`‹${build.id}›`), build.id);
  const output = hasSwitch(call, "quiet") ? [printed] : [];
  const builds = new Map(world.builds).set(build.id, build);
  return { effects: [{ kind: "build", build }], truth: true, output, world: { ...world, images, builds } };
}

interface StreamedContext {
  readonly path: string;
  readonly host: HostTree;
}

/** `… | docker build -`: the members of the archive that the pipe brings, in a directory of their own. */
function streamedContext(
  { world, input, step }: CommandContext,
  field: Field | undefined,
): StreamedContext | undefined {
  if (field === undefined || fieldKey(field) !== "-" || input?.kind !== "archive" || input.listing) return undefined;
  const path = `/⌂context ${step}`;
  const host = [...input.members].reduce(
    (tree, [name, node]) => place(tree, posix.join(path, name), node),
    place(world.host, path, { kind: "directory", layers: [], entries: new Map(), by: input.by }),
  );
  return { path, host };
}

function streamedFile(call: ContainerCall): string {
  const option = optionValue(call, "file");
  return option === undefined ? "Dockerfile" : fieldKey(option);
}

/** The file of a context on standard input is named from the context's root. */
function inStream(context: CommandContext, { path, host }: StreamedContext): CommandContext {
  return { ...context, shell: { ...context.shell, cwd: path }, world: { ...context.world, host } };
}

/** Builds of the same file over the same directory are the same image, wherever the script writes them. */
function buildId(file: BuildFile, context: string | undefined, call: ContainerCall): string {
  const name = "path" in file ? file.path : file.text;
  const target = optionalKey(optionValue(call, "target")) ?? "";
  const args = optionValues(call, "build-arg").map(fieldKey).sort().join(" ");
  return ["build", name, context ?? "-", target, args].join("|").replaceAll(":", ";");
}

function contextDirectory(field: Field | undefined, cwd: string): string | undefined {
  if (field === undefined) return undefined;
  const key = fieldKey(field);
  return key === "-" || /^(?:\w+:\/\/|git@|github\.com\/)/.test(key) ? undefined : absolutePath(cwd, key);
}

function optionalKey(field: Field | undefined): string | undefined {
  return field === undefined ? undefined : fieldKey(field);
}

/** `-f` counts from the working directory; without it the file is `Dockerfile` in the context. */
function readBuildFile(
  { files, world, shell }: CommandContext,
  call: ContainerCall,
  context: string | undefined,
  input: DockerfileInput | undefined,
): BuildFile {
  const option = optionValue(call, "file");
  const named = input?.path ?? (option === undefined ? undefined : absolutePath(shell.cwd, fieldKey(option)));
  const path = named ?? (context === undefined ? undefined : posix.join(context, "Dockerfile"));
  const shown = option === undefined ? "Dockerfile" : describeField(option);
  if (path === undefined || (option !== undefined && fieldKey(option) === "-" && input === undefined))
    return { kind: "unknown", text: shown };
  const node = look(world.host, path);
  const source = node.kind === "image" ? copiedFile(world.builds.get(node.image), node.path)?.node : node;
  const read = source?.kind === "checkout" ? files.read(source.path) : undefined;
  if (source?.kind === "checkout" && read?.ok === true) {
    const document = parseDockerfile(sourceFile(source.path, read.text));
    return { kind: "found", path: source.path, document, by: node.kind === "checkout" ? node.by : [] };
  }
  if (isPartlyUnknown(path)) return { kind: "unknown", text: shown, key: path };
  if (toCheckout(path) === undefined && !exists(node)) return { kind: "outside", text: shown };
  return { kind: "missing", path: toCheckout(path) ?? path };
}

function readArgument(field: Field): BuildArgument {
  const key = leadingText(field);
  const equals = key.indexOf("=");
  if (equals < 0) return { name: fieldKey(field), field };
  return { name: key.slice(0, equals), value: fieldValue(withoutLeading(field, equals + 1)), field };
}

// ---- containers

function readCreate(context: CommandContext, call: ContainerCall, runs: boolean): Done {
  const { world, shell, step } = context;
  const [imageField, ...command] = call.operands;
  if (imageField === undefined)
    return { effects: [{ kind: "obscure", what: "container", name: "", key: "" }], truth: true };
  const reference = fieldKey(imageField);
  const image = imageOf(world, reference);
  const id = `container ${step}`;
  const name = optionalKey(optionValue(call, "name"));
  const mounts = mountsOf(call, shell.cwd);
  const entrypoint = optionValue(call, "entrypoint");
  const run = runs && waits(call) ? runContainer(context, call, image, reference) : undefined;
  const container: Container = {
    image: run?.image ?? image,
    reference,
    mounts,
    created: step,
    words: command,
    entrypoint,
    options: call.options,
    ran: run !== undefined,
  };
  const containers = new Map(world.containers).set(`‹${id}›`, container);
  if (name !== undefined) containers.set(name, container);
  const prints = !runs || !waits(call);
  const host = run?.host ?? (runs ? written(world.host, mounts, image, step) : world.host);
  const unknown: HostNode = { kind: "made", shape: "file", presumed: false, image, by: [step] };
  const effect: Effect = {
    kind: "create",
    container: name ?? `‹${id}›`,
    image,
    runs,
    command,
    entrypoint,
    environment: optionValues(call, "env"),
    workdir: optionValue(call, "workdir"),
    mounted: mounts.some((mount) => !mount.readOnly && !mount.volume),
  };
  return {
    effects: [
      effect,
      ...derivation(run, step),
      ...(runs && !isFollowed(run, context) ? mountedArtifacts(context, allMounts(call, shell.cwd), run?.visits) : []),
    ],
    truth: true,
    output: prints ? [{ kind: "unknown", source: "$(docker create)", tag: id }] : undefined,
    ...(runs && !prints ? { stream: run?.stream ?? unknown } : {}),
    world: { ...world, containers, host, builds: withDerived(world, run) },
  };
}

/** Whether a container only carries files from one place to another. */
function isFollowed(run: ContainerRun | undefined, { world }: CommandContext): boolean {
  return run !== undefined && run.derived === undefined && run.host !== world.host;
}

function derivation(run: ContainerRun | undefined, container: Step): readonly Effect[] {
  return run?.derived === undefined ? [] : [{ kind: "derive", build: run.derived, container }];
}

function withDerived({ builds }: World, run: ContainerRun | undefined): World["builds"] {
  return run?.derived === undefined ? builds : new Map(builds).set(run.derived.id, run.derived);
}

/** The image that a reference names now. */
export function imageOf(world: World, reference: string): string {
  const key = imageKey(reference);
  return world.images.get(key) ?? key;
}

/** A container may write anything into the host directories that it is given. */
function written(host: World["host"], mounts: readonly Mount[], image: string, step: number): World["host"] {
  const places = mounts.filter((mount) => !mount.readOnly && !mount.volume).map(({ source }) => source);
  return places.reduce((tree, path) => {
    const made: HostNode = { kind: "made", shape: "unknown", presumed: true, image, by: [step] };
    const target = look(tree, path);
    if (!exists(target)) return place(tree, path, { ...made, shape: "directory", presumed: false });
    if (target.kind === "checkout" && host.files.entry(target.path)?.kind !== "directory") return tree;
    const base = asDirectory(target);
    return place(tree, path, { ...base, layers: [made, ...base.layers] });
  }, host);
}

function readContainerUse(context: CommandContext, call: ContainerCall, verb: string): Done {
  const { world } = context;
  const operands = verb === "exec" || verb === "commit" ? call.operands.slice(0, 1) : call.operands;
  const keys = operands.map(fieldKey);
  const containers = new Map(world.containers);
  if (verb === "rm") for (const key of keys) containers.delete(key);
  if (verb === "rename" && keys[0] !== undefined && keys[1] !== undefined) {
    const container = containers.get(keys[0]);
    if (container !== undefined) containers.set(keys[1], container);
  }
  const known = keys.flatMap((key) => world.containers.get(key) ?? []);
  const images = known.map((container) => container.image);
  const created = known.map((container) => container.created);
  const used: Effect = { kind: "container", verb, containers: keys, images, created };
  const [container] = known;
  const run = container === undefined ? undefined : runsInside(context, call, verb, container);
  if (run === undefined || container === undefined)
    return {
      effects: [used],
      truth: true,
      output: undefined,
      doubtful: verb === "inspect",
      world: { ...world, containers },
    };
  const after: Container = { ...container, image: run.image, ran: true };
  for (const [name, one] of containers) if (one === container) containers.set(name, after);
  return {
    effects: [used, ...derivation(run, container.created)],
    truth: true,
    output: undefined,
    ...(run.stream === undefined ? {} : { stream: run.stream }),
    world: { ...world, containers, host: run.host, builds: withDerived(world, run) },
  };
}

/** `exec`, and what waits for a container that was only created or started until now. */
function runsInside(
  context: CommandContext,
  call: ContainerCall,
  verb: string,
  container: Container,
): ContainerRun | undefined {
  if (verb === "exec") {
    if (!waits(call)) return undefined;
    const options = [...container.options, ...call.options];
    return runInContainer(context, { ...call, options }, container, call.operands.slice(1), undefined);
  }
  const attached = hasSwitch(call, "attach") || hasSwitch(call, "interactive");
  const ends = verb === "wait" || verb === "attach" || (verb === "start" && attached);
  if (!ends || container.ran) return undefined;
  const own = { ...call, options: container.options };
  return runInContainer(context, own, container, container.words, container.entrypoint);
}

/** `docker export` prints the whole file system. */
function readExport(context: CommandContext, call: ContainerCall): Done {
  const { world, step, shell } = context;
  const key = call.operands[0] === undefined ? "" : fieldKey(call.operands[0]);
  const container = world.containers.get(key);
  const plain = readContainerUse(context, call, "export");
  if (container === undefined) return plain;
  const root: ImageNode = {
    kind: "image",
    image: container.image,
    path: imagePath("/"),
    shape: "directory",
    presumed: false,
    by: [step],
  };
  const archive: HostNode = { kind: "archive", members: new Map([[".", root]]), by: [step] };
  const output = optionValue(call, "output");
  const { image, created } = container;
  const to = output === undefined ? "-" : absolutePath(shell.cwd, fieldKey(output));
  const extract: Effect = { kind: "extract", image, from: root.path, contents: true, container: key, created, to };
  if (output === undefined) return { ...plain, effects: [extract], stream: archive };
  return { ...plain, effects: [extract], world: { ...world, host: place(world.host, to, archive) } };
}

/** `docker commit` makes an image of what a container holds now. */
function readCommit(context: CommandContext, call: ContainerCall): Done {
  const used = readContainerUse(context, call, "commit");
  const [source, tag] = call.operands.map(fieldKey);
  const container = source === undefined ? undefined : context.world.containers.get(source);
  if (container === undefined || tag === undefined) return used;
  const { world } = context;
  return {
    ...used,
    output: undefined,
    world: { ...world, images: new Map(world.images).set(imageKey(tag), container.image) },
  };
}

/** `docker ps -aqf name=x` prints the containers of that name. */
function readList(call: ContainerCall): Done {
  const [name, ...others] = optionValues(call, "filter").flatMap(
    (field) => /^name=\^?\/?(.+?)\$?$/.exec(fieldKey(field))?.[1] ?? [],
  );
  if (name === undefined || others.length > 0) return { ...PLAIN, doubtful: true, output: undefined };
  return { ...PLAIN, output: [{ kind: "unknown", source: "$(docker ps)", tag: `${LISTED}${name}` }] };
}

function readImageUse({ world }: CommandContext, call: ContainerCall, verb: string): Done {
  const names = call.operands.map(fieldKey);
  const images = names.map((name) => imageOf(world, name));
  const after = new Map(world.images);
  if (verb === "rmi") for (const name of names) after.delete(imageKey(name));
  return {
    effects: [{ kind: "image", verb, images, names, ranges: call.operands.map(({ range }) => range) }],
    truth: true,
    output: undefined,
    world: { ...world, images: after },
  };
}

function readTag({ world }: CommandContext, call: ContainerCall): Done {
  const [from, to] = call.operands.map(fieldKey);
  if (from === undefined || to === undefined) return PLAIN;
  const image = imageOf(world, from);
  const images = new Map(world.images).set(imageKey(to), image);
  return {
    effects: [{ kind: "image", verb: "tag", images: [image], names: [from, to] }],
    truth: true,
    output: [],
    world: { ...world, images },
  };
}

// ---- cp

/** `container:path`; as the docker command line does, takes a leading `/` or `.` to mean a local path, colon or not. */
function containerPath(key: string): { readonly container: string; readonly path: string } | undefined {
  const [, container, path] = /^((?:‹[^›]*›|[^./:‹])(?:‹[^›]*›|[^:‹])*):(.*)$/s.exec(key) ?? [];
  return container === undefined || path === undefined ? undefined : { container, path };
}

function readCopy(context: CommandContext, call: ContainerCall): Done {
  const { world, shell, step } = context;
  const [source, destination] = call.operands.map(fieldKey);
  if (source === undefined || destination === undefined) return obscure("cp");
  const from = containerPath(source);
  if (from === undefined) return intoContainer(world, containerPath(destination)?.container);
  const container = world.containers.get(from.container);
  const contents = /(?:^|\/)\.$/.test(from.path);
  const path = imagePath(from.path);
  const known = container !== undefined && !isPartlyUnknown(path) && !path.includes("$");
  if (!known) return obscure(container === undefined ? "container" : "path", from.container, call);
  const shape = contents || from.path.endsWith("/") ? "directory" : "unknown";
  const own: ImageNode = { kind: "image", image: container.image, path, shape, presumed: false, by: [step] };
  const node = mountedAt(world, container, path, step) ?? own;
  if (!exists(node)) return obscure("path", from.container, call);
  const taken = node.kind === "image" ? node : own;
  const extract = {
    kind: "extract",
    image: taken.image,
    from: taken.path,
    contents,
    ...defaulted(call.operands[0]),
    container: from.container,
    created: container.created,
  } as const;
  if (destination === "-") {
    const name = contents ? "." : posix.basename(path);
    const stream: HostNode = { kind: "archive", members: new Map([[name, node]]), by: [step] };
    return { effects: [{ ...extract, to: "-" }], truth: true, stream, world };
  }
  const to = absolutePath(shell.cwd, destination);
  const arrived = arrive(world.host, { path: to, name: posix.basename(path), contents }, node);
  return {
    effects: [{ ...extract, to: arrived.path, ...(call.operands[1] && { destination: call.operands[1] }) }],
    truth: true,
    output: [],
    world: { ...world, host: arrived.tree },
  };
}

/**
 * What stands at a path that a mount covers; nothing is known to be there when the node is absent. A volume that nothing was written
 * to holds what the image has there (https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container).
 */
function mountedAt(world: World, { mounts }: Container, path: string, step: number): HostNode | undefined {
  const mount = mounts.findLast(({ target }) => isWithin(path, target));
  if (mount === undefined || (mount.volume && !exists(look(world.host, mount.source)))) return undefined;
  return touched(look(world.host, posix.join(mount.source, posix.relative(mount.target, path))), step);
}

/** The operand, where a default stands in its path. */
function defaulted(operand: Field | undefined): { readonly defaulted?: string } {
  const colon = operand?.parts.findIndex((part) => part.kind === "text" && part.text.includes(":")) ?? -1;
  const path = colon < 0 ? [] : (operand?.parts.slice(colon) ?? []);
  const takesDefault = path.some((part) => part.kind === "unknown" && part.fallback !== undefined);
  return operand !== undefined && takesDefault ? { defaulted: describeField(operand) } : {};
}

function obscure(what: "cp" | "container" | "path", name = "", call?: ContainerCall): Done {
  const operand = call?.operands[0];
  const shown = operand === undefined ? name : describeField(operand);
  return { effects: [{ kind: "obscure", what, name: shown, key: name }], truth: true, output: undefined };
}

function intoContainer(world: World, container: string | undefined): Done {
  const known = container === undefined ? undefined : world.containers.get(container);
  if (known === undefined || container === undefined) return PLAIN;
  const { image, created } = known;
  return {
    effects: [{ kind: "container", verb: "cp", containers: [container], images: [image], created: [created] }],
    truth: true,
    output: [],
    world,
  };
}
