/**
 * Images that compose builds, as its files describe them.
 *
 *     docker-compose -f ci/compose.yaml build web     services: { web: { build: { context: ., dockerfile: Dockerfile.prod } } }
 *     docker compose up -d                            every service with a `build`: a clean machine has no image of it yet
 *     docker-compose run tests                        not followed, which is said
 *
 * Each such service is one build, whose words stand in the compose file and not in the script. Paths count as in
 * https://docs.docker.com/reference/compose-file/build/. Left alone: variables in paths, `extends`, `dockerfile_inline`, and
 * services that several files describe. How the compose file is edited is for other-callers/compose.ts.
 */
import { posix } from "node:path";
import { isMap, isSeq } from "yaml";
import { onceForEachText } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { ContainerCall, ContainerOption } from "../../shell/container-cli.ts";
import type { Field } from "../../shell/symbolic.ts";
import type { HostPath } from "../../text/paths.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { CHECKOUT, exists, isMaybe, look, toCheckout } from "./host-tree.ts";
import { entriesOf, isOpaqueAt, nodeAt, wordAt, wordOf, yamlRoots } from "./other-callers/yaml-nodes.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** Reads a call of compose; `build` reads one call of a build. */
export function readCompose(
  context: CommandContext,
  call: ContainerCall,
  build: (context: CommandContext, call: ContainerCall) => Done,
): Done {
  const words = readWords(call.operands);
  const plain: Done = {
    ...PLAIN,
    effects: [{ kind: "foreign", name: "compose", reads: [], writes: [] }],
    doubtful: true,
  };
  if (words.verb === "run") return { ...plain, effects: [...plain.effects, unreadCall(call)] };
  if (!BUILDING.test(words.verb) || words.options.includes("--no-build")) return plain;
  const file = composeFile(context, words);
  const services = file === undefined ? undefined : servicesOf(context.files, file);
  if (file === undefined || services === undefined)
    return words.verb === "build" ? { ...plain, effects: [...plain.effects, unreadCall(call)] } : plain;
  const asked = services.filter(({ name }) => words.services.length === 0 || words.services.includes(name));
  const directory = posix.dirname(absolutePath(context.shell.cwd, words.files[0] ?? "compose.yaml"));
  let done = plain;
  for (const service of asked) {
    const built =
      service.build === undefined ? undefined : serviceCall(service.name, service.build, directory, words, context);
    if (built === undefined) done = { ...done, effects: [...done.effects, unreadCall(call)] };
    else {
      const one = build({ ...context, world: done.world ?? context.world }, built);
      const effects = one.effects.map((effect) =>
        effect.kind === "build" ? { ...effect, build: { ...effect.build, composedIn: file } } : effect,
      );
      done = {
        ...done,
        effects: [...done.effects, ...effects],
        ...(one.world === undefined ? {} : { world: one.world }),
      };
    }
  }
  return done;
}

/** Verbs that build what is not there yet. */
const BUILDING = /^(?:build|create|up)$/;

function unreadCall({ program, operands, callSpan }: ContainerCall) {
  const name = program === "docker-compose" ? program : `${program} compose`;
  return unread([{ parts: [{ kind: "text", text: name }], range: callSpan }, ...operands]);
}

// ---- the words of the call

interface ComposeWords {
  readonly verb: string;
  readonly files: readonly string[];
  readonly project: string | undefined;
  readonly options: readonly string[];
  readonly arguments: readonly string[];
  readonly services: readonly string[];
}

/** Options that take the next word (https://docs.docker.com/reference/cli/docker/compose/ and its pages on build and up). */
const VALUED =
  /^(?:-[fpmctH]|--(?:file|project-name|project-directory|profile|env-file|ansi|progress|context|host|log-level|tlscacert|tlscert|tlskey|build-arg|memory|ssh|builder|scale|timeout|exit-code-from|attach|no-attach|pull|wait-timeout))$/;

function readWords(operands: readonly Field[]): ComposeWords {
  const given: (readonly [string, string])[] = [];
  const plain: string[] = [];
  for (let at = 0; at < operands.length; at++) {
    const word = keyAt(operands, at);
    if (!word.startsWith("-")) plain.push(word);
    else if (word.includes("=")) given.push([word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]);
    else if (VALUED.test(word)) given.push([word, keyAt(operands, ++at)]);
    else given.push([word, ""]);
    if (plain[0] === "run") break;
  }
  const valuesOf = (...names: readonly string[]): readonly string[] =>
    given.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  const [verb = "", ...services] = plain;
  return {
    verb,
    files: valuesOf("-f", "--file"),
    project: valuesOf("-p", "--project-name").at(-1),
    options: given.map(([name]) => name),
    arguments: valuesOf("--build-arg"),
    services,
  };
}

function keyAt(operands: readonly Field[], at: number): string {
  const field = operands[at];
  return field === undefined ? "" : fieldKey(field);
}

// ---- the file

/** In the order in which compose looks for them. */
const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const OVERRIDES = NAMES.map((name) => name.replace(".y", ".override.y"));

/** The one file of the checkout that describes the services; `undefined` where there is none, or more than one. */
function composeFile({ world, shell }: CommandContext, words: ComposeWords): HostPath | undefined {
  if (words.options.some((option) => option === "--project-directory")) return undefined;
  // What a container may have written there is no file of compose.
  const isThere = (name: string): boolean => {
    const node = look(world.host, absolutePath(shell.cwd, name));
    return exists(node) && !isMaybe(node);
  };
  const found = words.files.length > 0 ? words.files : NAMES.filter(isThere).slice(0, 1);
  const [only, ...others] = [...found, ...(words.files.length > 0 ? [] : OVERRIDES.filter(isThere))];
  if (only === undefined || others.length > 0 || isPartlyUnknown(only) || isPartlyUnknown(shell.cwd)) return undefined;
  const node = look(world.host, absolutePath(shell.cwd, only));
  return node.kind === "checkout" ? toCheckout(absolutePath(shell.cwd, only)) : undefined;
}

/** `build` is absent where it says more than is read here. */
interface Service {
  readonly name: string;
  readonly build: ServiceBuild | undefined;
}

interface ServiceBuild {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly arguments: readonly string[];
  readonly image: string | undefined;
}

const LARGEST = 256 * 1024;

/** The services of a file that are built, each file read once. */
const servicesOf = onceForEachText((files: ProjectFiles, path): readonly Service[] | undefined => {
  const read = files.read(path as HostPath);
  const [root, ...others] = read.ok && read.text.length <= LARGEST ? yamlRoots(read.text) : [];
  if (root === undefined || others.length > 0) return undefined;
  return entriesOf(nodeAt(root, "services")).flatMap(({ name, value }) => {
    const extended = nodeAt(value, "extends") !== undefined || nodeAt(value, "<<") !== undefined;
    if (!extended && nodeAt(value, "build") === undefined) return [];
    return [{ name, build: extended ? undefined : serviceBuild(value) }];
  });
});

function serviceBuild(service: unknown): ServiceBuild | undefined {
  const build = nodeAt(service, "build");
  const image = wordAt(service, "image")?.value;
  const short = wordOf(build)?.value;
  if (short !== undefined)
    return isPlain(short)
      ? { context: short, dockerfile: undefined, target: undefined, arguments: [], image }
      : undefined;
  const keys = ["context", "dockerfile", "target"];
  const opaque = ["dockerfile_inline", "additional_contexts", "<<"].some((key) => nodeAt(build, key) !== undefined);
  if (!isMap(build) || opaque || keys.some((key) => isOpaqueAt(build, key))) return undefined;
  const context = wordAt(build, "context")?.value ?? ".";
  const [dockerfile, target] = [wordAt(build, "dockerfile")?.value, wordAt(build, "target")?.value];
  if (![context, dockerfile ?? "", target ?? ""].every(isPlain)) return undefined;
  return { context, dockerfile, target, arguments: argumentsIn(nodeAt(build, "args")), image };
}

/** Text without variables, that is no address. */
function isPlain(value: string): boolean {
  return !/[$`]|:\/\/|^git@|^~/.test(value);
}

/** `NAME=value` of a map or a list; a value is that of the environment where none is written. */
function argumentsIn(args: unknown): readonly string[] {
  if (isSeq(args)) return args.items.flatMap((item) => wordOf(item)?.value ?? []);
  return entriesOf(args).map(({ name }) => {
    const value = nodeAt(args, name);
    const written = value !== undefined && "value" in value ? value.value : undefined;
    return written === null || written === undefined ? name : `${name}=${String(written)}`;
  });
}

// ---- the builds

/** The build of a service as the call that makes the same; `undefined` where its Dockerfile is not in the checkout. */
function serviceCall(
  name: string,
  build: ServiceBuild,
  directory: string,
  words: ComposeWords,
  { files, node, world, shell }: CommandContext,
): ContainerCall | undefined {
  const root = absolutePath(directory, build.context);
  const dockerfile = absolutePath(root, build.dockerfile ?? "Dockerfile");
  if (toCheckout(root) === undefined || !exists(look(world.host, dockerfile))) return undefined;
  const { range } = node;
  const field = (text: string): Field => ({ range, parts: partsOf(text) });
  const option = (option: string, text: string): ContainerOption => ({
    name: option,
    value: field(text),
    span: range,
    known: true,
  });
  const seen = (path: string): string => posix.relative(shell.cwd, path) || ".";
  return {
    program: "docker-compose",
    verb: "build",
    prefix: [],
    globals: [],
    options: [
      option("file", seen(dockerfile)),
      ...(build.target === undefined ? [] : [option("target", build.target)]),
      ...[...build.arguments, ...words.arguments].map((argument) => option("build-arg", argument)),
      ...tagsOf(name, build, words.project ?? (directory === CHECKOUT ? files.name : posix.basename(directory))).map(
        (tag) => option("tag", tag),
      ),
    ],
    operands: [field(seen(root))],
    unresolved: [],
    callSpan: range,
  };
}

/** `image`, or the names that compose gives: with `_` up to version 1, with `-` since. */
function tagsOf(service: string, { image }: ServiceBuild, project: string): readonly string[] {
  if (image !== undefined) return [image];
  const name = project.toLowerCase().replace(/[^a-z0-9_-]/g, "");
  return [`${name}_${service}`, `${name}-${service}`];
}

/** Text of a compose file, whose `${…}` is what the environment says when compose runs. */
function partsOf(written: string): Field["parts"] {
  return written
    .split(/(\$\{[^}]*\}|\$[A-Za-z_]\w*)/)
    .filter((piece) => piece !== "")
    .map((piece) =>
      /^\$[A-Za-z_{]/.test(piece)
        ? { kind: "unknown", source: piece, splits: false }
        : { kind: "text", text: piece.replaceAll("$$", "$") },
    );
}
