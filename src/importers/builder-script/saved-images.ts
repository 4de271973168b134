/**
 * Images that go through an archive and come back.
 *
 *     docker save app:build | docker load                          the image as it was, under its names
 *     docker save app:build | gzip > b.tgz                         an archive of it, compressed or not
 *     docker load -i b.tgz                                         the same image again
 *     docker export x | docker import - flat                       an image of the container's files that no Dockerfile makes
 *
 * `docker save` keeps the tags that its words name, all of a repository where a word has none, and none for an id
 * (https://docs.docker.com/reference/cli/docker/image/save/); `docker load` takes an archive with any usual compression and restores
 * images and tags (https://docs.docker.com/reference/cli/docker/image/load/). What is not decided here: whether the commands go
 * (dispositions.ts). An archive that comes from elsewhere is not known, and its call stays unread.
 */
import { type ContainerCall, optionValue } from "../../shell/container-cli.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { unreadVerb } from "./engine-calls.ts";
import { directoriesOf } from "./host-operands.ts";
import { containsImage, type HostNode, look, type MadeNode, place, type SavedImage, type Step } from "./host-tree.ts";
import type { Effect, Visit } from "./trace.ts";
import { absolutePath, fieldKey, imageKey } from "./values.ts";
import type { World } from "./world.ts";

/** `docker save`: to a file, or to standard output. */
export function readSave(context: CommandContext, call: ContainerCall): Done {
  const { world, shell, step } = context;
  const names = call.operands.map(fieldKey);
  const saved = names.flatMap((name) => savedAs(world, name));
  const effect = useOf(
    "save",
    names.flatMap((name) => meantBy(savedAs(world, name), name)),
  );
  const node: MadeNode = { kind: "made", shape: "file", presumed: false, saved, by: [step] };
  const output = optionValue(call, "output");
  if (output === undefined) return { effects: [effect], truth: true, stream: node, world };
  const path = absolutePath(shell.cwd, fieldKey(output));
  const into = directoriesOf(world.host, [path]);
  const writes: Effect = { kind: "move", reads: [], from: [], to: [path], makesFile: true, into };
  const host = place(world.host, path, node);
  return { effects: [effect, writes], truth: true, output: [], world: { ...world, host } };
}

function useOf(verb: "load" | "save", saved: readonly SavedImage[]): Extract<Effect, { kind: "image" }> {
  const names = saved.map(({ reference, image }) => reference ?? image);
  return { kind: "image", verb, images: saved.map(({ image }) => image), names };
}

/** A name with the image that it means now; a bare name stands for all tags of the repository, an id for no name. */
function savedAs(world: World, name: string): readonly SavedImage[] {
  const key = imageKey(name);
  const own = world.images.get(key);
  if (/^‹[^›]*›$/.test(name) && own !== undefined) return [{ image: own }];
  const tags = key === name ? [] : [...world.images].filter(([reference]) => reference.startsWith(`${name}:`));
  return tags.length > 0
    ? tags.map(([reference, image]) => ({ reference, image }))
    : [{ reference: key, image: own ?? key }];
}

/** Of a repository's images the one that its bare name means everywhere else, if there is one: others only come along. */
function meantBy(saved: readonly SavedImage[], name: string): readonly SavedImage[] {
  const own = saved.filter(({ reference }) => reference === imageKey(name));
  return own.length > 0 ? own : saved;
}

/** `docker load`, of an archive that the script itself made. */
export function readLoad(context: CommandContext, call: ContainerCall): Done {
  const { world, shell } = context;
  const option = optionValue(call, "input");
  const node = option === undefined ? context.input : look(world.host, absolutePath(shell.cwd, fieldKey(option)));
  if (node?.kind !== "made" || node.saved === undefined)
    return { effects: [unreadVerb(call) ?? { kind: "plain" }], truth: true, doubtful: true, output: undefined };
  const images = new Map(world.images);
  for (const { reference, image } of node.saved) if (reference !== undefined) images.set(reference, image);
  const effect: Effect = { ...useOf("load", node.saved), through: node.by };
  return { effects: [effect], truth: true, output: undefined, world: { ...world, images } };
}

/**
 * `docker import`: the files of an archive as an image whose configuration is that of `--change` alone
 * (https://docs.docker.com/reference/cli/docker/image/import/).
 */
export function readImport(context: CommandContext, call: ContainerCall): Done {
  const { world, shell, step } = context;
  const [source, name] = call.operands.map(fieldKey);
  const node =
    source === undefined || source === "-" ? context.input : look(world.host, absolutePath(shell.cwd, source));
  const known: Effect = unreadVerb(call) ?? { kind: "plain" };
  const through = node !== undefined && "by" in node ? node.by : [];
  // What came out of no image of the script is an image like one that was there before.
  if (name === undefined || node === undefined || through.length === 0 || !containsImage(node))
    return { effects: [known], truth: true, doubtful: true, output: undefined };
  const image = `imported ${step}`;
  const effect: Effect = { kind: "import", image, name, through };
  const images = new Map(world.images).set(imageKey(name), image);
  return { effects: [effect, known], truth: true, output: undefined, world: { ...world, images } };
}

/**
 * The commands that `docker save` calls and what they save went through on its way back, by the save's step; only where nothing else
 * had the archive, and none of it is left on the host.
 */
export function returnedImages(visits: readonly Visit[]): ReadonlyMap<Step, readonly Step[]> {
  const returned = new Map<Step, readonly Step[]>();
  for (const visit of visits) {
    if (!visit.effects.some((effect) => effect.kind === "image" && effect.verb === "save")) continue;
    const { step } = visit;
    const loads = visits.filter((one) => one.effects.some((effect) => isLoadOf(effect, step)));
    const used = visits.some((one) => one.effects.some((effect) => effect.kind === "foreign" && reads(effect, step)));
    if (loads.length === 0 || used || !isGone(visits, step)) continue;
    const through = loads.flatMap((load) =>
      load.effects.flatMap((effect) => (isLoadOf(effect, step) ? (effect.through ?? []) : [])),
    );
    returned.set(step, [...new Set([...through, ...loads.map((load) => load.step)])]);
  }
  return returned;
}

function isLoadOf(effect: Effect, step: Step): effect is Extract<Effect, { kind: "image" }> {
  return effect.kind === "image" && effect.verb === "load" && effect.through?.includes(step) === true;
}

function reads(effect: Extract<Effect, { kind: "foreign" }>, step: Step): boolean {
  return effect.reads.some((node) => isSavedBy(node, step));
}

function isSavedBy(node: HostNode, step: Step): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].some((one) => isSavedBy(one, step));
  return node.kind === "made" && node.saved !== undefined && node.by.includes(step);
}

/** Whether each place that the archive was put at was cleared, or moved on from. */
function isGone(visits: readonly Visit[], step: Step): boolean {
  const has = (visit: Visit): boolean =>
    visit.step === step ||
    visit.effects.some((effect) => effect.kind === "move" && effect.reads.some((node) => isSavedBy(node, step)));
  const places = visits
    .filter(has)
    .flatMap(({ effects }) => effects.flatMap((one) => (one.kind === "move" ? one.to : [])));
  return places.every((place) => visits.some(({ effects }) => effects.some((effect) => clears(effect, place, step))));
}

function clears(effect: Effect, place: string, step: Step): boolean {
  if (effect.kind === "move") return effect.moves === true && effect.from.includes(place);
  return effect.kind === "remove" && effect.paths.some(({ path, node }) => path === place && isSavedBy(node, step));
}
