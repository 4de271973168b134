/**
 * A container engine, as the rest of restage sees it. Everything that is created carries the label `org.restage=<run id>`, so
 * that it can be found and removed again; `close` removes what this run made.
 *
 *     const engine = await connectEngine({ runId, env: process.env });
 *     const built = await engine.build({ directory, dockerfile, tag, network: "default", signal });
 *
 * Only this folder talks to an engine. What is not decided here: what to build, and what the results mean (verify/).
 */
import type { ImageContents, InspectedImage } from "../model/image.ts";
import type { ImagePath } from "../text/paths.ts";

/** The label's name on every container, image and volume that restage makes. */
export const LABEL = "org.restage";

export interface EngineFacts {
  readonly kind: "docker" | "podman";
  /** "26.1.5" */
  readonly version: string;
  readonly apiVersion: string;
  /** Which builder makes images. */
  readonly builder: "buildkit" | "classic" | "buildah";
  /** "0.13.1"; absent where there is no buildx. */
  readonly buildx?: string;
  /** Syntax that the engine's own frontend understands. */
  readonly features: { readonly heredocs: boolean; readonly link: boolean; readonly mount: boolean };
  readonly architecture: string;
  /** Whether a container on the default network gets one. */
  readonly bridge: boolean;
  /** Whether the engine's processes are processes of this machine, so that `/proc/<pid>` is the container's. */
  readonly local: boolean;
  /** One line: what is there, and what that means. */
  readonly summary: string;
}

export type Network = "default" | "host" | "none";

export interface BuildRequest {
  /** The context, an absolute path of this machine. */
  readonly directory: string;
  /** Absolute; may lie outside the context. */
  readonly dockerfile: string;
  readonly tag: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly network: Network;
  readonly noCache?: boolean;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export type BuildOutcome =
  | {
      readonly ok: true;
      readonly image: string;
      /** Milliseconds. */
      readonly took: number;
      /** Said to the user: "the frontend docker/dockerfile:1 cannot be pulled; the engine's own one built the file". */
      readonly notes: readonly string[];
    }
  | {
      readonly ok: false;
      readonly why: "build-failed" | "base-missing" | "frontend-missing" | "timeout" | "cancelled" | "engine-lost";
      /** The image that cannot be had. */
      readonly reference?: string;
      /** The last lines of the log, secrets masked. */
      readonly log: readonly string[];
    };

export interface ContainerRequest {
  readonly image: string;
  /** What replaces CMD; absent for what the image says. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  /** `container:<id>` shares another container's network. */
  readonly network: Network | `container:${string}`;
  /** Ports that are published on the loopback address, each under a free port of the host. */
  readonly publish?: readonly number[];
  /** Paths that an empty file or an empty directory hides, as if they were not there. */
  readonly hidden?: readonly { readonly path: ImagePath; readonly kind: "file" | "directory" }[];
}

export interface ContainerState {
  readonly running: boolean;
  readonly exitCode?: number;
  /** The engine's own word on why it could not start. */
  readonly error?: string;
  readonly outOfMemory: boolean;
  readonly health?: "healthy" | "unhealthy" | "starting";
  /** What the health check printed last. */
  readonly healthOutput?: string;
  /** The main process, in the process numbers of the engine's machine. */
  readonly pid?: number;
}

export interface ListeningSocket {
  readonly port: number;
  /** True for `127.0.0.1` and `::1`, which nobody outside the container reaches. */
  readonly loopback: boolean;
}

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly location?: string;
  /** At most 1 MiB of it. */
  readonly body: Uint8Array;
}

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How many of each were removed. */
export interface Removed {
  readonly containers: number;
  readonly images: number;
  readonly volumes: number;
}

export type Connection =
  | { readonly ok: true; readonly engine: Engine }
  /** `problem` is a clause: "docker: permission denied …". */
  | { readonly ok: false; readonly problem: string };

export interface Engine {
  readonly facts: EngineFacts;
  readonly runId: string;
  build(request: BuildRequest): Promise<BuildOutcome>;
  inspect(image: string): Promise<InspectedImage | undefined>;
  /** Reads every file of an image through its layers; memory does not grow with the image's bytes. */
  readContents(image: string, signal?: AbortSignal): Promise<ImageContents>;
  /** The content of one regular file, at most `limit` bytes; `undefined` where there is none. */
  readFile(image: string, path: ImagePath, limit: number): Promise<Uint8Array | undefined>;
  /** Writes a file, or a directory with all that is in it, to a path of this machine that is not there yet (`docker cp -L`-less). */
  copyOut(image: string, path: ImagePath, destination: string): Promise<boolean>;
  tag(image: string, name: string): Promise<void>;
  /** Creates and starts; the id is that of the container, also where it could not start (its state says why). */
  start(request: ContainerRequest): Promise<string>;
  state(container: string): Promise<ContainerState | undefined>;
  /** At most `limit` characters from each end of each stream. */
  logs(container: string, limit?: number): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Waits for the end, at most so many milliseconds. */
  wait(container: string, milliseconds: number, signal?: AbortSignal): Promise<ContainerState | undefined>;
  exec(container: string, argv: readonly string[], timeout?: number): Promise<Output>;
  /** Sockets that the container's own processes listen on; `undefined` where there is no way to see them. */
  listening(container: string): Promise<readonly ListeningSocket[] | undefined>;
  /** Asks over HTTP in the container's network; `undefined` where nothing answers or it is no HTTP. */
  request(container: string, port: number, path: string, timeout?: number): Promise<Answer | undefined>;
  /** Whether the port takes a TCP connection. */
  connects(container: string, port: number): Promise<boolean>;
  /** Files that its processes have open or mapped at this moment; `undefined` where they are no processes of this machine. */
  openedFiles(container: string): Promise<ReadonlySet<ImagePath> | undefined>;
  remove(container: string): Promise<void>;
  /** Removes what runs of restage left in the engine, whichever they were. */
  prune(): Promise<Removed>;
  /** Removes all containers, images and volumes of this run. Safe to call twice. */
  close(): Promise<void>;
}
