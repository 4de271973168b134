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
import type { ReadImage } from "../model/image.ts";
import type { FailureCause } from "../model/verification.ts";
import { assertNever } from "../text/assert-never.ts";
import { imagePath } from "../text/paths.ts";
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
      return fileOrPackage(cause.foundAt ?? placeOf(before, cause.library), before, because);
    case "module-missing":
      return modules(cause.foundAt ?? cause.module, before, because);
    case "executable-missing":
      return executable(cause.name, before, because);
    case "shebang-missing":
      return executable(cause.interpreter, before, because);
    case "file-missing":
      // A part of a library that another installation has not: the library as it was installed is what is needed.
      return cause.path.includes("/node_modules/")
        ? modules(cause.path, before, because)
        : path(cause.path, before, because);
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

/** Only what the user's own instructions brought can be copied; what the old base had comes with a base like it. */
function path(name: string, { contents, baseLayers = 0 }: ReadImage, because: string): readonly EvidenceNeed[] {
  const file = contents.files.get(imagePath(name));
  if (file === undefined) return [];
  if (file.layer < baseLayers) return [{ kind: "base", reach: "same-base", because }];
  return [{ kind: "path", path: file.path, form: file.kind === "directory" ? "directory" : "file", because }];
}

function fileOrPackage(place: string | undefined, before: ReadImage, because: string): readonly EvidenceNeed[] {
  if (place === undefined) return [];
  const owner = ownerIn(before, imagePath(place));
  return owner === undefined ? path(place, before, because) : [{ kind: "package", name: owner, because }];
}

function placeOf({ contents }: ReadImage, library: string): string | undefined {
  for (const path of contents.files.keys()) if (posix.basename(path) === library) return path;
  return undefined;
}

function executable(name: string, before: ReadImage, because: string): readonly EvidenceNeed[] {
  const { env, workdir } = before.image.configuration;
  const found = findProgram(before.contents, name, env.PATH ?? "", workdir);
  if (found === undefined) return [];
  const owner = ownerIn(before, found.path) ?? ownerIn(before, imagePath(name));
  if (owner !== undefined) return [{ kind: "package", name: owner, because }];
  return path(found.path, before, because);
}

/** A relative module, or one by its path, is a file; one by its name is a library of the nearest tree that has it. */
function modules(module: string, before: ReadImage, because: string): readonly EvidenceNeed[] {
  const { files } = before.contents;
  if (module.startsWith("/") && !module.includes("/node_modules/")) return path(module, before, because);
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
      return `the runtime stage starts from the old base, which has the user "${need.name}"`;
    case "all-dependencies":
      return `all dependencies of "${need.directory}" stay, those for development too`;
    case "base":
      return `the runtime stage starts from a base that has ${{ "same-libc": "the C library of the old one", "same-base": "what the old one had" }[need.reach]}`;
    default:
      return assertNever(need);
  }
}
