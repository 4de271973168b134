/**
 * What a call of a container engine does to the abstract world.
 *
 *     docker build -t app:build .            an image, under each of its tags
 *     id=$(docker create app:build)          a container; what is printed is its id
 *     docker cp "$id:/out/app" ./app         an image path arrives on the host
 *     docker run -v "$PWD:/src" app:build    a container that may write into the checkout
 *
 * What is not decided here: which calls the new script still needs.
 */
import type { ContainerCall } from "../../shell/container-cli.ts";
import { readBuild } from "./build-commands.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { readCompose } from "./compose-builds.ts";
import { readCommit, readContainerUse, readExport } from "./container-uses.ts";
import { readCopy } from "./copy-commands.ts";
import { readCreate } from "./create-commands.ts";
import { unreadVerb } from "./engine-calls.ts";
import { imageListed, readList } from "./engine-lists.ts";
import { readImport, readLoad, readSave } from "./saved-images.ts";
import { fieldKey, imageKey } from "./values.ts";
import { readVolume } from "./volume-commands.ts";
import { imageOf } from "./world.ts";

export function readContainerCommand(context: CommandContext, call: ContainerCall): Done {
  switch (call.verb) {
    case "build":
      return readBuild(context, call);
    case "create":
    case "run":
      return readCreate(context, call, call.verb === "run");
    case "cp":
      return readCopy(context, call);
    case "tag":
      return readTag(context, call);
    case "rm":
    case "start":
    case "stop":
    case "kill":
    case "wait":
    case "logs":
    case "inspect":
    case "exec":
    case "rename":
    case "attach":
    case "pause":
    case "unpause":
    case "restart":
      return readContainerUse(context, call, call.verb);
    case "commit":
      return readCommit(context, call);
    case "export":
      return readExport(context, call);
    case "save":
      return readSave(context, call);
    case "load":
      return readLoad(context, call);
    case "import":
      return readImport(context, call);
    case "rmi":
    case "push":
    case "history":
      return readImageUse(context, call, call.verb);
    case "volume create":
    case "volume rm":
      return readVolume(context, call);
    case "images":
      return imageListed(context, call) ?? { ...PLAIN, doubtful: true, output: undefined };
    case "ps":
      return readList(context, call);
    case "compose":
      return readCompose(context, call, readBuild);
    default:
      return { effects: [unreadVerb(call) ?? { kind: "plain" }], truth: true, doubtful: true, output: undefined };
  }
}

function readImageUse({ world }: CommandContext, call: ContainerCall, verb: string): Done {
  const names = call.operands.map(fieldKey);
  const images = names.map((name) => imageOf(world, name));
  const after = new Map(world.images);
  if (verb === "rmi") for (const name of names) after.delete(imageKey(name));
  return {
    effects: [{ kind: "image", verb, images, names, ranges: call.operands.map(({ range }) => range) }],
    truth: true,
    output: undefined,
    world: { ...world, images: after },
  };
}

function readTag({ world }: CommandContext, call: ContainerCall): Done {
  const [from, to] = call.operands.map(fieldKey);
  if (from === undefined || to === undefined) return PLAIN;
  const image = imageOf(world, from);
  const images = new Map(world.images).set(imageKey(to), image);
  return {
    effects: [{ kind: "image", verb: "tag", images: [image], names: [from, to] }],
    truth: true,
    output: [],
    world: { ...world, images },
  };
}
