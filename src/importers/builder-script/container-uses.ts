/**
 * What commands about a container that is there already do to the abstract world.
 *
 *     docker exec x make                     x holds the files of another image
 *     docker export x > rootfs.tar           an archive of all that x holds
 *     docker commit x app                    "app" names the image that x holds
 */
import { type ContainerCall, hasSwitch, optionValue } from "../../shell/container-cli.ts";
import { imagePath } from "../../text/paths.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { type ContainerRun, derivation, runInContainer, waits, withDerived } from "./container-run.ts";
import { type HostNode, type ImageNode, place } from "./host-tree.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, fieldKey, imageKey } from "./values.ts";
import type { Container } from "./world.ts";

/** Verbs whose operands are containers; what runs in one makes it hold another image. */
export function readContainerUse(context: CommandContext, call: ContainerCall, verb: string): Done {
  const { world } = context;
  const operands = verb === "exec" || verb === "commit" ? call.operands.slice(0, 1) : call.operands;
  const keys = operands.map(fieldKey);
  const containers = new Map(world.containers);
  if (verb === "rm") for (const key of keys) containers.delete(key);
  if (verb === "rename" && keys[0] !== undefined && keys[1] !== undefined) {
    const container = containers.get(keys[0]);
    if (container !== undefined) containers.set(keys[1], container);
  }
  const known = keys.flatMap((key) => world.containers.get(key) ?? []);
  const images = known.map((container) => container.image);
  const created = known.map((container) => container.created);
  const used: Effect = { kind: "container", verb, containers: keys, images, created };
  const [container] = known;
  const run = container === undefined ? undefined : runsInside(context, call, verb, container);
  if (run === undefined || container === undefined)
    return {
      effects: [used],
      truth: true,
      output: undefined,
      doubtful: verb === "inspect",
      world: { ...world, containers },
    };
  const after: Container = { ...container, image: run.image, ran: true };
  for (const [name, one] of containers) if (one === container) containers.set(name, after);
  return {
    effects: [used, ...derivation(run, container.created)],
    truth: true,
    output: undefined,
    ...(run.stream === undefined ? {} : { stream: run.stream }),
    world: { ...world, containers, host: run.host, builds: withDerived(world, run) },
  };
}

/** `exec`, and what waits for a container that was only created or started until now. */
function runsInside(
  context: CommandContext,
  call: ContainerCall,
  verb: string,
  container: Container,
): ContainerRun | undefined {
  if (verb === "exec") {
    if (!waits(call)) return undefined;
    const options = [...container.options, ...call.options];
    return runInContainer(context, { ...call, options }, container, call.operands.slice(1), undefined);
  }
  const attached = hasSwitch(call, "attach") || hasSwitch(call, "interactive");
  const ends = verb === "wait" || verb === "attach" || (verb === "start" && attached);
  if (!ends || container.ran) return undefined;
  const own = { ...call, options: container.options };
  return runInContainer(context, own, container, container.words, container.entrypoint);
}

/** `docker export` prints the whole file system. */
export function readExport(context: CommandContext, call: ContainerCall): Done {
  const { world, step, shell } = context;
  const key = call.operands[0] === undefined ? "" : fieldKey(call.operands[0]);
  const container = world.containers.get(key);
  const plain = readContainerUse(context, call, "export");
  if (container === undefined) return plain;
  const root: ImageNode = {
    kind: "image",
    image: container.image,
    path: imagePath("/"),
    shape: "directory",
    presumed: false,
    by: [step],
  };
  const archive: HostNode = { kind: "archive", members: new Map([[".", root]]), by: [step] };
  const output = optionValue(call, "output");
  const { image, created } = container;
  const to = output === undefined ? "-" : absolutePath(shell.cwd, fieldKey(output));
  const extract: Effect = { kind: "extract", image, from: root.path, contents: true, container: key, created, to };
  if (output === undefined) return { ...plain, effects: [extract], stream: archive };
  return { ...plain, effects: [extract], world: { ...world, host: place(world.host, to, archive) } };
}

/** `docker commit` makes an image of what a container holds now. */
export function readCommit(context: CommandContext, call: ContainerCall): Done {
  const used = readContainerUse(context, call, "commit");
  const [source, tag] = call.operands.map(fieldKey);
  const container = source === undefined ? undefined : context.world.containers.get(source);
  if (container === undefined || tag === undefined) return used;
  const { world } = context;
  return {
    ...used,
    output: undefined,
    world: { ...world, images: new Map(world.images).set(imageKey(tag), container.image) },
  };
}
