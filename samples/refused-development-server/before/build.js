// Puts the server where production starts it, without its comments.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

mkdirSync("dist", { recursive: true });
writeFileSync("dist/server.js", readFileSync("src/server.js", "utf8").replace(/^\/\/.*\n/gm, ""));
