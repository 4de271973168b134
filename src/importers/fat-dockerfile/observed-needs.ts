/**
 * What an engine saw that an image needs, as needs like those that are read:
 *
 *     path /app/templates                  the directory goes along
 *     all libraries of /app                the tree as the build stage holds it, development dependencies included
 */
import type { RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import { provenance } from "../../model/provenance.ts";
import type { ImageReading } from "./read-image.ts";

type DependencyNeed = Extract<RuntimeNeed, { readonly kind: "dependencies" }>;
type PathNeed = Extract<RuntimeNeed, { readonly kind: "path" }>;

/** A run showed that a library for development is needed: nothing less than what the build stage holds will do. */
export function withAll(need: DependencyNeed, { evidence }: ImageReading): DependencyNeed {
  const seen = evidence.find((one) => one.kind === "all-dependencies" && one.directory === need.tree.directory);
  const whole = need.choices.filter(({ value }) => value === "as-built");
  return seen === undefined || whole.length === 0 ? need : { ...need, choices: whole, reason: seen.because };
}

/** Libraries that nothing was read to use, and that a run showed to be needed: the trees as they were installed. */
export function unreadTrees(
  { image, evidence, document, stage }: ImageReading,
  dependencies: readonly DependencyNeed[],
): readonly PathNeed[] {
  const open = evidence.filter(
    (need) => need.kind === "all-dependencies" && !dependencies.some(({ tree }) => tree.directory === need.directory),
  );
  const place = provenance(document.source, stage.from.range);
  return open.flatMap((need): readonly PathNeed[] => {
    const trees = image.dependencies.filter(
      (tree) => need.kind === "all-dependencies" && tree.directory === need.directory,
    );
    return trees.flatMap((tree) =>
      tree.places.map((path) => {
        const because = [tree.because ?? place];
        return { kind: "path", path, reason: need.because, confidence: "certain", because } as const;
      }),
    );
  });
}

/** What an engine saw that the image needs, as needs like those that are read. */
export function observedNeeds({ evidence, document, stage, instructions }: ImageReading): readonly RuntimeNeed[] {
  const place = instructions.at(-1)?.because ?? provenance(document.source, stage.from.range);
  const frame = { confidence: "certain", because: [place] } as const;
  return evidence.flatMap((need): readonly RuntimeNeed[] => {
    const reason = need.because;
    if (need.kind === "path") return [{ kind: "path", path: need.path, reason, ...frame }];
    return need.kind === "package" ? [{ kind: "package", name: need.name, reason, ...frame }] : [];
  });
}
