/**
 * Checks split-and-recover with a real container engine: the split project's own driver, the multi-stage file that it was made
 * from, and what restage makes of the project have to build the same image, file for file.
 *
 *     split seed 7   make, cat, compile-arguments …    driver ok    multi-stage ok    migrated ok
 *
 * Bases are stand-ins with a shell. Configuration of images is not compared, and drivers that only a service runs are not started.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { migrate } from "../src/migrate.ts";
import { memoryProject } from "../src/project/memory.ts";
import { EVERY, projectsWith } from "../test/properties/split-and-recover/every.ts";
import {
  commonContext,
  type Graph,
  graphs,
  multiStageText,
  ships,
} from "../test/properties/split-and-recover/graph.ts";
import { SIMPLE } from "../test/properties/split-and-recover/simple.ts";
import { ARGUMENT_VALUE, type Split, split, ways } from "../test/properties/split-and-recover/split.ts";
import { applyChanges, type TreeFile } from "./samples.ts";

/** The one base that a project needs. */
const BASE = "alpine:3.19";

interface Case {
  readonly name: string;
  readonly graph: Graph;
  readonly project: Split;
}

type Files = Readonly<Record<string, string | TreeFile>>;

function withOneBase(graph: Graph): Graph {
  const stages = graph.stages.map(({ global: _, ...stage }) => ({ ...stage, base: BASE }));
  return { ...graph, stages };
}

/** A few random projects whose driver can be started here. */
function randomCases(count: number): readonly Case[] {
  const samples = fc.sample(fc.tuple(graphs, ways()), { seed: 1, numRuns: count * 3 });
  return samples
    .map(([graph, how], index) => {
      const based = withOneBase(graph);
      return { name: `seed 1 #${index}`, graph: based, project: split(based, { ...how, engine: "docker" }) };
    })
    .filter(({ project }) => canStart(project))
    .slice(0, count);
}

/** The first small project of every idiom, or of the ones that are named. */
function idiomCases(names: readonly string[]): readonly Case[] {
  const simple = Object.values(SIMPLE).map(withOneBase);
  return EVERY.filter(([name]) => names.length === 0 || names.includes(name)).flatMap(([name, how]) =>
    projectsWith(name, how, simple)
      .slice(0, names.length === 0 ? 1 : undefined)
      .map((found) => ({ name, ...found })),
  );
}

function write(folder: string, files: Files): void {
  for (const [path, file] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof file === "string" ? file : file.text);
    if (path.endsWith(".sh")) chmodSync(join(folder, path), 0o755);
  }
}

/** What an image holds: one line for each file with its mode, owner and size, and a sum of all contents. */
function contentsOf(image: string): string {
  const script = `
    set -e
    box=$(docker create "$1" none)
    docker export "$box" | tar --numeric-owner -tvf - | sed -E 's/ [0-9-]{10} [0-9:]{5} / /' | LC_ALL=C sort
    docker export "$box" | tar -xOf - | sha256sum
    docker rm "$box" > /dev/null`;
  const listed = spawnSync("bash", ["-o", "pipefail", "-c", script, "list", image], { encoding: "utf8" });
  if (listed.status !== 0) throw new Error(`"${image}" can't be listed:\n${listed.stderr}`);
  return listed.stdout;
}

function run(words: readonly string[], folder: string, env: NodeJS.ProcessEnv): void {
  const [program = "", ...args] = words;
  const ran = spawnSync(program, args, { cwd: folder, env, encoding: "utf8", input: "" });
  if (ran.status !== 0) throw new Error(`${words.join(" ")} failed:\n${ran.stdout}${ran.stderr}`);
}

/** The images that people use, by the tags that the split script gives them. */
function finalTags({ project, graph }: Case): readonly string[] {
  const text = project.driverFiles.map((path) => project.tree[path] ?? "").join("\n");
  const names = graph.stages.flatMap((_, index) => (ships(graph, index) ? [index] : []));
  return names.map((_, at) => {
    const name = at === 0 ? "final" : "second";
    if (text.includes(`example/${name}`)) return `example/${name}`;
    return text.includes(`${name}:dev`) ? `${name}:dev` : name;
  });
}

function drive(one: Case, files: Files, scratch: string, env: NodeJS.ProcessEnv): string {
  const folder = mkdtempSync(join(scratch, "split-"));
  write(folder, files);
  for (const tag of finalTags(one)) spawnSync("docker", ["rmi", "-f", tag]);
  const containers = Object.values(one.project.tree).flatMap((text) => [...text.matchAll(/--name (\w+)/g)]);
  spawnSync("docker", ["rm", "-f", ...new Set(containers.map(([, name = ""]) => name))]);
  run(one.project.driver.start ?? ["sh", "build.sh"], folder, env);
  return finalTags(one).map(contentsOf).join("\n");
}

/** Builds the multi-stage file that the project was split from; each final under its name. */
function buildWhole(one: Case, scratch: string, env: NodeJS.ProcessEnv): string {
  const folder = mkdtempSync(join(scratch, "whole-"));
  write(folder, { ...one.project.tree, "Dockerfile.whole": multiStageText(one.graph) });
  const args = one.graph.stages
    .flatMap(({ args }) => args)
    .flatMap((name) => ["--build-arg", `${name}=${ARGUMENT_VALUE}`]);
  const finals = one.graph.stages.flatMap((_, index) => (ships(one.graph, index) ? [index] : []));
  return finals
    .map((index) => {
      const target = `stage-${String.fromCharCode(97 + index)}`;
      const words = ["build", ...args, "--target", target, "-t", "whole", "-f", "Dockerfile.whole"];
      run(["docker", ...words, commonContext(one.graph)], folder, env);
      return contentsOf("whole");
    })
    .join("\n");
}

/** Whether this machine has what a driver calls beside the engine. */
function canStart({ driver, used }: Split): boolean {
  const programs = [driver.start?.[0] ?? "", ...(used.includes("between-synced") ? ["rsync"] : [])];
  return driver.start !== undefined && programs.every((name) => spawnSync("which", [name]).status === 0);
}

function migrated({ tree }: Split): Files | undefined {
  const { migrations } = migrate(memoryProject(tree));
  const changes = migrations.flatMap((migration) => migration.changes);
  return changes.length === 0 ? undefined : applyChanges<string>(tree, changes);
}

function attempt(make: () => string): { readonly contents?: string; readonly problem?: string } {
  try {
    return { contents: make() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The lines that only one of two listings has. */
function difference(first = "", second = ""): string {
  const only = (lines: string, others: string, mark: string) =>
    lines
      .split("\n")
      .filter((line) => !others.split("\n").includes(line))
      .map((line) => `${mark} ${line}`);
  return [...only(first, second, "-"), ...only(second, first, "+")].join("\n");
}

function verify(one: Case, scratch: string, env: NodeJS.ProcessEnv): boolean {
  const after = migrated(one.project);
  const sides = [
    { side: "driver", ...attempt(() => drive(one, one.project.tree, scratch, env)) },
    { side: "multi-stage", ...attempt(() => buildWhole(one, scratch, env)) },
    ...(after === undefined ? [] : [{ side: "migrated", ...attempt(() => drive(one, after, scratch, env)) }]),
  ];
  const [first] = sides;
  const isSame = (contents: string | undefined) => contents !== undefined && contents === first?.contents;
  const cells = sides.map(({ side, contents }) => `${side} ${isSame(contents) ? "ok" : "FAILED"}`);
  console.log(`split ${one.name.padEnd(28)} ${cells.join("  ").padEnd(40)} ${one.project.used.join(", ")}`);
  for (const { side, contents, problem } of sides)
    if (!isSame(contents))
      console.log(
        `--- ${side}:\n${problem ?? (first?.contents === undefined ? "" : difference(first.contents, contents))}\n---`,
      );
  return sides.every(({ contents }) => isSame(contents));
}

/** Verifies a few random projects, or with `--idioms` one small project of every idiom; gives the number of failures. */
export function verifySplits(options: readonly string[], scratch: string, env: NodeJS.ProcessEnv): number {
  const named = options.filter((option) => option.startsWith("--idiom=")).map((option) => option.slice(8));
  const all = options.includes("--idioms");
  const cases = all || named.length > 0 ? idiomCases(named) : randomCases(8);
  const startable = cases.filter(({ project }) => canStart(project));
  const failures = startable.filter((one) => !verify(one, scratch, env)).length;
  spawnSync("docker", ["rmi", "-f", "whole", ...startable.flatMap(finalTags)]);
  rmSync(scratch, { recursive: true, force: true });
  return failures;
}
