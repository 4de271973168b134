/** Projects of Bun, as a user gets them. */
import { describe, expect, it } from "vitest";
import { migrated } from "../../importers/fat-dockerfile/migrated.ts";

const MANIFEST = '{"scripts":{"build":"tsc"},"dependencies":{"hono":"4"},"devDependencies":{"typescript":"5"}}';
const TREE = {
  "package.json": MANIFEST,
  "bun.lock": "{}",
  "bunfig.toml": "",
  "tsconfig.json": '{"compilerOptions":{"outDir":"dist","rootDir":"src"},"include":["src"]}',
  "src/index.ts": 'import { Hono } from "hono"; new Hono();',
};

function seen(build: string, start: string, base = "oven/bun:1") {
  return migrated({
    ...TREE,
    Dockerfile: `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN bun install\n${build}CMD ${start}\n`,
  });
}

describe("Bun", () => {
  it.each([
    ["a script of package.json", "RUN bun run build\n", '["bun", "dist/index.js"]', "builder:/app/dist -> /app/dist"],
    [
      "a bundle",
      "RUN bun build src/index.ts --outdir=out\n",
      '["bun", "run", "out/index.js"]',
      "builder:/app/out -> /app/out",
    ],
    [
      "a compiled program",
      "RUN bun build --compile src/index.ts --outfile server\n",
      '["./server"]',
      "builder:/app/server -> /app/server",
    ],
    [
      "a compiled program without a name",
      "RUN bun build --compile ./src/index.ts\n",
      '["./index"]',
      "builder:/app/index -> /app/index",
    ],
  ])("ships %s", (_, build, start, flow) => {
    const { flows, production } = seen(build, start);
    expect(flows).toContain(flow);
    expect(production).toContain("FROM oven/bun:1 AS production");
  });

  it("leaves development dependencies out", () => {
    const { dockerfile } = seen("RUN bun run build\n", '["bun", "dist/index.js"]');
    expect(dockerfile).toContain("RUN bun install --production\n");
  });

  it("runs sources as they are, with its settings", () => {
    const { production } = seen("", '["bun", "src/index.ts"]');
    expect(production).toContain("COPY . .");
  });

  it("keeps tests as a gate", () => {
    expect(seen("RUN bun test && bun run build\n", '["bun", "dist/index.js"]').dockerfile).toContain("RUN bun test\n");
  });

  it("says that the files of a program that it runs are not known", () => {
    const { codes } = seen("RUN bun build.ts\n", '["bun", "src/index.ts"]');
    expect(codes).toContain("command-effects-unknown");
  });
});
