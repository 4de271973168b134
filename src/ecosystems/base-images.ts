/**
 * What base images hold, as far as it matters for running elsewhere: libc and release, shell, package manager, user, environment.
 *
 *     describeBase("golang:1.22-alpine")   // { toolchain: "go", libc: "musl", packageManager: "apk", environment: { PATH: … } }
 *
 * Not decided here: which base a runtime stage gets.
 */
import type { Libc } from "./ecosystem.ts";

/** A fact with the place it was read and when. */
export interface Source {
  readonly source: string;
  readonly checked: string;
}

/** A distribution release: `{ name: "debian", codename: "bookworm", version: "12" }`. */
export interface Distribution {
  readonly name: "debian" | "ubuntu" | "alpine" | "other";
  readonly codename?: string;
  readonly version?: string;
}

/** A base image. What is not known is absent; an image that the table lacks is all absent but `reference`. */
export interface BaseImage {
  readonly reference: string;
  /** Without registry, tag and digest: "golang", "node", "nginx"; "" when it cannot be read. */
  readonly repository: string;
  /** As written, without what stands before `:`; absent when there is none. */
  readonly tag?: string;
  readonly digest?: string;
  /** True for the official images that the table knows. */
  readonly known: boolean;
  /** What it is for: "go", "node", "nginx", "debian". */
  readonly toolchain?: string;
  readonly variant?: "full" | "slim" | "alpine" | "distroless";
  readonly distribution?: Distribution;
  readonly libc?: Libc;
  readonly shell: boolean | undefined;
  readonly packageManager?: "apt" | "apk";
  /** Environment that the image sets, PATH included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workdir?: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly sources: readonly Source[];
}
