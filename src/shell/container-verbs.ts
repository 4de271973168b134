/**
 * The verbs of container command lines: which words name one, and what is known of its options and operands.
 *
 *     docker container rm, docker rm        verb "rm"          docker image rm, docker rmi     verb "rmi"
 *     docker buildx build, buildah bud      verb "build"       docker volume create            verb "volume create"
 *
 * Sources: https://docs.docker.com/reference/cli/docker/ (each page lists the aliases of its verb), and for the verbs after whose
 * first operand no option follows, the calls of SetInterspersed(false) in docker/cli, containers/podman, containers/buildah.
 */
import { BUILDAH_OPTIONS } from "./container-options/buildah.ts";
import { DOCKER_OPTIONS } from "./container-options/docker.ts";
import { NERDCTL_OPTIONS } from "./container-options/nerdctl.ts";
import { PODMAN_OPTIONS } from "./container-options/podman.ts";
import { indexOptions, type OptionIndex, type OptionTable } from "./container-options/table.ts";

export type ContainerProgram = "docker" | "podman" | "nerdctl" | "buildah" | "docker-compose";

/** Words before the verb: `container`, `image` and `builder` only sort what has a name of its own. */
const GROUPS: ReadonlySet<string> = new Set([
  "artifact",
  "builder",
  "buildx",
  "checkpoint",
  "config",
  "container",
  "context",
  "image",
  "kube",
  "machine",
  "manifest",
  "network",
  "node",
  "plugin",
  "pod",
  "secret",
  "service",
  "stack",
  "swarm",
  "system",
  "trust",
  "volume",
]);

/** Buildah has verbs where docker has groups. */
const BUILDAH_GROUPS: ReadonlySet<string> = new Set(["manifest", "source"]);

export function isGroup(program: ContainerProgram, word: string): boolean {
  return (program === "buildah" ? BUILDAH_GROUPS : GROUPS).has(word);
}

const GROUPED: Readonly<Record<string, string>> = {
  "builder build": "build",
  "buildx b": "build",
  "buildx build": "build",
  "buildx f": "buildx bake",
  "container list": "ps",
  "container ls": "ps",
  "container prune": "container prune",
  "container ps": "ps",
  "container remove": "rm",
  "image list": "images",
  "image ls": "images",
  "image prune": "image prune",
  "image remove": "rmi",
  "image rm": "rmi",
  "system events": "events",
  "system info": "info",
};

const ALONE: Readonly<Record<string, string>> = {
  bud: "build",
  "build-using-dockerfile": "build",
  list: "ps",
  ls: "ps",
  umount: "unmount",
};

/** The verb by its one name, given the group's word (if any) and the verb's. */
export function verbOf(group: string | undefined, word: string): string {
  if (group === undefined) return ALONE[word] ?? word;
  const grouped = GROUPED[`${group} ${word}`];
  if (grouped !== undefined) return grouped;
  if (group === "container" || group === "image") return word;
  return `${group} ${{ list: "ls", remove: "rm" }[word] ?? word}`;
}

const TABLES: Readonly<Record<ContainerProgram, readonly OptionTable[]>> = {
  buildah: [BUILDAH_OPTIONS],
  // A `docker` may be podman's: https://docs.podman.io/en/latest/markdown/podman.1.html (podman-docker).
  docker: [DOCKER_OPTIONS, PODMAN_OPTIONS],
  "docker-compose": [],
  nerdctl: [NERDCTL_OPTIONS, DOCKER_OPTIONS],
  podman: [PODMAN_OPTIONS, DOCKER_OPTIONS],
};

const indexes = new Map<string, OptionIndex>();

/** The options of a verb; of the program itself for `""`. */
export function optionsOf(program: ContainerProgram, verb: string): OptionIndex {
  const key = `${program} ${verb}`;
  const known = indexes.get(key);
  if (known !== undefined) return known;
  const index = indexOptions(TABLES[program].map((table) => table[verb] ?? ""));
  indexes.set(key, index);
  return index;
}

/** Whether the tables say anything about the verb, or it is one that takes operands only. */
export function isKnownVerb(program: ContainerProgram, verb: string): boolean {
  return PLAIN_VERBS.has(verb) || TABLES[program].some((table) => verb !== "" && table[verb] !== undefined);
}

const PLAIN_VERBS: ReadonlySet<string> = new Set([
  "compose",
  "diff",
  "logout",
  "pause",
  "port",
  "rename",
  "top",
  "unpause",
  "wait",
]);

const STOPS_AT_OPERAND: Readonly<Record<"docker" | "buildah", ReadonlySet<string>>> = {
  buildah: new Set(
    "add build commit config copy from images inspect logout mount pull push rm rmi run unmount unshare".split(" "),
  ),
  docker: new Set("commit create exec pod run tag top".split(" ")),
};

/** Whether the first operand ends the options, as in `docker run IMAGE --flag-of-the-command`. */
export function stopsAtOperand(program: ContainerProgram, verb: string): boolean {
  return STOPS_AT_OPERAND[program === "buildah" ? "buildah" : "docker"].has(verb);
}

const MOST_OPERANDS: Readonly<Record<string, number>> = {
  attach: 1,
  build: 1,
  commit: 2,
  cp: 2,
  export: 1,
  history: 1,
  import: 2,
  login: 1,
  logout: 1,
  pull: 1,
  push: 1,
  rename: 2,
  tag: 2,
  "volume create": 1,
};

/** How many operands a verb takes at most; `undefined` where any number goes. */
export function mostOperands(program: ContainerProgram, verb: string): number | undefined {
  if (program === "buildah" || (program === "podman" && verb !== "build" && verb !== "cp")) return undefined;
  return MOST_OPERANDS[verb];
}
