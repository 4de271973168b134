/**
 * Finds a container engine and what it can do, through its own command line, which knows `DOCKER_HOST`, contexts, certificates
 * and credentials (docs/decisions/0012):
 *
 *     Docker 26.1.5 with BuildKit (buildx 0.13.1): heredocs, --link and mounts in RUN work; no bridge: give --build-network host
 *
 * Nothing is built or started from here.
 */
import { readFileSync } from "node:fs";
import { CliEngine } from "./cli-engine.ts";
import type { Connection, EngineFacts } from "./engine.ts";
import { runProcess } from "./process.ts";

export interface ConnectOptions {
  /** Names everything that this run makes. */
  readonly runId: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Asking whether an engine is there takes no longer. */
const ASKING = 20_000;

/** Docker first, then podman. */
export async function connectEngine({ runId, env = process.env }: ConnectOptions): Promise<Connection> {
  const problems: string[] = [];
  for (const program of ["docker", "podman"] as const) {
    const found = await factsOf(program, env);
    if (typeof found !== "string") return { ok: true, engine: new CliEngine(program, found, runId, env) };
    problems.push(found);
  }
  const told = problems.filter((problem) => !problem.endsWith(NOT_INSTALLED));
  return { ok: false, problem: told[0] ?? 'neither "docker" nor "podman" is on the PATH' };
}

const NOT_INSTALLED = "is not on the PATH";

type Env = NonNullable<ConnectOptions["env"]>;

async function factsOf(program: "docker" | "podman", env: Env): Promise<EngineFacts | string> {
  const answer = await runProcess([program, "version", "--format", "{{json .}}"], { timeout: ASKING, env });
  if (answer.ended === "not-started") return `"${program}" ${NOT_INSTALLED}`;
  if (answer.ended === "timeout") return `"${program} version" does not answer`;
  const version = parse(answer.stdout);
  const server = record(version?.Server);
  if (answer.code !== 0 || server === undefined) return firstLine(answer.stderr) || `"${program} version" failed`;
  const emulated = program === "docker" && /podman/i.test(JSON.stringify(server));
  const isPodman = program === "podman" || emulated;
  const plain = { kind: isPodman ? "podman" : "docker", version: text(server.Version) } as const;
  const [builder, bridge] = await Promise.all([builderOf(program, isPodman, env), hasBridge(program, env)]);
  const facts = {
    ...plain,
    apiVersion: text(server.ApiVersion ?? server.APIVersion),
    ...builder,
    features: featuresOf(builder.builder, plain.version),
    architecture: text(server.Arch ?? record(server.OsArch)?.Arch),
    bridge,
    local: await isLocal(program, env),
  };
  return { ...facts, summary: summaryOf(facts) };
}

function parse(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function firstLine(output: string): string {
  return output.trim().split("\n")[0] ?? "";
}

type Builder = Pick<EngineFacts, "builder" | "buildx">;

/** `DOCKER_BUILDKIT=0` asks for the classic builder; without buildx, newer command lines have no other. */
async function builderOf(program: string, isPodman: boolean, env: Env): Promise<Builder> {
  if (isPodman) return { builder: "buildah" };
  if (env.DOCKER_BUILDKIT === "0") return { builder: "classic" };
  const { code, stdout } = await runProcess([program, "buildx", "version"], { timeout: ASKING, env });
  const buildx = /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  if (code === 0 && buildx !== undefined) return { builder: "buildkit", buildx };
  return { builder: env.DOCKER_BUILDKIT === "1" ? "buildkit" : "classic" };
}

/**
 * What the frontend in the engine understands without a `# syntax=` line. Heredocs and `--link` came with frontend 1.4, which
 * Docker 23.0 has built in (https://docs.docker.com/engine/release-notes/23.0/); `RUN --mount` with 1.2, in 20.10.
 */
function featuresOf(builder: EngineFacts["builder"], version: string): EngineFacts["features"] {
  const major = Number(/^\d+/.exec(version)?.[0] ?? 0);
  if (builder === "classic") return { heredocs: false, link: false, mount: false };
  if (builder === "buildah") return { heredocs: major >= 5, link: major >= 5, mount: major >= 4 };
  return { heredocs: major >= 23, link: major >= 23, mount: true };
}

async function hasBridge(program: string, env: Env): Promise<boolean> {
  const { stdout } = await runProcess([program, "network", "ls", "--format", "{{.Driver}}"], { timeout: ASKING, env });
  return stdout.split("\n").some((driver) => driver.trim() === "bridge");
}

/** Over a socket of this machine; whether its processes are really ours is asked of each container again. */
async function isLocal(program: string, env: Env): Promise<boolean> {
  if (process.platform !== "linux" || !readable("/proc/self/mountinfo")) return false;
  const host = env[program === "podman" ? "CONTAINER_HOST" : "DOCKER_HOST"];
  if (host !== undefined && host !== "") return host.startsWith("unix://");
  if (program === "podman") return true;
  const words = [program, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { code, stdout } = await runProcess(words, { timeout: ASKING, env });
  return code === 0 && stdout.trim().startsWith("unix://");
}

function readable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

function summaryOf(facts: Omit<EngineFacts, "summary">): string {
  const { kind, version, builder, buildx, features, bridge } = facts;
  const name = kind === "docker" ? "Docker" : "podman";
  const with_ = { buildkit: "BuildKit", classic: "the classic builder", buildah: "buildah" }[builder];
  const has = [
    features.heredocs ? "heredocs" : "",
    features.link ? "--link" : "",
    features.mount ? "mounts in RUN" : "",
  ].filter((feature) => feature !== "");
  const syntax = has.length === 0 ? "neither heredocs nor mounts in RUN" : has.join(", ");
  const network = bridge ? "" : "; it has no bridge network, so builds and containers need host or none";
  return `${name} ${version} with ${with_}${buildx === undefined ? "" : ` (buildx ${buildx})`}: ${syntax}${network}`;
}
