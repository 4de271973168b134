/**
 * How long it takes from the shell's point of view: medians over whole processes, taken in turn so that all see the same machine.
 *
 *     measureStartup(21)   // [{ name: "node -e 0", milliseconds: 41 }, { name: "restage --version", … }, …]
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

export interface Startup {
  readonly name: string;
  readonly milliseconds: number;
}

const CLI = resolve("dist/bin/restage.cjs");

const RUNS: readonly { readonly name: string; readonly args: readonly string[]; readonly cwd?: string }[] = [
  { name: "node -e 0", args: ["-e", "0"] },
  { name: "restage --version", args: [CLI, "--version"] },
  { name: "restage migrate (fat Go)", args: [CLI, "migrate"], cwd: resolve("samples/fat-go/before") },
  { name: "restage migrate (script)", args: [CLI, "migrate"], cwd: resolve("samples/script-go/before") },
];

function once(args: readonly string[], cwd: string | undefined): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Median times; the first is Node's own. */
export function measureStartup(rounds: number): readonly Startup[] {
  const times = RUNS.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    // Round 0 fills the file cache.
    for (const [index, run] of RUNS.entries()) {
      const time = once(run.args, run.cwd);
      if (round > 0) times[index]?.push(time);
    }
  }
  return RUNS.map(({ name }, index) => ({ name, milliseconds: median(times[index] ?? []) }));
}
