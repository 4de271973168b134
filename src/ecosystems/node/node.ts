/**
 * The Node toolchain: what package managers, compilers and bundlers write, what a program or site needs where it runs, and which
 * images it runs on.
 *
 *     RUN npm run build                    "build": "tsc" → artifact /app/dist
 *     CMD ["node", "dist/server.js"]       needs /app/dist, package.json, production libraries, and what its sources open
 *
 * Left alone: Deno, Yarn's Plug'n'Play and `npm link` (refused), and what libraries open by themselves but for customary folders.
 */
import type { Ecosystem } from "../ecosystem.ts";
import { nodeBases } from "./bases.ts";
import { readNodeCommand } from "./commands.ts";
import { nodeNeeds } from "./runtime.ts";

export const node: Ecosystem = {
  name: "node",
  interpret: readNodeCommand,
  needs: nodeNeeds,
  runtimeBases: nodeBases,
};
