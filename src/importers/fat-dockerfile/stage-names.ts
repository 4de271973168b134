/**
 * Names for stages: the user's own where it fits, else ours, never one that the file already uses for an image.
 *
 *     FROM golang:1.22 AS build-env     the build stage stays "build-env"
 *     FROM node:20 AS app               the runtime stage becomes "app", so that `--target app` still ships
 */

import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import { splitReference } from "../../ecosystems/base-images.ts";
import { flagValue } from "./apply-copy.ts";
import { buildTargets } from "./build-targets.ts";
import type { ImageReading } from "./read-image.ts";

export interface StageNames {
  readonly builder: string;
  readonly dependencies: string;
  readonly development: string;
  readonly tester: string;
  readonly production: string;
}

/** Names for what becomes of a stage; `others` are the names of the file's other stages. */
export function stageNames({ document, stage, image }: ImageReading, others: readonly string[] = []): StageNames {
  const taken = new Set([...imageNames(document), ...others]);
  const own = stage.from.name?.text.toLowerCase();
  // Who builds the last stage by its name wants the image.
  const ownBuilds = own !== undefined && /build|compile/.test(own) && !buildTargets(image.project).has(own);
  const builder = own !== undefined && ownBuilds ? own : freeName("builder", taken);
  const production = own !== undefined && !ownBuilds ? own : freeName("production", taken);
  const used = new Set([...taken, builder, production]);
  return {
    builder,
    production,
    dependencies: freeName("dependencies", used),
    development: freeName("development", used),
    tester: freeName("tester", used),
  };
}

/** What stages must not be called: images of the file, and what Docker gives a meaning of its own. */
export function imageNames(document: DockerfileDocument): ReadonlySet<string> {
  const images = document.stages.map((stage) => stage.from.image.text);
  const copied = document.instructions.flatMap((one) =>
    one.kind === "copy" || one.kind === "add" ? [flagValue(one.flags, "from") ?? ""] : [],
  );
  const all = [...images, ...copied].flatMap((reference) => [reference, splitReference(reference).repository]);
  return new Set([...all.map((name) => name.toLowerCase()), "scratch", "context"]);
}

/** The wanted name, or the first free one after it. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-stage-${number}`)) return `${wanted}-stage-${number}`;
}
