/** `restage migrate --observe` from its words to its exit code, with an engine in memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ReadImage } from "../../src/model/image.ts";
import { FakeEngine, type FakeEngineOptions } from "../verify/fake-engine.ts";
import { readImageOf } from "../verify/images.ts";
import { restage } from "./run-restage.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-observe-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  Dockerfile: `FROM golang:1.23
RUN apt-get update && apt-get install -y libown-dev
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/app .
CMD ["app"]
`,
  "go.mod": "module example.org/app\n\ngo 1.19\n",
  "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n',
};

let count = 0;
function project(): string {
  count += 1;
  const directory = join(folder, String(count));
  mkdirSync(directory);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
  return directory;
}

const STATUS = "Package: libown1\nStatus: install ok installed\nVersion: 1\n";

function engine(options: Partial<FakeEngineOptions> = {}): FakeEngine {
  const image = (): ReadImage =>
    readImageOf({
      files: { "/usr/local/bin/app": { mode: 0o755 }, "/usr/lib/libown.so.1": {} },
      texts: { "/var/lib/dpkg/status": STATUS, "/var/lib/dpkg/info/libown1.list": "/usr/lib/libown.so.1\n" },
    });
  const run = () => ({ ports: [8080], opened: ["/usr/lib/libown.so.1"] });
  return new FakeEngine({ image, run, ...options });
}

async function migrate(given: FakeEngine, ...words: readonly string[]) {
  return restage(["migrate", project(), "--observe", ...words], { engine: { ok: true, engine: given } });
}

describe("with an engine", () => {
  test("a library that a process has mapped takes the place of the headers", async () => {
    const without = await restage(["migrate", project()]);
    expect(without.stdout).toContain("+RUN apt-get update && apt-get install -y libown-dev");
    const fake = engine();
    const { code, stdout, stderr } = await migrate(fake, "--yes");
    expect(stdout).toContain("install -y --no-install-recommends ca-certificates libown1");
    expect(stdout).not.toContain("+RUN apt-get update && apt-get install -y libown-dev");
    expect(stderr).toContain('build as it is  Dockerfile, context "."');
    expect([code, fake.builds.length, fake.closed]).toEqual([0, 1, 1]);
  });

  test("a program that ends has shown nothing of the libraries that it loads by name", async () => {
    const { stdout } = await migrate(engine({ run: () => ({ exitCode: 0 }) }), "--yes");
    expect(stdout).toContain("+RUN apt-get update && apt-get install -y libown-dev");
  });

  test("a build that fails leaves the plan as it is without an engine, and says so", async () => {
    const build = () => ({ ok: false, why: "build-failed", log: ["no"] }) as const;
    const { code, stdout, stderr } = await migrate(engine({ build }), "--yes");
    expect(stdout).toContain("libown-dev");
    expect(stderr).toContain('nothing could be seen of "fat-dockerfile:Dockerfile"');
    expect(code).toBe(0);
  });
});

describe("nothing is built", () => {
  test("where nobody agrees to it", async () => {
    const fake = engine();
    const { code, stderr } = await migrate(fake);
    expect(stderr).toContain("confirmation-missing");
    expect([code, fake.builds.length, fake.closed]).toEqual([2, 0, 1]);
  });

  test("where there is no engine", async () => {
    const ran = await restage(["migrate", project(), "--observe", "--yes"], { engine: { ok: false, problem: "none" } });
    expect([ran.code, ran.stdout]).toEqual([3, ""]);
  });

  test("where its options stand without it", async () => {
    const { code, stderr } = await restage(["migrate", project(), "--build-network", "host"]);
    expect(stderr).toContain('the option "--build-network" goes with "--observe"');
    expect(code).toBe(2);
  });
});
