/**
 * The multi-stage file of each ecosystem's sample, flattened into one stage by rule, comes back with the same artifacts:
 *
 *     FROM golang AS builder            FROM golang
 *     RUN go build -o /bin/app     →    RUN go build -o /bin/app     →    COPY --from=builder /bin/app …
 *     FROM alpine                       CMD ["/bin/app"]
 *     COPY --from=builder /bin/app /bin/app
 *     CMD ["/bin/app"]
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSamples, readTree } from "../../scripts/samples.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { sourceFile } from "../../src/text/source.ts";
import { migrated } from "../importers/fat-dockerfile/migrated.ts";

/** Every instruction of every stage in order, on the first stage's base; what a stage takes out of another one is there already. */
function flattened(text: string): string {
  const document = parseDockerfile(sourceFile("Dockerfile" as never, text));
  const [first] = document.stages;
  const lines = document.stages.flatMap((stage) =>
    stage.instructions
      .filter(({ kind, flags }) => !((kind === "copy" || kind === "add") && flags.some(({ name }) => name === "from")))
      .map(({ range }) => text.slice(range.start, range.end)),
  );
  return `${[`FROM ${first?.from.image.text ?? ""}`, ...lines].join("\n")}\n`;
}

/** What the runtime stage takes out of other stages, by its path there. */
function artifacts(flows: readonly string[]): readonly string[] {
  return flows.map((flow) => flow.replace(/^[^:]*:/, "").replace(/ -> .*$/, "")).sort();
}

const SAMPLES = readSamples().filter(
  ({ facts, directory }) => facts.ecosystem !== undefined && existsSync(`${directory}/after/Dockerfile`),
);

describe("a flattened sample comes back with its artifacts", () => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))("%s", (_, { directory }) => {
    const project = Object.fromEntries(
      Object.entries(readTree(`${directory}/before`)).map(([path, { text }]) => [path, text]),
    );
    const split = readFileSync(`${directory}/after/Dockerfile`, "utf8");
    const before = migrated(project);
    const again = migrated({ ...project, Dockerfile: flattened(split) });
    expect(before.flows.length).toBeGreaterThan(0);
    expect(again.verdict).toBe("migrated");
    expect(artifacts(again.flows)).toEqual(artifacts(before.flows));
  });
});
