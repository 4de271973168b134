/** An instruction that a stage gets at its end, since the script did so on the host. */
import type { Confidence } from "../../model/decision.ts";
import type { Step } from "./host-tree.ts";
import type { Visit } from "./trace.ts";

export interface StageChange {
  /** The key of the image whose stage gets it. */
  readonly image: string;
  /** When the script did so. */
  readonly step: Step;
  readonly text: string;
  readonly reason: string;
  /** Absent where the stage can do it for certain. */
  readonly confidence?: Confidence;
  readonly visit: Visit;
}
