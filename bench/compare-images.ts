/**
 * Memory and speed of comparing two images, which the engine has already:
 *
 *     node scripts/run-ts.mjs bench/compare-images.ts IMAGE IMAGE
 *
 *     2,021 MB and 2,021 MB, 41,802 and 41,802 files: 31 s, 131 MB/s, at most 312 MB of memory
 *
 * Both are read through their layers and compared file by file, as `restage verify` does.
 */
import { connectEngine } from "../src/engine/connect.ts";
import { compareFiles } from "../src/verify/compare-files.ts";
import { compareLibraries } from "../src/verify/compare-libraries.ts";
import { readImage } from "../src/verify/read-image.ts";

const [first = "", second = first] = process.argv.slice(2);
const connection = await connectEngine({ runId: "bench" });
if (!connection.ok) throw new Error(connection.problem);
const { engine } = connection;
const started = Date.now();
const before = await readImage(engine, first, undefined);
const after = await readImage(engine, second, undefined);
if (before === undefined || after === undefined) throw new Error("the engine has not both images");
const none: ReadonlySet<string> = new Set();
await compareFiles({
  before,
  after,
  checkout: { digests: none, directories: none },
  changed: { before: none, after: none },
  read: async () => undefined,
});
compareLibraries(before, after);
const seconds = (Date.now() - started) / 1000;
const megabytes = [before, after].map(({ image }) => Math.round(image.size / 1e6));
const files = [before, after].map(({ contents }) => contents.files.size);
const speed = Math.round((megabytes[0] ?? 0) + (megabytes[1] ?? 0)) / seconds;
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${megabytes.join(" MB and ")} MB, ${files.join(" and ")} files: ${seconds.toFixed(0)} s, ${speed.toFixed(0)} MB/s, at most ${memory} MB of memory`,
);
