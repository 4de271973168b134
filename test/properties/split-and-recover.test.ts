/**
 * A free oracle: a random multi-stage build is taken apart into Dockerfiles and a script, and has to come back as it was.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges } from "../../scripts/samples.ts";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { commonContext, type Graph, graphs, multiStageText } from "./split-and-recover/graph.ts";
import { ARGUMENT_VALUE, idioms, split, type Tree } from "./split-and-recover/split.ts";
import { contextOf, describeFlows, expectedFlows, summarize } from "./split-and-recover/summary.ts";

/** At least 200 (`FAST_CHECK_RUNS=5000 npm test -- split-and-recover` looks further). */
const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 250);

const show = (tree: Tree): string =>
  Object.entries(tree)
    .filter(([path]) => /Dockerfile|\.sh$/.test(path))
    .map(([path, text]) => `--- ${path}\n${text}`)
    .join("\n");

/** The one migration of a split project; the failing project is part of every failure. */
function migrateSplit(tree: Tree): Migration {
  const migrations = migrate(memoryProject(tree)).migrations;
  const [migration] = migrations;
  if (migration === undefined || migrations.length !== 1) throw new Error(`${migrations.length} setups were found`);
  const problems = migration.diagnostics.map((d) => `${d.path}:${d.line}: ${d.severity} ${d.code}: ${d.message}`);
  if (migration.verdict !== "migrated") throw new Error([`verdict ${migration.verdict}`, ...problems].join("\n"));
  return migration;
}

function withProject(tree: Tree, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\nthe project was:\n${show(tree)}`, {
      cause: error,
    });
  }
}

function writtenDockerfile(migration: Migration): string {
  const path = migration.outputs[0]?.dockerfile;
  return migration.changes.find((change) => change.path === path)?.after ?? "";
}

/** What the script still asks of the engine: `build`, `create`, `cp` … */
function engineCalls(script: string): readonly string[] {
  return [...script.matchAll(/\b(?:docker|podman) (?:image )?([a-z]+)/g)].map(([, verb]) => verb ?? "");
}

function scriptAfter(migration: Migration): string {
  return migration.changes.find((change) => change.path === "build.sh")?.after ?? "";
}

function argumentsOf(graph: Graph): readonly string[] {
  return [...new Set(graph.stages.flatMap((stage) => stage.args))].sort();
}

const crlf = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));

const backwards = (tree: Tree): Tree => Object.fromEntries(Object.entries(tree).reverse());

/** What must not depend on how the files are listed or end their lines. */
const planOf = (migration: Migration) => ({
  stages: migration.stages,
  flows: migration.flows.map(({ from, to, owner, mode }) => ({ from, to, owner, mode })),
  decisions: migration.decisions.map(({ id, chosen }) => ({ id, chosen })),
});

function check(body: (tree: Tree, graph: Graph) => void, runs = RUNS): void {
  fc.assert(
    fc.property(graphs, idioms, (graph, ways) => {
      const tree = split(graph, ways);
      withProject(tree, () => body(tree, graph));
    }),
    { numRuns: runs },
  );
}

describe("a multi-stage build that was split into Dockerfiles and a script", () => {
  it("comes back with the same stages and instructions", () => {
    check((tree, graph) => {
      const migration = migrateSplit(tree);
      const recovered = summarize(writtenDockerfile(migration), contextOf(migration), graph);
      expect(recovered).toEqual(summarize(multiStageText(graph), commonContext(graph), graph));
    });
  });

  it("comes back with the same flows", () => {
    check((tree, graph) => {
      const migration = migrateSplit(tree);
      expect(describeFlows(migration, writtenDockerfile(migration))).toEqual(expectedFlows(graph));
    });
  });

  it("leaves a script that builds once, with all build arguments and the final tag", () => {
    check((tree, graph) => {
      const script = scriptAfter(migrateSplit(tree));
      expect(engineCalls(script)).toEqual(["build"]);
      const passed = [...script.matchAll(/--build-arg (\w+)=(\S+)/g)]
        .map(([, name, value]) => `${name}=${value}`)
        .sort();
      const names = argumentsOf(graph);
      expect(passed.map((one) => one.replace(/=.*/, ""))).toEqual(names);
      for (const one of passed)
        expect([ARGUMENT_VALUE, `"$${one.replace(/=.*/, "")}"`]).toContain(one.replace(/^\w+=/, ""));
      expect(script).toMatch(/(-t |--tag[ =])("?\$\{?FINAL_IMAGE\}?"?|final)/);
    });
  });

  it("is left alone when it is migrated again", () => {
    check((tree) => {
      const after = applyChanges(tree, migrateSplit(tree).changes);
      expect(migrate(memoryProject(after)).migrations.flatMap((again) => again.changes)).toEqual([]);
    }, 100);
  });

  it("gives the same plan with its files in another order and with CRLF", () => {
    check((tree) => {
      const plan = planOf(migrateSplit(tree));
      expect(planOf(migrateSplit(backwards(tree)))).toEqual(plan);
      expect(planOf(migrateSplit(crlf(tree)))).toEqual(plan);
    }, 100);
  });
});
