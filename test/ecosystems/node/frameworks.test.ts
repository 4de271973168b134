/** Frameworks and build programs whose output lies where their configuration says, as a user gets them. */
import { describe, expect, it } from "vitest";
import { migrated } from "../../importers/fat-dockerfile/migrated.ts";

type Tree = Readonly<Record<string, string>>;

function seen(build: string, start: string, more: Tree, development: object = {}) {
  return migrated({
    "package.json": JSON.stringify({ dependencies: { express: "4" }, devDependencies: development }),
    "package-lock.json": "{}",
    Dockerfile: `FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN ${build}\nCMD ${start}\n`,
    ...more,
  });
}

const KIT = { "@sveltejs/kit": "2", vite: "5" };
const adapter = (name: string, options: string): Tree => ({
  "svelte.config.js": `import adapter from "@sveltejs/adapter-${name}";\nexport default { kit: { adapter: adapter(${options}) } };`,
});

describe("a build", () => {
  it.each([
    ["of SvelteKit", "npx vite build", "build", adapter("node", ""), KIT],
    ["of SvelteKit with a directory", "npx vite build", "server", adapter("node", '{ out: "server" }'), KIT],
    ["of Remix", "npx remix vite:build", "build", { "vite.config.ts": "" }, { "@remix-run/dev": "2" }],
    [
      "of React Router",
      "npx react-router build",
      "out",
      { "react-router.config.ts": 'export default { buildDirectory: "out" };' },
      {},
    ],
    [
      "by a program that calls esbuild",
      "node build.mjs",
      "out",
      { "build.mjs": 'import { build } from "esbuild"; await build({ outdir: "out" });' },
      {},
    ],
  ])("%s ships what it makes", (_, build, directory, more, development) => {
    const { flows, codes } = seen(build, `["node", "${directory}/index.js"]`, more, development);
    expect(flows).toContain(`builder:/app/${directory} -> /app/${directory}`);
    expect(codes).toEqual([]);
  });

  it("of Gatsby ships what its server reads, too", () => {
    const { flows } = seen("npx gatsby build", '["npx", "gatsby", "serve"]', {}, { gatsby: "5" });
    expect(flows).toEqual(
      expect.arrayContaining(["builder:/app/.cache -> /app/.cache", "builder:/app/public -> /app/public"]),
    );
  });

  it("by any other program may write anything", () => {
    const { codes } = seen("node gen.js", '["node", "index.js"]', { "gen.js": "", "index.js": "" });
    expect(codes).toEqual(["command-effects-unknown"]);
  });

  it("that makes something else than what starts is refused", () => {
    const { verdict, codes } = seen(
      "npx vite build",
      '["node", "server/index.js"]',
      { "index.html": "" },
      { vite: "5" },
    );
    expect([verdict, ...codes]).toEqual(["refused", "artifact-unknown"]);
  });

  it("keeps a prune that comes last", () => {
    const { dockerfile } = seen(
      "npx vite build\nRUN npm prune --omit=dev",
      '["node", "dist/index.js"]',
      {},
      { vite: "5" },
    );
    expect(dockerfile).toContain("RUN npm prune --omit=dev\n\nFROM node:20-slim AS production");
  });
});

it("a program of .pnp.cjs keeps the whole project", () => {
  const more = { ".pnp.cjs": "", ".yarn/cache/express.zip": "", "index.js": 'require("express")' };
  expect(seen("npx eslint .", '["node", "-r", "./.pnp.cjs", "index.js"]', more).production).not.toContain(
    "COPY .pnp.cjs",
  );
});
