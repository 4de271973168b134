/**
 * Builders that only prepare an image: a container does the work, by its command, its entrypoint or its arguments.
 *
 *     docker run --name made0 -e VERSION=1.4 part0 sh -c 'mkdir -p /out && echo "made $VERSION" > /out/app00'
 *     docker cp made0:/out/app00 .
 */
import { posix } from "node:path";
import { type ContextCopy, commandsOf, type GeneratedStage, landingPlace } from "../graph.ts";
import {
  type BuilderChange,
  type Emission,
  type ExtractionIdiom,
  exec,
  type Job,
  quoted,
  type Take,
} from "../script.ts";
import { copyOut } from "./copy.ts";

const commandOf = (job: Job): string => commandsOf(job.stage).join(" && ");

const environment = ({ stage, argumentValue }: Job): string =>
  stage.args.map((name) => `-e ${name}=${argumentValue} `).join("");

const compiled: BuilderChange = { withoutRuns: true, withoutArgs: true };

/** A container that works, from which the artifacts are copied. */
function thenCopied(job: Job, run: string, builder: BuilderChange): Emission {
  return {
    lines: [run, ...job.takes.flatMap((take) => copyOut(`made${job.id}`, take)), `docker rm made${job.id}`],
    builder,
  };
}

const makesAll = ({ stage }: Job): boolean => stage.made.length > 0;

/** Where people put the work: in the arguments, the builder's CMD, its ENTRYPOINT, or both. */
interface Place {
  readonly name: string;
  readonly ends: (command: string) => readonly string[];
  readonly options: string;
  readonly words: (command: string) => string;
}

const PLACES: readonly Place[] = [
  { name: "arguments", ends: () => [], options: "", words: (command) => ` sh -c ${quoted(command)}` },
  { name: "cmd-shell-form", ends: (command) => [`CMD ${command}`], options: "", words: () => "" },
  { name: "cmd-exec-form", ends: (command) => [`CMD ${exec(["sh", "-c", command])}`], options: "", words: () => "" },
  {
    name: "entrypoint",
    ends: (command) => [`ENTRYPOINT ${exec(["sh", "-c", command])}`],
    options: "",
    words: () => "",
  },
  {
    name: "entrypoint-and-cmd",
    ends: (command) => [`ENTRYPOINT ${exec(["/bin/sh", "-c"])}`, `CMD ${exec([command])}`],
    options: "",
    words: () => "",
  },
  {
    name: "entrypoint-and-arguments",
    ends: () => [`ENTRYPOINT ${exec(["/bin/sh", "-c"])}`],
    options: "",
    words: (command) => ` ${quoted(command)}`,
  },
  {
    name: "entrypoint-option",
    ends: () => [],
    options: "--entrypoint sh ",
    words: (command) => ` -c ${quoted(command)}`,
  },
  { name: "workdir-option", ends: () => [], options: "-w /tmp ", words: (command) => ` sh -c ${quoted(command)}` },
];

function compiledAt({ name, ends, options, words }: Place): ExtractionIdiom {
  return {
    name: `compile-${name}`,
    needs: ["shell"],
    applies: makesAll,
    emit: (job) => {
      const command = commandOf(job);
      const run = `docker run --name made${job.id} ${environment(job)}${options}${job.image}${words(command)}`;
      return thenCopied(job, run, { ...compiled, ends: ends(command) });
    },
  };
}

/** The folder that all artifacts of a stage stand in, when it has a name of its own. */
function commonFolder({ made }: GeneratedStage): string | undefined {
  const folders = new Set(made.map(({ path }) => posix.dirname(path)));
  const [folder] = folders;
  return folders.size === 1 && folder !== "/" ? folder : undefined;
}

/** The last sources that a stage copies, when they are directories that can be mounted where they were copied. */
function mountable({ contextCopies, workdir }: GeneratedStage): readonly (ContextCopy & { readonly at: string })[] {
  const directories = contextCopies.map((copy) => ({ ...copy, at: posix.resolve(workdir ?? "/", copy.destination) }));
  const distinct = new Set(directories.map(({ at }) => at)).size === directories.length;
  return distinct && directories.every(({ form, source }) => form === "directory" && source !== ".") ? directories : [];
}

/** All sources of a stage with the places where docker cp puts them, whose parents every image has. */
function copyable(stage: GeneratedStage): readonly (ContextCopy & { readonly at: string })[] {
  const parents = ["/", "/opt", "/srv", stage.workdir];
  const copies = stage.contextCopies.map((copy) => ({
    ...copy,
    at: landingPlace(stage, copy.source, copy.form, copy.destination),
  }));
  return copies.every(({ at, source }) => source !== "." && parents.includes(posix.dirname(at))) ? copies : [];
}

/** The whole context, copied below the folder that the artifacts are made in. */
function wholeSource(stage: GeneratedStage): string | undefined {
  const [copy, ...more] = stage.contextCopies;
  if (copy?.source !== "." || more.length > 0) return undefined;
  const at = posix.resolve(stage.workdir ?? "/", copy.destination);
  return stage.made.length > 0 && stage.made.every(({ path }) => path.startsWith(`${at}/`)) ? at : undefined;
}

const hostPath = (directory: string): string => (directory === "." ? '"$PWD"' : `"$PWD/${directory}"`);

const inContext = (take: Take, path: string): string => posix.join(take.context, path);

export const COMPILE_EXTRACTIONS: readonly ExtractionIdiom[] = [
  ...PLACES.map(compiledAt),
  {
    name: "compile-detached",
    needs: ["shell"],
    applies: makesAll,
    emit: (job) => ({
      lines: [
        `work${job.id}=$(docker run -d ${environment(job)}${job.image} sh -c ${quoted(commandOf(job))})`,
        `docker wait "$work${job.id}"`,
        ...job.takes.flatMap((take) => copyOut(`"$work${job.id}"`, take)),
        `docker rm "$work${job.id}"`,
      ],
      builder: compiled,
    }),
  },
  {
    name: "compile-exec",
    needs: ["shell"],
    applies: (job) => makesAll(job) && job.stage.args.length === 0,
    emit: (job) => ({
      lines: [
        `docker run -d --name made${job.id} ${job.image} sleep 600`,
        ...commandsOf(job.stage).map((command) => `docker exec made${job.id} sh -c ${quoted(command)}`),
        ...job.takes.flatMap((take) => copyOut(`made${job.id}`, take)),
        `docker rm -f made${job.id}`,
      ],
      builder: compiled,
    }),
  },
  {
    name: "compile-into-mount",
    needs: ["shell"],
    applies: (job) =>
      makesAll(job) &&
      commonFolder(job.stage) !== undefined &&
      new Set(job.takes.map((take) => take.context)).size === 1,
    emit: (job) => {
      const folder = posix.join(job.takes[0]?.context ?? ".", `made${job.id}`);
      const mount = `-v ${hostPath(folder)}:${commonFolder(job.stage)}`;
      return {
        lines: [
          `mkdir -p ${folder}`,
          `docker run --rm ${mount} ${environment(job)}${job.image} sh -c ${quoted(commandOf(job))}`,
        ],
        lands: job.takes.map((take) => inContext(take, `made${job.id}/${posix.basename(take.artifact.path)}`)),
        builder: compiled,
      };
    },
  },
  {
    name: "compile-with-mounted-sources",
    needs: ["shell"],
    applies: (job) => makesAll(job) && mountable(job.stage).length > 0,
    emit: (job) => {
      const mounts = mountable(job.stage).map(({ source, at }) => {
        const isWritten = job.stage.made.some(({ path }) => path.startsWith(`${at}/`));
        return `-v ${hostPath(posix.join(job.stage.context, source))}:${at}${isWritten ? "" : ":ro"} `;
      });
      const run = `docker run --name made${job.id} ${mounts.join("")}${environment(job)}${job.image} sh -c ${quoted(commandOf(job))}`;
      return thenCopied(job, run, { ...compiled, withoutCopies: true });
    },
  },
  {
    name: "compile-with-copied-sources",
    needs: ["shell"],
    applies: (job) => makesAll(job) && copyable(job.stage).length > 0,
    emit: (job) => {
      const name = `made${job.id}`;
      const into = copyable(job.stage).map(({ source, form, at }) => {
        const path = posix.join(job.stage.context, source);
        return `docker cp ${form === "file" ? path : `${path}/.`} ${name}:${at}`;
      });
      const create = `docker create --name ${name} ${environment(job)}${job.image} sh -c ${quoted(commandOf(job))}`;
      const copied = thenCopied(job, `docker start -a ${name}`, { ...compiled, withoutCopies: true });
      return { ...copied, lines: [create, ...into, ...copied.lines] };
    },
  },
  {
    name: "compile-in-mounted-checkout",
    needs: ["shell"],
    applies: (job) =>
      wholeSource(job.stage) !== undefined && job.takes.every(({ context }) => context === job.stage.context),
    emit: (job) => {
      const at = wholeSource(job.stage) ?? "/";
      return {
        lines: [
          `docker run --rm -v ${hostPath(job.stage.context)}:${at} -w ${at} ${environment(job)}${job.image} sh -c ${quoted(commandOf(job))}`,
        ],
        lands: job.takes.map((take) => inContext(take, posix.relative(at, take.artifact.path))),
        builder: { ...compiled, withoutCopies: true },
      };
    },
  },
];
