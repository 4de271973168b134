/**
 * How many files a second, and how much memory at most. Each part runs in a process of its own, so that the peaks do not mix:
 *
 *     measurePart("parse", 10_000)   // { part: "parse", files: 10000, perSecond: 31000, megabytesPerSecond: 28, peakMegabytes: 120 }
 */
import { DockerfileParser, ModifiableInstruction } from "dockerfile-ast";
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import { migrate } from "../src/migrate.ts";
import { memoryProject } from "../src/project/memory.ts";
import { type HostPath, hostPath } from "../src/text/paths.ts";
import { sourceFile } from "../src/text/source.ts";
import { dockerfileText, legacyProject } from "./corpus.ts";

/** `dockerfile-ast` splits into instructions; with operands it also reads arguments and flags, which `parse` always does. */
export const PARTS = ["parse", "dockerfile-ast", "dockerfile-ast with operands", "migrate"] as const;
export type Part = (typeof PARTS)[number];

export interface Throughput {
  readonly part: Part;
  readonly files: number;
  readonly perSecond: number;
  readonly megabytesPerSecond: number;
  /** Of the whole process, corpus included. */
  readonly peakMegabytes: number;
}

const PATH = hostPath("Dockerfile") as HostPath;
const ROUNDS = 5;

const bytes = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** Runs all items several times and keeps the best round: the others hold the warming up. */
function best<Item>(items: readonly Item[], rounds: number, work: (item: Item) => number): number {
  let least = Number.POSITIVE_INFINITY;
  let seen = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (const item of items) seen += work(item);
    least = Math.min(least, performance.now() - start);
  }
  // Using what was computed keeps the engine from leaving the work out.
  if (seen === 0) throw new Error("the corpus is empty");
  return least / 1000;
}

function result(part: Part, files: number, size: number, seconds: number): Throughput {
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  return { part, files, perSecond: files / seconds, megabytesPerSecond: size / 1e6 / seconds, peakMegabytes };
}

const instructions = (text: string): number => DockerfileParser.parse(text).getInstructions().length;

function operands(text: string): number {
  return DockerfileParser.parse(text)
    .getInstructions()
    .reduce(
      (sum, one) =>
        sum + one.getArguments().length + (one instanceof ModifiableInstruction ? one.getFlags().length : 0),
      0,
    );
}

const PARSERS: Readonly<Record<Exclude<Part, "migrate">, (text: string) => number>> = {
  parse: (text) => parseDockerfile(sourceFile(PATH, text)).instructions.length,
  "dockerfile-ast": instructions,
  "dockerfile-ast with operands": operands,
};

/** Measures one part over the first `files` files of the corpus. */
export function measurePart(part: Part, files: number): Throughput {
  if (part === "migrate") {
    const trees = Array.from({ length: files }, (_, index) => legacyProject(index));
    const seconds = best(trees, 2, (tree) => migrate(memoryProject(tree)).migrations.length);
    return result(part, files, bytes(trees.flatMap((tree) => Object.values(tree))), seconds);
  }
  const texts = Array.from({ length: files }, (_, index) => dockerfileText(index));
  return result(part, files, bytes(texts), best(texts, ROUNDS, PARSERS[part]));
}
