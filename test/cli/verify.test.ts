/** `restage verify` from its words to its exit code, with an engine in memory. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import { readTree } from "../../scripts/samples.ts";
import type { BuildOutcome } from "../../src/engine/engine.ts";
import { EngineLostError } from "../../src/engine/engine-lost.ts";
import type { ReadImage } from "../../src/model/image.ts";
import { type Does, FakeEngine, type FakeEngineOptions } from "../verify/fake-engine.ts";
import { type ImageSpec, readImageOf } from "../verify/images.ts";
import { restage, type Surroundings } from "./run-restage.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-verify-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function project(): string {
  count += 1;
  const directory = join(folder, String(count));
  cpSync("samples/fat-go/before", directory, { recursive: true });
  return directory;
}

const SERVER = { digest: "server", mode: 0o755 };
const BEFORE: ImageSpec = { files: { "/bin/server": SERVER } };
const AFTER: ImageSpec = { files: { "/bin/server": SERVER } };
const OK: BuildOutcome = { ok: true, image: "sha256:1", took: 1000, notes: [] };

const hello: Does = { ports: [8080], answer: () => ({ status: 200, body: new TextEncoder().encode("hello") }) };
const dead: Does = { exitCode: 127, stderr: "exec /bin/server: no such file or directory\n" };

interface World extends Partial<FakeEngineOptions> {
  readonly before?: ImageSpec;
  readonly after?: ImageSpec;
}

function engine({ before = BEFORE, after = AFTER, ...options }: World = {}): FakeEngine {
  const image = (tag: string): ReadImage | undefined => {
    if (tag.includes("-after-")) return readImageOf({ id: "sha256:new", baseLayers: 0, ...after });
    return tag.startsWith("restage-") ? readImageOf({ id: "sha256:old", baseLayers: 0, ...before }) : undefined;
  };
  return new FakeEngine({
    image,
    run: ({ hidden = [] }) => (hidden.length > 0 ? dead : hello),
    ...options,
  });
}

async function verify(given: FakeEngine, argv: readonly string[] = [], around: Surroundings = {}) {
  const directory = project();
  const files = readTree(directory);
  const ran = await restage(["verify", directory, "--yes", ...argv], {
    engine: { ok: true, engine: given },
    ...around,
  });
  if (!argv.includes("--write")) expect(readTree(directory)).toEqual(files);
  return { ...ran, directory };
}

describe("a verdict", () => {
  test("is green where all is equal, and the probe fails without the artifacts", async () => {
    const fake = engine();
    const { code, stdout, stderr } = await verify(fake);
    expect(stdout).toContain("fat-dockerfile:Dockerfile: verified");
    expect(stdout).toContain(
      "behaviour      ok     stays up, GET http://:8080/ 200, both; fails without the artifacts",
    );
    expect(stderr).toContain('build migrated  Dockerfile, target "production", context "."');
    expect(code).toBe(0);
    expect([fake.closed, fake.left]).toEqual([1, 0]);
    expect(fake.runs.some(({ hidden }) => hidden?.[0]?.path === "/bin/server")).toBe(true);
  });

  test("is not green where the probe passes without the artifacts, too", async () => {
    const { code, stdout } = await verify(engine({ run: () => hello }));
    expect(stdout).toContain("fat-dockerfile:Dockerfile: unproven");
    expect(stdout).toContain("It also passes when the artifacts are hidden");
    expect(code).toBe(1);
  });

  test("is red where a file is missing", async () => {
    const before = { files: { ...BEFORE.files, "/app/words.txt": "words" } };
    const { code, stdout } = await verify(engine({ before }));
    expect(stdout).toContain("files          FAILED");
    expect(stdout).toContain("problem   /app/words.txt is missing");
    expect(code).toBe(1);
  });

  test("is red where the new image runs otherwise, with the cause that it prints", async () => {
    const tags = new Map<string, Does>([
      ["after", { exitCode: 1, stderr: "open /etc/x: no such file or directory\n" }],
    ]);
    const run: FakeEngineOptions["run"] = ({ image }) =>
      image.includes("-after-") ? (tags.get("after") ?? {}) : hello;
    const { code, stdout } = await verify(engine({ run }));
    expect(stdout).toContain("stays up: it was yes, and is no");
    expect(stdout).toContain("cause: file-missing");
    expect(code).toBe(1);
  });

  test("is red where a library is missing", async () => {
    const elf = {
      bits: 64,
      machine: 62,
      kind: "executable",
      needed: ["libx.so"],
      rpath: [],
      runpath: [],
      requires: {},
      defines: {},
    } as const;
    const program = { ...SERVER, elf };
    const before = {
      files: { "/bin/server": program, "/usr/lib/libx.so": { layer: 0, elf: { ...elf, needed: [] } } },
      baseLayers: 1,
    };
    const { code, stdout } = await verify(engine({ before, after: { files: { "/bin/server": program } } }));
    expect(stdout).toContain("/bin/server needs libx.so, which is not there");
    expect(code).toBe(1);
  });

  test.each<[string, BuildOutcome, string, string]>([
    [
      "before-fails",
      { ok: false, why: "build-failed", log: ["no space"] },
      "before",
      'The old build fails by itself: "Dockerfile" does not build.',
    ],
    [
      "after-fails",
      { ok: false, why: "build-failed", log: ["no space"] },
      "after",
      'The new build fails: "Dockerfile, target "production""',
    ],
    [
      "base-missing",
      { ok: false, why: "base-missing", reference: "golang:1.22", log: [] },
      "before",
      'The image "golang:1.22" cannot be had',
    ],
  ])("%s", async (verdict, outcome, side, summary) => {
    const build = ({ tag }: { readonly tag: string }): BuildOutcome => (tag.includes(`-${side}-`) ? outcome : OK);
    const { code, stdout } = await verify(engine({ build }));
    expect(stdout).toContain(`fat-dockerfile:Dockerfile: ${verdict}`);
    expect(stdout.replace(/\s+/g, " ")).toContain(summary);
    expect(code).toBe(1);
  });

  test("is over budget where the new image is too large", async () => {
    const { code, stdout } = await verify(engine(), ["--budget", "50%"]);
    expect(stdout).toContain("fat-dockerfile:Dockerfile: over-budget");
    expect(code).toBe(1);
  });
});

test("the JSON document is one that the schema accepts, with the verification in it", async () => {
  const { stdout } = await verify(engine(), ["--json"]);
  const document = JSON.parse(stdout);
  const valid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync("schema/migration.v1.json", "utf8")));
  expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
  expect(document.migrations[0].verification).toMatchObject({
    verdict: "verified",
    images: [{ target: "production" }],
  });
  expect(document.migrations[0].recipe).toBeUndefined();
});

test("the report is a page without a script, and escapes what logs hold", async () => {
  const file = join(folder, "report.html");
  const build = (): BuildOutcome => ({ ok: false, why: "build-failed", log: ["<script>alert(1)</script>"] });
  await verify(engine({ build }), ["--html", file]);
  const html = readFileSync(file, "utf8");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(html).not.toMatch(/<script/i);
});

describe("before anything is built", () => {
  test("it asks, and a no builds nothing", async () => {
    const fake = engine();
    const directory = project();
    const asked: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      asked.push(question);
      return false;
    };
    const { code, stderr } = await restage(["verify", directory], { engine: { ok: true, engine: fake }, confirm });
    expect([code, fake.builds.length, asked]).toEqual([0, 0, ["Build and run this now?"]]);
    expect(stderr).toContain("nothing was built");
  });

  test("without a terminal and without --yes it is wrong usage", async () => {
    const { code, stderr } = await restage(["verify", project()], { engine: { ok: true, engine: engine() } });
    expect(code).toBe(2);
    expect(stderr).toContain('type "restage verify --yes"');
  });

  test("without an engine the exit code is 3", async () => {
    const { code, stderr } = await restage(["verify", project(), "--yes"]);
    expect(code).toBe(3);
    expect(stderr).toContain("a container engine is needed, and there is none: there is none in this test");
  });

  test("without anything to migrate there is nothing to verify", async () => {
    const directory = join(folder, "staged");
    cpSync("samples/no-benefit/before", directory, { recursive: true });
    const { code, stdout } = await restage(["verify", directory, "--yes"]);
    expect([code, stdout.split("\n")[0]]).toEqual([0, "nothing to verify: no setup would change"]);
  });
});

describe("when it is interrupted", () => {
  test("it says so, and leaves nothing in the engine", async () => {
    let interrupt = (): void => undefined;
    const onInterrupt: Surroundings["onInterrupt"] = (callback) => {
      interrupt = callback;
      return () => undefined;
    };
    const build = ({ signal }: { readonly signal?: AbortSignal }): BuildOutcome => {
      interrupt();
      return signal?.aborted === true ? { ok: false, why: "cancelled", log: [] } : OK;
    };
    const fake = engine({ build });
    const { code, stderr } = await verify(fake, [], { onInterrupt });
    expect(code).toBe(130);
    expect(stderr).toContain("the verification was interrupted");
    expect([fake.closed, fake.builds.length]).toEqual([1, 1]);
  });

  test("by the engine's end in the middle of a build, it says that", async () => {
    const build = (): BuildOutcome => ({ ok: false, why: "engine-lost", log: ["error reading from server: EOF"] });
    const fake = engine({ build });
    const { code, stderr } = await verify(fake);
    expect(stderr).toContain("the container engine stopped answering: error reading from server: EOF");
    expect([code, fake.closed]).toEqual([3, 1]);
  });

  test("by the engine's end, it says that", async () => {
    const build = (): never => {
      throw new EngineLostError('"docker build" does not answer');
    };
    const fake = engine({ build });
    const { code, stderr } = await verify(fake);
    expect(code).toBe(3);
    expect(stderr).toContain('the container engine stopped answering: "docker build" does not answer');
    expect(fake.closed).toBe(1);
  });
});

test("--prune removes what is left, and says how much", async () => {
  const { code, stdout } = await restage(["verify", "--prune"], { engine: { ok: true, engine: engine() } });
  expect([code, stdout]).toEqual([0, "removed 1 containers, 2 images and 0 volumes of earlier runs\n"]);
});

describe("--repair", () => {
  const missing = { files: { ...BEFORE.files, "/app/words.txt": "words" } };

  test("ends where nothing new is learned, and the last verdict stands", async () => {
    const { code, stdout, stderr } = await verify(engine({ before: missing }), ["--repair"]);
    expect(stdout).toContain("fat-dockerfile:Dockerfile: differs");
    expect(stderr).toContain("the migration is withdrawn");
    expect(code).toBe(1);
  });

  test("withdraws what cannot be repaired: refused, with the verification that shows why, and nothing to apply", async () => {
    const { code, stdout } = await verify(engine({ before: missing }), ["--repair", "--json"]);
    const [migration] = JSON.parse(stdout).migrations;
    expect(migration).toMatchObject({ verdict: "refused", changes: [], diff: "", stages: [] });
    expect(migration.verification.verdict).toBe("differs");
    expect(migration.diagnostics.map(({ code: name }: { code: string }) => name)).toContain("repair-exhausted");
    expect(code).toBe(1);
  });

  test("builds, reads and runs the old state once, however many plans are tried", async () => {
    const files = { ...BEFORE.files, "/src/go.mod": "words" };
    const fake = engine({ before: { files } });
    await verify(fake, ["--repair"]);
    const old = fake.builds.filter(({ tag }) => tag.includes("-before-"));
    expect(fake.builds.filter(({ tag }) => /-after-\d+$/.test(tag) && !tag.includes("again")).length).toBeGreaterThan(
      1,
    );
    expect(old.length).toBe(1);
  });

  test("keeps a file that is missed, and verifies the new plan", async () => {
    // The Dockerfile of the second plan copies the file, so that the new image has it.
    const has = new Map<string, boolean>();
    const build = ({ dockerfile, tag, target }: { dockerfile: string; tag: string; target?: string }): BuildOutcome => {
      if (target !== undefined) has.set(tag, readFileSync(dockerfile, "utf8").includes("/src/go.mod"));
      return OK;
    };
    const files = { ...BEFORE.files, "/src/go.mod": "words" };
    const after = (tag: string) => ({
      ...AFTER.files,
      ...(has.get(tag) === true ? { "/src/go.mod": "words" } : {}),
    });
    const image = (tag: string): ReadImage | undefined => {
      if (tag.includes("-after-")) return readImageOf({ id: "sha256:new", baseLayers: 0, files: after(tag) });
      return tag.startsWith("restage-") ? readImageOf({ id: "sha256:old", baseLayers: 0, files }) : undefined;
    };
    const { stdout } = await verify(engine({ build, image }), ["--repair"]);
    expect(stdout).toContain('"/src/go.mod" is copied into the runtime stage');
    expect(stdout).toContain("repair 1");
  });
});

test("a script that is asked for, and is not there to be run, is not replaced by our own plan of it", async () => {
  const directory = join(folder, "makefile");
  cpSync("samples/makefile-go/before", directory, { recursive: true });
  const fake = engine();
  const { code, stdout } = await restage(["verify", directory, "--yes", "--run-script"], {
    engine: { ok: true, engine: fake },
  });
  expect(stdout).toContain("Makefile: impossible");
  expect([code, fake.builds.length]).toEqual([1, 0]);
});

test("a migration that is applied already is not repaired", async () => {
  const directory = project();
  expect((await restage(["migrate", directory, "--write", "--force"])).code).toBe(0);
  const fake = engine();
  const { code, stderr } = await restage(["verify", directory, "--yes", "--repair"], {
    engine: { ok: true, engine: fake },
  });
  expect(stderr).toContain('the migration is applied already: "restage undo" first');
  expect([code, fake.builds.length]).toEqual([2, 0]);
});

test("a directory with the migrated project may be what comes after", async () => {
  const after = join(folder, "after");
  cpSync("samples/fat-go/before", after, { recursive: true });
  cpSync("samples/fat-go/after/Dockerfile", join(after, "Dockerfile"));
  const fake = engine();
  const { code, stderr } = await verify(fake, ["--after", after]);
  expect(code).toBe(0);
  expect(stderr).toContain(`after is "${after}"`);
  expect(existsSync(join(after, "Dockerfile"))).toBe(true);
});
