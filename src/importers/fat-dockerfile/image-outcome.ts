/** What comes of planning an image: stages, or the reason why there are none. */
import type { DependencyChoice, RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import type { CallerEdit, DroppedInstruction, Stage } from "../../model/plan.ts";
import type { ImagePath } from "../../text/paths.ts";

export type ImageOutcome =
  | {
      readonly kind: "plan";
      readonly stages: readonly Stage[];
      readonly dropped: readonly DroppedInstruction[];
      /** Files that are new or have another content on purpose, with the reason of each. */
      readonly onPurpose?: Readonly<Record<ImagePath, string>>;
      /** Settings that are new or another on purpose, with the reason of each. */
      readonly resettled?: Readonly<Record<string, string>>;
      readonly summary: string;
      /** Of compose files. */
      readonly edits: readonly CallerEdit[];
      /** What run time needs, wherever it comes from. */
      readonly needed: readonly ImagePath[];
    }
  | { readonly kind: "no-benefit" | "refused"; readonly summary: string };

export type PlannedImage = Extract<ImageOutcome, { readonly kind: "plan" }>;

/** Another image for a stage, on the platform that the user's FROM names. */
export function onBase({ base }: Stage, reference: string): Stage["base"] {
  const platform = base.kind === "image" ? base.platform : undefined;
  return { kind: "image", reference, ...(platform === undefined ? {} : { platform }) };
}

type DependencyNeed = Extract<RuntimeNeed, { readonly kind: "dependencies" }>;

/** A tree of libraries with the way that was chosen for it. */
export interface ChosenLibraries {
  readonly need: DependencyNeed;
  readonly choice: DependencyChoice;
}
