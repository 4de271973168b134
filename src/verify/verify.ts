/**
 * Builds before and after, compares them and runs both:
 *
 *     await verifyMigration(migration, world)      // { verdict: "verified", images: [{ files: …, behaviour: … }], … }
 *
 * Pure but for what the world does: an engine, copies of the project, digests and waiting. The checkout is never touched. What is
 * not decided here: what the user agreed to, and what becomes of the result.
 */
import type { Engine, Network } from "../engine/engine.ts";
import { EngineLostError } from "../engine/engine-lost.ts";
import type { ReadImage } from "../model/image.ts";
import { maskSecrets } from "../model/mask.ts";
import type { Migration } from "../model/migration.ts";
import type { BuildRecipe, MigratedImage } from "../model/recipe.ts";
import type { Check, ImageVerification, SizeAndTime, Verification } from "../model/verification.ts";
import type { ImagePath } from "../text/paths.ts";
import { baseReference } from "./base-reference.ts";
import { type Budget, overBudget } from "./budget.ts";
import { afterKey, type BuildFailure, type BuildWorld, type Built, buildAfter, buildBefore } from "./build-images.ts";
import { compareBehaviour } from "./compare-behaviour.ts";
import { compareConfiguration } from "./compare-configuration.ts";
import { compareFiles } from "./compare-files.ts";
import { compareLibraries } from "./compare-libraries.ts";
import { failureCauses } from "./failure-causes.ts";
import { resolveFile } from "./file-paths.ts";
import { compareModules } from "./node-modules.ts";
import { type Hidden, type Observed, type ObserveWorld, observe } from "./observe.ts";
import { type ProbeWish, probePlan } from "./probe-plan.ts";
import { type ImageWithBase, readImage } from "./read-image.ts";

export interface VerifyWorld extends ObserveWorld {
  readonly engine: Engine;
  readonly runNetwork: Network;
  readonly probe: ProbeWish;
  readonly budget?: Budget;
  readonly progress: (message: string) => void;
  /** Whether builds are cold, so that their times say something. */
  readonly timed: boolean;
  /** Builds the project as it was; a `touched` file of a copy is changed a little, to see what a rebuild costs. */
  readonly before: (touched: string | undefined) => BuildWorld;
  readonly after: (touched: string | undefined) => { readonly world: BuildWorld; readonly root: string };
  /** Whether the user wants the real script to be run. */
  readonly wantsScript: boolean;
  /** The old images by the real script, where that is wanted and there is one. */
  readonly runScript?: () => Promise<Built>;
  /** The text of a file of the new state; empty where it is not there. */
  readonly readAfter: (path: string) => string;
  /** A source file that both builds read, if there is one whose change does no harm. */
  readonly touched?: string;
  readonly checkout: { readonly digests: ReadonlySet<string>; readonly directories: ReadonlySet<string> };
}

/** What a verification learned of the images, for whoever repairs the plan. */
export interface Verified {
  readonly verification: Verification;
  readonly images: readonly {
    readonly target: string;
    readonly before: ImageWithBase;
    readonly after: ImageWithBase;
  }[];
}

/** What a verification learned of the old state, which is the same for every plan. */
export class OldState {
  built: Built | undefined;
  rebuilt: Built | undefined;
  readonly images = new Map<string, ImageWithBase>();
  readonly runs = new Map<string, readonly [Observed, Observed]>();
}

/** `old` spares another plan for the same setup to build, read and run the old state once more. */
export async function verifyMigration(
  migration: Migration,
  world: VerifyWorld,
  old: OldState = new OldState(),
): Promise<Verified> {
  const { recipe } = migration;
  const { summary: engine } = world.engine.facts;
  const frame = { engine, images: [], rounds: [] };
  if (recipe === undefined || migration.changes.length === 0)
    return only({ ...frame, verdict: "nothing-to-verify", summary: `Nothing changes: ${migration.summary}` });
  const pairs = recipe.after.filter(({ replaces }) => replaces !== undefined);
  if (pairs.length === 0)
    return only({ ...frame, verdict: "impossible", summary: "It only hands files to the host, and makes no image." });
  if (world.wantsScript && world.runScript === undefined && migration.kind === "builder-script") {
    const summary = 'No shell script drives it by itself, so that there is none to run; leave "--run-script" out.';
    return only({ ...frame, verdict: "impossible", summary });
  }
  const [unreplayable] = recipe.unreplayable;
  if (unreplayable !== undefined && world.runScript === undefined) {
    const { path, line, reason } = unreplayable;
    const summary = `The old build cannot be followed without its script (${path}:${line}: ${reason}); "--run-script" runs it.`;
    return only({ ...frame, verdict: "impossible", summary });
  }
  old.built ??= await (world.runScript?.() ?? buildBefore(recipe, world.before(undefined), "before"));
  const before = old.built;
  if (!before.ok) return only({ ...frame, ...failed(before, "before") });
  const after = await afterOf(recipe, world, undefined, "after");
  if (!after.ok) return only({ ...frame, ...failed(after, "after") });
  const rebuild = await rebuildTimes(recipe, world, old);
  const images: ImageVerification[] = [];
  const read: Verified["images"][number][] = [];
  for (const pair of pairs) {
    const both = await readPair(pair, recipe, { before, after, old }, world);
    if (both === undefined)
      return only({ ...frame, verdict: "impossible", summary: "An image that was built is not there any more." });
    read.push({ target: pair.target, before: both.before, after: both.after });
    const cold = world.timed ? { before: before.took, after: after.took } : undefined;
    images.push(await verifyPair(pair, both, { recipe, migration, cold, rebuild, old }, world));
  }
  return { verification: { ...frame, ...verdictOf(images, world), images, ...notesOf(before, after) }, images: read };
}

function only(verification: Verification): Verified {
  return { verification, images: [] };
}

function notesOf(before: Built, after: Built): { readonly log?: readonly string[] } {
  const notes = [...(before.ok ? before.notes : []), ...(after.ok ? after.notes : [])];
  return notes.length === 0 ? {} : { log: [...new Set(notes)] };
}

/** A failing build, as the verdict that it is. An engine that went away is none. */
function failed(
  { what, outcome }: Extract<Built, { ok: false }>,
  side: "before" | "after",
): Pick<Verification, "verdict" | "summary" | "log" | "reference"> {
  const log = outcome.log.map(maskSecrets);
  const { why } = outcome;
  if (why === "engine-lost") throw new EngineLostError(`${log.at(-1) ?? "no answer"} (in the build of "${what}")`);
  const reference = outcome.reference === undefined ? {} : { reference: outcome.reference };
  const which = side === "before" ? `The old build fails by itself: "${what}"` : `The new build fails: "${what}"`;
  const problem: Readonly<Record<Exclude<BuildFailure["why"], "engine-lost">, string>> = {
    "base-missing": `The image "${outcome.reference ?? "?"}" cannot be had, which "${what}" starts from.`,
    "frontend-missing": `The frontend "${outcome.reference ?? "?"}" of "${what}" cannot be had.`,
    "build-failed": `${which} does not build.`,
    timeout: `${which} took longer than allowed.`,
    cancelled: "It was interrupted.",
    "artifact-missing": `${which} copies what is not in the image that it comes out of.`,
  };
  const missing = why === "base-missing" || why === "frontend-missing";
  const verdict = missing ? "base-missing" : (`${side}-fails` as const);
  return { verdict, summary: problem[why], log, ...reference };
}

function afterOf(recipe: BuildRecipe, world: VerifyWorld, touched: string | undefined, name: string): Promise<Built> {
  const { world: build, root } = world.after(touched);
  return buildAfter(recipe.after, root, build, name);
}

/** Both once more with the cache, after one file changed. */
async function rebuildTimes(recipe: BuildRecipe, world: VerifyWorld, old: OldState): Promise<SizeAndTime["rebuild"]> {
  const { touched } = world;
  if (touched === undefined || world.runScript !== undefined) return undefined;
  old.rebuilt ??= await buildBefore(recipe, world.before(touched), "again");
  const before = old.rebuilt;
  const after = before.ok ? await afterOf(recipe, world, touched, "again-after") : before;
  return before.ok && after.ok ? { before: before.took, after: after.took, touched } : undefined;
}

interface Pair {
  readonly before: ImageWithBase;
  readonly after: ImageWithBase;
  readonly tags: { readonly before: string; readonly after: string };
}

interface BothBuilt {
  readonly before: Extract<Built, { ok: true }>;
  readonly after: Extract<Built, { ok: true }>;
  readonly old: OldState;
}

async function readPair(
  { replaces = "", target, dockerfile, buildArguments }: MigratedImage,
  recipe: BuildRecipe,
  { before, after, old: { images } }: BothBuilt,
  world: VerifyWorld,
): Promise<Pair | undefined> {
  const { engine, signal } = world;
  const old = recipe.before.find(({ id }) => id === replaces);
  const tags = { before: before.tags[replaces], after: after.tags[afterKey({ dockerfile, target })] };
  if (tags.before === undefined || tags.after === undefined || old === undefined) return undefined;
  world.progress(`reading "${target}" and the image that it replaces`);
  const text = old.dockerfile.text
    .map((piece) => (typeof piece === "string" ? piece : (before.tags[piece.image] ?? "")))
    .join("");
  const oldBase = baseReference(text, old.target, old.buildArguments);
  const newBase = baseReference(world.readAfter(dockerfile), target, buildArguments);
  const one = images.get(tags.before) ?? (await readImage(engine, tags.before, oldBase, signal));
  if (one !== undefined) images.set(tags.before, one);
  const other = await readImage(engine, tags.after, newBase, signal);
  if (one === undefined || other === undefined) return undefined;
  return { before: one, after: other, tags: { before: tags.before, after: tags.after } };
}

interface Surrounding {
  readonly recipe: BuildRecipe;
  readonly migration: Migration;
  readonly cold: SizeAndTime["coldBuild"];
  readonly rebuild: SizeAndTime["rebuild"];
  readonly old: OldState;
}

async function verifyPair(
  image: MigratedImage,
  pair: Pair,
  { recipe, migration, cold, rebuild, old: { runs } }: Surrounding,
  world: VerifyWorld,
): Promise<ImageVerification> {
  const { before, after, tags } = pair;
  const configuration = compareConfiguration({
    before: before.image,
    after: after.image,
    beforeBase: before.base,
    afterBase: after.base,
    leftOut: new Map(Object.entries(recipe.leftOut)),
    resettled: new Map(Object.entries(recipe.resettled ?? {})),
  });
  const files = await compareFiles({
    before,
    after,
    checkout: world.checkout,
    changed: {
      before: new Set(migration.changes.flatMap(({ before }) => (before === undefined ? [] : digestOf(before, world)))),
      // With --after, they stand there as somebody has left them.
      after: new Set(
        migration.changes.flatMap(({ path, after }) =>
          after === undefined ? [] : [digestOf(after, world), digestOf(world.readAfter(path), world)],
        ),
      ),
    },
    onPurpose: new Map(Object.entries(image.onPurpose ?? {})),
    read: (side, path) => world.engine.readFile(tags[side], path, LONGEST),
  });
  const libraries = compareLibraries(before, after);
  world.progress(`running "${image.target}" and the image that it replaces`);
  const behaviour = await behaviourOf(image, pair, migration, runs, world);
  const old = recipe.before.find(({ id }) => id === image.replaces);
  return {
    target: image.target,
    replaces: old?.dockerfile.path ?? "the Dockerfile of the script",
    configuration,
    files,
    libraries,
    behaviour,
    size: {
      bytes: { before: before.image.size, after: after.image.size },
      layers: { before: before.image.layers.length, after: after.image.layers.length },
      ...(cold === undefined ? {} : { coldBuild: cold }),
      ...(rebuild === undefined ? {} : { rebuild }),
      largest: largestIn(after),
    },
  };
}

function digestOf(text: string, { digest }: VerifyWorld): string {
  return digest(new TextEncoder().encode(text));
}

/** Longest file whose content is fetched to see what it differs in. */
const LONGEST = 128 * 1024 * 1024;

async function behaviourOf(
  image: MigratedImage,
  pair: Pair,
  migration: Migration,
  runs: OldState["runs"],
  world: VerifyWorld,
) {
  const { before, after, tags } = pair;
  const plan = probePlan(before, world);
  const run = (tag: string, read: ReadImage, hidden: readonly Hidden[] = []): Promise<Observed> =>
    observe(world, tag, read.image.configuration, plan, hidden);
  const [first, again] = runs.get(tags.before) ?? [await run(tags.before, before), await run(tags.before, before)];
  runs.set(tags.before, [first, again]);
  const now = await run(tags.after, after);
  const hidden = artifactsOf(image, migration, after);
  const control = hidden.length === 0 ? undefined : await run(tags.after, after, hidden);
  const known = new Set(
    [first, again].flatMap((one) => failureCauses(outputOf(one)).map((cause) => JSON.stringify(cause))),
  );
  // What the old container says, too, is not why the new one fails.
  const causes = failureCauses(outputOf(now)).filter((cause) => !known.has(JSON.stringify(cause)));
  const modules = await compareModules(world.engine, tags, before, after);
  const { status, contains } = world.probe;
  const wanted = { ...(status === undefined ? {} : { status }), ...(contains === undefined ? {} : { contains }) };
  return compareBehaviour({
    before: [first, again],
    after: now,
    control,
    wanted,
    causes,
    modules,
  });
}

/** What a container says: in its log, to its health check, and in the pages that tell of an error. */
function outputOf({ observation: { stdout, stderr, answers }, bodies, state, problem = "" }: Observed): string {
  const pages = answers.flatMap(({ request, status = 0 }) => (status >= 500 ? (bodies.get(request) ?? []) : []));
  return [stdout, stderr, state?.error ?? "", state?.healthOutput ?? "", problem, ...pages].join("\n");
}

/** What the stage gets from others: hidden, it should make the probe fail. */
function artifactsOf(
  { target, dockerfile }: MigratedImage,
  { flows }: Migration,
  { contents }: ReadImage,
): readonly Hidden[] {
  const places = flows
    .filter(({ from, to }) => from.kind === "stage" && to.stage === target && to.dockerfile === dockerfile)
    .flatMap(({ to }) => resolveFile(contents, to.path) ?? []);
  const kinds = [...new Set(places)].flatMap(({ path, kind }): readonly Hidden[] =>
    path !== "/" && (kind === "file" || kind === "directory") ? [{ path, kind }] : [],
  );
  // A mount below another one would bring back what that one hides.
  return kinds.filter(({ path }) => !kinds.some((other) => path.startsWith(`${other.path}/`)));
}

/** Top directories and large files of the new image above its base, largest first. */
function largestIn({ contents, baseLayers = 0 }: ReadImage): SizeAndTime["largest"] {
  const sums = new Map<string, number>();
  if (baseLayers > 0) {
    const base = contents.layers.slice(0, baseLayers).reduce((sum, { size }) => sum + size, 0);
    sums.set("the base image", base);
  }
  for (const file of contents.files.values()) {
    if (file.kind !== "file" || file.layer < baseLayers || file.hardlinkTo !== undefined) continue;
    const top = topOf(file.path);
    sums.set(top, (sums.get(top) ?? 0) + file.size);
  }
  return [...sums]
    .map(([path, bytes]) => ({ path, bytes }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 8);
}

function topOf(path: ImagePath): string {
  const parts = path.split("/").slice(1);
  return `/${parts.slice(0, /^(?:usr|opt|srv|var|home)$/.test(parts[0] ?? "") ? 3 : 2).join("/")}`;
}

function verdictOf(
  images: readonly ImageVerification[],
  { budget }: VerifyWorld,
): Pick<Verification, "verdict" | "summary"> {
  const checks = (image: ImageVerification): readonly Check[] => [
    image.configuration,
    image.files,
    image.libraries,
    image.behaviour,
  ];
  const problems = images
    .flatMap(checks)
    .flatMap(({ findings }) => findings.filter(({ level }) => level === "problem"));
  const bad = images.some((image) => checks(image).some(({ ok }) => !ok));
  if (bad)
    return { verdict: "differs", summary: `${problems.length} problems, the first: ${problems[0]?.what ?? ""}.` };
  for (const { size } of images) {
    const over = budget && overBudget(budget, size.bytes.before, size.bytes.after);
    if (over !== undefined) return { verdict: "over-budget", summary: `It works as before, but ${over}.` };
  }
  if (images.some(({ behaviour }) => !behaviour.proves)) {
    const summary =
      "Nothing differs, but no probe notices when the artifacts are gone, so that it is not proven to work.";
    return { verdict: "unproven", summary };
  }
  const sizes = images.map(({ size: { bytes } }) => {
    const [old, now] = [bytes.before, bytes.after].map((count) => `${(count / 1e6).toFixed(1)} MB`);
    return `${old} before, ${now} after`;
  });
  return { verdict: "verified", summary: `It has what it needs and does what it did: ${sizes.join("; ")}.` };
}
