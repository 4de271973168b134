/**
 * What an image says about the containers that are made from it, as far as its Dockerfile and the table of base images tell.
 *
 *     FROM golang:1.22
 *     WORKDIR /src                 { workdir: "/src", command: exec form ["make", "static"], … }
 *     CMD ["make", "static"]
 *
 * What is not decided here: what a container runs when the call names a command of its own (container-command.ts).
 */
import { UNKNOWN } from "../../dockerfile/expand.ts";
import { type ImageDefaults, readScopes, type StageScope } from "../../dockerfile/scope.ts";
import type { CommandForm, StageSyntax } from "../../dockerfile/syntax.ts";
import { describeBase } from "../../ecosystems/base-images.ts";
import { baseWorkdir } from "../../ecosystems/base-workdirs.ts";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import { buildArguments, targetStage } from "./links.ts";
import type { Build } from "./trace.ts";
import { imageKey } from "./values.ts";

export interface ImageConfig {
  readonly cmd?: CommandForm | undefined;
  readonly entrypoint?: CommandForm | undefined;
  /** `undefined` where the base image decides and is not known. */
  readonly workdir: ImagePath | undefined;
  readonly user: string | undefined;
  /** Directories that every container finds there, as far as Dockerfiles of the project say so. */
  readonly volumes: readonly string[];
  /** The value of an environment variable; UNKNOWN where only the image has it. */
  readonly environment: StageScope["lookup"];
  /** False where an image that nothing is known of may bring an entry point. */
  readonly known: boolean;
}

/** Chains of local images longer than this are a loop. */
const DEEPEST = 20;

/** The configuration of an image by its key: a build of the script, or a reference. */
export function imageConfig(builds: ReadonlyMap<string, Build>, image: string, depth = 0): ImageConfig {
  const build = builds.get(image);
  const file = build?.file;
  if (build === undefined || file?.kind !== "found" || depth > DEEPEST) return publishedConfig(image);
  const target = targetStage(file.document, build.target);
  const parent = (reference: string): ImageConfig =>
    imageConfig(builds, build.images.get(imageKey(reference)) ?? reference, depth + 1);
  const scopes = readScopes(file.document, {
    baseImage: (reference) => defaultsOf(parent(reference)),
    buildArgs: buildArguments(build),
  });
  return target === undefined ? publishedConfig(image) : stageConfig(target, scopes, parent);
}

/** Folds a stage over what it starts from. An ENTRYPOINT takes an inherited CMD away (https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact). */
function stageConfig(
  index: number,
  scopes: ReturnType<typeof readScopes>,
  parent: (reference: string) => ImageConfig,
): ImageConfig {
  const stage = scopes[index];
  if (stage === undefined) return publishedConfig("scratch");
  const base =
    stage.base.kind === "stage"
      ? stageConfig(stage.base.index, scopes, parent)
      : parent(stage.base.reference.unknown.length > 0 ? "" : stage.base.reference.value);
  const scope = stage.before(stage.stage.instructions.length);
  const { cmd, entrypoint } = commandsOf(stage.stage, base);
  const moves = stage.stage.instructions.some(({ kind }) => kind === "workdir");
  return {
    cmd,
    entrypoint,
    workdir: scope.workdir ?? (moves ? undefined : base.workdir),
    user: scope.user,
    volumes: [
      ...base.volumes,
      ...stage.stage.instructions.flatMap((one) =>
        one.kind === "volume" ? volumesOf(one.operands.map(({ text }) => text)) : [],
      ),
    ],
    environment: scope.lookup,
    known: base.known || entrypoint !== undefined,
  };
}

/** The paths that are written out. */
function volumesOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.startsWith("/") && !path.includes("$"));
}

function commandsOf({ instructions }: StageSyntax, base: ImageConfig): Pick<ImageConfig, "cmd" | "entrypoint"> {
  let { cmd, entrypoint } = base;
  let own = false;
  for (const instruction of instructions) {
    if (instruction.kind === "cmd") {
      cmd = instruction.command;
      own = true;
    } else if (instruction.kind === "entrypoint") {
      entrypoint =
        instruction.command.form === "exec" && instruction.command.words.length === 0 ? undefined : instruction.command;
      if (!own) cmd = undefined;
    }
  }
  return { cmd, entrypoint };
}

function defaultsOf({ workdir, user, environment, known }: ImageConfig): ImageDefaults | undefined {
  if (workdir === undefined || !known) return undefined;
  const path = environment("PATH");
  const gopath = environment("GOPATH");
  const env = Object.fromEntries(
    [
      ["PATH", path],
      ["GOPATH", gopath],
    ].filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
  return { env, workdir, user: user ?? "" };
}

/** Entry points of official images that only run the words that they are given. */
function passesOn(words: readonly string[] | undefined): boolean {
  return words === undefined || words.length === 0 || words.every((word) => /entrypoint\.sh$/.test(word));
}

function publishedConfig(reference: string): ImageConfig {
  const base = describeBase(reference.replace(/:latest$/, ""));
  const exec = (words: readonly string[] | undefined): CommandForm | undefined =>
    words === undefined ? undefined : { form: "exec", words };
  const workdir = base.workdir ?? baseWorkdir(base.repository, base.tag ?? "latest");
  return {
    cmd: exec(base.cmd),
    entrypoint: passesOn(base.entrypoint) ? undefined : exec(base.entrypoint),
    workdir: workdir !== undefined ? imagePath(workdir) : base.known ? imagePath("/") : undefined,
    user: base.user ?? (base.known ? "" : undefined),
    volumes: [],
    environment: (name) => base.environment[name] ?? (base.known ? undefined : UNKNOWN),
    known: base.known,
  };
}
