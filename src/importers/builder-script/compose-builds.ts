/**
 * Images that compose builds, as its files describe them.
 *
 *     docker-compose -f ci/compose.yaml build web     services: { web: { build: { context: ., dockerfile: Dockerfile.prod } } }
 *     docker compose up -d                            every service with a `build`: a clean machine has no image of it yet
 *     docker-compose run tests                        not followed, which is said
 *
 * Each such service is one build, whose words stand in the compose file and not in the script. Paths count as in
 * https://docs.docker.com/reference/compose-file/build/, of several files from the first one
 * (https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/). Left alone, and said: variables in paths, `extends`,
 * `include`, `dockerfile_inline`, and services whose build several files describe. How the compose file is edited is for
 * other-callers/compose.ts.
 */
import { posix } from "node:path";
import { isMap, isSeq } from "yaml";
import { onceForEachText } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { ContainerCall, ContainerOption } from "../../shell/container-cli.ts";
import type { Field, SymbolicValue } from "../../shell/symbolic.ts";
import { evaluateValue } from "../../shell/values.ts";
import type { HostPath } from "../../text/paths.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { CHECKOUT, exists, isMaybe, look, toCheckout } from "./host-tree.ts";
import { entriesOf, isOpaqueAt, itemsOf, nodeAt, wordAt, wordOf, yamlRoots } from "./other-callers/yaml-nodes.ts";
import { fileText } from "./standard-input.ts";
import type { Build, Effect } from "./trace.ts";
import { absolutePath, fieldKey, isPartlyUnknown, keyOf } from "./values.ts";
import type { Shell, World } from "./world.ts";

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
    output: undefined,
  };
  const said = (effect: Effect): Done => ({ ...plain, effects: [...plain.effects, effect] });
  if (TAKING.test(words.verb)) return said(unreadCall(call));
  if (/^(?:exec|restart|start)$/.test(words.verb)) return said({ ...unreadCall(call), onlyWrites: true });
  if (!BUILDING.test(words.verb)) return plain;
  const files = composeFiles(context, words);
  const services = files === undefined ? undefined : servicesOf(context.files, files, words);
  if (files === undefined || services === undefined)
    return said(words.verb === "build" ? unreadCall(call) : { ...unreadCall(call), onlyWrites: true });
  const directory = posix.dirname(absolutePath(context.shell.cwd, words.files[0] ?? files[0] ?? "compose.yaml"));
  let done = plain;
  for (const service of words.options.includes("--no-build") ? [] : services) {
    if (!service.builds) continue;
    const built =
      service.build === undefined ? undefined : serviceCall(service.name, service.build, directory, words, context);
    if (built === undefined) done = { ...done, effects: [...done.effects, unreadCall(call)] };
    else {
      const one = build({ ...context, world: done.world ?? context.world }, built);
      const effects = one.effects.map((effect) =>
        effect.kind === "build" ? { ...effect, build: composed(effect.build, service.file) } : effect,
      );
      done = {
        ...done,
        effects: [...done.effects, ...effects],
        ...(one.world === undefined ? {} : { world: one.world }),
      };
    }
  }
  const writes = words.verb !== "build" && services.some((service) => service.mounts);
  return writes ? { ...done, effects: [...done.effects, { ...unreadCall(call), onlyWrites: true }] } : done;
}

/** Compose's own variables say nothing to the build. */
function composed(build: Build, composedIn: HostPath): Build {
  return { ...build, composedIn, environment: build.environment.filter(({ name }) => !name.startsWith("COMPOSE_")) };
}

/** Verbs that run a service's command, or take files out of its container. */
const TAKING = /^(?:bridge|commit|cp|export|publish|run|watch)$/;

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
  readonly profiles: readonly string[];
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
    profiles: valuesOf("--profile"),
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

/** The files of the checkout that describe the services, in order; `undefined` where that is not known. */
function composeFiles(
  { node, scope, world, shell }: CommandContext,
  words: ComposeWords,
): readonly HostPath[] | undefined {
  if (words.options.some((option) => option === "--project-directory") || isPartlyUnknown(shell.cwd)) return undefined;
  // What a container may have written there is no file of compose.
  const isThere = (name: string): boolean => {
    const node = look(world.host, absolutePath(shell.cwd, name));
    return exists(node) && !isMaybe(node);
  };
  const own = node.assignments.find(({ name }) => name === "COMPOSE_FILE")?.value;
  const given = own === undefined ? shell.variables.get("COMPOSE_FILE") : evaluateValue(own, scope);
  const named = words.files.length > 0 ? words.files : filesInEnvironment(given, world, shell);
  const found = named ?? [...NAMES.filter(isThere).slice(0, 1), ...OVERRIDES.filter(isThere)];
  const paths = found.flatMap((name) => {
    const path = absolutePath(shell.cwd, name);
    const host = isPartlyUnknown(name) || look(world.host, path).kind !== "checkout" ? undefined : toCheckout(path);
    return host === undefined ? [] : [host];
  });
  return paths.length === 0 || paths.length < found.length ? undefined : paths;
}

/** `COMPOSE_FILE` (https://docs.docker.com/compose/how-tos/environment-variables/envvars/), as the shell or `.env` sets it. */
function filesInEnvironment(
  set: SymbolicValue | "unset" | undefined,
  world: World,
  { cwd }: Shell,
): readonly string[] | undefined {
  const [, written] = /^\s*COMPOSE_FILE\s*=\s*["']?([^"'\n]*)/m.exec(fileText(world.host, `${cwd}/.env`) ?? "") ?? [];
  const value = set === undefined || set === "unset" ? written : keyOf(set);
  return value?.trim().split(":");
}

/** `build` is absent where it says more than is read here. */
interface Service {
  readonly name: string;
  /** The file that describes its build. */
  readonly file: HostPath;
  readonly builds: boolean;
  readonly build: ServiceBuild | undefined;
  /** Whether its container may write into a directory of the host. */
  readonly mounts: boolean;
  readonly profiles: readonly string[];
  readonly needs: readonly string[];
}

interface ServiceBuild {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly arguments: readonly string[];
  readonly image: string | undefined;
}

const LARGEST = 256 * 1024;

/** The services that a call is about; `undefined` where the files do not say which they are. */
function servicesOf(
  files: ProjectFiles,
  paths: readonly HostPath[],
  words: ComposeWords,
): readonly Service[] | undefined {
  const read = paths.map((path) => described(files, path));
  if (read.some((one) => one === undefined)) return undefined;
  const all = merged(read.flatMap((one) => one?.services ?? []));
  const isThere = words.services.every((name) => all.has(name));
  if (!isThere || (words.services.length === 0 && read.some((one) => one?.includes === true))) return undefined;
  const isActive = ({ profiles }: Service): boolean =>
    profiles.length === 0 ||
    profiles.some((profile) => words.profiles.includes(profile)) ||
    words.profiles.includes("*");
  const asked = words.services.length > 0 ? words.services : [...all.values()].filter(isActive).map(({ name }) => name);
  const alone =
    words.verb === "build" ? !words.options.includes("--with-dependencies") : words.options.includes("--no-deps");
  const wanted = alone ? new Set(asked) : withNeeded(asked, all);
  return [...all.values()].filter(({ name }) => wanted.has(name));
}

/** Services with those that they depend on, which are started, and so built, before them. */
function withNeeded(names: readonly string[], all: ReadonlyMap<string, Service>): ReadonlySet<string> {
  const wanted = new Set(names);
  for (const name of wanted) for (const need of all.get(name)?.needs ?? []) wanted.add(need);
  return wanted;
}

/** Services of several files. One whose build two files describe is not read. */
function merged(services: readonly Service[]): ReadonlyMap<string, Service> {
  const all = new Map<string, Service>();
  for (const service of services) {
    const before = all.get(service.name);
    const both = before?.builds === true && service.builds;
    const { file, build } = before === undefined || service.builds ? service : before;
    all.set(service.name, {
      name: service.name,
      file,
      builds: before?.builds === true || service.builds,
      build: both ? undefined : build,
      mounts: before?.mounts === true || service.mounts,
      profiles: [...(before?.profiles ?? []), ...service.profiles],
      needs: [...(before?.needs ?? []), ...service.needs],
    });
  }
  return all;
}

interface Described {
  readonly services: readonly Service[];
  /** Whether other files have services, too. */
  readonly includes: boolean;
}

/** What a file says, each file read once; `undefined` where it is none that is read. */
const described = onceForEachText((files: ProjectFiles, path): Described | undefined => {
  const read = files.read(path as HostPath);
  const [root, ...others] = read.ok && read.text.length <= LARGEST ? yamlRoots(read.text) : [];
  if (root === undefined || others.length > 0) return undefined;
  const services = entriesOf(nodeAt(root, "services")).map(({ name, value }): Service => {
    const extended = nodeAt(value, "extends") !== undefined || nodeAt(value, "<<") !== undefined;
    const builds = extended || nodeAt(value, "build") !== undefined;
    return {
      name,
      file: path as HostPath,
      builds,
      build: builds && !extended ? serviceBuild(value) : undefined,
      mounts: extended || itemsOf(nodeAt(value, "volumes")).some(writesToHost),
      profiles: itemsOf(nodeAt(value, "profiles")).flatMap((item) => wordOf(item)?.value ?? []),
      needs: namesIn(nodeAt(value, "depends_on")),
    };
  });
  return { services, includes: nodeAt(root, "include") !== undefined };
});

/** `[db, cache]`, or a map with a condition for each. */
function namesIn(node: unknown): readonly string[] {
  return isSeq(node)
    ? node.items.flatMap((item) => wordOf(item)?.value ?? [])
    : entriesOf(node).map(({ name }) => name);
}

/** Whether a volume is a directory of the host that may be written. */
function writesToHost(volume: unknown): boolean {
  const short = wordOf(volume)?.value;
  if (short !== undefined) return /^[./~$]/.test(short) && !/:ro(?:,|$)/.test(short) && short.includes(":");
  const readOnly = nodeAt(volume, "read_only");
  return wordAt(volume, "type")?.value === "bind" && (readOnly === undefined || wordOf(readOnly) !== undefined);
}

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
