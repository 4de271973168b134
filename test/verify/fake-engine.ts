/**
 * An engine in memory: builds succeed as a test says, images hold the files that it gives, and containers do what it wants.
 */
import type {
  Answer,
  BuildOutcome,
  BuildRequest,
  ContainerRequest,
  ContainerState,
  Engine,
  EngineFacts,
} from "../../src/engine/engine.ts";
import type { ReadImage } from "../../src/model/image.ts";
import { type ImagePath, imagePath } from "../../src/text/paths.ts";

/** What a started container does. */
export interface Does {
  readonly stdout?: string;
  readonly stderr?: string;
  /** Absent: it stays up. */
  readonly exitCode?: number;
  readonly ports?: readonly number[];
  readonly answer?: (path: string) => Answer | undefined;
  readonly health?: ContainerState["health"];
  /** Files that its processes have open. */
  readonly opened?: readonly string[];
}

export interface FakeEngineOptions {
  readonly build?: (request: BuildRequest) => BuildOutcome | Promise<BuildOutcome>;
  /** By tag, or by a part of it. */
  readonly image: (tag: string) => ReadImage | undefined;
  readonly run?: (request: ContainerRequest) => Does;
}

const FACTS: EngineFacts = {
  kind: "docker",
  version: "26.1.5",
  apiVersion: "1.45",
  builder: "buildkit",
  features: { heredocs: true, link: true, mount: true },
  architecture: "amd64",
  bridge: true,
  local: true,
  summary: "Docker 26.1.5 with BuildKit",
};

export class FakeEngine implements Engine {
  readonly facts = FACTS;
  readonly runId = "test";
  readonly builds: BuildRequest[] = [];
  readonly runs: ContainerRequest[] = [];
  closed = 0;
  readonly #options: FakeEngineOptions;
  readonly #containers = new Map<string, Does>();

  constructor(options: FakeEngineOptions) {
    this.#options = options;
  }

  async build(request: BuildRequest): Promise<BuildOutcome> {
    this.builds.push(request);
    return (await this.#options.build?.(request)) ?? { ok: true, image: "sha256:1", took: 10, notes: [] };
  }

  async inspect(image: string) {
    return this.#options.image(image)?.image;
  }

  async readContents(image: string) {
    const found = this.#options.image(image);
    if (found === undefined) throw new Error(`there is no ${image}`);
    return found.contents;
  }

  async readFile() {
    return undefined;
  }

  async copyOut() {
    return false;
  }

  async tag(): Promise<void> {}

  async start(request: ContainerRequest): Promise<string> {
    this.runs.push(request);
    const id = `container-${this.runs.length}`;
    this.#containers.set(id, this.#options.run?.(request) ?? {});
    return id;
  }

  #does(container: string): Does {
    return this.#containers.get(container) ?? {};
  }

  async state(container: string): Promise<ContainerState> {
    const { exitCode, health } = this.#does(container);
    return {
      running: exitCode === undefined,
      outOfMemory: false,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(health === undefined ? {} : { health }),
    };
  }

  async logs(container: string) {
    const { stdout = "", stderr = "" } = this.#does(container);
    return { stdout, stderr };
  }

  async wait(container: string) {
    return this.state(container);
  }

  async exec() {
    return { code: 127, stdout: "", stderr: "" };
  }

  async listening(container: string) {
    return (this.#does(container).ports ?? []).map((port) => ({ port, loopback: false }));
  }

  async request(container: string, _port: number, path: string) {
    return this.#does(container).answer?.(path);
  }

  async connects(container: string, port: number) {
    return this.#does(container).ports?.includes(port) === true;
  }

  async openedFiles(container: string): Promise<ReadonlySet<ImagePath> | undefined> {
    const { opened } = this.#does(container);
    return opened === undefined ? undefined : new Set(opened.map((path) => imagePath(path)));
  }

  async remove(container: string): Promise<void> {
    this.#containers.delete(container);
  }

  /** Containers that nobody removed. */
  get left(): number {
    return this.#containers.size;
  }

  async prune() {
    return { containers: 1, images: 2, volumes: 0 };
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}
