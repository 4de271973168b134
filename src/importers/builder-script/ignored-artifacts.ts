/**
 * Files that the ignore rules kept out of an artifact on its way through the context.
 *
 *     .dockerignore: **\/*.map       docker cp x:/app/dist ./dist, COPY dist /web
 *     RUN find /app/dist -name '*.map' -prune -exec rm -rf {} +
 *
 * A COPY from a stage knows no such rules, so what they name is removed at the end of the stage. Rules that leave out the artifact as
 * a whole, or that can only match at the top of the context, do not matter here.
 */
import { posix } from "node:path";
import { type IgnorePattern, ignoreFileOf, ignoreRules } from "../../dockerfile/dockerignore.ts";
import type { StageStep } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { quoteWord } from "../../shell/quote.ts";
import { type ImagePath, isWithin, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { toCheckout } from "./host-tree.ts";
import { shapeInStage } from "./image-facts.ts";
import type { LinkedBuild } from "./links.ts";

/** The rules that reach into an artifact, and the step that does their work in the stage. */
export interface IgnoredPart {
  readonly patterns: readonly string[];
  readonly path: ImagePath;
  readonly step: StageStep;
}

/** What the rules of a build kept out of the directories that come from an image. */
export function ignoredParts(files: ProjectFiles, final: LinkedBuild, builder: LinkedBuild): readonly IgnoredPart[] {
  const context = toCheckout(final.build.context) ?? ROOT;
  const path = ignoreFileOf(final.build.file.path, context, (candidate) => files.entry(candidate)?.kind === "file");
  const read = path === undefined ? undefined : files.read(path);
  if (path === undefined || read?.ok !== true) return [];
  const source = sourceFile(path, read.text);
  const { patterns } = ignoreRules(read.text);
  return artifactsOf(final, builder).flatMap(({ host, from }): IgnoredPart[] => {
    const place = posix.relative(final.build.context, host);
    const reaching = patterns.flatMap((rule, index) => {
      const inside = insideOf(rule, place);
      const undone = patterns.slice(index + 1).some((later) => later.negated);
      return inside === undefined || undone ? [] : [{ rule, inside }];
    });
    if (reaching.length === 0) return [];
    const step: StageStep = {
      kind: "synthesized",
      text: `RUN ${removal(
        from,
        reaching.map(({ inside }) => inside),
      )}`,
      reason: "The ignore rules kept these files out of the image, and do not apply to files from a stage.",
      because: reaching.map(({ rule }) => provenance(source, rule.range)),
      confidence: "likely",
    };
    return [{ patterns: reaching.map(({ rule }) => rule.pattern), path: from, step }];
  });
}

interface Artifact {
  readonly host: string;
  readonly from: ImagePath;
}

/** Directories that came out of a builder's image as a whole. */
function artifactsOf(final: LinkedBuild, builder: LinkedBuild): readonly Artifact[] {
  const stage = builder.document.stages[builder.target];
  const pieces = final.copies
    .flatMap((copy) => copy.sources)
    .flatMap((source) => source.injections)
    .flatMap((injection) => injection.pieces);
  return pieces.flatMap((piece) => {
    if (
      piece.kind !== "flow" ||
      piece.packed !== undefined ||
      piece.node.image !== builder.build.id ||
      /[*?[]/.test(piece.node.path)
    )
      return [];
    const told =
      piece.node.shape === "unknown" && stage ? shapeInStage(stage, piece.node.path).shape : piece.node.shape;
    return told === "directory" ? [{ host: piece.hostPath, from: piece.node.path }] : [];
  });
}

/** The part of a rule that matches below a path; `undefined` where none does for sure or may. */
function insideOf({ pattern, negated }: IgnorePattern, path: string): string | undefined {
  if (negated) return undefined;
  const [, anywhere] = /^\*\*\/(.+)$/.exec(pattern) ?? [];
  if (anywhere !== undefined) return anywhere;
  return pattern !== path && isWithin(pattern, path) && path !== "" ? `/${pattern.slice(path.length + 1)}` : undefined;
}

/** A command that removes `*.map` anywhere below a path, or `/a/b` at that place. */
function removal(from: ImagePath, inside: readonly string[]): string {
  const fixed = inside.filter((pattern) => pattern.startsWith("/"));
  const anywhere = inside
    .filter((pattern) => !pattern.startsWith("/"))
    .map((pattern) => (pattern.includes("/") ? `-path ${quoted(`*/${pattern}`)}` : `-name ${quoted(pattern)}`));
  const tests = anywhere.length > 1 ? `\\( ${anywhere.join(" -o ")} \\)` : anywhere.join("");
  const found = anywhere.length === 0 ? [] : [`find ${from} ${tests} -prune -exec rm -rf {} +`];
  const plain = fixed.map((pattern) => `rm -rf ${from}${/^[\w./*?-]+$/.test(pattern) ? pattern : quoteWord(pattern)}`);
  return [...plain, ...found].join(" && ");
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
