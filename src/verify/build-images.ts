/**
 * Builds the images of a recipe, before and after, under names of our own:
 *
 *     await buildBefore(recipe, world)      // { ok: true, tags: { "Dockerfile": "restage-3f2a-before-1" }, took: 12_300 }
 *
 * The user's own image names are never given to anything: where a Dockerfile names an image of the recipe, its text is built
 * from a copy that names ours. What is not decided here: where copies live and how files are written (BuildWorld).
 */
import type { BuildOutcome, Engine, Network } from "../engine/engine.ts";
import type { BuildRecipe, LegacyImage, MigratedImage, PreparedFile } from "../model/recipe.ts";
import type { ImagePath } from "../text/paths.ts";

/** What building needs of the world besides an engine. */
export interface BuildWorld {
  readonly engine: Engine;
  readonly network: Network;
  /** Milliseconds for one build. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly noCache: boolean;
  readonly progress: (message: string) => void;
  /** A new copy of the project that is built; returns its root. */
  readonly copyProject: () => string;
  /** Puts files into a copy, and says which are not there to be put. */
  readonly prepare: (
    root: string,
    files: readonly PreparedFile[],
    copyOut: (image: string, path: ImagePath, destination: string) => Promise<boolean>,
  ) => Promise<readonly string[]>;
  /** Writes a Dockerfile outside of the copy, with the ignore file that counts for it; returns its path. */
  readonly writeDockerfile: (root: string, path: string | undefined, text: string) => string;
  /** An empty directory, for builds without a context. */
  readonly emptyDirectory: () => string;
  readonly join: (root: string, path: string) => string;
}

export type Built =
  | {
      readonly ok: true;
      /** Our tags, by the id of the old image, or by `afterKey` of the new one. */
      readonly tags: Readonly<Record<string, string>>;
      /** Milliseconds of all builds together. */
      readonly took: number;
      readonly notes: readonly string[];
    }
  | {
      readonly ok: false;
      /** Which of the builds it was. */
      readonly what: string;
      readonly outcome: BuildFailure;
    };

/** Why an image is not there: its build failed, or what it copies was not in the image that it comes out of. */
export type BuildFailure =
  | Extract<BuildOutcome, { ok: false }>
  | {
      readonly ok: false;
      readonly why: "artifact-missing";
      readonly log: readonly string[];
      readonly reference?: string;
    };

/** Builds the old images in order; each finds what the script had taken out of those before it. */
export async function buildBefore(recipe: BuildRecipe, world: BuildWorld, name: string): Promise<Built> {
  const tags: Record<string, string> = {};
  const notes: string[] = [];
  let took = 0;
  for (const [index, image] of recipe.before.entries()) {
    const what = image.dockerfile.path ?? "a Dockerfile of the script";
    world.progress(`building ${what} as it is (${index + 1} of ${recipe.before.length})`);
    const tag = tagOf(world, `${name}-${index + 1}`);
    const built = await buildLegacy(image, tags, tag, world);
    if (!built.ok) return { ok: false, what, outcome: built };
    tags[image.id] = tag;
    took += built.took;
    notes.push(...built.notes);
  }
  return { ok: true, tags, took, notes };
}

async function buildLegacy(
  image: LegacyImage,
  tags: Readonly<Record<string, string>>,
  tag: string,
  world: BuildWorld,
): Promise<BuildFailure | Extract<BuildOutcome, { ok: true }>> {
  const root = world.copyProject();
  const text = image.dockerfile.text.map((piece) => (typeof piece === "string" ? piece : (tags[piece.image] ?? "")));
  const missing = await world.prepare(root, image.prepared, (id, path, destination) =>
    world.engine.copyOut(tags[id] ?? id, path, destination),
  );
  if (missing.length > 0)
    return { ok: false, why: "artifact-missing", log: missing.map((path) => `"${path}" is not in the image`) };
  return world.engine.build({
    directory: image.context === undefined ? world.emptyDirectory() : world.join(root, image.context),
    dockerfile: world.writeDockerfile(root, image.dockerfile.path, text.join("")),
    tag,
    buildArguments: image.buildArguments,
    ...(image.target === undefined ? {} : { target: image.target }),
    network: world.network,
    noCache: world.noCache,
    timeout: world.timeout,
    ...(world.signal === undefined ? {} : { signal: world.signal }),
  });
}

/** Builds the new images out of one copy, which the caller has changed to what the migration makes of it. */
export async function buildAfter(
  images: readonly MigratedImage[],
  root: string,
  world: BuildWorld,
  name: string,
): Promise<Built> {
  const tags: Record<string, string> = {};
  const notes: string[] = [];
  let took = 0;
  for (const [index, image] of images.entries()) {
    const what = `${image.dockerfile}, target "${image.target}"`;
    world.progress(`building ${what} (${index + 1} of ${images.length})`);
    const tag = tagOf(world, `${name}-${index + 1}`);
    const outcome = await world.engine.build({
      directory: world.join(root, image.context),
      dockerfile: world.join(root, image.dockerfile),
      tag,
      buildArguments: image.buildArguments,
      target: image.target,
      network: world.network,
      // The first build of a file is cold; other targets of it find the stages that they share, as they do when they are called.
      noCache: world.noCache && images.findIndex(({ dockerfile }) => dockerfile === image.dockerfile) === index,
      timeout: world.timeout,
      ...(world.signal === undefined ? {} : { signal: world.signal }),
    });
    if (!outcome.ok) return { ok: false, what, outcome };
    tags[afterKey(image)] = tag;
    took += outcome.took;
    notes.push(...outcome.notes);
  }
  return { ok: true, tags, took, notes };
}

/** Names a new image: two Dockerfiles may have a stage of one name. */
export function afterKey({ dockerfile, target }: Pick<MigratedImage, "dockerfile" | "target">): string {
  return `${dockerfile}#${target}`;
}

function tagOf({ engine }: BuildWorld, name: string): string {
  return `restage-${engine.runId}-${name}`;
}
