/**
 * What base images hold, as far as it matters for running elsewhere: libc and release, shell, package manager, user, environment.
 *
 *     describeBase("golang:1.22-alpine")   // { toolchain: "go", libc: "musl", packageManager: "apk", environment: { PATH: … } }
 *
 * Facts are those of the official images' own Dockerfiles. An image that is not in the table is told apart only by its name and
 * its tag. Not decided here: which base a runtime stage gets.
 */
import { type CondaImage, condaImage } from "./base-conda.ts";
import { FAMILIES, type Family, SYSTEM_PATH } from "./base-families.ts";
import { describeJava, type JavaImage } from "./base-java.ts";
import { compareVersions, DEBIAN_VERSIONS, GLIBC, releaseOf, UBUNTU_CODENAMES } from "./base-releases.ts";
import { type ServerImage, serverImage } from "./base-servers.ts";
import type { Source } from "./fact-source.ts";

export type { Source } from "./fact-source.ts";

/** The C library of a distribution, or of what was linked on it. */
export type Libc = "glibc" | "musl";

/** A distribution release: `{ name: "debian", codename: "bookworm", version: "12" }`. */
export interface Distribution {
  readonly name: "debian" | "ubuntu" | "alpine" | "other";
  readonly codename?: string;
  readonly version?: string;
}

/** A base image. What is not known is absent; an image that the table lacks is all absent but `reference`. */
export interface BaseImage {
  readonly reference: string;
  /** Registry host with its path up to the name, and a slash: "docker.io/library/", "registry.example/mirror/"; "" for none. */
  readonly prefix: string;
  /** Without prefix, tag and digest: "golang", "node", "nginx"; "" when it cannot be read. */
  readonly repository: string;
  /** As written, without what stands before `:`; absent when there is none. */
  readonly tag?: string;
  readonly digest?: string;
  /** True for the official images that the table knows. */
  readonly known: boolean;
  /** True when the tag names no version, or only a part that moves on to other distribution releases. */
  readonly floating: boolean;
  /** What it is for: "go", "node", "nginx", "debian". */
  readonly toolchain?: string;
  /** The toolchain's version as far as the tag says: "1.22". */
  readonly version?: string;
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
  /** Executables beyond those of the plain distribution image. */
  readonly executables: readonly string[];
  readonly sources: readonly Source[];
}

const CHECKED = "2026-11-24";
/** Splits an image reference; a `:` in a registry's port is not a tag's. */
export function splitReference(reference: string): Pick<BaseImage, "prefix" | "repository" | "tag" | "digest"> {
  const [name = "", digest] = reference.split("@", 2);
  const slash = name.lastIndexOf("/");
  const last = name.slice(slash + 1);
  const colon = last.indexOf(":");
  return {
    prefix: name.slice(0, slash + 1),
    repository: colon < 0 ? last : last.slice(0, colon),
    ...(colon < 0 ? {} : { tag: last.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Whether the prefix is Docker Hub's own library of official images. */
export function isOfficialPrefix(prefix: string): boolean {
  return ["", "library/", "docker.io/", "docker.io/library/", "index.docker.io/library/"].includes(prefix);
}

/** Docker Hub's names for official images of one architecture (https://github.com/docker-library/official-images#architectures-other-than-amd64). */
const ARCHITECTURES = /^(?:docker\.io\/)?(?:amd64|arm32v[5-7]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x)\/$/;

/** Whether a prefix may hold mirrors of the official images: a registry host other than Docker Hub's, or none. */
export function mayMirrorOfficial(prefix: string): boolean {
  const host = prefix.split("/")[0] ?? "";
  return (
    isOfficialPrefix(prefix) ||
    ARCHITECTURES.test(prefix) ||
    host.includes(".") ||
    host.includes(":") ||
    host === "localhost" ||
    host.includes("$")
  );
}

/** Describes a base image by its reference, whose variables have been expanded as far as they are known. */
export function describeBase(reference: string): BaseImage {
  const parts = splitReference(reference);
  if (parts.repository.includes("$")) return nothingKnown(reference, parts);
  const distroless = describeDistroless(reference, parts);
  if (distroless !== undefined) return distroless;
  const java = mayMirrorOfficial(parts.prefix) ? describeJava(parts) : undefined;
  const named = java === undefined ? undefined : withJava(describeByTag(reference, parts), java);
  const server = serverImage(parts.prefix, parts.repository);
  if (server !== undefined) return withServer(named ?? describeByTag(reference, parts), server);
  if (named !== undefined) return named;
  const conda = condaImage(parts.prefix, parts.repository, parts.tag);
  if (conda !== undefined) return withConda(describeByTag(reference, parts), conda);
  const python = pythonOfUv(parts);
  if (python !== undefined) {
    const { environment, workdir, ...base } = describeBase(python);
    return {
      ...base,
      ...parts,
      reference,
      environment,
      executables: [...base.executables, "uv", "uvx"],
      entrypoint: [],
      cmd: ["uv"],
    };
  }
  const family = mayMirrorOfficial(parts.prefix) ? FAMILIES[parts.repository] : undefined;
  return family === undefined ? describeByTag(reference, parts) : describeOfficial(reference, parts, family);
}

/** `ghcr.io/astral-sh/uv:python3.12-bookworm` is `python:3.12-bookworm` with uv in it (https://docs.astral.sh/uv/guides/integration/docker/#available-images). */
export function pythonOfUv({ prefix, repository, tag = "" }: Parts): string | undefined {
  if (repository !== "uv" || !/(?:^|\/)astral-sh\/$/.test(prefix)) return undefined;
  const [, version, variant] =
    /^(?:[\d.]+-)?python(3\.\d+)-((?:bookworm|bullseye|trixie)(?:-slim)?|alpine[\d.]*)$/.exec(tag) ?? [];
  if (version === undefined || variant === undefined) return undefined;
  const [release, slim] = variant.split("-");
  return `python:${version}-${slim === undefined ? variant : `slim-${release ?? ""}`}`;
}

type Parts = ReturnType<typeof splitReference>;

/** The release that the tag names stays; a release of Alpine is in the tag too. */
function withJava(named: BaseImage, java: JavaImage): BaseImage {
  const alpine = /alpine-?(\d+\.\d+)/.exec(named.tag ?? "")?.[1];
  return { ...named, ...java, ...(alpine === undefined ? {} : { distribution: { name: "alpine", version: alpine } }) };
}

function withConda(named: BaseImage, { source, checked, ...facts }: CondaImage): BaseImage {
  const libc = "glibc" as const;
  const packageManager = "apt" as const;
  return {
    ...named,
    known: true,
    toolchain: "conda",
    libc,
    packageManager,
    shell: true,
    ...facts,
    sources: [{ source, checked }],
  };
}

function withServer(named: BaseImage, server: ServerImage): BaseImage {
  const { environment, path, workdir, user, entrypoint, cmd } = server;
  return {
    ...named,
    toolchain: "java-server",
    shell: true,
    environment: { ...environment, PATH: [...path, SYSTEM_PATH].join(":") },
    workdir,
    ...(user === undefined ? {} : { user }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    cmd,
    sources: [server],
  };
}

function nothingKnown(reference: string, parts: Parts): BaseImage {
  return {
    reference,
    ...parts,
    known: false,
    floating: true,
    shell: undefined,
    environment: { PATH: SYSTEM_PATH },
    executables: [],
    sources: [],
  };
}

/** An image whose repository the table lacks: its tag may still name a distribution. */
function describeByTag(reference: string, parts: Parts): BaseImage {
  if (reference === "scratch") return { ...nothingKnown(reference, parts), known: true, shell: false, floating: false };
  const alpine = /(?:^|-)alpine/.test(parts.tag ?? "");
  const codename = codenameIn(parts.tag ?? "");
  return {
    ...nothingKnown(reference, parts),
    // `trafex/php-nginx`, `serversideup/php`, `wordpress:6-php8.2-apache`: it serves PHP, however it does.
    ...(/php/.test(`${parts.repository}:${parts.tag ?? ""}`) ? { toolchain: "php" } : {}),
    ...(alpine
      ? { variant: "alpine" as const, libc: "musl" as const, packageManager: "apk" as const, shell: true }
      : {}),
    ...(codename === undefined ? {} : glibcRelease(codename)),
  };
}

function glibcRelease(codename: string): Pick<BaseImage, "libc" | "packageManager" | "distribution" | "shell"> {
  const version = DEBIAN_VERSIONS[codename];
  const name = version === undefined ? "ubuntu" : "debian";
  const distribution = { name, codename, ...(version === undefined ? {} : { version }) } as const;
  return { libc: "glibc", packageManager: "apt", distribution, shell: true };
}

function codenameIn(tag: string): string | undefined {
  return [...Object.keys(DEBIAN_VERSIONS), ...Object.keys(GLIBC)].find((name) => tag.split(/[-.]/).includes(name));
}

/** `gcr.io/distroless/static-debian12:nonroot` (https://github.com/GoogleContainerTools/distroless/blob/main/README.md). */
function describeDistroless(reference: string, parts: Parts): BaseImage | undefined {
  if (!parts.prefix.endsWith("distroless/")) return undefined;
  const version = /-debian(\d+)$/.exec(parts.repository)?.[1];
  const codename = Object.entries(DEBIAN_VERSIONS).find(([, number]) => number === version)?.[0];
  const nonroot = parts.tag?.includes("nonroot") === true;
  return {
    ...nothingKnown(reference, parts),
    known: true,
    floating: version === undefined,
    variant: "distroless",
    toolchain: parts.repository.replace(/-debian\d+$/, ""),
    shell: parts.tag?.includes("debug") === true,
    ...(parts.repository.startsWith("static") ? {} : { libc: "glibc" as const }),
    ...(codename === undefined ? {} : { distribution: { name: "debian" as const, codename, version: version ?? "" } }),
    environment: { PATH: SYSTEM_PATH, SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" },
    ...(nonroot ? { user: "65532", workdir: "/home/nonroot" } : {}),
    sources: [{ source: "https://github.com/GoogleContainerTools/distroless/blob/main/README.md", checked: CHECKED }],
  };
}

function describeOfficial(reference: string, parts: Parts, family: Family): BaseImage {
  const tag = parts.tag ?? "latest";
  const variant = variantOf(parts.repository, tag);
  const version = /^(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  const distribution = distributionOf(parts.repository, tag, version, variant, family);
  const alpine = variant === "alpine";
  const facts: readonly Partial<Family>[] = [family, ...(family.tags ?? []).filter(({ when }) => when.test(tag))];
  const workdir = facts.findLast((one) => one.workdir !== undefined)?.workdir;
  const cmd = facts.findLast((one) => one.cmd !== undefined)?.cmd;
  return {
    ...nothingKnown(reference, parts),
    known: true,
    floating: parts.digest === undefined && isFloating(parts.repository, tag, version),
    toolchain: family.toolchain,
    ...(version === undefined ? {} : { version }),
    variant,
    ...(distribution === undefined ? {} : { distribution }),
    libc: alpine ? "musl" : "glibc",
    shell: true,
    packageManager: alpine ? "apk" : "apt",
    environment: Object.assign({ PATH: SYSTEM_PATH }, ...facts.map(({ environment }) => environment)),
    ...(workdir === undefined ? {} : { workdir }),
    ...(family.entrypoint === undefined ? {} : { entrypoint: family.entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    executables: [...(family.executables?.[variant] ?? []), ...(alpine ? ["wget", "nc"] : [])],
    sources: [
      { source: family.source, checked: CHECKED },
      ...[alpine ? family.alpine : family.debian].flatMap((t) =>
        t === undefined ? [] : [{ source: t.source, checked: t.checked }],
      ),
    ],
  };
}

function variantOf(repository: string, tag: string): "full" | "slim" | "alpine" {
  if (repository === "alpine" || /(?:^|-)alpine/.test(tag)) return "alpine";
  return /(?:^|-)slim/.test(tag) ? "slim" : "full";
}

function isFloating(repository: string, tag: string, version: string | undefined): boolean {
  if (codenameIn(tag) !== undefined || /alpine\d/.test(tag)) return false;
  if (repository === "golang" || repository === "rust") return version === undefined || !version.includes(".");
  return version === undefined;
}

function distributionOf(
  repository: string,
  tag: string,
  version: string | undefined,
  variant: "full" | "slim" | "alpine",
  family: Family,
): Distribution | undefined {
  if (variant === "alpine") return alpineRelease(repository, tag, version, family);
  const codename = codenameIn(tag) ?? plainRelease(repository, tag, version, family);
  return codename === undefined ? undefined : glibcRelease(codename).distribution;
}

/** Tags without a number stand for the newest version; `lts` and the like are not known to be one. */
function newest(tag: string): boolean {
  return /^(?:latest|alpine|slim)$/.test(tag);
}

function alpineRelease(
  repository: string,
  tag: string,
  version: string | undefined,
  family: Family,
): Distribution | undefined {
  const named = repository === "alpine" ? version : /alpine(\d+\.\d+)/.exec(tag)?.[1];
  if (named !== undefined) return { name: "alpine", version: named.split(".").slice(0, 2).join(".") };
  const known = version ?? (newest(tag) ? "" : undefined);
  const release = family.alpine === undefined || known === undefined ? undefined : releaseOf(family.alpine, known);
  return { name: "alpine", ...(release === undefined ? {} : { version: release }) };
}

function plainRelease(
  repository: string,
  tag: string,
  version: string | undefined,
  family: Family,
): string | undefined {
  if (repository === "debian") return debianCodename(version);
  if (repository === "ubuntu") return UBUNTU_CODENAMES[version ?? ""];
  const known = version ?? (newest(tag) ? "" : undefined);
  return family.debian === undefined || known === undefined ? undefined : releaseOf(family.debian, known);
}

function debianCodename(version: string | undefined): string | undefined {
  const major = version?.split(".")[0];
  return Object.entries(DEBIAN_VERSIONS).find(([, number]) => number === major)?.[0];
}

/** The glibc of a base, by its release; absent for musl and where the release is not known. */
export function glibcOf(base: BaseImage): string | undefined {
  return GLIBC[base.distribution?.codename ?? ""];
}

/** Whether what was linked dynamically on `from` finds a libc that is new enough on `to`. */
export function libcServes(from: BaseImage, to: BaseImage): boolean {
  if (from.libc === undefined || from.libc !== to.libc) return false;
  const [older, newer] =
    from.libc === "glibc" ? [glibcOf(from), glibcOf(to)] : [from.distribution?.version, to.distribution?.version];
  return older !== undefined && newer !== undefined && compareVersions(older, newer) <= 0;
}
