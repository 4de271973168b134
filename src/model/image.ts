/**
 * An image as an engine has it, read out of its layers: configuration, files with their content's digest, and what each layer
 * is from. Plain data, so that comparing two images is a pure function.
 */
import type { ImagePath } from "../text/paths.ts";

/** The configuration that containers start with; absent fields are not set. */
export interface ImageConfiguration {
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workdir: string;
  readonly user: string;
  /** `8080/tcp`, sorted. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly healthcheck?: {
    readonly test: readonly string[];
    /** Nanoseconds, as the engine keeps them; 0 is the default. */
    readonly interval: number;
    readonly timeout: number;
    readonly startPeriod: number;
    readonly retries: number;
  };
  readonly stopSignal?: string;
  readonly shell?: readonly string[];
  readonly onbuild: readonly string[];
}

export interface InspectedImage {
  /** `sha256:…` */
  readonly id: string;
  readonly configuration: ImageConfiguration;
  readonly architecture: string;
  readonly os: string;
  /** Bytes, as the engine counts them. */
  readonly size: number;
  /** Digests of the uncompressed layers, lowest first. */
  readonly layers: readonly string[];
}

/** One layer, lowest first. */
export interface ImageLayer {
  readonly digest: string;
  /** Bytes of the files in it. */
  readonly size: number;
  /** The instruction as the image's history has it: "RUN /bin/sh -c npm ci # buildkit"; absent where it is not known. */
  readonly createdBy?: string;
}

interface FileFacts {
  readonly path: ImagePath;
  /** Permission bits with setuid, setgid and sticky: 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The layer that wrote it last; an index into the image's layers. */
  readonly layer: number;
}

export interface RegularFile extends FileFacts {
  readonly kind: "file";
  readonly size: number;
  /** SHA-256 of the content, in hex. */
  readonly digest: string;
  /** Set on all but the first of the names of one file. */
  readonly hardlinkTo?: ImagePath;
  /** The file capabilities (`security.capability`) in hex. */
  readonly capabilities?: string;
  readonly elf?: ElfFacts;
  /** The words of its `#!` line. */
  readonly shebang?: readonly string[];
}

export type ImageFile =
  | RegularFile
  | (FileFacts & { readonly kind: "directory" })
  | (FileFacts & { readonly kind: "symlink"; readonly target: string })
  | (FileFacts & { readonly kind: "device" | "fifo" });

/** What an ELF file says of itself. Sources: the ELF and System V gABI, `man 5 elf`. */
export interface ElfFacts {
  readonly bits: 32 | 64;
  /** `e_machine`: 62 is x86-64, 183 AArch64. */
  readonly machine: number;
  readonly kind: "executable" | "shared-object";
  /** PT_INTERP: "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1". Absent in libraries and static programs. */
  readonly interpreter?: string;
  readonly needed: readonly string[];
  /** DT_RPATH and DT_RUNPATH, split at `:`, `$ORIGIN` not expanded. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  readonly soname?: string;
  /** The highest versions that it asks of others, by prefix: { GLIBC: "2.34", GLIBCXX: "3.4.30" }. */
  readonly requires: Readonly<Record<string, string>>;
  /** The highest versions that it defines itself, by prefix; libc.so.6 and libstdc++.so.6 say here what they are. */
  readonly defines: Readonly<Record<string, string>>;
}

export interface ImageContents {
  readonly layers: readonly ImageLayer[];
  /** All that a container sees, by path, whiteouts applied. */
  readonly files: ReadonlyMap<ImagePath, ImageFile>;
  /** The texts of small files that say what the image is: package databases, passwd and group, the linker's configuration. */
  readonly texts: ReadonlyMap<ImagePath, string>;
}

/** An image with all that is known of it. */
export interface ReadImage {
  readonly image: InspectedImage;
  readonly contents: ImageContents;
  /** How many of the lowest layers are those of the base image that it was built from, where that is known. */
  readonly baseLayers?: number;
  /** OS packages, by name with version, and which package owns which file; absent where there is no package database. */
  readonly packages?: InstalledPackages;
}

export interface InstalledPackages {
  readonly manager: "apk" | "dpkg" | "rpm";
  readonly versions: ReadonlyMap<string, string>;
  readonly ownerOf: ReadonlyMap<ImagePath, string>;
}
