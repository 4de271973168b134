/**
 * How the images of a setup are made, so that a verification can build them as they were without running the script:
 *
 *     docker build -f Dockerfile.build -t b .        builder    context "."
 *     docker cp x:/out/app app                       final      context ".", with "app" out of the builder's image
 *     docker build -t app .
 *
 * Read from the abstract host at the moment of each build: what differs there from the checkout was put there by the script. A
 * container that worked is built as the Dockerfile that says what it did (derived-build.ts). What only a real run makes is named,
 * and then only `--run-script` can build it.
 */
import { posix } from "node:path";
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import type {
  BuildRecipe,
  LegacyImage,
  MigratedImage,
  PreparedFile,
  RecipeDockerfile,
  RecipeScript,
  UnreplayableStep,
} from "../../model/recipe.ts";
import { type HostPath, hostDirectory, hostPath, joinHost, ROOT } from "../../text/paths.ts";
import type { Range } from "../../text/source.ts";
import { positionAt } from "../../text/source.ts";
import { NO_CONTEXT } from "./dockerfile-input.ts";
import { type HostNode, type HostTree, look, toCheckout } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import { piecesOf } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, shortText } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import type { ScriptRun } from "./run-script.ts";
import { hasOwnFile, type Visit } from "./trace.ts";
import { fieldKey, settledText } from "./values.ts";

/** Where a context outside the checkout is put together. */
const ELSEWHERE = ".restage-context";

export function buildRecipe(recognized: Recognized, joined: readonly Joined[]): Omit<BuildRecipe, "leftOut"> {
  const { run } = recognized;
  const parts = new Set(joined.flatMap(({ group }) => [...group.builders, ...group.finals]));
  const ordered = [...parts].sort((a, b) => a.build.step - b.build.step);
  const made = new Set(ordered.map(({ build }) => build.id));
  const script = scriptOf(run, joined);
  return {
    before: ordered.map((linked) => legacyImage(linked, made, run)),
    after: joined.flatMap((one) => migratedImages(one)),
    unreplayable: ordered.flatMap((linked) => unreplayable(linked, run)),
    ...(script === undefined ? {} : { script }),
  };
}

function legacyImage(linked: LinkedBuild, made: ReadonlySet<string>, run: ScriptRun): LegacyImage {
  const { build } = linked;
  const context = contextOf(linked);
  return {
    id: build.id,
    dockerfile: dockerfileOf(linked, made),
    ...(context === undefined ? {} : { context }),
    prepared: preparedFor(linked, context, run),
    buildArguments: argumentsOf([linked]),
    ...(build.target === undefined ? {} : { target: build.target }),
  };
}

/** The directory in the checkout; a name of ours for one that the script makes elsewhere. */
function contextOf({ build }: LinkedBuild): HostPath | undefined {
  if (build.streamed === true && build.fileInContext === undefined && build.context === NO_CONTEXT) return undefined;
  return toCheckout(build.context) ?? hostPath(`${ELSEWHERE}/${build.step}`);
}

// ---- the Dockerfile

function dockerfileOf(
  { build, document, bases, references }: LinkedBuild,
  made: ReadonlySet<string>,
): RecipeDockerfile {
  const places: (Range & { readonly image: string })[] = [];
  for (const [index, image] of bases) {
    const range = document.stages[index]?.from.image.range;
    if (range !== undefined && made.has(image)) places.push({ ...range, image });
  }
  for (const [instruction, image] of references) {
    const flag = "flags" in instruction ? instruction.flags.find(({ name }) => name === "from") : undefined;
    if (flag !== undefined && made.has(image)) places.push({ ...valueOf(document, flag.range), image });
  }
  return { ...(hasOwnFile(build) ? { path: build.file.path } : {}), text: inPieces(document, places) };
}

/** The range of `builder` in `--from=builder`. */
function valueOf({ source }: DockerfileDocument, range: Range): Range {
  const equals = source.text.indexOf("=", range.start);
  return equals < 0 || equals >= range.end ? range : { start: equals + 1, end: range.end };
}

function inPieces(
  { source, start }: DockerfileDocument,
  places: readonly (Range & { readonly image: string })[],
): RecipeDockerfile["text"] {
  const pieces: (string | { readonly image: string })[] = [];
  let at = start;
  for (const { image, start, end } of [...places].sort((a, b) => a.start - b.start)) {
    pieces.push(source.text.slice(at, start), { image });
    at = end;
  }
  return [...pieces, source.text.slice(at)];
}

function argumentsOf(builds: readonly LinkedBuild[], joined?: Joined): Readonly<Record<string, string>> {
  const pairs = builds.flatMap((linked) =>
    linked.build.args.flatMap(({ name, value }) => {
      const text = value === undefined ? undefined : settledText(value);
      const renamed = joined?.renames.get(linked)?.get(name) ?? name;
      return text === undefined || linked.retired.has(name) ? [] : [[renamed, text] as const];
    }),
  );
  return Object.fromEntries(pairs);
}

// ---- what the script had put into the context

function preparedFor(linked: LinkedBuild, context: HostPath | undefined, run: ScriptRun): readonly PreparedFile[] {
  const { build } = linked;
  if (context === undefined) return [];
  const own = toCheckout(build.context);
  const found = filesAt(build.host, look(build.host, build.context), context, own ?? "elsewhere");
  const mounts = [...(build.derived?.roots ?? [])].flatMap(([text, place]) => {
    const path = joinHost(context, text);
    return path === undefined || place === posix.join(build.context, text)
      ? []
      : filesAt(build.host, look(build.host, place), path, "elsewhere");
  });
  return [...found, ...mounts, ...modesBefore(linked, context, run)];
}

/** How a place differs from the checkout; `place` is its own path there, where the checkout's files are to be expected. */
function filesAt(
  host: HostTree,
  node: HostNode,
  path: HostPath,
  place: HostPath | "elsewhere",
): readonly PreparedFile[] {
  const isThere = place !== "elsewhere" && host.files.entry(place) !== undefined;
  switch (node.kind) {
    case "absent":
      return isThere ? [{ kind: "removed", path }] : [];
    case "checkout":
      return isThere && node.path === place ? [] : [{ kind: "checkout", path, from: node.path }];
    case "image":
      if (node.compressed !== undefined || node.unpacked !== undefined) return [];
      return [
        { kind: "image", path, image: node.image, from: node.path, optional: node.maybe === true || node.presumed },
      ];
    case "archive": {
      const members = [...node.members].flatMap(([name, member]) => {
        const inside = hostPath(name);
        return inside === undefined ? [] : filesAt(host, member, inside, "elsewhere");
      });
      return [{ kind: "archive", path, gzip: /\.(?:tgz|gz)$/.test(path), members }];
    }
    case "made":
      return node.text === undefined ? [] : [{ kind: "text", path, text: node.text }];
    case "directory": {
      const layers = node.layers.flatMap((layer) => filesAt(host, layer, path, place));
      const entries = [...node.entries].flatMap(([name, entry]) => {
        const inside = joinHost(path, name);
        // What a layer below may have is gone.
        if (entry.kind === "absent" && inside !== undefined && node.layers.length > 0)
          return [{ kind: "removed", path: inside } as const];
        const below = place === "elsewhere" ? place : (joinHost(place, name) ?? "elsewhere");
        return inside === undefined ? [] : filesAt(host, entry, inside, below);
      });
      return [...(isThere ? [] : [{ kind: "directory", path } as const]), ...layers, ...entries];
    }
  }
}

function modesBefore({ build }: LinkedBuild, context: HostPath, run: ScriptRun): readonly PreparedFile[] {
  return effectsOf(run, "mode").flatMap(({ effect, visit }) => {
    if (visit.step >= build.step) return [];
    return effect.paths.flatMap((path) => {
      const inside = posix.relative(build.context, path);
      const placed = inside.startsWith("..") ? undefined : joinHost(context, inside);
      return placed === undefined ? [] : [{ kind: "mode", path: placed, mode: effect.mode } as const];
    });
  });
}

// ---- what cannot be had without the script

function unreplayable(linked: LinkedBuild, run: ScriptRun): readonly UnreplayableStep[] {
  const { build } = linked;
  const visit = run.visits[build.step];
  const made = piecesOf(linked).some((piece) => piece.kind === "made" && piece.node.text === undefined);
  const packed = piecesOf(linked).some(
    (piece) => piece.kind === "flow" && (piece.node.compressed !== undefined || piece.node.unpacked !== undefined),
  );
  const changed = effectsOf(run, "change").find(({ visit: change }) => change.step < build.step);
  return [
    ...(made && visit !== undefined ? [at(visit, "it copies what the host makes")] : []),
    ...(packed && visit !== undefined ? [at(visit, "it copies an archive that the host packs or unpacks")] : []),
    ...(changed === undefined ? [] : [at(changed.visit, `"${shortText(changed.visit)}" changes files on the host`)]),
  ];
}

function at({ script, range }: Visit, reason: string): UnreplayableStep {
  const { path } = script.source;
  return { reason, path, line: positionAt(script.source, range.start).line };
}

// ---- after

function migratedImages(joined: Joined): readonly MigratedImage[] {
  const { group, dockerfile, stages } = joined;
  return group.finals.flatMap((final) => {
    const target = stages.get(final.build.id);
    if (target === undefined) return [];
    const { path, context } = dockerfile;
    const buildArguments = argumentsOf([...group.builders, final], joined);
    return [{ dockerfile: path, context, target, replaces: final.build.id, buildArguments }];
  });
}

/** A shell script is started from the directory that it was read for; other drivers have more than one way to be started. */
function scriptOf(run: ScriptRun, joined: readonly Joined[]): RecipeScript | undefined {
  const { source, driver, cwd } = run;
  const [first, ...others] = driver.entries;
  const isScript = /^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(source.text) || /\.(?:ba)?sh$/.test(source.path);
  const directory = toCheckout(cwd) ?? ROOT;
  if (!isScript || !driver.runs || first === undefined || others.length > 0) return undefined;
  const shell = /^#!.*\bbash\b/.test(source.text) ? "bash" : "sh";
  const path = posix.relative(directory, source.path);
  const finals = joined.flatMap(({ group }) => group.finals);
  const tags = finals.flatMap(({ build }) => {
    const [tag] = build.tags.map(({ field }) => fieldKey(field)).filter((key) => !key.includes("‹"));
    return tag === undefined ? [] : [[build.id, tag] as const];
  });
  const known = Object.fromEntries(tags);
  return {
    argv: [shell, path === "" ? source.path : path],
    directory: directory ?? hostDirectory(source.path),
    tags: known,
  };
}
