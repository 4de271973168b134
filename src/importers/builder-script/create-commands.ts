/**
 * What `docker create` and `docker run` do to the abstract world: a container, and what it may write to the host.
 *
 *     id=$(docker create app:build)          a container; what is printed is its id
 *     docker run -v "$PWD:/src" app:build    a container that may write into the checkout
 *
 * What is not decided here: what a command in the container does (container-run.ts).
 */
import { type ContainerCall, optionValue, optionValues } from "../../shell/container-cli.ts";
import { carriedBy } from "./carried-files.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { allMounts, type Mount, mountsOf } from "./container-mounts.ts";
import { type ContainerRun, derivation, runContainer, waits, withDerived } from "./container-run.ts";
import { asDirectory, exists, type HostNode, look, place, VOLUMES } from "./host-tree.ts";
import { mountedArtifacts } from "./mounted-artifacts.ts";
import type { Effect } from "./trace.ts";
import { fieldKey, optionalKey } from "./values.ts";
import { type Container, imageOf, type World } from "./world.ts";

/** `docker create`, and with `runs` also `docker run`. */
export function readCreate(context: CommandContext, call: ContainerCall, runs: boolean): Done {
  const { world, shell, step } = context;
  const [imageField, ...command] = call.operands;
  if (imageField === undefined)
    return { effects: [{ kind: "obscure", what: "container", name: "", key: "" }], truth: true };
  const reference = fieldKey(imageField);
  const image = imageOf(world, reference);
  const id = `container ${step}`;
  const name = optionalKey(optionValue(call, "name"));
  const mounts = mountsOf(call, shell.cwd);
  const entrypoint = optionValue(call, "entrypoint");
  const run = runs && waits(call) ? runContainer(context, call, image, reference) : undefined;
  const container: Container = {
    image: run?.image ?? image,
    reference,
    mounts,
    created: step,
    words: command,
    entrypoint,
    options: call.options,
    ran: run !== undefined,
  };
  const containers = new Map(world.containers).set(`‹${id}›`, container);
  if (name !== undefined) containers.set(name, container);
  const prints = !runs || !waits(call);
  const host = run?.host ?? (runs ? written(world.host, mounts, image, step) : world.host);
  const unknown: HostNode = { kind: "made", shape: "file", presumed: false, image, by: [step] };
  const effect: Effect = {
    kind: "create",
    container: name ?? `‹${id}›`,
    image,
    runs,
    command,
    entrypoint,
    environment: optionValues(call, "env"),
    workdir: optionValue(call, "workdir"),
    mounted: mounts.some((mount) => !mount.readOnly && !mount.volume),
    volumes: mounts.flatMap(({ volume, source }) => (volume ? [source.slice(VOLUMES.length + 1)] : [])),
  };
  return {
    effects: [
      effect,
      ...derivation(run, step),
      ...(run?.unplaced === undefined ? [] : [unplaced(run.unplaced)]),
      ...(run !== undefined && isFollowed(run, context) ? carriedBy(run, mounts, context) : []),
      ...(runs && !isFollowed(run, context) ? mountedArtifacts(context, allMounts(call, shell.cwd), run?.visits) : []),
    ],
    truth: true,
    output: prints ? [{ kind: "unknown", source: "$(docker create)", tag: id }] : undefined,
    ...(runs && !prints ? { stream: run?.stream ?? unknown } : {}),
    world: { ...world, containers, host, builds: withDerived(world, run) },
  };
}

function unplaced(command: string): Effect {
  return { kind: "obscure", what: "path", name: command, key: command };
}

/** Whether a container only carries files from one place to another. */
function isFollowed(run: ContainerRun | undefined, { world }: CommandContext): boolean {
  return run !== undefined && run.derived === undefined && run.host !== world.host;
}

/** A container may write anything into the host directories that it is given. */
function written(host: World["host"], mounts: readonly Mount[], image: string, step: number): World["host"] {
  const places = mounts.filter((mount) => !mount.readOnly && !mount.volume).map(({ source }) => source);
  return places.reduce((tree, path) => {
    const made: HostNode = { kind: "made", shape: "unknown", presumed: true, image, by: [step] };
    const target = look(tree, path);
    if (!exists(target)) return place(tree, path, { ...made, shape: "directory", presumed: false });
    if (target.kind === "checkout" && host.files.entry(target.path)?.kind !== "directory") return tree;
    const base = asDirectory(target);
    return place(tree, path, { ...base, layers: [made, ...base.layers] });
  }, host);
}
