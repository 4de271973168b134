/**
 * Asks a container over TCP and HTTP, by the shortest way there is:
 *
 *     direct       the port is published, or the container shares the host's network
 *     namespace    a child process of ours enters the container's network (nsenter(1), needs root) and asks there
 *     exec         a program of the container asks: wget, curl, node or python3, whichever it has
 *
 * Redirects are not followed: they are an answer.
 */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { Answer, Output } from "./engine.ts";
import { runProcess } from "./process.ts";

export type Way =
  | { readonly kind: "direct"; readonly port: number }
  | { readonly kind: "namespace"; readonly port: number; readonly pid: number }
  | {
      readonly kind: "exec";
      readonly port: number;
      readonly exec: (argv: readonly string[]) => Promise<Output>;
    };

/** Bytes of a body that are read. */
const MOST = 1024 * 1024;

/** `undefined` where nothing answers, or not in HTTP. */
export async function askHttp(way: Way, path: string, timeout: number): Promise<Answer | undefined> {
  switch (way.kind) {
    case "direct":
      return httpAnswer(way.port, path, timeout);
    case "namespace": {
      const script = childScript(way.port, path, timeout);
      const { stdout } = await inNamespace(way.pid, script, timeout + 5000);
      return fromChild(stdout);
    }
    case "exec":
      return httpByProgram(way, path);
  }
}

/** Whether a port takes a connection. */
export async function connectsTo(way: Way): Promise<boolean> {
  if (way.kind === "direct") return takesConnection(way.port);
  const script = `require("net").connect(${way.port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
  if (way.kind === "namespace") return (await inNamespace(way.pid, script, 5000)).code === 0;
  const attempts: readonly (readonly string[])[] = [
    ["nc", "-z", "127.0.0.1", String(way.port)],
    ["bash", "-c", `: < /dev/tcp/127.0.0.1/${way.port}`],
    ["node", "-e", script],
  ];
  for (const argv of attempts) if ((await way.exec(argv)).code === 0) return true;
  return false;
}

function inNamespace(pid: number, script: string, timeout: number) {
  const argv = ["nsenter", "-t", String(pid), "-n", process.execPath, "-e", script];
  return runProcess(argv, { timeout, keep: 2 * MOST });
}

function takesConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 3000 });
    const settle = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.on("connect", () => settle(true));
    socket.on("error", () => settle(false));
    socket.on("timeout", () => settle(false));
  });
}

function httpAnswer(port: number, path: string, timeout: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest({ port, path, host: "127.0.0.1", timeout, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const settle = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          ...optional("contentType", response.headers["content-type"]),
          ...optional("location", response.headers.location),
          body: Buffer.concat(chunks).subarray(0, MOST),
        });
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MOST) response.destroy();
      });
      response.on("close", settle);
      response.on("error", settle);
    });
    const deadline = setTimeout(() => request.destroy(), timeout);
    request.on("close", () => clearTimeout(deadline));
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
    request.end();
  });
}

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: string });
}

/** What a Node.js of its own runs: prints the answer as one line of JSON. As text, since it has nothing of what is around it. */
function childScript(port: number, path: string, timeout: number): string {
  const options = JSON.stringify({ port, path, host: "127.0.0.1", timeout, agent: false });
  return `const request = require("http").request(${options}, (response) => {
  const chunks = [];
  let size = 0;
  response.on("data", (chunk) => { chunks.push(chunk); size += chunk.length; if (size >= ${MOST}) response.destroy(); });
  response.on("error", () => undefined);
  response.on("close", () => {
    const { "content-type": contentType, location } = response.headers;
    const body = Buffer.concat(chunks).subarray(0, ${MOST}).toString("base64");
    process.stdout.write(JSON.stringify({ status: response.statusCode, contentType, location, body }), () => process.exit(0));
  });
});
setTimeout(() => process.exit(1), ${timeout});
request.on("error", () => process.exit(1));
request.end();`;
}

function fromChild(stdout: string): Answer | undefined {
  try {
    const { status, contentType, location, body } = JSON.parse(stdout) as {
      status: number;
      contentType?: string;
      location?: string;
      body: string;
    };
    return {
      status,
      ...optional("contentType", contentType),
      ...optional("location", location),
      body: Buffer.from(body, "base64"),
    };
  } catch {
    return undefined;
  }
}

/** curl prints status and type behind the body; wget says no status, so that only success counts. */
async function httpByProgram(way: Extract<Way, { kind: "exec" }>, path: string): Promise<Answer | undefined> {
  const url = `http://127.0.0.1:${way.port}${path}`;
  const curl = await way.exec(["curl", "-s", "-m", "10", "-w", "\\n%{http_code} %{content_type}", url]);
  const [, body, status, contentType] = /^([\s\S]*)\n(\d{3}) ?(.*)$/.exec(curl.stdout) ?? [];
  if (curl.code === 0 && status !== undefined && body !== undefined)
    return {
      status: Number(status),
      ...optional("contentType", contentType === "" ? undefined : contentType),
      body: Buffer.from(body),
    };
  const wget = await way.exec(["wget", "-q", "-T", "10", "-O", "-", url]);
  if (wget.code === 0) return { status: 200, body: Buffer.from(wget.stdout) };
  const script = childScript(way.port, path, 10_000);
  const node = await way.exec(["node", "-e", script]);
  return node.code === 0 ? fromChild(node.stdout) : undefined;
}
