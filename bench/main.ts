/**
 * `npm run bench`: start-up against Node's own, throughput against dockerfile-ast, each with its aim.
 *
 *     npm run bench              # 10,000 files
 *     npm run bench -- --quick   # fewer files and runs, for a look
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureStartup, type Startup } from "./startup.ts";
import { measurePart, PARTS, type Part, type Throughput } from "./throughput.ts";

interface Aim {
  readonly what: string;
  readonly value: number;
  readonly aim: number;
  readonly better: "less" | "more";
}

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    part: { type: "string" },
    files: { type: "string", default: "10000" },
  },
});
const files = values.quick ? 1000 : Number(values.files);

/** Measures a part in a process of its own. */
function measureApart(part: Part): Throughput {
  const args = [fileURLToPath(import.meta.url), "--part", part, "--files", `${files}`];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`measuring ${part} failed`);
  return JSON.parse(stdout) as Throughput;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function startupTable(times: readonly Startup[], node: number): string {
  return table(
    ["start-up", "median ms", "× node -e 0"],
    times.map(({ name, milliseconds }) => [name, milliseconds.toFixed(0), (milliseconds / node).toFixed(2)]),
  );
}

function throughputTable(parts: readonly Throughput[]): string {
  return table(
    ["throughput", "files", "files/s", "MB/s", "peak MB"],
    parts.map((one) => [
      one.part,
      `${one.files}`,
      one.perSecond.toFixed(0),
      one.megabytesPerSecond.toFixed(1),
      one.peakMegabytes.toFixed(0),
    ]),
  );
}

function aimsTable(aims: readonly Aim[]): string {
  const met = ({ value, aim, better }: Aim) => (better === "less" ? value <= aim : value >= aim);
  return table(
    ["aim", "wanted", "measured", ""],
    aims.map((one) => [
      one.what,
      `${one.better === "less" ? "≤" : "≥"} ${one.aim}`,
      one.value.toFixed(2),
      met(one) ? "met" : "MISSED",
    ]),
  );
}

function report(): void {
  const times = measureStartup(values.quick ? 5 : 21);
  const node = times[0]?.milliseconds ?? Number.NaN;
  const parts = PARTS.map(measureApart);
  const speed = (part: Part) => parts.find((one) => one.part === part)?.perSecond ?? Number.NaN;
  const slowest = Math.max(...times.slice(2).map((one) => one.milliseconds));
  const aims: readonly Aim[] = [
    { what: "one migration, × node -e 0", value: slowest / node, aim: 2.5, better: "less" },
    { what: "parse, files/s", value: speed("parse"), aim: 20_000, better: "more" },
    { what: "parse, × dockerfile-ast", value: speed("parse") / speed("dockerfile-ast"), aim: 5, better: "more" },
  ];
  console.log([startupTable(times, node), throughputTable(parts), aimsTable(aims)].join("\n\n"));
}

const part = PARTS.find((one) => one === values.part);
if (part === undefined) report();
else console.log(JSON.stringify(measurePart(part, files)));
