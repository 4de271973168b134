/**
 * Whether every module that a Node.js entry point imports resolves in the new image as it did in the old one:
 *
 *     CMD ["node", "dist/server.js"]     dist/server.js → ./routes.js → express …
 *
 * A script of ours is run with the image's own node: it reads the application's files from the entry point on, follows what they
 * `require` and `import` by name, and says which names do not resolve. Names that are computed are not seen; that is what running
 * the image is for. What did not resolve before (an optional dependency) is no problem.
 */
import { posix } from "node:path";
import type { Engine } from "../engine/engine.ts";
import type { ImageContents, ReadImage } from "../model/image.ts";
import type { Finding } from "../model/verification.ts";
import { imagePath } from "../text/paths.ts";
import { findProgram, resolveFile } from "./file-paths.ts";

/** Runs inside an image, as one argument of `node -e`; its own argument is the entry point. Prints JSON. */
const WALKER = `
const { createRequire } = require("module"); const fs = require("fs"); const path = require("path");
const entry = process.argv[1]; const open = [entry]; const seen = new Set(open); const missing = {}; let count = 0;
const NAMES = /(?:\\brequire\\s*\\(|\\bfrom|\\bimport\\s*\\(|\\bimport)\\s*(["'])([^"'\\n]{1,300})\\1/g;
while (open.length > 0 && seen.size < 20000) {
  const file = open.pop(); let text = "";
  try { if (fs.statSync(file).size < 4e6) text = fs.readFileSync(file, "utf8"); } catch { continue; }
  const own = !file.includes("/node_modules/");
  const resolver = createRequire(file);
  for (const [, , name] of text.matchAll(NAMES)) {
    if (name.startsWith("node:")) continue;
    count += 1;
    try {
      const found = resolver.resolve(name);
      if (own && path.isAbsolute(found) && !seen.has(found) && /\\.[cm]?js$/.test(found)) { seen.add(found); open.push(found); }
    } catch (error) {
      let there = false;
      if (!name.startsWith(".") && !name.startsWith("/")) {
        const parts = name.split("/"); const base = name.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
        for (const dir of resolver.resolve.paths(name) || []) if (fs.existsSync(path.join(dir, base))) there = true;
      }
      if (!there) missing[name] = file;
    }
  }
}
console.log(JSON.stringify({ files: seen.size, count, missing }));`;

interface Walk {
  readonly files: number;
  readonly count: number;
  readonly missing: Readonly<Record<string, string>>;
}

/** Findings only where both images run Node.js and the entry point is found. */
export async function compareModules(
  engine: Engine,
  tags: { readonly before: string; readonly after: string },
  before: ReadImage,
  after: ReadImage,
): Promise<readonly Finding[]> {
  const entry = entryPoint(after);
  if (entry === undefined) return [];
  const now = await walk(engine, tags.after, entry);
  const missing = Object.entries(now?.missing ?? {});
  if (missing.length === 0) return [];
  const old =
    (await walk(engine, tags.before, { ...entry, node: entryPoint(before)?.node ?? entry.node }))?.missing ?? {};
  return missing.flatMap(([module, importedBy]): readonly Finding[] => {
    if (Object.hasOwn(old, module)) return [];
    const foundAt = [...before.contents.files.keys()].find((path) => path.endsWith(`/node_modules/${module}`));
    const cause = {
      kind: "module-missing",
      module,
      importedBy,
      ...(foundAt === undefined ? {} : { foundAt }),
    } as const;
    const what = `the module "${module}" that ${importedBy} imports does not resolve`;
    return [{ level: "problem", what, why: "It did in the old image.", cause }];
  });
}

interface Entry {
  readonly node: string;
  readonly file: string;
}

/** `node FILE`, a script of npm that is one, or an executable with `node` in its first line. */
function entryPoint({ image, contents }: ReadImage): Entry | undefined {
  const { configuration } = image;
  const words = [...(configuration.entrypoint ?? []), ...(configuration.cmd ?? [])];
  const [first = "", , line] = words;
  const told = /(?:^|\/)sh$/.test(first) && words[1] === "-c" && line !== undefined ? line.trim().split(/\s+/) : words;
  return entryOf(told, image.configuration.workdir || "/", contents, image.configuration.env.PATH ?? "", 0);
}

function entryOf(
  words: readonly string[],
  workdir: string,
  contents: ImageContents,
  path: string,
  depth: number,
): Entry | undefined {
  const node =
    findProgram(contents, "node", path, workdir)?.path ?? contents.files.get(imagePath("/nodejs/bin/node"))?.path;
  if (node === undefined || depth > 3) return undefined;
  const at = words.findIndex((word) => posix.basename(word) === "node" || /\.[cm]?js$/.test(word));
  const script =
    at < 0
      ? undefined
      : words
          .slice(at)
          .find((word, index) => !(index === 0 && posix.basename(word) === "node") && !word.startsWith("-"));
  if (script === undefined) return undefined;
  const base = posix.resolve(workdir, script);
  for (const candidate of [base, `${base}.js`, `${base}/index.js`]) {
    const found = resolveFile(contents, candidate);
    if (found?.kind === "file") return { node, file: candidate };
  }
  return undefined;
}

async function walk(engine: Engine, image: string, { node, file }: Entry): Promise<Walk | undefined> {
  const container = await engine.start({
    image,
    entrypoint: [node],
    command: ["-e", WALKER, file],
    network: "none",
    user: "0",
  });
  try {
    await engine.wait(container, 60_000);
    const { stdout } = await engine.logs(container, 4 * 1024 * 1024);
    return JSON.parse(stdout) as Walk;
  } catch {
    return undefined;
  } finally {
    await engine.remove(container);
  }
}
