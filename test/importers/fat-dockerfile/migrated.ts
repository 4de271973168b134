/** Migrates the Dockerfile of a project in memory, and shows what a user sees of it. */
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { hostPath, ROOT } from "../../../src/text/paths.ts";

export interface Seen {
  readonly verdict: string;
  readonly summary: string;
  /** The new Dockerfile; "" where nothing changes. */
  readonly dockerfile: string;
  /** The new Dockerfile's last stage. */
  readonly production: string;
  readonly decisions: Readonly<Record<string, string>>;
  readonly codes: readonly string[];
  /** `stage:/path -> stage:/path` for everything that arrives in the last stage from another one. */
  readonly flows: readonly string[];
}

export function migrated(
  tree: Readonly<Record<string, string>>,
  answers: Record<string, string> = {},
  path = "Dockerfile",
): Seen {
  const dockerfilePath = hostPath(path) ?? ROOT;
  const options = { answers: { "*": answers }, only: { dockerfile: dockerfilePath } };
  const [migration] = migrate(memoryProject(tree), options).migrations;
  if (migration === undefined) throw new Error("no setup was found");
  const dockerfile = migration.changes.find((change) => change.path === path)?.after ?? "";
  const last = migration.stages.at(-1)?.name;
  return {
    verdict: migration.verdict,
    summary: migration.summary,
    dockerfile,
    production: dockerfile.slice(dockerfile.lastIndexOf("\nFROM ") + 1),
    decisions: Object.fromEntries(migration.decisions.map(({ id, chosen }) => [id, chosen])),
    codes: migration.diagnostics.map(({ code }) => code),
    flows: migration.flows
      .filter(({ from, to }) => from.kind !== "context" && to.stage === last)
      .map(({ from, to }) => `${from.name}:${from.path} -> ${to.path}`),
  };
}

/** A Go module of one program in the project's root, or in `directory`. */
export function goProject(
  dockerfile: string,
  main = "package main\n\nfunc main() {}\n",
  directory = "",
): Record<string, string> {
  const module = "module example.com/shop\n\ngo 1.22\n\nrequire example.com/colors v1.0.0\n";
  return { Dockerfile: dockerfile, "go.mod": module, "go.sum": "", [`${directory}main.go`]: main };
}
