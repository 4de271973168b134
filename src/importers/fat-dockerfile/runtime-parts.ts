/** What the stage that ships is put together from. */
import type { Because } from "../../model/plan.ts";
import type { ImagePath } from "../../text/paths.ts";
import type { ChosenBase } from "./choose-base.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Slice } from "./slice.ts";

/** A directory that another stage hands over, at the instruction that made it in the old file. */
export interface HandOver extends Because {
  readonly path: ImagePath;
  readonly form: "file" | "directory";
  /** It may as well be of the other form. */
  readonly guessed?: true;
  readonly stage: string;
  readonly at: number;
  /** The user that made it, where that is not root: a directory that COPY makes would be root's. */
  readonly owner?: string;
  /** A command that has to run in the runtime stage before the copy. */
  readonly alias?: { readonly command: string; readonly reason: string };
}

export interface RuntimeParts {
  readonly reading: ImageReading;
  readonly slice: Slice;
  readonly needs: RuntimeNeeds;
  readonly base: ChosenBase;
  readonly handOvers: readonly HandOver[];
  readonly name: string;
}
