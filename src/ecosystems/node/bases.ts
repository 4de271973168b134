/**
 * Where a Node program, or a site that Node only built, can run:
 *
 *     node:20            node:20-slim: the same Node and the same Debian release, without compilers and Git
 *     node:20-bookworm   node:20-bookworm-slim
 *     node:20-alpine     the same image
 *     site for nginx     debian:bookworm-slim, on which node:20 stands
 *
 * The full image stays where compiled libraries link libraries of the system, where programs are started that the slim image lacks
 * and no package brings, and where a digest pins the image.
 *
 * Every version since 0.8 has a `-slim` of its plain tag: each was added with a `slim` or `<release>-slim` directory
 * (https://github.com/nodejs/docker-node/commits/main, read 2026-11-24). A release in the tag came later: `jessie-slim` and
 * `stretch-slim` with 6.15.0, 8.14.0, 10.14.0 and 11.3.0 (https://github.com/nodejs/docker-node/pull/850); since then each
 * release has its own. `chakracore` images never had one.
 */
import { describeBase, isOfficialPrefix } from "../base-images.ts";
import { compareVersions } from "../base-releases.ts";
import type { BaseRequest, RuntimeBase, RuntimeNeed } from "../ecosystem.ts";
import { slimSibling } from "../slim-siblings.ts";
import { addedPackages } from "./install.ts";
import { productionTree } from "./lock-files.ts";
import { readManifest } from "./manifest.ts";
import { nativeNeeds } from "./native.ts";

/** Releases whose packages deb.debian.org still serves (https://wiki.debian.org/DebianReleases, 2026-11-24). */
const SERVED_RELEASES = ["bullseye", "bookworm", "trixie"];

/** Debian packages of programs that the full image has and the slim one lacks (https://packages.debian.org). */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  convert: "imagemagick",
  curl: "curl",
  file: "file",
  git: "git",
  gpg: "gnupg",
  hg: "mercurial",
  make: "make",
  openssl: "openssl",
  ps: "procps",
  python3: "python3",
  ssh: "openssh-client",
  svn: "subversion",
  unzip: "unzip",
  wget: "wget",
};

/** Programs that Debian's and Alpine's smallest images have. */
const ALWAYS =
  /^(?:sh|ls|cat|cp|mv|rm|mkdir|echo|grep|sed|awk|tar|gzip|head|tail|find|sort|df|du|uname|hostname|id|date|kill|sleep|env|chmod|chown|ln|touch|test|true|false|node|npm|npx|yarn|corepack|bash)$/;

export function nodeBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const own = request.image.base.toolchain === "node" || request.image.base.repository === "node";
  const ours =
    request.artifacts.some((artifact) => artifact.ecosystem === "node") ||
    request.image.dependencies.some((tree) => tree.ecosystem === "node") ||
    request.needs.some(needsNode);
  if (!own || !ours) return undefined;
  const plain = request.needs.some(needsNode) || request.createsUsers ? [] : withoutNode(request);
  return [...plain, ...slim(request)];
}

function needsNode(need: RuntimeNeed): boolean {
  return (
    need.kind === "dependencies" ||
    need.kind === "everything" ||
    (need.kind === "executable" && /^(?:node|npm|npx|yarn|pnpm|corepack|bun)$/.test(need.name))
  );
}

/** What is needed cannot be told: the whole directory, or programs whose names are computed (a shell need that is a guess). */
function keepsOldBase(need: RuntimeNeed): boolean {
  return need.kind === "everything" || (need.kind === "shell" && need.confidence === "guess");
}

/** Programs that run time starts and the slim image lacks. */
function missingPrograms(request: BaseRequest): readonly string[] {
  const names = request.needs.flatMap((need) => (need.kind === "executable" ? [need.name] : []));
  const { executables } = request.image.base;
  return [...new Set(names)].filter((name) => !ALWAYS.test(name) && executables.includes(name));
}

function neededPackages(request: BaseRequest): readonly string[] {
  return request.needs.flatMap((need) => (need.kind === "package" ? [need.name] : []));
}

function linksSystemLibraries(request: BaseRequest): boolean {
  const trees = request.needs.flatMap((need) => (need.kind === "dependencies" ? [need.tree] : []));
  return trees.some((tree) => {
    const manifest = readManifest(tree.directory, request.image);
    // Bun's lock files are not read, so what its libraries bring in turn is not known.
    if (manifest === undefined || /^\S*bun\s/.test(tree.command ?? "")) return true;
    const { names, installs } = productionTree(manifest, request.image);
    const added = addedPackages(tree.command ?? "");
    return nativeNeeds([...names, ...added], installs).systemLibraries.length > 0;
  });
}

function slim(request: BaseRequest): readonly RuntimeBase[] {
  const { base } = request.image;
  if (base.digest !== undefined || base.variant !== "full" || !base.known) return [];
  if (request.needs.some(keepsOldBase) || linksSystemLibraries(request)) return [];
  const packages = additions(request);
  if (packages === undefined) return [];
  const reference = slimReference(request.reference);
  if (reference === undefined) return [];
  const described = describeBase(slimReference(base.reference) ?? reference);
  const consequence =
    "The same Node on the same Debian release, without compilers, headers and version control programs.";
  return [{ rung: "slim", reference, consequence, base: described, packages }];
}

/** Packages that make up for what the slim image lacks; `undefined` when they cannot be installed. */
function additions(request: BaseRequest): readonly string[] | undefined {
  const programs = missingPrograms(request);
  const packages = programs.map((name) => PACKAGE_OF[name]);
  if (packages.includes(undefined)) return undefined;
  const known = [...packages.filter((name) => name !== undefined), ...neededPackages(request)];
  const all = [
    ...new Set(programs.some((name) => /^(?:curl|wget|git)$/.test(name)) ? [...known, "ca-certificates"] : known),
  ].sort();
  const served = SERVED_RELEASES.includes(request.image.base.distribution?.codename ?? "");
  return all.length > 0 && !served ? undefined : all;
}

/** The slim variant of a reference as written: `node:20` → `node:20-slim`, `node:${V}` → `node:${V}-slim`, `node` → `node:slim`. */
export function slimReference(reference: string): string | undefined {
  const tag = /:([^/:]+)$/.exec(reference)?.[1] ?? "latest";
  return precedesSlim(tag) ? undefined : slimSibling(reference, "after-release", /wheezy|chakracore/);
}

/** The first versions, by major, that had slim variants of the releases that their tags can name. */
const FIRST_SLIM: Readonly<Record<string, string>> = { "6": "6.15.0", "8": "8.14.0", "10": "10.14.0", "11": "11.3.0" };

/** `8.11.4-stretch`, `9-stretch`: a tag with a release, of a version before there were slim variants for these. */
function precedesSlim(tag: string): boolean {
  const [, version = "", release] = /^(\d+(?:\.\d+)*)-([a-z]+)/.exec(tag) ?? [];
  const major = Number(version.split(".")[0]);
  if (release === undefined || major > 11) return false;
  const first = FIRST_SLIM[String(major)];
  return first === undefined || (version.includes(".") && compareVersions(version, first) < 0);
}

/** A site or script that needs no Node: the plain distribution that the Node image stands on. */
function withoutNode(request: BaseRequest): readonly RuntimeBase[] {
  const { base } = request.image;
  if (base.digest !== undefined || !base.known || !isOfficialPrefix(base.prefix)) return [];
  const { codename, version, name } = base.distribution ?? {};
  const reference =
    name === "alpine" && version !== undefined
      ? `alpine:${version}`
      : codename === undefined
        ? undefined
        : `debian:${codename}-slim`;
  if (
    reference === undefined ||
    (name !== "alpine" && request.packages.length > 0 && !SERVED_RELEASES.includes(codename ?? ""))
  )
    return [];
  const consequence = `The distribution that "${base.reference}" stands on, without Node, which only the build used.`;
  return [{ rung: "minimal", reference, consequence, base: describeBase(reference), packages: [] }];
}
