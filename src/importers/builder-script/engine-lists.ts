/**
 * What the lists of an engine print, where that is one container or image that the script made.
 *
 *     docker ps -lq              the container that was made last
 *     docker ps -aqf name=x      the containers of that name
 *     docker images -q app       the image that has the name
 *
 * What is not decided here: lists that the script looks through itself (`docker ps | grep …`), which nothing is known of.
 */
import { type ContainerCall, hasSwitch, optionValues } from "../../shell/container-cli.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { fieldKey, imageKey, LISTED } from "./values.ts";
import type { World } from "./world.ts";

/** `docker ps -aqf name=x` prints the containers of that name, `docker ps -lq` the one that was made last. */
export function readList({ world }: CommandContext, call: ContainerCall): Done {
  const latest = hasSwitch(call, "latest") && hasSwitch(call, "quiet") ? lastMade(world) : undefined;
  if (latest !== undefined) return { ...PLAIN, output: [{ kind: "unknown", source: "$(docker ps)", tag: latest }] };
  const [name, ...others] = optionValues(call, "filter").flatMap(
    (field) => /^name=\^?\/?(.+?)\$?$/.exec(fieldKey(field))?.[1] ?? [],
  );
  if (name === undefined || others.length > 0) return { ...PLAIN, doubtful: true, output: undefined };
  return { ...PLAIN, output: [{ kind: "unknown", source: "$(docker ps)", tag: `${LISTED}${name}` }] };
}

/** The id of the container that was made last. */
function lastMade({ containers }: World): string | undefined {
  const ids = [...containers.keys()].flatMap((key) => /^‹(container (\d+))›$/.exec(key)?.[1] ?? []);
  return ids.sort((a, b) => Number(a.split(" ")[1]) - Number(b.split(" ")[1])).at(-1);
}

/** `docker images -q app` prints the id of the image that has the name, if there is one; `undefined` where none is known. */
export function imageListed({ world }: CommandContext, call: ContainerCall): Done | undefined {
  const [field] = call.operands;
  const id = field && world.images.get(imageKey(fieldKey(field)));
  if (field === undefined || id === undefined) return undefined;
  const output = hasSwitch(call, "quiet")
    ? [{ kind: "unknown" as const, source: "$(docker images)", tag: id }]
    : undefined;
  return {
    effects: [{ kind: "image", verb: "images", images: [id], names: [fieldKey(field)], ranges: [field.range] }],
    truth: true,
    doubtful: true,
    output,
  };
}
