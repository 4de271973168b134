/**
 * An engine behind its command line, `docker` or `podman`:
 *
 *     new CliEngine("docker", facts, "3f2a…", process.env)
 *
 * Every container and image that it makes carries the run's label, and `close` removes them by it. An engine that does not answer
 * in time, or not at all, is an EngineLostError. What is not decided here: how a build's failure is told (build-image.ts), and how
 * a container is asked (ask.ts, sockets.ts).
 */
import type { ImageContents, InspectedImage } from "../model/image.ts";
import type { ImagePath } from "../text/paths.ts";
import { askHttp, connectsTo } from "./ask.ts";
import { buildImage } from "./build-image.ts";
import { copyOut, readFileOf } from "./copy-out.ts";
import {
  type Answer,
  type BuildOutcome,
  type BuildRequest,
  type ContainerRequest,
  type ContainerState,
  type Engine,
  type EngineFacts,
  LABEL,
  type ListeningSocket,
  type Output,
  type Removed,
} from "./engine.ts";
import { EngineLostError } from "./engine-lost.ts";
import { readInspected } from "./inspect.ts";
import { openedFiles } from "./opened-files.ts";
import { type Finished, runProcess, streamProcess } from "./process.ts";
import { removeLabelled } from "./remove-labelled.ts";
import { isRunning } from "./run-id.ts";
import { readSavedImage } from "./saved-image.ts";
import { isContainerProcess, listeningSockets } from "./sockets.ts";

/** Most that an engine may take for a call that builds nothing. */
const CALL = 120_000;

/** Most that reading an image, or files out of it, may take. */
const READING = 1_800_000;

const LOST =
  /Cannot connect to the Docker daemon|error during connect|connection reset by peer|unexpected EOF|connection refused|no such file or directory.*\.sock/i;

export class CliEngine implements Engine {
  readonly facts: EngineFacts;
  readonly runId: string;
  readonly #program: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  /** Ports that were published, by container. */
  readonly #published = new Map<string, ReadonlyMap<number, number>>();
  readonly #network = new Map<string, ContainerRequest["network"]>();

  constructor(program: string, facts: EngineFacts, runId: string, env: Readonly<Record<string, string | undefined>>) {
    this.#program = program;
    this.facts = facts;
    this.runId = runId;
    this.#env = env;
  }

  /** One call of the command line. Throws where the engine is gone; any other failure is the caller's to read. */
  async #call(args: readonly string[], options: { timeout?: number; keep?: number } = {}): Promise<Finished> {
    const { timeout = CALL } = options;
    const finished = await runProcess([this.#program, ...args], { ...options, timeout, env: this.#env });
    const silent = finished.ended === "timeout" || finished.ended === "not-started";
    if (silent || (finished.code !== 0 && LOST.test(finished.stderr)))
      throw new EngineLostError(silent ? `"${this.#program} ${args[0]}" does not answer` : firstLine(finished.stderr));
    return finished;
  }

  build(request: BuildRequest): Promise<BuildOutcome> {
    return buildImage({ program: this.#program, facts: this.facts, runId: this.runId, env: this.#env }, request);
  }

  async inspect(image: string): Promise<InspectedImage | undefined> {
    const { code, stdout } = await this.#call(["image", "inspect", image]);
    return code === 0 ? readInspected(stdout) : undefined;
  }

  async readContents(image: string, signal?: AbortSignal): Promise<ImageContents> {
    const options = { env: this.#env, signal, timeout: READING };
    const { stdout, done } = streamProcess([this.#program, "save", image], options);
    const [contents, finished] = await Promise.allSettled([readSavedImage(stdout, signal), done]);
    // An archive that is cut is only the consequence of an engine that failed.
    if (finished.status === "fulfilled" && finished.value.code !== 0)
      throw new EngineLostError(firstLine(finished.value.stderr) || `"${this.#program} save" failed`);
    if (contents.status === "rejected") throw contents.reason;
    return contents.value;
  }

  async readFile(image: string, path: ImagePath, limit: number): Promise<Uint8Array | undefined> {
    return this.#withIdle(image, (container) => readFileOf(this.#copyStream(container, path), limit));
  }

  async copyOut(image: string, path: ImagePath, destination: string): Promise<boolean> {
    return (
      (await this.#withIdle(image, (container) => copyOut(this.#copyStream(container, path), destination))) === true
    );
  }

  #copyStream(container: string, path: ImagePath) {
    const options = { env: this.#env, timeout: READING };
    return streamProcess([this.#program, "cp", `${container}:${path}`, "-"], options);
  }

  /** A container that never runs, for as long as something takes. An image without a command needs one to be created. */
  async #withIdle<Result>(image: string, use: (container: string) => Promise<Result>): Promise<Result | undefined> {
    const { code, stdout } = await this.#call(["create", "--label", `${LABEL}=${this.runId}`, image, "restage"]);
    if (code !== 0) return undefined;
    const container = stdout.trim();
    try {
      return await use(container);
    } finally {
      await this.remove(container);
    }
  }

  async tag(image: string, name: string): Promise<void> {
    await this.#call(["tag", image, name]);
  }

  async start(request: ContainerRequest): Promise<string> {
    const created = await this.#call(["create", ...this.#createWords(request)]);
    if (created.code !== 0) throw new Error(firstLine(created.stderr) || "the container cannot be created");
    const container = created.stdout.trim();
    this.#network.set(container, request.network);
    await this.#call(["start", container]);
    if (request.publish !== undefined) this.#published.set(container, await this.#ports(container));
    return container;
  }

  #createWords(request: ContainerRequest): readonly string[] {
    const { image, command = [], entrypoint, env = {}, user, network, publish = [], hidden = [] } = request;
    const [program, ...before] = entrypoint ?? [];
    return [
      ...["--label", `${LABEL}=${this.runId}`],
      ...(network === "default" ? [] : ["--network", network]),
      ...publish.flatMap((port) => ["-p", `127.0.0.1::${port}`]),
      ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      ...(user === undefined ? [] : ["--user", user]),
      // A file cannot be mounted over with an empty one on every engine; the null device reads as one, and cannot be run.
      ...hidden.flatMap(({ path, kind }) => (kind === "file" ? ["-v", `/dev/null:${path}:ro`] : ["--tmpfs", path])),
      ...(program === undefined ? [] : ["--entrypoint", program]),
      image,
      ...before,
      ...command,
    ];
  }

  async #ports(container: string): Promise<ReadonlyMap<number, number>> {
    const { stdout } = await this.#call(["port", container]);
    const rows = [...stdout.matchAll(/^(\d+)\/tcp -> [\d.]+:(\d+)/gm)];
    return new Map(rows.map(([, inner, outer]) => [Number(inner), Number(outer)]));
  }

  async state(container: string): Promise<ContainerState | undefined> {
    const { code, stdout } = await this.#call(["inspect", "--format", "{{json .State}}", container]);
    return code === 0 ? readState(stdout) : undefined;
  }

  async logs(container: string, limit = 64 * 1024): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const { stdout, stderr } = await this.#call(["logs", container], { keep: limit });
    return { stdout, stderr };
  }

  async wait(container: string, milliseconds: number, signal?: AbortSignal): Promise<ContainerState | undefined> {
    const options = { timeout: milliseconds, env: this.#env, signal };
    await runProcess([this.#program, "wait", container], options);
    return this.state(container);
  }

  async exec(container: string, argv: readonly string[], timeout = 30_000): Promise<Output> {
    const words = [this.#program, "exec", container, ...argv];
    const { code, stdout, stderr } = await runProcess(words, { timeout, env: this.#env });
    return { code, stdout, stderr };
  }

  async listening(container: string): Promise<readonly ListeningSocket[] | undefined> {
    const pid = await this.#localPid(container);
    const shared = this.#network.get(container) === "host";
    return listeningSockets(pid, shared, (argv) => this.exec(container, argv));
  }

  async request(container: string, port: number, path: string, timeout = 10_000): Promise<Answer | undefined> {
    return askHttp(await this.#way(container, port), path, timeout);
  }

  async connects(container: string, port: number): Promise<boolean> {
    return connectsTo(await this.#way(container, port));
  }

  async openedFiles(container: string): Promise<ReadonlySet<ImagePath> | undefined> {
    return openedFiles(await this.#localPid(container));
  }

  /** How a port of a container is reached: through a published port, the host's own network, or the container's. */
  async #way(container: string, port: number) {
    const published = this.#published.get(container)?.get(port);
    if (published !== undefined && this.facts.local) return { kind: "direct", port: published } as const;
    const pid = await this.#localPid(container);
    // Only then is the host's network that of this machine, and who answers there the container.
    if (this.#network.get(container) === "host" && pid !== undefined) return { kind: "direct", port } as const;
    const exec = (argv: readonly string[]): Promise<Output> => this.exec(container, argv);
    const mayEnter = pid !== undefined && process.getuid?.() === 0;
    return mayEnter ? ({ kind: "namespace", port, pid } as const) : ({ kind: "exec", port, exec } as const);
  }

  /** The main process, where it is a process of this machine. */
  async #localPid(container: string): Promise<number | undefined> {
    if (!this.facts.local) return undefined;
    const state = await this.state(container);
    return state?.running === true && state.pid !== undefined && isContainerProcess(state.pid, container)
      ? state.pid
      : undefined;
  }

  async remove(container: string): Promise<void> {
    await this.#call(["rm", "-f", "-v", container]);
  }

  prune(): Promise<Removed> {
    return removeLabelled(this.#program, this.#env, LABEL, isRunning);
  }

  async close(): Promise<void> {
    await removeLabelled(this.#program, this.#env, `${LABEL}=${this.runId}`);
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

interface RawState {
  readonly Running?: boolean;
  readonly ExitCode?: number;
  readonly Error?: string;
  readonly OOMKilled?: boolean;
  readonly Pid?: number;
  readonly Health?: { readonly Status?: string; readonly Log?: readonly { readonly Output?: string }[] };
  readonly Healthcheck?: RawState["Health"];
}

function readState(json: string): ContainerState | undefined {
  const raw = JSON.parse(json) as RawState;
  const health = raw.Health ?? raw.Healthcheck;
  const status = (["healthy", "unhealthy", "starting"] as const).find((one) => one === health?.Status);
  const output = health?.Log?.at(-1)?.Output;
  return {
    running: raw.Running === true,
    outOfMemory: raw.OOMKilled === true,
    ...(raw.Running === true || raw.ExitCode === undefined ? {} : { exitCode: raw.ExitCode }),
    ...(raw.Error === undefined || raw.Error === "" ? {} : { error: raw.Error }),
    ...(status === undefined ? {} : { health: status }),
    ...(output === undefined ? {} : { healthOutput: output }),
    ...(raw.Pid === undefined || raw.Pid === 0 ? {} : { pid: raw.Pid }),
  };
}
