/** What the invariants look at: a Dockerfile as it was planned, as it was written, and the reason of each of its lines. */
import type { DockerfileDocument } from "../dockerfile/syntax.ts";
import type { Because, PlannedDockerfile, StageStep } from "./plan.ts";

/** One written Dockerfile before it is handed over. */
export interface CheckedDockerfile {
  readonly planned: PlannedDockerfile;
  /** The written text, parsed again. */
  readonly document: DockerfileDocument;
  /** Runs of lines (from 1, both ends included) in order. */
  readonly pieces: readonly (Because & {
    readonly firstLine: number;
    readonly lastLine: number;
    readonly step?: StageStep;
  })[];
}
