/**
 * Base images whose ONBUILD instructions copy from the context, where that becomes another one, or loses an artifact.
 *
 *     docker build -t b src          FROM golang:1.3-onbuild       COPY . /go/src/app counts from src
 *     docker build -t app deploy     joined: the context is "."     it would take in everything
 *
 * With one context for all builds the instructions run in the stage as they did in the image. Those of an image that the script
 * builds run too where a stage is built FROM its stage: engines take both for a base image alike.
 */
import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { CopyInstruction, InstructionRef } from "../../dockerfile/syntax.ts";
import { containsImage, look } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import type { LinkedBuild } from "./links.ts";

/** Reports stages whose base copies from a context that has moved. */
export function checkOnbuild({ group, context }: Joined, reporter: Reporter): void {
  const parts = [...group.builders, ...group.finals];
  for (const linked of parts) {
    const prefix = context.prefixes.get(linked) ?? "";
    const own = ownTriggers(linked, parts).find(({ ref }) => prefix !== "" || takesArtifact(linked, ref.instruction));
    if (own !== undefined)
      reporter.report(
        "onbuild-context",
        { image: own.image, from: prefix === "" ? context.directory : prefix, to: context.directory },
        { path: own.ref.document.source.path, ...own.ref.instruction.range },
      );
    if (prefix === "") continue;
    const { document } = linked;
    const from = document.stages.slice(0, linked.target + 1).find((stage) => /:.*onbuild/i.test(stage.from.image.text));
    if (from === undefined) continue;
    const { text, range } = from.from.image;
    reporter.report(
      "onbuild-context",
      { image: text, from: prefix, to: context.directory },
      { path: document.source.path, ...range },
    );
  }
}

interface Trigger {
  readonly image: string;
  readonly ref: InstructionRef<CopyInstruction>;
}

/** What the images of other builds copy from the context of a build that starts from them. */
function ownTriggers({ bases, document }: LinkedBuild, parts: readonly LinkedBuild[]): readonly Trigger[] {
  return [...bases].flatMap(([index, image]) => {
    const base = parts.find(({ build }) => build.id === image);
    const instructions = base?.document.stages.slice(0, base.target + 1).flatMap((stage) => stage.instructions) ?? [];
    return instructions.flatMap((instruction): readonly Trigger[] => {
      const copy = instruction.kind === "onbuild" ? instruction.trigger : undefined;
      if (base === undefined || (copy?.kind !== "copy" && copy?.kind !== "add")) return [];
      if (copy.flags.some(({ name }) => name === "from")) return [];
      const name = document.stages[index]?.from.image.text ?? "";
      return [{ image: name, ref: { document: base.document, instruction: copy } }];
    });
  });
}

/** Whether something that came out of an image lay where a trigger copies from. */
function takesArtifact({ build }: LinkedBuild, { sources }: CopyInstruction): boolean {
  return sources.some(({ text }) => containsImage(look(build.host, posix.join(build.context, text))));
}
