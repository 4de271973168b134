/** The command line of an engine, with a `docker` of the tests' own on the PATH. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { failure } from "../../src/engine/build-image.ts";
import { connectEngine } from "../../src/engine/connect.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { readInspected } from "../../src/engine/inspect.ts";
import { runProcess } from "../../src/engine/process.ts";
import { socketsIn } from "../../src/engine/sockets.ts";
import { imagePath } from "../../src/text/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-engine-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VERSION = JSON.stringify({ Server: { Version: "26.1.5", ApiVersion: "1.45", Arch: "amd64" } });
let count = 0;

/** A `docker` that answers as a shell script says; `$1` is its verb, and its calls are in the file `calls`. */
function dockerThat(script: string): { readonly env: Record<string, string>; readonly calls: () => readonly string[] } {
  count += 1;
  const bin = join(folder, String(count));
  mkdirSync(bin);
  const calls = join(bin, "calls");
  writeFileSync(
    join(bin, "docker"),
    `#!/bin/sh\necho "$@" >> '${calls}'\ncase "$1 $2" in\n"version --format") echo '${VERSION}'; exit;;\n"buildx version") echo 'buildx v0.13.1'; exit;;\n"network ls") echo bridge; exit;;\nesac\n${script}\n`,
  );
  chmodSync(join(bin, "docker"), 0o755);
  return {
    env: { PATH: `${bin}:/usr/bin:/bin` },
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
  };
}

async function connected(
  script: string,
): Promise<{ readonly engine: Engine; readonly calls: () => readonly string[] }> {
  const { env, calls } = dockerThat(script);
  const connection = await connectEngine({ runId: "r1", env });
  if (!connection.ok) throw new Error(connection.problem);
  return { engine: connection.engine, calls };
}

describe("an engine", () => {
  test("says what it is and has", async () => {
    const { engine } = await connected("exit 1");
    expect(engine.facts).toMatchObject({ kind: "docker", builder: "buildkit", buildx: "0.13.1", bridge: true });
    expect(engine.facts.summary).toBe("Docker 26.1.5 with BuildKit (buildx 0.13.1): heredocs, --link, mounts in RUN");
  });

  test("that is not installed is named", async () => {
    expect(await connectEngine({ runId: "r", env: { PATH: folder } })).toEqual({
      ok: false,
      problem: 'neither "docker" nor "podman" is on the PATH',
    });
  });

  test("that refuses to answer says why", async () => {
    const bin = join(folder, "refuses");
    mkdirSync(bin);
    writeFileSync(join(bin, "docker"), "#!/bin/sh\necho 'permission denied while trying to connect' >&2\nexit 1\n");
    chmodSync(join(bin, "docker"), 0o755);
    expect(await connectEngine({ runId: "r", env: { PATH: `${bin}:/bin` } })).toEqual({
      ok: false,
      problem: "permission denied while trying to connect",
    });
  });

  test("puts its label on what it makes, and removes that by it", async () => {
    const { engine, calls } = await connected('case "$1" in create) echo c1;; ps) echo c1;; images) echo i1;; esac');
    await engine.start({ image: "app", network: "none", hidden: [{ path: imagePath("/app"), kind: "directory" }] });
    await engine.close();
    expect(calls().slice(4)).toEqual([
      "create --label org.restage=r1 --network none --tmpfs /app app",
      "start c1",
      "ps --all --no-trunc --quiet --filter label=org.restage=r1",
      "rm -f -v c1",
      "images --no-trunc --quiet --filter label=org.restage=r1",
      "rmi -f i1",
      "volume ls --quiet --filter label=org.restage=r1",
    ]);
  });

  test("keeps what a run made that still goes on, where leftovers are removed", async () => {
    const live = `${process.ppid.toString(36)}0123abcd`;
    const { engine, calls } = await connected(
      `case "$1" in ps) echo c1; echo c2;; inspect) case "$4" in c1) echo ${live};; *) echo zzzzz0123abcd;; esac;; esac`,
    );
    expect(await engine.prune()).toEqual({ containers: 1, images: 0, volumes: 0 });
    expect(calls()).toContain("rm -f -v c2");
  });

  test("that goes away is an error of its own", async () => {
    const { engine } = await connected("echo 'Cannot connect to the Docker daemon at unix:///x' >&2; exit 1");
    await expect(engine.inspect("x")).rejects.toThrow("Cannot connect to the Docker daemon at unix:///x");
  });
});

describe("a build", () => {
  const context = join(folder, "context");
  mkdirSync(context, { recursive: true });
  const dockerfile = join(context, "Dockerfile");
  writeFileSync(dockerfile, "# syntax=docker/dockerfile:1\nFROM alpine\n");
  writeFileSync(`${dockerfile}.dockerignore`, "*.md\n");
  const request = { directory: context, dockerfile, tag: "t", network: "host" } as const;

  test("gets its options as words of their own", async () => {
    const { engine, calls } = await connected("exit 0");
    const buildArguments = { A: "1 2; rm -rf /" };
    expect(await engine.build({ ...request, buildArguments, target: "x", noCache: true })).toMatchObject({ ok: true });
    expect(calls()[4]).toMatch(
      /^build --progress plain --label org\.restage=r1 -f \S+Dockerfile -t t --iidfile \S+ --build-arg A=1 2; rm -rf \/ --target x --network host --no-cache /,
    );
  });

  test("whose frontend cannot be had is built by the engine's own one, with the ignore file that counts", async () => {
    const missing = "#2 resolve image config for docker-image://docker.io/docker/dockerfile:1\\n#2 ERROR: failed";
    const { engine } = await connected(
      `case "$*" in *restage-build-*/Dockerfile*) for word; do case $word in */Dockerfile) grep -c syntax= "$word" || cat "$word.dockerignore" >&2;; esac; done; exit 0;; esac; printf '${missing}' >&2; exit 1`,
    );
    expect(await engine.build(request)).toMatchObject({
      ok: true,
      notes: ['the frontend "docker/dockerfile:1" cannot be had; the engine\'s own one built the file'],
    });
  });

  test("that takes too long is ended", async () => {
    const { engine } = await connected("exec sleep 60");
    expect(await engine.build({ ...request, timeout: 200 })).toMatchObject({ ok: false, why: "timeout" });
  });

  test("that is cancelled is ended", async () => {
    const { engine } = await connected("exec sleep 60");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    expect(await engine.build({ ...request, signal: controller.signal })).toMatchObject({
      ok: false,
      why: "cancelled",
    });
  });
});

describe("why a build failed", () => {
  test.each([
    [
      "BuildKit: a base that is not there",
      "ERROR: failed to solve: nosuch/image:1: failed to resolve source metadata for docker.io/nosuch/image:1: no such host",
      { why: "base-missing", reference: "nosuch/image:1" },
    ],
    [
      "the classic builder: access denied",
      "pull access denied for nosuch/image, repository does not exist or may require 'docker login'",
      { why: "base-missing", reference: "nosuch/image" },
    ],
    [
      "the classic builder: a tag that is not there",
      "manifest for golang:0.1 not found: manifest unknown",
      { why: "base-missing", reference: "golang:0.1" },
    ],
    [
      "the classic builder: no network",
      'Step 1/2 : FROM nosuch:1\nGet "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      { why: "base-missing", reference: "nosuch:1" },
    ],
    [
      "a command",
      'ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      { why: "build-failed" },
    ],
    [
      "a file that COPY does not find",
      'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: "/nofile": not found',
      { why: "build-failed" },
    ],
    [
      "BuildKit of Docker 20.10: a frontend that is not there",
      'failed to solve with frontend gateway.v0: failed to do request: Head "https://registry-1.docker.io/v2/docker/dockerfile/manifests/1.4": dial tcp',
      { why: "frontend-missing", reference: "docker/dockerfile:1.4" },
    ],
    [
      "a command that prints what an engine could say",
      '#5 1.204 read: connection reset by peer\n#5 1.310 manifest for golang:0.1 not found\nERROR: failed to solve: process "/bin/sh -c go build" did not complete successfully: exit code: 1',
      { why: "build-failed" },
    ],
    [
      "modules that cannot be had",
      'go: example.com/m/v2: Get "https://proxy.golang.org/example.com/m/v2/@v/list": dial tcp: lookup\nThe command returned a non-zero code: 1',
      { why: "build-failed" },
    ],
    ["the engine", "ERROR: error during connect: read: connection reset by peer", { why: "engine-lost" }],
  ])("%s", (_, stderr, expected) => {
    expect(failure({ code: 1, stdout: "", stderr, ended: "by-itself" })).toMatchObject(expected);
  });

  test("is told without secrets", () => {
    const { log } = failure({ code: 1, stdout: "", stderr: "ENV NPM_TOKEN=npm_0123456789", ended: "by-itself" });
    expect(log.join("\n")).not.toContain("npm_0123456789");
  });
});

test("the configuration of an image is read, without the label of ours", () => {
  const raw = [
    {
      Id: "sha256:1",
      Architecture: "amd64",
      Os: "linux",
      Size: 7,
      RootFS: { Layers: ["sha256:a"] },
      Config: {
        Env: ["A=1=2", "B"],
        Cmd: ["x"],
        Entrypoint: null,
        ExposedPorts: { "80/tcp": {}, "443/tcp": {} },
        Labels: { "org.restage": "r1", a: "b" },
        Healthcheck: { Test: ["CMD", "x"], Interval: 5 },
        WorkingDir: "/app",
        User: "app",
      },
    },
  ];
  expect(readInspected(JSON.stringify(raw))).toEqual({
    id: "sha256:1",
    architecture: "amd64",
    os: "linux",
    size: 7,
    layers: ["sha256:a"],
    configuration: {
      env: { A: "1=2", B: "" },
      cmd: ["x"],
      workdir: "/app",
      user: "app",
      ports: ["443/tcp", "80/tcp"],
      volumes: [],
      labels: { a: "b" },
      healthcheck: { test: ["CMD", "x"], interval: 5, timeout: 0, startPeriod: 0, retries: 0 },
      onbuild: [],
    },
  });
  expect(readInspected("[]")).toBeUndefined();
});

test("listening sockets are read from the table of the kernel", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 123 1
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 124 1
   2: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 125 1\n`;
  expect(socketsIn(table)).toEqual([
    { port: 8080, loopback: true, inode: "123" },
    { port: 80, loopback: false, inode: "124" },
  ]);
});

describe("a process", () => {
  test("that cannot be started is told", async () => {
    expect(await runProcess([join(folder, "nothing")])).toMatchObject({ code: 127, ended: "not-started" });
  });

  test("gives its lines as they come, and what fits of its output", async () => {
    const lines: string[] = [];
    const argv = ["sh", "-c", "printf 'a\\r\\nb'; head -c 100000 /dev/zero | tr '\\0' x"];
    const { stdout } = await runProcess(argv, { keep: 100, onLine: (line) => lines.push(line.slice(0, 3)) });
    expect([stdout.length, stdout.slice(0, 4), lines]).toEqual([200, "a\r\nb", ["a", "bxx"]]);
  });

  test("is ended with all that it started", async () => {
    const started = Date.now();
    expect(await runProcess(["sh", "-c", "sleep 30; true"], { timeout: 200 })).toMatchObject({ ended: "timeout" });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test("gets what it is to read", async () => {
    expect((await runProcess(["cat"], { input: "hello" })).stdout).toBe("hello");
  });
});
