/**
 * Compares the files of two images:
 *
 *     equal, or alike but for times and build ids      in both
 *     absent with a reason (absence.ts)                base image, OS package, source, cache, development dependency …
 *     unexplained                                      has to be empty, or the check fails
 *
 * Times of files are not compared: two builds never have the same ones. What base images and OS packages bring may have another
 * version in the new image, which is said once for each.
 */
import { posix } from "node:path";
import type { ImageFile, ReadImage, RegularFile } from "../model/image.ts";
import type { FileCheck, Finding } from "../model/verification.ts";
import { type ImagePath, isWithin } from "../text/paths.ts";
import { type AbsenceFacts, isAccounts, isCache, isPackageState, ownerIn, reasonForAbsence } from "./absence.ts";
import { alikeBut } from "./alike.ts";

export interface FilesContext extends AbsenceFacts {
  /** Digests of the files that the migration itself changes, as they were and as they are. */
  readonly changed: { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> };
  /** Files, and directories with all in them, that are new or have another content on purpose, with the reason. */
  readonly onPurpose?: ReadonlyMap<string, string>;
  /** The content of a file of either image, where it is not too long. */
  readonly read: (side: "before" | "after", path: ImagePath) => Promise<Uint8Array | undefined>;
}

/** Paths that are named of each kind of problem; the rest is counted. */
const NAMED = 20;
/** Files whose contents are fetched to be compared. */
const MOST_READ = 200;

export async function compareFiles(context: FilesContext): Promise<FileCheck> {
  const tally = new Tally();
  const { before, after } = context;
  const movedTo = pathsByDigest(after);
  const parents = new Set([...before.contents.files.keys()].map((path) => posix.dirname(path)));
  let reads = 0;
  for (const file of before.contents.files.values()) {
    const other = after.contents.files.get(file.path);
    if (other === undefined) explainAbsence(file, context, movedTo, parents, tally);
    else if (sameFile(file, other)) tally.count("equal", file);
    else {
      const difference = describe(file, other);
      const known = knownDifference(file, other, context);
      if (known !== undefined) tally.expect(known, file, purposeOf(file.path, context) ?? difference);
      else if (difference === "content" && reads < MOST_READ) {
        reads += 1;
        const contents = await Promise.all([context.read("before", file.path), context.read("after", file.path)]);
        const [one, two] = contents;
        const but = one === undefined || two === undefined ? undefined : alikeBut(one, two);
        if (but === undefined) tally.problem("different", file, difference);
        else tally.expect("alike", file, but);
      } else tally.problem("different", file, difference);
    }
  }
  for (const file of after.contents.files.values())
    if (!before.contents.files.has(file.path)) explainPresence(file, context, tally);
  return tally.check();
}

/** A file that is elsewhere in the new image, with the same content. */
function pathsByDigest({ contents }: ReadImage): ReadonlyMap<string, ImagePath> {
  const found = new Map<string, ImagePath>();
  for (const file of contents.files.values())
    if (file.kind === "file" && file.size > 0) found.set(file.digest, file.path);
  return found;
}

function explainAbsence(
  file: ImageFile,
  context: FilesContext,
  movedTo: ReadonlyMap<string, ImagePath>,
  parents: ReadonlySet<string>,
  tally: Tally,
): void {
  const reason = reasonForAbsence(file, context);
  if (reason !== undefined) {
    tally.leave(reason.bucket, file, reason.detail);
    return;
  }
  // A directory is what is in it; only an empty one is missed by itself.
  if (file.kind === "directory" && parents.has(file.path)) return;
  const moved = file.kind === "file" ? movedTo.get(file.digest) : undefined;
  if (moved !== undefined) tally.leave("moved", file, moved);
  // A Dockerfile that `COPY . .` took along, under whatever name the script had given it.
  else if (file.kind === "file" && file.size > 0 && context.changed.before.has(file.digest))
    tally.leave("migration", file, undefined);
  else tally.unexplained(file);
}

function sameFile(a: ImageFile, b: ImageFile): boolean {
  if (a.kind !== b.kind || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.kind === "symlink" && b.kind === "symlink") return a.target === b.target;
  return a.kind !== "file" || b.kind !== "file" || (a.digest === b.digest && a.capabilities === b.capabilities);
}

function describe(a: ImageFile, b: ImageFile): string {
  if (a.kind !== b.kind) return `it was a ${a.kind}, and is a ${b.kind}`;
  if (a.kind === "symlink" && b.kind === "symlink" && a.target !== b.target)
    return `it led to "${a.target}", and leads to "${b.target}"`;
  if (a.uid !== b.uid || a.gid !== b.gid) return `it belonged to ${a.uid}:${a.gid}, and belongs to ${b.uid}:${b.gid}`;
  if (a.mode !== b.mode) return `its mode was ${octal(a.mode)}, and is ${octal(b.mode)}`;
  if (capabilities(a) !== capabilities(b)) return capabilities(b) === undefined ? "capabilities lost" : "capabilities";
  return "content";
}

function capabilities(file: ImageFile): string | undefined {
  return file.kind === "file" ? (file as RegularFile).capabilities : undefined;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** The bucket of a difference that is nobody's doing: other versions of the base image, a package, or state of package managers. */
function knownDifference(a: ImageFile, b: ImageFile, context: FilesContext): string | undefined {
  const { before, after, changed } = context;
  const { path } = a;
  const difference = describe(a, b);
  if (difference === "content" && purposeOf(path, context) !== undefined) return "on-purpose";
  if (a.kind === "file" && b.kind === "file" && changed.before.has(a.digest) && changed.after.has(b.digest))
    return describe(a, { ...b, digest: a.digest }) === "content" ? "migration" : undefined;
  const [oldBase, newBase] = [a.layer < (before.baseLayers ?? 0), b.layer < (after.baseLayers ?? 0)];
  if (oldBase && newBase) return "base-image";
  if (ownerIn(before, path) !== undefined && ownerIn(after, path) !== undefined) return "os-package";
  if (isAccounts(path)) return accountsKept(before, after) ? "accounts" : undefined;
  // Only what is in such a file is its keeper's business; who may use it is not.
  if (a.kind === "file" && (isPackageState(path) || isCache(a)) && difference === "content") return "package-state";
  // What npm, yarn and pnpm write down of an installation names what is not installed any more.
  if (/\/node_modules\/\.(?:package-lock\.json|yarn-integrity|yarn-state\.yml|modules\.yaml)$/.test(path))
    return "development-dependency";
  // node-gyp writes the options of the install into it (https://github.com/nodejs/node-gyp/blob/main/lib/create-config-gypi.js).
  if (/\/node_modules\/.*\/config\.gypi$/.test(path) && difference === "content") return "build-state";
  // A directory of the base that a build only went through keeps the mode that its own base gave it.
  if (a.kind === "directory" && b.kind === "directory" && (oldBase || newBase) && a.mode === b.mode && a.uid === b.uid)
    return "base-image";
  // The artifact went over the host before and lost its capabilities there; BuildKit keeps them between stages.
  if (difference === "capabilities") return "capabilities";
  return undefined;
}

function purposeOf(path: ImagePath, { onPurpose = new Map() }: FilesContext): string | undefined {
  for (const [at, reason] of onPurpose) if (isWithin(path, at)) return reason;
  return undefined;
}

/** Every user and group that the old image added has to be there, under the same number. */
function accountsKept(before: ReadImage, after: ReadImage): boolean {
  return ["/etc/passwd", "/etc/group"].every((path) => {
    const [old, now] = [before, after].map(({ contents }) => entriesOf(contents.texts.get(path as ImagePath) ?? ""));
    const added = [...(old ?? [])].filter(([, id]) => id >= 1000 && id < 60_000);
    return added.every(([name, id]) => now?.get(name) === id);
  });
}

function entriesOf(text: string): ReadonlyMap<string, number> {
  const rows = text.split("\n").map((line) => line.split(":"));
  return new Map(rows.flatMap(([name, , id]) => (name && id ? [[name, Number(id)] as const] : [])));
}

/** Something that is only in the new image has to come from its base, or from a package. */
function explainPresence(file: ImageFile, context: FilesContext, tally: Tally): void {
  const { after, before, changed } = context;
  const reason = purposeOf(file.path, context);
  if (reason !== undefined) {
    tally.expect("on-purpose", file, reason);
    return;
  }
  if (file.layer < (after.baseLayers ?? 0)) return;
  if (ownerIn(after, file.path) !== undefined || isPackageState(file.path) || isCache(file)) return;
  if (file.kind === "directory") return;
  const digests = pathsOf(before);
  if (file.kind === "file" && (digests.has(file.digest) || changed.after.has(file.digest))) return;
  if (isAccounts(file.path) || /\/node_modules\/\.(?:package-lock\.json|bin\/)/.test(file.path)) return;
  const writer = after.contents.layers[file.layer]?.createdBy ?? "";
  if (/\b(?:apt-get|apk|dnf|yum)\b/.test(writer) && /^\/(?:usr|etc|var|lib|bin|sbin)\//.test(file.path)) return;
  tally.added(file);
}

const digestsOf = new WeakMap<ReadImage, ReadonlySet<string>>();

function pathsOf(image: ReadImage): ReadonlySet<string> {
  const known = digestsOf.get(image);
  if (known !== undefined) return known;
  const digests = new Set<string>();
  for (const file of image.contents.files.values()) if (file.kind === "file") digests.add(file.digest);
  digestsOf.set(image, digests);
  return digests;
}

const REASONS: Readonly<Record<string, string>> = {
  "base-image": "The old base image had them.",
  "os-package": "They belong to OS packages that only the build needs.",
  "package-state": "Package managers keep them about what is installed.",
  accounts: "Users and groups above 1000 are there under their numbers; those below come and go with packages.",
  source:
    "The checkout has the same files, and the migration does not ship them; that run time reads none is for the run to show.",
  "version-control": "Git keeps them about the checkout, and rewrites them when a build asks for its state.",
  cache: "They lie where programs keep what they can make again, or what does not last.",
  "development-dependency": "They belong to libraries that production does not install.",
  "build-library": "The new image has no such tree; that run time imports none of it is for the run to show.",
  "build-tool": "Tools that only the build runs.",
  "lock-file": "An install wrote them for the next one; nothing reads them at run time.",
  "build-state": "Build systems keep them about what they made.",
  intermediate: "Compilers left them beside what they made.",
  migration: "The migration itself changes or removes them, and the images hold copies.",
  "on-purpose": "The migration builds them in another way, as it says.",
  moved: "The new image has the same content at another path.",
};

class Tally {
  readonly #buckets = new Map<string, { files: number; bytes: number }>();
  readonly #details = new Map<string, Map<string, number>>();
  readonly #problems: Finding[] = [];
  readonly #expected: Finding[] = [];
  readonly #more = new Map<string, number>();

  count(bucket: string, file: ImageFile): void {
    const before = this.#buckets.get(bucket) ?? { files: 0, bytes: 0 };
    const bytes = file.kind === "file" ? file.size : 0;
    this.#buckets.set(bucket, { files: before.files + 1, bytes: before.bytes + bytes });
  }

  leave(bucket: string, file: ImageFile, detail: string | undefined): void {
    this.count(bucket, file);
    if (detail === undefined) return;
    const details = this.#details.get(bucket) ?? new Map<string, number>();
    details.set(detail, (details.get(detail) ?? 0) + 1);
    this.#details.set(bucket, details);
  }

  expect(bucket: string, file: ImageFile, difference: string): void {
    this.count(bucket, file);
    if (bucket === "alike")
      this.#note(file.path, `differs in ${difference}`, "Two builds of the same sources differ in that.");
    if (bucket === "on-purpose") this.#note(file.path, "is another one", difference);
    if (bucket === "capabilities")
      this.#note(file.path, "has file capabilities now", "They were lost when the file went over the host.");
  }

  #note(path: string, what: string, why: string): void {
    this.#expected.push({ level: "expected", what: `${path} ${what}`, why });
  }

  unexplained(file: ImageFile): void {
    const cause = { kind: "file-missing", path: file.path } as const;
    this.#problem("unexplained", file, {
      level: "problem",
      what: `${file.path} is missing`,
      why: "The old image has it, and nothing explains why the new one has not.",
      cause,
    });
  }

  problem(bucket: string, file: ImageFile, difference: string): void {
    const what = `${file.path} differs: ${difference}`;
    this.#problem(bucket, file, { level: "problem", what, why: "The two images should have the same file." });
  }

  added(file: ImageFile): void {
    const what = `${file.path} is new`;
    const why = "The old image has no such file, and neither a base image nor a package brings it.";
    this.#problem("added", file, { level: "problem", what, why });
  }

  #problem(bucket: string, file: ImageFile, finding: Finding): void {
    this.count(bucket, file);
    const known = this.#more.get(bucket) ?? 0;
    this.#more.set(bucket, known + 1);
    if (known < NAMED) this.#problems.push(finding);
  }

  check(): FileCheck {
    const uncounted = [...this.#more].filter(([, files]) => files > NAMED);
    const more = uncounted.map(
      ([bucket, files]): Finding => ({
        level: "problem",
        what: `${files - NAMED} more files are ${bucket}`,
        why: "Only the first ones are named.",
      }),
    );
    const findings = [...this.#problems, ...more, ...this.#leftBehind(), ...this.#expected];
    const problems = [...this.#more.values()].reduce((sum, files) => sum + files, 0);
    return {
      ok: problems === 0,
      summary: this.#summary(problems),
      findings,
      buckets: Object.fromEntries([...this.#buckets].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  #leftBehind(): readonly Finding[] {
    return [...this.#buckets].flatMap(([bucket, { files, bytes }]): readonly Finding[] => {
      const why = REASONS[bucket];
      if (why === undefined) return [];
      const size = `${(bytes / 1e6).toFixed(1)} MB`;
      return [{ level: "expected", what: `${bucket}: ${files} files, ${size}${this.#most(bucket)}`, why }];
    });
  }

  #most(bucket: string): string {
    const details = [...(this.#details.get(bucket) ?? [])].sort(([, a], [, b]) => b - a).map(([name]) => name);
    const [first, second, third, ...others] = details;
    const shown = [first, second, third].filter((name) => name !== undefined).join(", ");
    return shown === "" ? "" : ` (${shown}${others.length === 0 ? "" : ` and ${others.length} others`})`;
  }

  #summary(problems: number): string {
    const equal = this.#buckets.get("equal")?.files ?? 0;
    const left = [...this.#buckets].reduce((sum, [name, { files }]) => sum + (REASONS[name] ? files : 0), 0);
    const wrong = problems === 0 ? "none unexplained" : `${problems} unexplained or different`;
    return `${equal} equal, ${left} left behind or changed with a reason, ${wrong}`;
  }
}
