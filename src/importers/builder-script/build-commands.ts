/**
 * What `docker build` does to the abstract world: an image, under each of its tags.
 *
 *     docker build -t app:build .            app:build is the image of ./Dockerfile now
 *     tar -c . | docker build -              the context is what the pipe brings
 *
 * What is not decided here: which Dockerfile a build without a context has (dockerfile-input.ts).
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import { type ContainerCall, hasSwitch, optionValue, optionValues } from "../../shell/container-cli.ts";
import { describeField, type Field, fieldValue, leadingText, withoutLeading } from "../../shell/symbolic.ts";
import { sourceFile } from "../../text/source.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { dockerfileInput, isWithoutContext, NO_CONTEXT } from "./dockerfile-input.ts";
import { unread } from "./engine-calls.ts";
import { exists, type HostTree, look, place, toCheckout } from "./host-tree.ts";
import { copiedFile } from "./image-files.ts";
import type { Build, BuildArgument, BuildFile, DockerfileInput, Effect } from "./trace.ts";
import { absolutePath, fieldKey, imageKey, isPartlyUnknown, optionalKey } from "./values.ts";

/** `docker build`, of any spelling that ends in one build. */
export function readBuild(context: CommandContext, call: ContainerCall): Done {
  const { world, shell } = context;
  const contextField = call.operands[0];
  const streamed = streamedContext(context, contextField);
  const input = streamed === undefined ? dockerfileInput(context, call) : undefined;
  const bare = input !== undefined && isWithoutContext(call);
  const contextPath = streamed?.path ?? (bare ? NO_CONTEXT : contextDirectory(contextField, shell.cwd));
  const file = readBuildFile(streamed === undefined ? context : inStream(context, streamed), call, contextPath, input);
  const tags = optionValues(call, "tag").map((field) => ({ key: imageKey(fieldKey(field)), field }));
  const build: Build = {
    id: distinctId(buildId(file, contextPath, call, input), call, context),
    ...(context.ordinal === undefined ? {} : { ordinal: context.ordinal }),
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
    ...(input?.written === undefined ? {} : { inline: true }),
    ...(context.script.described === undefined ? {} : { described: context.script.described }),
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
  const effects: readonly Effect[] = [{ kind: "build", build }, ...writtenFiles(call)];
  return { effects, truth: true, output, world: { ...world, images, builds } };
}

/** `--output DIR` writes the files of the image to the host, which is not followed. */
function writtenFiles(call: ContainerCall): readonly Effect[] {
  const field = optionValue(call, "output");
  const value = field === undefined ? "" : fieldKey(field);
  if (field === undefined || /(?:^|,)type=(?:docker|image|registry|cacheonly)\b/.test(value)) return [];
  const name: Field = { range: field.range, parts: [{ kind: "text", text: `${call.program} build --output` }] };
  return [{ ...unread([name, field]), onlyWrites: true }];
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
function buildId(
  file: BuildFile,
  context: string | undefined,
  call: ContainerCall,
  input: DockerfileInput | undefined,
): string {
  const path = "path" in file ? file.path : file.text;
  const name = input?.written === undefined ? path : `${path} ${input.written.text.trim()}`;
  const target = optionalKey(optionValue(call, "target")) ?? "";
  const args = optionValues(call, "build-arg").map(fieldKey).sort().join(" ");
  return ["build", name, context ?? "-", target, args].join("|").replaceAll(":", ";");
}

/** A script that builds the same once more without the cache wants what another run of the instructions makes. */
function distinctId(id: string, call: ContainerCall, { world: { builds }, ordinal }: CommandContext): string {
  if (ordinal !== undefined) return `${id}|${ordinal}`;
  if (!hasSwitch(call, "no-cache") || !builds.has(id)) return id;
  let count = 2;
  while (builds.has(`${id}|${count}`)) count += 1;
  return `${id}|${count}`;
}

function contextDirectory(field: Field | undefined, cwd: string): string | undefined {
  if (field === undefined) return undefined;
  const key = fieldKey(field);
  return key === "-" || /^(?:\w+:\/\/|git@|github\.com\/)/.test(key) ? undefined : absolutePath(cwd, key);
}

/** `-f` counts from the working directory; without it the file is `Dockerfile` in the context. */
function readBuildFile(
  { files, world, shell, script }: CommandContext,
  call: ContainerCall,
  context: string | undefined,
  input: DockerfileInput | undefined,
): BuildFile {
  if (input?.written !== undefined) {
    const { path } = script.source;
    const { text, start } = input.written;
    return { kind: "found", path, document: parseDockerfile(sourceFile(path, text), start), by: [] };
  }
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
