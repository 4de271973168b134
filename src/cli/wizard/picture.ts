/**
 * Stages and what moves between them, as a small picture in text:
 *
 *     builder     golang:1.22
 *      │ /bin/server
 *      ▼
 *     production  gcr.io/distroless/static-debian12
 *
 * Arrows lead down, from the stage that makes something to the one that takes it. `plain` has words in the place of lines.
 */
import type { Migration, MigrationFlow, MigrationStage } from "../../model/migration.ts";
import { visibleLine } from "../../text/visible.ts";

/** One block of lines for each Dockerfile of the result, with its name above where there are several. */
export function stagePicture({ stages, flows }: Migration, { plain }: { readonly plain: boolean }): readonly string[] {
  const files = [...new Set(stages.map(({ dockerfile }) => dockerfile))];
  return files.flatMap((file) => {
    const own = stages.filter(({ dockerfile }) => dockerfile === file);
    const width = Math.max(...own.map(({ name }) => name.length));
    const title = files.length > 1 ? [`${visibleLine(file)}:`] : [];
    const incoming = (stage: MigrationStage): readonly MigrationFlow[] =>
      flows.filter(({ from, to }) => from.kind !== "context" && to.dockerfile === file && to.stage === stage.name);
    const lines = own.flatMap((stage) => [...arrows(stage, incoming(stage), plain), box(stage, width)]);
    return [...title, ...lines];
  });
}

function box({ name, from, fromKind }: MigrationStage, width: number): string {
  return visibleLine(`${name.padEnd(width)}  ${fromKind === "stage" ? `on ${from}` : from}`);
}

function arrows(
  { from, fromKind }: MigrationStage,
  flows: readonly MigrationFlow[],
  plain: boolean,
): readonly string[] {
  const moved = flows.map(({ from: source, to }) => {
    const path = source.path === to.path ? source.path : `${source.path} to ${to.path}`;
    return visibleLine(`${path} from ${source.name}`);
  });
  if (moved.length === 0) return [];
  const stands = fromKind === "stage" ? [`the rest from ${from}`] : [];
  if (plain) return [...moved, ...stands].map((line) => `  takes ${line}`);
  return [...moved.map((line) => ` │ ${line}`), " ▼"];
}
