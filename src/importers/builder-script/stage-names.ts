/**
 * Names for the stages of a joined Dockerfile.
 *
 *     builder's last stage    "builder"          its own name, where it has a fitting one
 *     final's last stage      "production"
 *     taken names             "builder-2"
 *
 * A name is lower case, no number, and nothing that the file uses as an image, since `COPY --from` would then mean the stage.
 */
import type { LinkedBuild } from "./links.ts";

/** Stage names by stage, where a stage is `<path of its Dockerfile>#<index>`. */
export type StageNames = ReadonlyMap<string, string>;

export function stageKey(linked: LinkedBuild, index: number): string {
  const place = linked.build.derived === undefined ? linked.build.file.path : linked.build.id;
  return `${place}#${index}`;
}

/** Names for all stages of the given builds, builders first. */
export function nameStages(builders: readonly LinkedBuild[], finals: readonly LinkedBuild[]): StageNames {
  const reserved = new Set(["scratch", "context", ...[...builders, ...finals].flatMap(imagesIn)]);
  const names = new Map<string, string>();
  const take = (key: string, wanted: string): void => {
    if (names.has(key)) return;
    const taken = (name: string): boolean => reserved.has(name) || [...names.values()].includes(name);
    let name = wanted;
    for (let count = 2; taken(name); count += 1) name = `${wanted}-${count}`;
    names.set(key, name);
  };
  for (const linked of [...finals, ...builders]) takeOwn(linked, take);
  for (const linked of builders) takeMissing(linked, "builder", take);
  for (const linked of finals) takeMissing(linked, finals.length === 1 ? "production" : ownName(linked), take);
  return names;
}

function takeOwn(linked: LinkedBuild, take: (key: string, wanted: string) => void): void {
  for (const [index, stage] of linked.document.stages.entries()) {
    const own = stage.from.name?.text.toLowerCase();
    if (own !== undefined && /^[a-z][a-z0-9-_.]*$/.test(own)) take(stageKey(linked, index), own);
  }
}

function takeMissing(linked: LinkedBuild, last: string, take: (key: string, wanted: string) => void): void {
  take(stageKey(linked, linked.target), last);
  for (const index of linked.document.stages.keys())
    take(stageKey(linked, index), `${last === "builder" ? "builder" : "build"}-base`);
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

/** Images that a file names; a stage of that name would hide them. */
function imagesIn(linked: LinkedBuild): readonly string[] {
  const names = linked.document.stages.map((stage) => stage.from.name?.text.toLowerCase());
  const bases = linked.document.stages.map((stage) => stage.from.image.text);
  const copied = linked.document.instructions.flatMap((i) =>
    i.flags.filter((flag) => flag.name === "from").map((flag) => flag.value ?? ""),
  );
  return [...bases, ...copied].map((image) => image.toLowerCase()).filter((image) => !names.includes(image));
}
