/**
 * What the old image shows of its run time, before any plan is made, as needs that are certain:
 *
 *     /usr/local/bin/stores links to libpq.so.5, which "libpq5" brings      package libpq5
 *     a process has /usr/lib/…/libsqlite3.so.0 mapped                       package libsqlite3-0
 *     a process has /srv/words.txt open                                     path /srv/words.txt
 *
 * Only presence proves anything: a look at a running container does not see what was opened and closed before. What every image of
 * the distribution has, and what the base image holds outside of packages, is the base's business and no need.
 */
import type { EvidenceNeed, SetupEvidence } from "../model/evidence.ts";
import type { ReadImage, RegularFile } from "../model/image.ts";
import type { Migration } from "../model/migration.ts";
import { type ImagePath, imagePath, isWithin } from "../text/paths.ts";
import { ownerIn } from "./absence.ts";
import { baseReference } from "./base-reference.ts";
import { type BuildWorld, buildBefore } from "./build-images.ts";
import { neededLibraries } from "./compare-libraries.ts";
import { resolveFile } from "./file-paths.ts";
import { type ObserveWorld, observe } from "./observe.ts";
import { type ProbeSetting, probePlan } from "./probe-plan.ts";
import { readImage } from "./read-image.ts";
import { standingPackages } from "./standing-packages.ts";

export interface EvidenceWorld extends ObserveWorld, ProbeSetting {
  readonly build: BuildWorld;
  readonly progress: (message: string) => void;
}

/** Why nothing was learned: a clause for the user. */
export interface NoEvidence {
  readonly problem: string;
  readonly log: readonly string[];
}

/** Builds, reads and runs the old image of a fat Dockerfile. */
export async function evidenceOf(
  { recipe, flows }: Migration,
  world: EvidenceWorld,
): Promise<SetupEvidence | NoEvidence> {
  const old = recipe?.before.at(-1);
  if (recipe === undefined || old === undefined) return { problem: "it makes no image", log: [] };
  const built = await buildBefore(recipe, world.build, "before");
  if (!built.ok) return { problem: `"${built.what}" does not build`, log: built.outcome.log };
  const tag = built.tags[old.id] ?? "";
  world.progress("reading the old image");
  const text = old.dockerfile.text.map((piece) => (typeof piece === "string" ? piece : "")).join("");
  const base = baseReference(text, old.target, old.buildArguments);
  const image = await readImage(world.engine, tag, base, world.signal);
  if (image === undefined) return { problem: "the image that was built is not there any more", log: [] };
  world.progress("running the old image");
  const opened = await openedBy(tag, image, world);
  const shipped = flows.flatMap(({ from, to }) => (from.kind === "stage" ? [from.path, to.path] : []));
  const places = shipped.map((path) => imagePath(path));
  return { librariesSeen: opened.stayed, needs: needsOf(image, places, opened.files) };
}

interface Opened {
  readonly files: ReadonlySet<ImagePath>;
  /** A program that ends may have loaded and closed anything before somebody looked. */
  readonly stayed: boolean;
}

async function openedBy(tag: string, read: ReadImage, world: EvidenceWorld): Promise<Opened> {
  const opened = new Set<ImagePath>();
  const look = async (container: string): Promise<void> => {
    for (const path of (await world.engine.openedFiles(container)) ?? []) opened.add(path);
  };
  const { observation } = await observe({ ...world, look }, tag, read.image.configuration, probePlan(read, world));
  return { files: opened, stayed: observation.staysUp };
}

/** `shipped`: what the plan copies, files and directories; `opened`: by the running container's processes. */
export function needsOf(
  image: ReadImage,
  shipped: readonly ImagePath[],
  opened: ReadonlySet<ImagePath>,
): readonly EvidenceNeed[] {
  const { contents } = image;
  const files = [...contents.files.values()].filter((file): file is RegularFile => file.kind === "file");
  const programs = files.filter(({ path, elf }) => elf !== undefined && shipped.some((one) => isWithin(path, one)));
  const standing = standingPackages(contents);
  const libc = cLibraryOf(image, programs);
  const needs = new Map<string, EvidenceNeed>();
  const add = (path: ImagePath, seen: (owner: string) => string): void => {
    const owner = ownerIn(image, path);
    if (owner !== undefined) {
      if (owner !== libc && !needs.has(owner))
        needs.set(owner, {
          ...{ kind: "package", name: owner, ...(standing.has(owner) ? { standing: true } : {}) },
          because: `${seen(`the package "${owner}" of the old image`)}.`,
        });
      return;
    }
    const file = contents.files.get(path);
    const own = file !== undefined && file.layer >= (image.baseLayers ?? 0);
    if (!own || path.includes("/node_modules/") || shipped.some((one) => isWithin(path, one))) return;
    needs.set(path, { kind: "path", path, form: "file", because: `${seen("the old image")}.` });
  };
  for (const [library, by] of neededLibraries(image, programs))
    add(library, (where) => `"${by}" links to "${library}" of ${where}`);
  for (const path of opened) {
    const file = resolveFile(contents, path);
    const own = file === undefined ? undefined : ownerIn(image, file.path);
    // What a shell and its commands load comes with them.
    if (file?.kind === "file" && !standing.has(own ?? ""))
      add(file.path, (where) => `A process had "${file.path}" of ${where} open when it ran`);
  }
  return [...needs.values()];
}

/** The package of the dynamic linker that shipped programs name: every base that runs them has it, or is none of the proposals. */
function cLibraryOf(image: ReadImage, programs: readonly RegularFile[]): string | undefined {
  for (const { elf } of programs) {
    const linker = elf?.interpreter === undefined ? undefined : resolveFile(image.contents, elf.interpreter);
    const owner = linker === undefined ? undefined : ownerIn(image, linker.path);
    if (owner !== undefined) return owner;
  }
  return undefined;
}
