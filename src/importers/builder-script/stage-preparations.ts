/**
 * Files that a stage makes of an image's own, since something copies them that the script made on their way.
 *
 *     docker cp x:/rootfs.tar . && tar xf rootfs.tar -C root      RUN mkdir -p /unpacked/rootfs && tar -xf /rootfs.tar …
 *     docker cp x:/app . && gzip -9 app                           RUN mkdir -p /compressed && cp -p /app /compressed && gzip …
 *
 * What is compressed and decompressed again needs no such step (compress-commands.ts). What is not decided here: the order among other
 * changes (stage-changes.ts).
 */
import { posix } from "node:path";
import { describeBase } from "../../ecosystems/base-images.ts";
import { quoteWord } from "../../shell/quote.ts";
import type { Compression, ImageNode, Step } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import { type Builds, mapPieces } from "./linked-flows.ts";
import type { ScriptRun } from "./run-script.ts";
import type { StageChange } from "./stage-change.ts";
import { settledPath, unpackCommand, unpackingProgram } from "./unpackings.ts";

/** Whether an image's last stage can run a command of ours. */
export function canRun(builds: Builds, image: string): boolean {
  const linked = builds.get(image);
  const stage = linked?.document.stages[linked.target];
  if (stage === undefined || stage.instructions.some(({ kind }) => kind === "shell")) return false;
  return describeBase(stage.from.image.text).shell !== false;
}

export interface Preparations {
  readonly unpackings: readonly StageChange[];
  readonly compressions: readonly StageChange[];
  /** The builds, whose pieces name what the stages have now. */
  readonly builds: Builds;
}

/** The steps that make what is copied; a file whose stage can't is left as an archive of the host. */
export function prepareInStages(run: ScriptRun, found: Builds): Preparations {
  const unpackings = new Map<string, StageChange>();
  const compressions = new Map<string, StageChange>();
  const keep = (into: Map<string, StageChange>, change: StageChange): void => {
    into.set(`${change.image} ${change.text}`, change);
  };

  /** The same node where the stage has it; `undefined` where the stage cannot make it. */
  const settle = (node: ImageNode): ImageNode | undefined => {
    if (node.compressed !== undefined) {
      const of = settle(node.compressed.of);
      const change = of && compressing(node, of, node.compressed, run, found);
      if (of === undefined || change === undefined) return undefined;
      keep(compressions, change);
      return { ...node, compressed: { ...node.compressed, of } };
    }
    if (node.unpacked === undefined) return node;
    const { unpacked: _, ...plain } = node;
    const path = settledPath(found.get(node.image), node);
    if (path !== node.path) return { ...plain, path };
    const change = unpacking(node, node.unpacked, run, found);
    if (change === undefined) return undefined;
    keep(unpackings, change);
    return plain;
  };

  const builds = mapPieces(found, (piece): Piece => {
    if (piece.kind !== "flow") return piece;
    const node = settle(piece.node);
    if (node === piece.node) return piece;
    const { by } = piece.node;
    return node === undefined
      ? { kind: "archive", node: { kind: "archive", members: new Map(), by }, inside: piece.inside }
      : { ...piece, node };
  });
  return { unpackings: [...unpackings.values()], compressions: [...compressions.values()], builds };
}

function unpacking(
  node: ImageNode,
  unpacked: NonNullable<ImageNode["unpacked"]>,
  run: ScriptRun,
  found: Builds,
): StageChange | undefined {
  const visit = visitAt(run, node.by[0]);
  if (visit === undefined || !canRun(found, node.image)) return undefined;
  const program = unpackingProgram(unpacked.archive);
  const reason = `The archive was unpacked on its way; what is in it is copied from the stage.${needs(program)}`;
  const text = `RUN ${unpackCommand(unpacked)}`;
  return { image: node.image, step: visit.step, text, reason, visit, ...sureWithout(program) };
}

/** On standard output a file has the mode that new files have; by itself it keeps the one that it had. */
function compressing(
  node: ImageNode,
  of: ImageNode,
  { program, options, prints, step }: Compression,
  run: ScriptRun,
  found: Builds,
): StageChange | undefined {
  const visit = visitAt(run, step);
  if (visit === undefined || !canRun(found, node.image)) return undefined;
  const folder = posix.dirname(node.path);
  const call = [program, ...options].join(" ");
  const copy = posix.join(folder, posix.basename(of.path));
  const work = prints
    ? `${call} -c ${quoteWord(of.path)} > ${quoteWord(node.path)}`
    : `cp -p ${quoteWord(of.path)} ${quoteWord(copy)} && ${call} ${program === "zstd" ? "--rm " : ""}${quoteWord(copy)}`;
  const other = program === "gzip" ? undefined : program;
  const reason = `The script compressed this on its way; what is copied is compressed in the stage.${needs(other)}`;
  const text = `RUN mkdir -p ${quoteWord(folder)} && ${work}`;
  return { image: node.image, step, text, reason, visit, ...sureWithout(other) };
}

function visitAt({ visits }: ScriptRun, step: Step | undefined) {
  return visits[step ?? 0];
}

function needs(program: string | undefined): string {
  return program === undefined ? "" : ` The stage needs ${program} for that.`;
}

/** A program that an image may well lack is not taken for certain. */
function sureWithout(program: string | undefined): Pick<StageChange, "confidence"> {
  return program === undefined ? {} : { confidence: "likely" };
}
