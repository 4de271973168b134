/**
 * A free oracle: a random multi-stage build is taken apart into Dockerfiles and a driver, and has to come back as it was.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges } from "../../scripts/samples.ts";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";
import type { Tree } from "./split-and-recover/drivers/driver.ts";
import { EVERY, projectsWith } from "./split-and-recover/every.ts";
import { commonContext, type Graph, graphs, multiStageText } from "./split-and-recover/graph.ts";
import { ARGUMENT_VALUE, type Split, split, ways } from "./split-and-recover/split.ts";
import { contextOf, describeFlows, expectedFlows, summarize } from "./split-and-recover/summary.ts";

/** `FAST_CHECK_RUNS=2000 npm test -- split-and-recover` looks further. */
const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 500);

const show = ({ tree, driverFiles }: Split): string =>
  Object.entries(tree)
    .filter(([path]) => /Dockerfile/.test(path) || driverFiles.includes(path))
    .map(([path, text]) => `--- ${path}\n${text}`)
    .join("\n");

/** The one migration of a split project. */
function migrateSplit(tree: Tree): Migration {
  const migrations = migrate(memoryProject(tree)).migrations.filter(({ kind }) => kind === "builder-script");
  const [migration] = migrations;
  if (migration === undefined || migrations.length !== 1) throw new Error(`${migrations.length} setups were found`);
  const problems = migration.diagnostics.map((d) => `${d.path}:${d.line}: ${d.severity} ${d.code}: ${d.message}`);
  if (migration.verdict !== "migrated") throw new Error([`verdict ${migration.verdict}`, ...problems].join("\n"));
  return migration;
}

/** What a project is migrated to, for people to read. */
const became = ({ tree }: Split): string =>
  migrate(memoryProject(tree))
    .migrations.flatMap(({ changes }) => changes)
    .map(({ path, after }) => `--- ${path}\n${after ?? "(deleted)"}`)
    .join("\n");

/** The idioms and the failing project are part of every failure. */
function withProject(project: Split, check: () => void): void {
  try {
    check();
  } catch (error) {
    const said = error instanceof Error ? error.message : error;
    const parts = [
      `idioms: ${project.used.join(", ")}`,
      `the project was:\n${show(project)}`,
      `it became:\n${became(project)}`,
    ];
    throw new Error([said, ...parts].join("\n\n"), { cause: error });
  }
}

function writtenDockerfile(migration: Migration): string {
  const path = migration.outputs[0]?.dockerfile;
  return migration.changes.find((change) => change.path === path)?.after ?? "";
}

/** What a driver still asks of the engine: `build`, `create`, `cp` … Volumes that nothing uses may stay. */
function engineCalls(script: string): readonly string[] {
  return [...script.matchAll(/\b(?:docker|podman) (?:image )?([a-z]+)/g)].flatMap(([, verb = ""]) =>
    /^(?:is|volume)$/.test(verb) ? [] : [verb],
  );
}

/** The driver's own files as the migration leaves them. */
function driverAfter(migration: Migration, { tree, driverFiles }: Split): string {
  const after = applyChanges(tree, migration.changes);
  const text = (file: (typeof after)[string] | undefined) => (typeof file === "object" ? file.text : (file ?? ""));
  return driverFiles.map((path) => text(after[path])).join("\n");
}

const argumentsOf = (graph: Graph): readonly string[] =>
  [...new Set(graph.stages.flatMap((stage) => stage.args))].sort();

const crlf = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));

const backwards = (tree: Tree): Tree => Object.fromEntries(Object.entries(tree).reverse());

/** What must not depend on how the files are listed or end their lines. */
const planOf = (migration: Migration) => ({
  stages: migration.stages,
  flows: migration.flows.map(({ from, to, owner, mode }) => ({ from, to, owner, mode })),
  decisions: migration.decisions.map(({ id, chosen }) => ({ id, chosen })),
});

function expectSameStages(migration: Migration, { compiled }: Split, graph: Graph): void {
  const recovered = summarize(writtenDockerfile(migration), contextOf(migration), graph, compiled);
  expect(recovered).toEqual(summarize(multiStageText(graph), commonContext(graph), graph, compiled));
}

function expectSameFlows(migration: Migration, graph: Graph): void {
  expect(describeFlows(migration, writtenDockerfile(migration), graph)).toEqual(expectedFlows(graph));
}

/** One build for each final image, under its name, with all build arguments. */
function expectPlainDriver(migration: Migration, project: Split, graph: Graph): void {
  // A string of YAML or JSON writes the shell's quotes with a backslash.
  const script = driverAfter(migration, project).replace(/\\"/g, '"');
  expect(engineCalls(script)).toEqual(Array.from({ length: graph.finals }, () => "build"));
  const passed = [...script.matchAll(/--build-arg (\w+)=(\S+)/g)].map(([, name = "", value = ""]) => ({ name, value }));
  const names = [...new Set(passed.map(({ name }) => name))].sort();
  if (project.compiled) expect(argumentsOf(graph)).toEqual(expect.arrayContaining(names));
  else expect(names).toEqual(argumentsOf(graph));
  for (const { name, value } of passed)
    expect([ARGUMENT_VALUE, `"$${name}"`, `$(${name})`]).toContain(value.replace(/^'(.*)'$/, "$1"));
  expect(script).toMatch(/(-t |--tag[ =])("?\$[{(]?FINAL_IMAGE[})]?"?|(?:example\/)?final)/);
}

function expectRecovered(project: Split, graph: Graph): void {
  const migration = migrateSplit(project.tree);
  expectSameStages(migration, project, graph);
  expectSameFlows(migration, graph);
  expectPlainDriver(migration, project, graph);
}

function check(body: (project: Split, graph: Graph) => void, runs = RUNS): void {
  fc.assert(
    fc.property(graphs, ways(), (graph, how) => {
      const project = split(graph, how);
      withProject(project, () => body(project, graph));
    }),
    { numRuns: runs, includeErrorInReport: true },
  );
}

describe("a multi-stage build that was split into Dockerfiles and a driver", () => {
  it("comes back with the same stages, instructions and flows, and a driver that builds once", () => {
    check(expectRecovered);
  });

  it("is left alone when it is migrated again", () => {
    check(({ tree }) => {
      const after = applyChanges(tree, migrateSplit(tree).changes);
      expect(migrate(memoryProject(after)).migrations.flatMap((again) => again.changes)).toEqual([]);
    }, RUNS / 2);
  });

  it("gives the same plan with its files in another order and with CRLF", () => {
    check(({ tree }) => {
      const plan = planOf(migrateSplit(tree));
      expect(planOf(migrateSplit(backwards(tree)))).toEqual(plan);
      expect(planOf(migrateSplit(crlf(tree)))).toEqual(plan);
    }, RUNS / 2);
  });
});

describe("every idiom by itself", () => {
  it.each(EVERY)("%s comes back", (name, how) => {
    const projects = projectsWith(name, how);
    expect(projects.length).toBeGreaterThan(0);
    for (const { project, graph } of projects) withProject(project, () => expectRecovered(project, graph));
  });

  it("is known by a name of its own", () => {
    const names = EVERY.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
