/**
 * Images that a script takes files out of without building them: which Dockerfile makes them?
 *
 *     id=$(docker create app:build)       README.md: docker build -t app:build -f Dockerfile.build .
 *                                         else a Dockerfile.build that nothing else in the script builds
 *
 * A decision either way, since the build is not in the script. A published image needs no Dockerfile: the stage copies from it.
 */
import { describeBase } from "../../ecosystems/base-images.ts";
import type { DecisionOption } from "../../model/decision.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type ContainerCall, optionValue, optionValues, recognizeContainerCall } from "../../shell/container-cli.ts";
import { parseShell } from "../../shell/parse.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import { evaluateWords } from "../../shell/values.ts";
import { baseName, type HostPath, hostPath, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { assumedBuild } from "./assumed-builds.ts";
import { commandsIn } from "./commands-in.ts";
import { cleanCheckout, fromCheckout } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, type ImportWorld, spanOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";
import { sourcesOf } from "./setup-graph.ts";
import { fieldKey, imageKey, isPartlyUnknown } from "./values.ts";

/** The builds with those added that make the unbuilt images; an image that nothing explains is reported. */
export function withUnbuiltImages(
  files: ProjectFiles,
  run: ScriptRun,
  linked: ReadonlyMap<string, LinkedBuild>,
  world: ImportWorld,
): ReadonlyMap<string, LinkedBuild> {
  const result = new Map(linked);
  const imported = new Set(effectsOf(run, "import").map(({ effect }) => effect.image));
  for (const final of linked.values()) {
    for (const image of sourcesOf(final)) {
      if (result.has(image) || imported.has(image) || run.builds.some((build) => build.id === image)) continue;
      const build = findBuild(files, run, image, final, world);
      if (build !== undefined) result.set(image, build);
    }
  }
  return result;
}

interface Candidate {
  readonly path: HostPath;
  readonly context: HostPath | undefined;
  readonly because: readonly Provenance[];
  readonly sure: boolean;
}

function findBuild(
  files: ProjectFiles,
  run: ScriptRun,
  image: string,
  final: LinkedBuild,
  world: ImportWorld,
): LinkedBuild | undefined {
  const creation = effectsOf(run, "create").find(({ effect }) => effect.image === image);
  const candidates = candidatesFor(files, run, image);
  const { known } = describeBase(image);
  const pulled = !known && candidates.length === 0 && isPulled(files, run, image);
  const published = known || pulled;
  const [best] = candidates;
  const recommended = published
    ? "image"
    : candidates.filter(({ sure }) => sure === best?.sure).length === 1
      ? best?.path
      : undefined;
  const id = `builder-image:${image}`;
  const options: readonly DecisionOption[] = [
    ...candidates.map(({ path }) => ({
      value: path,
      label: path,
      consequence: `The stages of "${path}" become part of the result.`,
    })),
    {
      value: "image",
      label: "the published image",
      consequence: "The files are copied from the image that a registry has.",
    },
  ];
  const because =
    best?.because ?? (creation === undefined ? [] : [provenance(creation.visit.script.source, creation.visit.range)]);
  const chosen = world.decisions.decide({
    id,
    question: `Which Dockerfile makes "${image}"?`,
    options,
    open: true,
    recommended: recommended ?? "unknown",
    confidence: published || best?.sure === true ? "likely" : "guess",
    because,
  });
  if (chosen === "image") {
    const answered = world.decisions.decisions.some((one) => one.id === id && one.confidence === "certain");
    if (pulled && !answered)
      world.reporter.report("builder-image-pulled", { image, setup: world.setup }, creation && spanOf(creation.visit));
    return undefined;
  }
  const candidate = candidates.find(({ path }) => path === chosen);
  const build = buildOf(files, image, candidate?.path ?? hostPath(chosen), candidate?.context, final);
  if (build === undefined) {
    const span = creation && spanOf(creation.visit);
    world.reporter.report("builder-image-unknown", { image, setup: world.setup }, span);
  } else if (candidate !== undefined) {
    world.reporter.report(
      "builder-image-assumed",
      { image, path: candidate.path, setup: world.setup },
      creation && spanOf(creation.visit),
    );
  }
  return build;
}

/**
 * Whether an image can only come from a registry: its name has a namespace, or its tag a version (`gradle:4.7-jdk8`), the script
 * gives it to nothing, and no Dockerfile of the repository is left that could make it. Where it was built by other means after all,
 * FROM finds it as `docker run` does.
 */
function isPulled(files: ProjectFiles, run: ScriptRun, image: string): boolean {
  const named = effectsOf(run, "image").some(
    ({ effect }) => effect.verb === "tag" && effect.names.slice(1).some((name) => imageKey(name) === image),
  );
  const spaced = /^[\w.-]+(?::\d+)?\/[\w./-]+(?::[\w.-]+|@\S+)$/.test(image);
  const versioned = /^[\w.-]+:[\w.-]*\d[\w.-]*$/.test(image);
  if (named || isPartlyUnknown(image) || !(spaced || versioned)) return false;
  const built = new Set(run.builds.flatMap(({ file }) => (file.kind === "found" ? [file.path] : [])));
  return dockerfiles(files).every((path) => built.has(path));
}

/** Calls elsewhere in the repository that build the image; without any, Dockerfiles with the tag's name in theirs. */
function candidatesFor(files: ProjectFiles, run: ScriptRun, image: string): readonly Candidate[] {
  if (isPartlyUnknown(image)) return [];
  const called = callsElsewhere(files, run, image);
  if (called.length > 0) return called;
  const built = run.builds.flatMap((build) => (build.file.kind === "found" ? [build.file.path] : []));
  const words = (image.split("/").at(-1) ?? "").split(/[:._-]/).filter((word) => word !== "latest");
  return dockerfiles(files)
    .filter(
      (path) =>
        !built.includes(path) &&
        words.some(
          (word) => /^(?:build|builder|dev|compile|ci)$/i.test(word) && namesOf(path).includes(word.toLowerCase()),
        ),
    )
    .map((path) => ({ path, context: undefined, because: placeOf(files, path), sure: false }));
}

function placeOf(files: ProjectFiles, path: HostPath): readonly Provenance[] {
  const read = files.read(path);
  return read.ok
    ? [provenance(sourceFile(path, read.text), { start: 0, end: read.text.indexOf("\n") + 1 || read.text.length })]
    : [];
}

function namesOf(path: HostPath): readonly string[] {
  return baseName(path)
    .toLowerCase()
    .split(/[._-]/)
    .filter((part) => part !== "dockerfile");
}

function dockerfiles(files: ProjectFiles): readonly HostPath[] {
  return [...files.walk(ROOT)].filter(
    (path) => /^(?:Dockerfile(?:[._-].+)?|.+[._-]Dockerfile)$/i.test(baseName(path)) && !path.endsWith(".dockerignore"),
  );
}

const MENTIONS = /(?:^|\/)(?:README[^/]*|[^/]+\.(?:md|sh|ya?ml|mk)|Makefile|Jenkinsfile)$/i;
const LARGEST = 256 * 1024;

/** `docker build -t IMAGE` lines in documentation, CI files and other scripts. */
function callsElsewhere(files: ProjectFiles, run: ScriptRun, image: string): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const path of files.walk(ROOT)) {
    if (path === run.source.path || !MENTIONS.test(path) || (files.entry(path)?.size ?? LARGEST + 1) > LARGEST)
      continue;
    const read = files.read(path);
    if (!read.ok || !read.text.includes(image.replace(/:latest$/, ""))) continue;
    const source = sourceFile(path, read.text);
    for (const match of read.text.matchAll(/^.*\bbuild\b.*$/gm)) {
      const call = callIn(match[0].slice(Math.max(0, match[0].search(/\b(?:docker|podman|nerdctl)\b/))));
      const tags = call === undefined ? [] : optionValues(call, "tag").map((field) => imageKey(fieldKey(field)));
      const context = hostPath(call?.operands[0] === undefined ? "." : fieldKey(call.operands[0]));
      if (call === undefined || context === undefined || !tags.includes(image)) continue;
      const file = optionValue(call, "file");
      const dockerfile = hostPath(file === undefined ? `${context}/Dockerfile` : fieldKey(file));
      if (
        dockerfile === undefined ||
        files.entry(dockerfile)?.kind !== "file" ||
        found.some((one) => one.path === dockerfile)
      )
        continue;
      const because = [provenance(source, { start: match.index, end: match.index + match[0].length })];
      found.push({ path: dockerfile, context, because, sure: true });
    }
  }
  return found;
}

function callIn(line: string): ContainerCall | undefined {
  const commands: readonly SimpleCommand[] = parseShell(line).statements.flatMap(commandsIn);
  const nothing = { lookup: () => undefined, substitute: () => undefined };
  const calls = commands.map((command) => recognizeContainerCall(evaluateWords(command.words, nothing)));
  return calls.find((call) => call?.verb === "build");
}

/** A build that the script does not have, over a clean checkout. Without a call its context is taken to be the final's. */
function buildOf(
  files: ProjectFiles,
  image: string,
  path: HostPath | undefined,
  context: HostPath | undefined,
  final: LinkedBuild,
): LinkedBuild | undefined {
  if (path === undefined) return undefined;
  const { variables, positional } = final.build;
  const place = context === undefined ? final.build.context : fromCheckout(context);
  const own = { id: image, step: 0, context: place, host: cleanCheckout(files), variables, positional };
  return assumedBuild(files, path, own);
}
