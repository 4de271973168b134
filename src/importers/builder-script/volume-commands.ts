/**
 * `docker volume create` and `docker volume rm`.
 *
 *     docker volume create objects           an empty volume; gone with the containers that see it
 *     docker volume rm objects               what is in it is gone
 *     docker volume create -o type=none -o o=bind -o device=/srv src        holds what is not known
 *
 * The options of a driver may put anything into a volume (https://docs.docker.com/reference/cli/docker/volume/create/#opt), and
 * volumes of other drivers lie somewhere else.
 */
import { type ContainerCall, optionValue } from "../../shell/container-cli.ts";
import { fieldText } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { type HostNode, place, VOLUMES } from "./host-tree.ts";
import { fieldKey } from "./values.ts";
import type { World } from "./world.ts";

export function readVolume({ world, step }: CommandContext, call: ContainerCall): Done {
  const creates = call.verb === "volume create";
  // The name may also be that of an option, which docker takes as well.
  const given = creates ? optionValue(call, "name") : undefined;
  const fields = given === undefined ? call.operands : [given];
  const names = fields.map(fieldKey);
  const done = { truth: true, doubtful: true, output: undefined } as const;
  if (!creates)
    return { ...done, effects: [{ kind: "volume", names }], world: filled(world, names, { kind: "absent" }) };
  const driver = optionValue(call, "driver");
  const isPlain = (driver === undefined || fieldText(driver) === "local") && optionValue(call, "opt") === undefined;
  if (isPlain) return { ...done, effects: [{ kind: "volume", names }] };
  const made: HostNode = { kind: "made", shape: "directory", presumed: false, by: [step] };
  const name = { parts: [{ kind: "text", text: `${call.program} volume create` }], range: call.callSpan } as const;
  return {
    ...done,
    effects: [unread([name, ...call.options.flatMap(({ value }) => value ?? []), ...fields])],
    world: filled(world, names, made),
  };
}

function filled(world: World, names: readonly string[], node: HostNode): World {
  return { ...world, host: names.reduce((host, name) => place(host, `${VOLUMES}/${name}`, node), world.host) };
}
