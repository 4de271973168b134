/**
 * Commands that other files of the repository run in the image of a Dockerfile, instead of its own or beside it:
 *
 *     compose.yaml      worker: { build: ., command: celery -A shop worker }
 *     k8s/job.yaml      containers: [{ image: shop, args: [migrate] }], where something builds the Dockerfile as "shop"
 *     ci.yml            docker run --rm shop npm test
 *
 * Whether what they need ships is not decided here.
 */
import type { CommandForm } from "../../dockerfile/syntax.ts";
import { oncePerProject } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import { type Range, type SourceFile, sourceFile } from "../../text/source.ts";
import { type ComposeService, composeServices, isComposeFile } from "./compose-files.ts";
import { engineCalls } from "./engine-calls.ts";
import { containersOf } from "./kubernetes-files.ts";

/** What is put in the place of the image's ENTRYPOINT and CMD; a `command` without `entrypoint` is given to the image's own. */
export interface ElsewhereCommand {
  readonly file: HostPath;
  /** `service "worker"`, `container "migrate"`, `docker run`. */
  readonly who: string;
  /** The same in answers: `compose.yaml:worker`. */
  readonly id: string;
  readonly kind: "service" | "container" | "call";
  /** The service of a compose file that builds the image and starts it so. */
  readonly service?: string;
  readonly entrypoint?: CommandForm;
  readonly command?: CommandForm;
  readonly because: Provenance;
}

/** A command of an image that is known by its Dockerfile or by a name that something gives it. */
interface Found extends ElsewhereCommand {
  readonly image: { readonly dockerfile: HostPath } | { readonly name: string };
}

/** An image name, without its tag, that a Dockerfile is built as. */
interface Named {
  readonly dockerfile: HostPath;
  readonly name: string;
}

interface FileReading {
  readonly commands: readonly Found[];
  readonly names: readonly Named[];
}

const MOST_FILES = 400;

/** All that the repository runs in the image of a Dockerfile. */
export function commandsElsewhere(files: ProjectFiles, dockerfile: HostPath): readonly ElsewhereCommand[] {
  const { commands, names } = readProject(files);
  const own = new Set(names.filter((one) => one.dockerfile === dockerfile).map(({ name }) => name));
  return commands.filter(({ image }) =>
    "dockerfile" in image ? image.dockerfile === dockerfile : own.has(withoutTag(image.name)),
  );
}

const readProject = oncePerProject((files): FileReading => {
  const paths = [...files.walk(ROOT)].filter((path) => !/(?:^|\/)(?:node_modules|vendor)\//.test(path));
  const read = paths.slice(0, 20 * MOST_FILES).map((path) => readFile(files, path));
  return {
    commands: read.flatMap(({ commands }) => commands),
    names: read.flatMap(({ names }) => names),
  };
});

const NOTHING: FileReading = { commands: [], names: [] };

function readFile(files: ProjectFiles, path: HostPath): FileReading {
  const isYaml = /\.ya?ml$/.test(path);
  if (!isYaml && !/(?:\.(?:sh|bash|mk)|(?:^|\/)(?:GNU)?[Mm]akefile|(?:^|\/)package\.json|(?:^|\/)[\w-]+)$/.test(path))
    return NOTHING;
  const read = files.read(path);
  if (!read.ok) return NOTHING;
  const source = sourceFile(path, read.text);
  if (isComposeFile(path)) return composeReading(source);
  if (isYaml && /^kind:/m.test(read.text)) return { commands: kubernetesCommands(source), names: [] };
  if (!/\b(?:docker|podman)\b/.test(read.text)) return NOTHING;
  const { runs, builds } = engineCalls(files, source);
  return {
    commands: runs.map(({ image, entrypoint, words, range }): Found => {
      const form = words.length === 0 ? {} : { command: { form: "exec", words } as const };
      const start = entrypoint === undefined ? {} : { entrypoint: { form: "exec", words: [entrypoint] } as const };
      const id = `${path}:${words.join(" ").slice(0, 40)}`;
      return { ...found(source, range, "call", "a call of the engine", id), ...start, ...form, image: { name: image } };
    }),
    names: builds.map(({ dockerfile, name }) => ({ dockerfile, name: withoutTag(name) })),
  };
}

function found(
  source: SourceFile,
  range: Range,
  kind: ElsewhereCommand["kind"],
  who: string,
  id: string,
): Omit<ElsewhereCommand, "entrypoint" | "command"> {
  return { file: source.path, kind, who, id, because: provenance(source, range) };
}

function composeReading(source: SourceFile): FileReading {
  const services = composeServices(source.text);
  const directory = hostDirectory(source.path);
  const names = services.flatMap(({ build, image }) => {
    const dockerfile = dockerfileOf(build, directory);
    return dockerfile === undefined || image === undefined ? [] : [{ dockerfile, name: withoutTag(image) }];
  });
  return { commands: services.flatMap((service) => serviceCommands(service, directory, source)), names };
}

function serviceCommands(service: ComposeService, directory: HostPath, source: SourceFile): readonly Found[] {
  const { name, build, image: written, entrypoint, command, healthcheck } = service;
  const dockerfile = dockerfileOf(build, directory);
  // A target is a stage by its name, which the file with one stage need not have.
  if (build?.target !== undefined) return [];
  const image = dockerfile !== undefined ? { dockerfile } : written === undefined ? undefined : { name: written };
  if (image === undefined || (build !== undefined && dockerfile === undefined)) return [];
  const place = command ?? entrypoint;
  const own: Found[] = [];
  const id = `${source.path}:${name}`;
  const who = `the service "${name}"`;
  if (place !== undefined)
    own.push({
      ...found(source, place.range, "service", who, id),
      ...(build === undefined ? {} : { service: name }),
      ...(entrypoint === undefined ? {} : { entrypoint: entrypoint.form }),
      ...(command === undefined ? {} : { command: command.form }),
      image,
    });
  if (healthcheck !== undefined)
    own.push({
      ...found(source, healthcheck.range, "service", `the health check of ${who}`, `${id}:healthcheck`),
      entrypoint: healthcheck.form,
      image,
    });
  return own;
}

function kubernetesCommands(source: SourceFile): readonly Found[] {
  return containersOf(source.text).flatMap(({ image, name, command, args, handlers }) => {
    const who = `the container "${name}"`;
    const id = `${source.path}:${name}`;
    const place = command ?? args;
    const own: Found[] = [];
    if (place !== undefined)
      own.push({
        ...found(source, place.range, "container", who, id),
        ...(command === undefined ? {} : { entrypoint: command.form }),
        ...(args === undefined ? {} : { command: args.form }),
        image: { name: image },
      });
    const others = handlers.map(({ form, range, what }): Found => {
      const base = found(source, range, "container", `the ${what} of ${who}`, `${id}:${what}`);
      return { ...base, entrypoint: form, image: { name: image } };
    });
    return [...own, ...others];
  });
}

function dockerfileOf(build: ComposeService["build"], directory: HostPath): HostPath | undefined {
  if (build === undefined) return undefined;
  const { context, file = "Dockerfile" } = build;
  const root = /[$:]/.test(context + file) ? undefined : joinHost(directory, context);
  return root === undefined ? undefined : joinHost(root, file);
}

/** The command as a reader writes it. */
export function startText({ entrypoint, command }: ElsewhereCommand): string {
  return [entrypoint, command].map(formText).join(" ").trim();
}

function formText(form: CommandForm | undefined): string {
  if (form === undefined) return "";
  return form.form === "shell" ? form.command : form.words.join(" ");
}

/** `registry:5000/shop:1.2@sha256:…` is `registry:5000/shop`. */
function withoutTag(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}
