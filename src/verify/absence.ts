/**
 * Why a file of the old image need not be in the new one:
 *
 *     /usr/local/go/src/…          base-image: the old base had it
 *     /usr/bin/gcc-12              os-package: gcc-12
 *     /app/main.go                 source: the checkout has the same file
 *     /root/.npm/_cacache/…        cache
 *     /app/node_modules/jest/…     development-dependency
 *     /app/server.key              no reason: unexplained
 *
 * Each reason is a fact about the file, about who wrote it or what it is equal to; that it lies in some directory is none, but
 * for the directories that programs document as their caches.
 */
import { posix } from "node:path";
import type { ImageFile, ReadImage } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";
import { isBuildState } from "./build-state.ts";

export interface AbsenceFacts {
  readonly before: ReadImage;
  readonly after: ReadImage;
  /** Names and digests of the files of the checkout ("main.go 2c26…", "x link y"), and the directories in it, from its root. */
  readonly checkout: { readonly digests: ReadonlySet<string>; readonly directories: ReadonlySet<string> };
}

export interface Reason {
  readonly bucket: string;
  readonly detail?: string;
}

/** Documented caches and places for what does not last: npm, yarn, pnpm, Go, pip, apt, apk, XDG, node-gyp, configstore (update-notifier), and FHS's own. */
const CACHES: readonly RegExp[] = [
  /^\/(?:root|home\/[^/]+)\/\.(?:npm|cache|yarn|pnpm-store|node-gyp|gradle|m2|ivy2|sbt|nuget|composer\/cache|bundle\/cache|cargo\/registry|config\/(?:go|yarn|configstore)|local\/share\/pnpm)(?:\/|$)/,
  /^\/go\/pkg(?:\/|$)/,
  // What running virtual machines show to jstat (https://docs.oracle.com/en/java/javase/17/docs/specs/man/jstat.html).
  /^\/tmp\/hsperfdata_[^/]+(?:\/|$)/,
  // https://gohugo.io/configuration/all/#cachedir
  /^\/tmp\/hugo_cache(?:_\w+)?(?:\/|$)/,
  // https://guides.rubygems.org/command-reference/#gem-environment: the gems as they were fetched.
  /^\/(?:usr\/local\/bundle|usr\/local\/lib\/ruby\/gems\/[^/]+|var\/lib\/gems\/[^/]+)\/cache(?:\/|$)/,
  // https://doc.rust-lang.org/cargo/guide/cargo-home.html
  /^\/(?:usr\/local\/cargo|(?:root|home\/[^/]+)\/\.cargo)\/(?:registry|git|\.global-cache|\.package-cache(?:-mutate)?)(?:\/|$)/,
  /^\/usr\/local\/share\/\.cache(?:\/|$)/,
  /^\/var\/lib\/apt\/lists(?:\/|$)/,
  /\/node_modules\/\.(?:cache|vite|vite-temp)(?:\/|$)/,
  /\/(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache)(?:\/|$)/,
];

/** Files there do not last (FHS 3.0, 3.18 and 5.15); a directory or link there may be one that a program expects. */
const PASSING = /^\/(?:tmp|var\/tmp|var\/cache|var\/log|run|var\/run)\//;

/** State that package managers keep of themselves, and what their scripts make of what is installed (ldconfig(8), update-alternatives(1)). */
const PACKAGE_STATE =
  /^\/(?:var\/lib\/(?:dpkg|apt|pam|systemd|ucf|python|xml-core|sgml-base|shells\.state|ghostscript|dbus|emacsen-common)|etc\/(?:alternatives|ld\.so\.cache|apk|apt|ssl\/certs|ca-certificates\.conf|mailcap|shells|subuid-?|subgid-?)|lib\/apk|usr\/share\/(?:mime|info|icons|applications))(?:\/|$)/;

/** What git rewrites of its own state when a build asks it for the checkout's (git-status(1), "Background refresh"). */
const GIT_STATE = /\/\.git\/(?:index|FETCH_HEAD|ORIG_HEAD|gitk\.cache|logs\/.+)$/;

const INSTALLS =
  /\b(?:apt(?:-get)?|aptitude)\s+(?:-\S+\s+)*(?:install|upgrade|dist-upgrade)\b|\bapk\s+(?:-\S+\s+)*add\b|\b(?:micro)?dnf\s+(?:-\S+\s+)*install\b|\byum\s+(?:-\S+\s+)*install\b/;
const TOOLS =
  /\bnpm\s+(?:-\S+\s+)*(?:i|install|add)\s+(?:\S+\s+)*(?:-g|--global|--location=global)\b|\bnpm\s+-g\s|\byarn\s+global\s+add\b|\bpnpm\s+add\s+-g\b|\bcorepack\b|\brustup\b|\bcargo\s+install\b|\bgo\s+(?:install|get)\b/;

/** What compilers leave beside what they make. */
const INTERMEDIATE = /\.(?:o|lo|la|d|obj|tsbuildinfo|gcno|gcda|class\.uniqueId\d+)$/;

/** What installs write down for the next install, where the checkout has no such file. */
const LOCK_FILES = /\/(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock)$/;
const LIBRARY_INSTALLS = /\b(?:npm|yarn|pnpm|bun|cargo)\b/;

const ACCOUNTS = /^\/etc\/(?:passwd|group|shadow|gshadow)-?$/;

/** `undefined`: nothing explains it. */
export function reasonForAbsence(file: ImageFile, facts: AbsenceFacts): Reason | undefined {
  const { before } = facts;
  const { path } = file;
  if (file.layer < (before.baseLayers ?? 0)) return { bucket: "base-image" };
  const owner = ownerIn(before, path);
  if (owner !== undefined) return { bucket: "os-package", detail: owner };
  const writer = before.contents.layers[file.layer]?.createdBy ?? "";
  if (PACKAGE_STATE.test(path) || ACCOUNTS.test(path)) return { bucket: "package-state" };
  if (isCache(file) || isTagged(file, facts)) return { bucket: "cache" };
  if (isSource(file, facts)) return { bucket: "source" };
  if (GIT_STATE.test(path) && facts.checkout.directories.has(".git")) return { bucket: "version-control" };
  const library = libraryOf(path);
  if (library !== undefined) return libraryReason(library, facts);
  if (INSTALLS.test(writer) && /^\/(?:usr(?!\/local)|etc|var|lib|bin|sbin)\//.test(path))
    return { bucket: "os-package", detail: "its installation" };
  if (INSTALLS.test(writer) && isEmptyLocal(file, before)) return { bucket: "os-package", detail: "its installation" };
  if (
    TOOLS.test(writer) &&
    /^\/(?:usr\/local\/(?:lib\/node_modules|bin|share|cargo|rustup)|go\/bin|root\/go\/bin|opt)(?:\/|$)/.test(path)
  )
    return { bucket: "build-tool" };
  if (LOCK_FILES.test(path) && LIBRARY_INSTALLS.test(writer)) return { bucket: "lock-file" };
  if (isBuildState(file, before, facts.after)) return { bucket: "build-state" };
  if (file.kind === "file" && INTERMEDIATE.test(path)) return { bucket: "intermediate" };
  return undefined;
}

/** Packages may make directories below /usr/local, empty ones (https://www.debian.org/doc/debian-policy/ch-opersys.html#site-specific-programs). */
function isEmptyLocal({ path, kind }: ImageFile, { contents }: ReadImage): boolean {
  if (kind !== "directory" || !path.startsWith("/usr/local/")) return false;
  return ![...contents.files.values()].some((other) => other.kind !== "directory" && other.path.startsWith(`${path}/`));
}

/** Whether a path is where a program keeps what it can make again. */
export function isCache({ path, kind }: ImageFile): boolean {
  return CACHES.some((pattern) => pattern.test(path)) || (kind === "file" && PASSING.test(path));
}

/** The first line of a file CACHEDIR.TAG, by which Cargo, pytest and others tell that a directory is a cache (https://bford.info/cachedir/). */
const CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55";

/**
 * Below a directory that a program has tagged as its cache. What Cargo makes for others lies in one, too: a program there is a copy
 * only where the new image has one of that name.
 */
function isTagged(file: ImageFile, { before, after }: AbsenceFacts): boolean {
  let tagged = false;
  for (let at = posix.dirname(file.path); at !== "/" && !tagged; at = posix.dirname(at))
    tagged = before.contents.texts.get(imagePath("CACHEDIR.TAG", imagePath(at)))?.startsWith(CACHE_TAG) === true;
  const isProgram = file.kind === "file" && file.elf?.kind !== undefined && (file.mode & 0o111) !== 0;
  if (!tagged || !isProgram || /\/(?:deps|build|incremental|examples)\//.test(file.path)) return tagged;
  const name = posix.basename(file.path);
  return [...after.contents.files.keys()].some((path) => posix.basename(path) === name);
}

export function isPackageState(path: string): boolean {
  return PACKAGE_STATE.test(path);
}

export function isAccounts(path: string): boolean {
  return ACCOUNTS.test(path);
}

/** The package that owns a file, also where it is named by a path through a link such as /bin. */
export function ownerIn({ packages }: ReadImage, path: ImagePath): string | undefined {
  if (packages === undefined) return undefined;
  const plain = packages.ownerOf.get(path);
  if (plain !== undefined) return plain;
  const unmerged = path.replace(/^\/usr\/(bin|sbin|lib\w*)\//, "/$1/");
  return unmerged === path ? undefined : packages.ownerOf.get(imagePath(unmerged));
}

/** By name and content: two empty files are no reason for each other. A directory is known by the end of its path. */
function isSource(file: ImageFile, { checkout }: AbsenceFacts): boolean {
  const name = posix.basename(file.path);
  if (file.kind === "file") return checkout.digests.has(`${name} ${file.digest}`);
  if (file.kind === "symlink") return checkout.digests.has(`${name} link ${file.target}`);
  if (file.kind !== "directory") return false;
  const parts = file.path.split("/").filter((part) => part !== "");
  return parts.some((_, index) => checkout.directories.has(parts.slice(index).join("/")));
}

interface Library {
  /** The `node_modules` that it lies in. */
  readonly tree: ImagePath;
  readonly name: string;
}

function libraryOf(path: ImagePath): Library | undefined {
  const [, tree, name] = /^(.*?\/node_modules)\/((?:\.bin|@[^/]+\/[^/]+|[^/]+))/.exec(path) ?? [];
  const alone = /^(.*\/node_modules)$/.exec(path)?.[1];
  if (alone !== undefined) return { tree: imagePath(alone), name: "" };
  return tree === undefined || name === undefined ? undefined : { tree: imagePath(tree), name };
}

/**
 * A library that the new image has not is a development dependency where the new image has the tree itself; where it has no tree
 * at all, none of its programs reads one, which the modules' own check has to confirm.
 */
function libraryReason({ tree, name }: Library, { after }: AbsenceFacts): Reason | undefined {
  if (!after.contents.files.has(tree)) return { bucket: "build-library", detail: tree };
  const here = imagePath(posix.join(tree, name));
  if (name === ".bin" || name.startsWith(".")) return { bucket: "development-dependency" };
  return after.contents.files.has(here) ? undefined : { bucket: "development-dependency", detail: name };
}
