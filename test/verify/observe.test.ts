/** What is seen of a container, where the engine itself may be at fault. */
import { expect, test } from "vitest";
import { observe } from "../../src/verify/observe.ts";
import { type Does, FakeEngine } from "./fake-engine.ts";
import { readImageOf } from "./images.ts";

/** One container after the other does what the list says; the last one again and again. */
async function seen(list: readonly Does[]) {
  const image = readImageOf({ files: {} });
  let at = 0;
  const engine = new FakeEngine({ image: () => image, run: () => list[Math.min(at++, list.length - 1)] ?? {} });
  const world = { engine, digest: () => "", sleep: async () => undefined };
  const plan = { network: "none", paths: [], patience: 1000 } as const;
  const { observation } = await observe(world, "tide", image.image.configuration, plan);
  return { stdout: observation.stdout, runs: engine.runs.length, left: engine.left };
}

test.each<[string, readonly Does[], string, number]>([
  ["that prints is run once", [{ exitCode: 0, stdout: "ebb\n" }], "ebb\n", 1],
  ["whose words a busy engine lost is run again", [{ exitCode: 0 }, { exitCode: 0, stdout: "ebb\n" }], "ebb\n", 2],
  ["that says nothing is run twice, and said to say nothing", [{ exitCode: 0 }], "", 2],
  ["that stays up in silence is run once", [{ ports: [80] }], "", 1],
])("a program %s", async (_, list, stdout, runs) => {
  expect(await seen(list)).toEqual({ stdout, runs, left: 0 });
});
