// The server that holds releases, for trying the build on one machine: node releases.mjs ./build.sh
import { spawn } from "node:child_process";
import { createServer } from "node:http";

const kept = new Map();
const server = createServer((request, response) => {
  if (request.method !== "PUT") {
    const found = kept.get(request.url);
    response.writeHead(found ? 200 : 404).end(found);
    return;
  }
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    kept.set(request.url, Buffer.concat(parts));
    response.writeHead(201).end();
  });
});

server.listen(0, "127.0.0.1", () => {
  const env = { ...process.env, RELEASES: `http://127.0.0.1:${server.address().port}` };
  const [command, ...args] = process.argv.slice(2);
  spawn(command, args, { env, stdio: "inherit" }).on("exit", (code) => {
    server.close();
    process.exitCode = code ?? 1;
  });
});
