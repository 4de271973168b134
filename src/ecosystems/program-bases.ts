/**
 * Where a compiled program can run, best first:
 *
 *     static, nothing else needed     gcr.io/distroless/static-debian12, alpine, scratch
 *     linked to Debian's glibc        gcr.io/distroless/base-debian12 of the same or a newer release, debian slim
 *     linked to musl                  alpine of the build's release
 *
 * A shell, packages or users rule the distroless images out. A base behind a company's registry gives bases from there.
 */
import { type BaseImage, describeBase, glibcOf, isOfficialPrefix, libcServes } from "./base-images.ts";
import { compareVersions, GLIBC } from "./base-releases.ts";
import type { BaseRequest, RuntimeBase } from "./ecosystem.ts";

/** https://github.com/GoogleContainerTools/distroless/blob/main/README.md lists the images by Debian release. */
const DISTROLESS_RELEASES = ["bookworm", "trixie"];
/** Releases with security support; older ones move to an archive that apt does not look at (https://www.debian.org/releases/, 2026-11-24). */
const SERVED_RELEASES = ["bookworm", "trixie"];
/** The release that stands in where any will do. */
const DEFAULT_RELEASE = "bookworm";

type Kind = "static" | "glibc" | "musl" | "unknown";

/** What a toolchain's programs link to besides the C library: `cc` has GCC's own library (libgcc) too. */
export interface ProgramKind {
  readonly ecosystem: string;
  readonly distroless: "base" | "cc";
}

export function programBases(
  request: BaseRequest,
  { ecosystem, distroless: image }: ProgramKind,
): readonly RuntimeBase[] | undefined {
  const own = request.artifacts.filter((artifact) => artifact.ecosystem === ecosystem);
  if (own.length === 0) return undefined;
  switch (linkageKind(own.map((artifact) => artifact.linkage))) {
    case "static":
      return staticBases(request);
    case "glibc":
      return glibcBases(request, image);
    case "musl":
      return muslBases(request);
    case "unknown":
      return [];
  }
}

function linkageKind(linkages: readonly BaseRequest["artifacts"][number]["linkage"][]): Kind {
  if (linkages.every((linkage) => linkage.kind === "static" || linkage.kind === "none")) return "static";
  const dynamic = linkages.filter((linkage) => linkage.kind !== "static" && linkage.kind !== "none");
  const libcs = new Set(dynamic.map((linkage) => (linkage.kind === "dynamic" ? linkage.libc : "unknown")));
  const [only] = libcs;
  return libcs.size === 1 && only !== undefined ? only : "unknown";
}

function needsSystem(request: BaseRequest): boolean {
  return request.shell || request.packages.length > 0 || request.createsUsers;
}

function prefixOf(request: BaseRequest): string {
  const { prefix } = request.image.base;
  return isOfficialPrefix(prefix) || !request.image.base.known ? "" : prefix;
}

function candidate(
  rung: RuntimeBase["rung"],
  reference: string,
  consequence: string,
  packages: readonly string[] = [],
): RuntimeBase {
  return { rung, reference, consequence, base: describeBase(reference), packages };
}

function distroless(
  request: BaseRequest,
  image: string,
  codename: string,
  consequence: string,
): readonly RuntimeBase[] {
  // A private registry often means that gcr.io is out of reach.
  if (needsSystem(request) || prefixOf(request) !== "" || !DISTROLESS_RELEASES.includes(codename)) return [];
  const version = codename === "trixie" ? "13" : "12";
  return [candidate("minimal", `gcr.io/distroless/${image}-debian${version}`, consequence)];
}

function staticBases(request: BaseRequest): readonly RuntimeBase[] {
  const slim = slimOfSameFamily(request);
  if (needsSystem(request)) return slim;
  const scratch = candidate(
    "minimal",
    "scratch",
    "Nothing but the copied files: no certificates, no time zones, no users, no shell.",
  );
  return [
    ...distroless(
      request,
      "static",
      DEFAULT_RELEASE,
      "Certificates, time zones and users, but no shell and no libc, which the static program does not need.",
    ),
    ...slim,
    scratch,
  ];
}

/** Packages and scripts were written for the build's distribution, so its slim image takes them. */
function slimOfSameFamily(request: BaseRequest): readonly RuntimeBase[] {
  const { base } = request.image;
  if (base.libc === "musl") return muslBases(request);
  return [debianSlim(request, supported(base.distribution?.codename, request))];
}

/** Where no package ties it to the build's release, one that still gets packages: a newer libc serves older programs. */
function supported(codename: string | undefined, request: BaseRequest): string {
  if (codename === undefined) return DEFAULT_RELEASE;
  const tied = request.packages.length > 0;
  return tied || SERVED_RELEASES.includes(codename) ? codename : DEFAULT_RELEASE;
}

function debianSlim(request: BaseRequest, codename: string): RuntimeBase {
  return candidate(
    "slim",
    `${prefixOf(request)}debian:${codename}-slim`,
    "Debian with a shell and apt, without compilers.",
    ["ca-certificates", ...timeZones(request)],
  );
}

function timeZones(request: BaseRequest): readonly string[] {
  return request.packages.includes("tzdata") ? ["tzdata"] : [];
}

function glibcBases(request: BaseRequest, image: ProgramKind["distroless"]): readonly RuntimeBase[] {
  const { base } = request.image;
  const codename = base.distribution?.codename;
  const libraries = request.packages.some((name) => /^lib/.test(name));
  if (codename === undefined || glibcOf(base) === undefined || base.distribution?.name === "other") return [];
  if (base.distribution?.name === "ubuntu") return [];
  const release = libraries ? codename : atLeast(codename, request);
  return [
    ...distroless(request, image, release, `glibc ${GLIBC[release] ?? ""}, certificates and time zones, but no shell.`),
    debianSlim(request, release),
  ].filter((option) => serves(base, option.base));
}

function atLeast(codename: string, request: BaseRequest): string {
  const wanted = supported(codename, request);
  return compareVersions(GLIBC[wanted] ?? "0", GLIBC[codename] ?? "0") < 0 ? codename : wanted;
}

function serves(from: BaseImage, to: BaseImage): boolean {
  return libcServes(from, to);
}

/** Alpine's release is kept; where the tag does not tell it, no other image is sure to be new enough. */
function muslBases(request: BaseRequest): readonly RuntimeBase[] {
  const version = request.image.base.distribution?.version;
  if (version === undefined || request.image.base.repository === "alpine") return [];
  return [
    candidate("slim", `${prefixOf(request)}alpine:${version}`, "Alpine with a shell and apk, without compilers.", [
      "ca-certificates",
      ...timeZones(request),
    ]),
  ];
}
