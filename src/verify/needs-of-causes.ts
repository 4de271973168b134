/**
 * From why an image does not work to what it has to have:
 *
 *     library-missing libpq.so.5     the package "libpq5", which owns it in the old image; else the file itself
 *     module-missing left-pad        all dependencies of the project
 *     file-missing /app/views/x      the path, where the old image has it above its base
 *
 * What the old image itself does not have is never a need: then something else is wrong.
 */
import { posix } from "node:path";
import type { EvidenceNeed } from "../model/evidence.ts";
import type { ImageFile, ReadImage } from "../model/image.ts";
import type { FailureCause } from "../model/verification.ts";
import { assertNever } from "../text/assert-never.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";
import { ownerIn } from "./absence.ts";
import { causeInWords } from "./causes-in-words.ts";
import { findProgram } from "./file-paths.ts";

interface Images {
  readonly before: ReadImage;
  readonly after: ReadImage;
}

/** Needs in the order of the causes, each once. */
export function needsOfCauses(causes: readonly FailureCause[], images: readonly Images[]): readonly EvidenceNeed[] {
  const needs = images.flatMap((image) => causes.flatMap((cause) => needsOf(cause, image)));
  return [...new Map(needs.map((need) => [JSON.stringify({ ...need, because: "" }), need])).values()];
}

function needsOf(cause: FailureCause, images: Images): readonly EvidenceNeed[] {
  const because = `A run without it failed: ${causeInWords(cause)}.`;
  const { before } = images;
  switch (cause.kind) {
    case "library-missing":
      return placed(cause.foundAt ?? placeOf(before, cause.library), images, because);
    case "module-missing":
      return modules(cause.foundAt ?? cause.module, images, because);
    case "executable-missing":
      return executable(cause.name, images, because);
    case "shebang-missing":
      return executable(cause.interpreter, images, because);
    case "file-missing":
      // A part of a library that another installation has not: the library as it was installed is what is needed.
      return cause.path.includes("/node_modules/")
        ? modules(cause.path, images, because)
        : path(cause.path, images, because);
    case "permission":
      return [];
    case "user-missing":
      return user(cause.name, before, because);
    case "certificates-missing":
      return packageOf("ca-certificates", before, because);
    case "time-zone-missing":
      return packageOf("tzdata", before, because);
    case "libc-mismatch":
      return [{ kind: "base", reach: "same-libc", because }];
    case "architecture":
    case "environment-missing":
      return [];
    default:
      return assertNever(cause);
  }
}

/** What a package brought comes with the package, what the old base had with a base like it; only the rest can be copied. */
function path(name: string, images: Images, because: string): readonly EvidenceNeed[] {
  const { before } = images;
  const file = before.contents.files.get(imagePath(name, imagePath(before.image.configuration.workdir)));
  if (file === undefined) return [];
  const owner = ownerIn(before, file.path) ?? keeperOf(file.path, before);
  if (owner !== undefined && file.kind !== "directory") return [{ kind: "package", name: owner, because }];
  if (file.layer < (before.baseLayers ?? 0)) return [{ kind: "base", reach: "same-base", because }];
  const whole = wholeOf(file, images);
  return [{ kind: "path", path: whole.path, form: whole.kind === "directory" ? "directory" : "file", because }];
}

/** What `update-ca-certificates` makes belongs to no package, but to the one that brings it (update-ca-certificates(8)). */
function keeperOf(name: ImagePath, { packages }: ReadImage): string | undefined {
  const keeper = name.startsWith("/etc/ssl/certs/") ? "ca-certificates" : undefined;
  return keeper !== undefined && packages?.versions.has(keeper) === true ? keeper : undefined;
}

/**
 * A file of a directory that the new image lacks altogether is one of several that belong together, and the next round would
 * only miss the next one. The directory that everything else lies in is not such a one.
 */
function wholeOf(file: ImageFile, { before, after }: Images): ImageFile {
  const above = imagePath("..", file.path);
  const directory = before.contents.files.get(above);
  const is = directory?.kind === "directory" && directory.layer >= (before.baseLayers ?? 0);
  const holds = above === "/" || above === imagePath(before.image.configuration.workdir);
  return is && !holds && !after.contents.files.has(above) ? directory : file;
}

function placed(place: string | undefined, images: Images, because: string): readonly EvidenceNeed[] {
  return place === undefined ? [] : path(place, images, because);
}

function placeOf({ contents }: ReadImage, library: string): string | undefined {
  for (const path of contents.files.keys()) if (posix.basename(path) === library) return path;
  return undefined;
}

function executable(name: string, images: Images, because: string): readonly EvidenceNeed[] {
  const { before } = images;
  const { env, workdir } = before.image.configuration;
  const found = findProgram(before.contents, name, env.PATH ?? "", workdir);
  if (found === undefined) return [];
  const owner = ownerIn(before, found.path) ?? ownerIn(before, imagePath(name));
  if (owner !== undefined) return [{ kind: "package", name: owner, because }];
  return path(found.path, images, because);
}

/** A relative module, or one by its path, is a file; one by its name is a library of the nearest tree that has it. */
function modules(module: string, images: Images, because: string): readonly EvidenceNeed[] {
  const { files } = images.before.contents;
  if (module.startsWith("/") && !module.includes("/node_modules/")) return path(module, images, because);
  const name = module.replace(/^.*\/node_modules\//, "");
  const base = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? name);
  const directories = [...files.keys()].flatMap((path) => {
    const suffix = `/node_modules/${base}`;
    return path.endsWith(suffix) ? [path.slice(0, -suffix.length) || "/"] : [];
  });
  const [nearest] = directories.filter((path) => !path.includes("/node_modules")).sort((a, b) => a.length - b.length);
  return nearest === undefined ? [] : [{ kind: "all-dependencies", directory: imagePath(nearest), because }];
}

function user(name: string, { contents }: ReadImage, because: string): readonly EvidenceNeed[] {
  const rows = (path: string): readonly (readonly string[])[] =>
    (contents.texts.get(imagePath(path)) ?? "").split("\n").map((line) => line.split(":"));
  const row = rows("/etc/passwd").find(([login, , uid]) => login === name || uid === name);
  const [login, , uid, gid] = row ?? [];
  if (login === undefined || uid === undefined || gid === undefined) return [];
  const group = rows("/etc/group").find(([, , id]) => id === gid)?.[0];
  const named = group === undefined ? {} : { group };
  return [{ kind: "user", name: login, uid: Number(uid), gid: Number(gid), ...named, because }];
}

function packageOf(name: string, { packages }: ReadImage, because: string): readonly EvidenceNeed[] {
  return packages?.versions.has(name) === true ? [{ kind: "package", name, because }] : [];
}

/** What the plan does about a need, as a sentence without a full stop. */
export function needInWords(need: EvidenceNeed): string {
  switch (need.kind) {
    case "path":
      return `"${need.path}" is copied into the runtime stage`;
    case "package":
      return `the package "${need.name}" is installed in the runtime stage`;
    case "user":
      return `the runtime stage starts from a base that has the user "${need.name}"`;
    case "all-dependencies":
      return `all dependencies of "${need.directory}" stay, those for development too`;
    case "base":
      return `the runtime stage starts from a base that has ${{ "same-libc": "the C library of the old one", "same-base": "what the old one had" }[need.reach]}`;
    default:
      return assertNever(need);
  }
}
