/**
 * What `docker cp` does to the abstract world: an image path arrives on the host, or a file of the host in a container.
 *
 *     docker cp "$id:/out/app" ./app         /out/app of the container's image is ./app now
 *     docker cp x:/out - | tar -x            an archive of /out on standard output
 */
import { posix } from "node:path";
import type { ContainerCall } from "../../shell/container-cli.ts";
import { describeField, type Field } from "../../shell/symbolic.ts";
import { imagePath, isWithin } from "../../text/paths.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { copyInto } from "./container-copies.ts";
import { arrive, exists, type HostNode, type ImageNode, isPresumed, look, shapeOf, touched } from "./host-tree.ts";
import { isUsualFolder } from "./told-commands.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";
import type { Container, World } from "./world.ts";

/** `docker cp`, in both directions. */
export function readCopy(context: CommandContext, call: ContainerCall): Done {
  const { world, shell, step } = context;
  const [source, destination] = call.operands.map(fieldKey);
  if (source === undefined || destination === undefined) return obscure("cp");
  const from = containerPath(source);
  if (from === undefined) {
    const to = containerPath(destination);
    const known = to && world.containers.get(to.container);
    return to === undefined || known === undefined ? PLAIN : copyInto(context, call, known, { source, path: to.path });
  }
  const container = world.containers.get(from.container);
  const contents = /(?:^|\/)\.$/.test(from.path);
  const path = imagePath(from.path);
  const known = container !== undefined && !isPartlyUnknown(path) && !path.includes("$");
  if (!known) return obscure(container === undefined ? "container" : "path", from.container, call);
  const shape = contents || from.path.endsWith("/") ? "directory" : "unknown";
  const own: ImageNode = { kind: "image", image: container.image, path, shape, presumed: false, by: [step] };
  const node = mountedAt(world, container, path, step) ?? own;
  if (!exists(node)) return obscure("path", from.container, call);
  const taken = node.kind === "image" ? node : own;
  const extract = {
    kind: "extract",
    image: taken.image,
    from: taken.path,
    contents,
    ...defaulted(call.operands[0]),
    container: from.container,
    created: container.created,
  } as const;
  if (destination === "-") {
    const name = contents ? "." : posix.basename(path);
    const stream: HostNode = { kind: "archive", members: new Map([[name, node]]), by: [step] };
    return { effects: [{ ...extract, to: "-" }], truth: true, stream, world };
  }
  const to = absolutePath(shell.cwd, destination);
  const there = look(world.host, to);
  // What is only taken to be in a directory that a container wrote to, or that came out of an image, is a new name; a file of the
  // same name that came out of another image before is replaced.
  const again = there.kind === "image" && posix.basename(there.path) === posix.basename(path) && !isUsualFolder(path);
  const isUnknown = shapeOf(world.host.files, there) === "unknown" && !destination.endsWith("/");
  const guessed = (isPresumed(there) || again) && isUnknown;
  const name = posix.basename(path);
  const arrived = arrive(world.host, { path: to, name, contents, ...(guessed ? { into: false } : {}) }, node);
  return {
    effects: [{ ...extract, to: arrived.path, ...(call.operands[1] && { destination: call.operands[1] }) }],
    truth: true,
    output: [],
    world: { ...world, host: arrived.tree },
  };
}

/** `container:path`; as the docker command line does, takes a leading `/` or `.` to mean a local path, colon or not. */
function containerPath(key: string): { readonly container: string; readonly path: string } | undefined {
  const [, container, path] = /^((?:‹[^›]*›|[^./:‹])(?:‹[^›]*›|[^:‹])*):(.*)$/s.exec(key) ?? [];
  return container === undefined || path === undefined ? undefined : { container, path };
}

/**
 * What stands at a path that a mount covers; nothing is known to be there when the node is absent. A volume that nothing was written
 * to holds what the image has there (https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container).
 */
function mountedAt(world: World, { mounts }: Container, path: string, step: number): HostNode | undefined {
  const mount = mounts.findLast(({ target }) => isWithin(path, target));
  if (mount === undefined || (mount.volume && !exists(look(world.host, mount.source)))) return undefined;
  return touched(look(world.host, posix.join(mount.source, posix.relative(mount.target, path))), step);
}

/** The operand, where a default stands in its path. */
function defaulted(operand: Field | undefined): { readonly defaulted?: string } {
  const colon = operand?.parts.findIndex((part) => part.kind === "text" && part.text.includes(":")) ?? -1;
  const path = colon < 0 ? [] : (operand?.parts.slice(colon) ?? []);
  const takesDefault = path.some((part) => part.kind === "unknown" && part.fallback !== undefined);
  return operand !== undefined && takesDefault ? { defaulted: describeField(operand) } : {};
}

function obscure(what: "cp" | "container" | "path", name = "", call?: ContainerCall): Done {
  const operand = call?.operands[0];
  const shown = operand === undefined ? name : describeField(operand);
  return { effects: [{ kind: "obscure", what, name: shown, key: name }], truth: true, output: undefined };
}
