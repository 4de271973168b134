/**
 * Names for the stages of a joined Dockerfile.
 *
 *     builder's last stage    "builder"          its own name, where it has a fitting one
 *     final's last stage      "production"
 *     taken names             "builder-2"
 *
 * A name is lower case, no number, and nothing that the file uses as an image, since `COPY --from` would then mean the stage.
 */

import { type LinkedBuild, stageReference } from "./links.ts";
import { hasOwnFile } from "./trace.ts";

/** Stage names by stage, where a stage is `<path of its Dockerfile>#<index>`, or `<path>|<ordinal>#<index>`. */
export type StageNames = ReadonlyMap<string, string>;

export function stageKey(linked: LinkedBuild, index: number): string {
  const { build } = linked;
  const place = hasOwnFile(build) ? build.file.path : build.id;
  return `${place}${build.ordinal === undefined ? "" : `|${build.ordinal}`}#${index}`;
}

/** Names for all stages of the given builds, builders first. `told`: what the script itself can call a final by. */
export function nameStages(
  builders: readonly LinkedBuild[],
  finals: readonly LinkedBuild[],
  told: ReadonlyMap<string, { readonly name: string } | undefined> = new Map(),
): StageNames {
  const made = new Set(builders.map(({ build }) => build.id));
  const all = [...builders, ...finals];
  const reserved = new Set(["scratch", "context", ...all.flatMap((linked) => imagesIn(linked, made))]);
  const aliases = new Map(all.flatMap((linked) => aliasKeys(linked, builders)));
  const given = givenNames(all, builders, aliases);
  const names = new Map<string, string>();
  const take = (key: string, wanted: string): void => {
    if (names.has(key) || aliases.has(key)) return;
    const taken = (name: string): boolean => reserved.has(name) || [...names.values()].includes(name);
    let name = wanted;
    for (let count = 2; taken(name); count += 1) name = `${wanted}-${count}`;
    names.set(key, name);
  };
  for (const linked of finals) {
    const name = told.get(linked.build.id)?.name;
    if (name !== undefined) take(stageKey(linked, linked.target), name);
  }
  for (const linked of [...finals, ...builders]) takeOwn(linked, take);
  for (const [key, name] of given) take(key, name);
  for (const linked of builders) takeMissing(linked, "builder", take, finals.length === 0);
  for (const linked of finals) {
    const others = finals.filter((other) => other !== linked && other.build.file.path === linked.build.file.path);
    const last = finals.length === 1 ? "production" : (tagName(linked, others) ?? ownName(linked));
    takeMissing(linked, last, take);
  }
  for (const [alias, key] of aliases) {
    const name = names.get(key);
    if (name !== undefined) names.set(alias, name);
  }
  return names;
}

/** Stages that only name the image of a builder, with the stage that makes it; through others that do the same. */
function aliasKeys(
  linked: LinkedBuild,
  builders: readonly LinkedBuild[],
): readonly (readonly [alias: string, stage: string])[] {
  return [...linked.aliases].flatMap((index) => {
    const builder = builders.find(({ build }) => build.id === linked.bases.get(index));
    return builder === undefined ? [] : [[stageKey(linked, index), stageKey(builder, builder.target)] as const];
  });
}

/** Names that other files already call a builder's image by: the alias's, or the image's own where it can name a stage. */
function givenNames(
  all: readonly LinkedBuild[],
  builders: readonly LinkedBuild[],
  aliases: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const linked of all) {
    for (const index of linked.aliases) {
      const key = aliases.get(stageKey(linked, index));
      const name = ownStageName(linked, index);
      if (key !== undefined && name !== undefined && !given.has(key)) given.set(key, name);
    }
    for (const [instruction, image] of linked.references) {
      const builder = builders.find(({ build }) => build.id === image);
      const [name] = instruction.flags.flatMap((flag) => stageReference(flag) ?? []);
      if (builder === undefined || name === undefined || !isStageName(name)) continue;
      const key = stageKey(builder, builder.target);
      if (!given.has(key)) given.set(key, name);
    }
  }
  return given;
}

function takeOwn(linked: LinkedBuild, take: (key: string, wanted: string) => void): void {
  for (const index of linked.document.stages.keys()) {
    const own = ownStageName(linked, index);
    if (own !== undefined) take(stageKey(linked, index), own);
  }
}

/** https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go: `validStageName` */
export function isStageName(name: string): boolean {
  return /^[a-z][a-z0-9-_.]*$/.test(name);
}

function ownStageName({ document }: LinkedBuild, index: number): string | undefined {
  const own = document.stages[index]?.from.name?.text.toLowerCase();
  return own !== undefined && isStageName(own) ? own : undefined;
}

/** A builder whose whole file stays may have its image behind the stage that is built. */
function takeMissing(
  linked: LinkedBuild,
  last: string,
  take: (key: string, wanted: string) => void,
  stays = false,
): void {
  take(stageKey(linked, linked.target), last);
  const end = linked.document.stages.length - 1;
  if (stays && end > linked.target) take(stageKey(linked, end), "production");
  for (const index of linked.document.stages.keys())
    take(stageKey(linked, index), `${last === "builder" ? "builder" : "build"}-base`);
}

/** What tells a final image from others that are built from the same file: the part of its tag that they do not have. */
function tagName({ build }: LinkedBuild, others: readonly LinkedBuild[]): string | undefined {
  const taken = others.flatMap((other) => other.build.tags.flatMap(({ key }) => partsOfTag(key)));
  const own = others.length === 0 ? [] : build.tags.flatMap(({ key }) => partsOfTag(key));
  return own.find((part) => !taken.includes(part) && isStageName(part));
}

/** The tag of a reference, then its name without the registry and folders. */
function partsOfTag(key: string): readonly string[] {
  const [, name = "", tag = ""] = /^([^:@]*(?::\d+\/[^:@]*)?)(?::(.*))?$/.exec(key) ?? [];
  return [tag, name.split("/").at(-1) ?? ""].filter((part) => part !== "" && part !== "latest");
}

/** What tells a final image from its siblings: its Dockerfile's ending, or the folder that it stands in. */
function ownName(linked: LinkedBuild): string {
  const parts = linked.build.file.path.split("/");
  const file = parts.at(-1) ?? "";
  const ending =
    /^(?:Dockerfile|Containerfile)[._-](.+)$/i.exec(file)?.[1] ??
    /^(.+)\.(?:Dockerfile|Containerfile)$/i.exec(file)?.[1];
  const name = (ending ?? parts.at(-2) ?? "production").toLowerCase().replace(/[^a-z0-9-_.]+/g, "-");
  return /^[a-z]/.test(name) ? name : `image-${name}`;
}

/** Images that a file names and goes on to use; a stage of that name would hide them. */
function imagesIn(linked: LinkedBuild, made: ReadonlySet<string>): readonly string[] {
  const names = linked.document.stages.map((stage) => stage.from.name?.text.toLowerCase());
  const bases = linked.document.stages.flatMap((stage, index) =>
    made.has(linked.bases.get(index) ?? "") ? [] : [stage.from.image.text],
  );
  const copied = linked.document.instructions.flatMap((instruction) =>
    made.has(linked.references.get(instruction) ?? "")
      ? []
      : instruction.flags.flatMap((flag) => stageReference(flag) ?? []),
  );
  return [...bases, ...copied].map((image) => image.toLowerCase()).filter((image) => !names.includes(image));
}
