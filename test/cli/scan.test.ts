import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout, snapshot } from "../project/checkout.ts";
import { migration, restage } from "./run-restage.ts";

const SCRIPT = migration({
  id: "builder-script:docker/größe.sh",
  kind: "builder-script",
  summary: "One Dockerfile takes the place of two: ARG API_KEY=abc \u001b[2J",
  stages: [
    { name: "builder", role: "build", from: "golang", fromKind: "image", dockerfile: "Dockerfile" },
    { name: "production", role: "runtime", from: "scratch", fromKind: "image", dockerfile: "Dockerfile" },
  ],
  changes: [{ path: "Dockerfile", action: "create", mode: "100644", after: "" }],
});
const GOOD = migration({
  id: "multi-stage:Dockerfile",
  kind: "multi-stage",
  verdict: "no-benefit",
  summary: "Nothing would stay behind.",
});
const REFUSED = migration({
  verdict: "refused",
  diagnostics: [{ code: "file-binary", severity: "error", message: '"Dockerfile" is a binary file' }],
});

const scan = (argv: readonly string[], cwd: string, migrations = [SCRIPT, GOOD]) =>
  restage(["scan", ...argv], { cwd, migrate: () => ({ migrations, diagnostics: [] }) });

test("scan lists each build of each directory", async () => {
  const root = checkout({ "shop/a": "", "blog/b": "" });
  const before = snapshot(root);
  const table = [
    "  SETUP            KIND            VERDICT     STAGES  GAIN",
    "  docker/größe.sh  builder-script  migrated    2       One Dockerfile takes the place of two: ARG API_KEY=*** \\x1b[2J",
    "  Dockerfile       multi-stage     no-benefit  2       Nothing would stay behind.",
  ].join("\n");
  const expected = table.replace("no-benefit  2 ", "no-benefit  0 ");
  expect(await scan(["shop", "blog"], root)).toEqual({
    code: 0,
    stdout: `shop\n${expected}\n\nblog\n${expected}\n`,
    stderr: "",
  });
  expect(snapshot(root)).toEqual(before);
});

test("scan looks at this directory when none is given", async () => {
  expect(await scan([], checkout({}), [])).toEqual({
    code: 0,
    stdout: ".\n  no Dockerfile and no build script\n",
    stderr: "",
  });
});

test("scan goes on after a directory that is missing", async () => {
  const ran = await scan(["nowhere", "."], checkout({}));
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('the directory "nowhere" does not exist');
  expect(ran.stdout).toContain("multi-stage");
});

test("scan fails where a build is refused", async () => {
  expect((await scan(["."], checkout({}), [REFUSED])).code).toBe(1);
});

test("scan --json is one document", async () => {
  const root = checkout({ "shop/a": "" });
  const ran = await scan(["shop", "nowhere", "--json"], root);
  const document = JSON.parse(ran.stdout);
  expect(document).toMatchObject({ schema: 1, tool: { name: "restage" }, diagnostics: [] });
  expect(document.projects).toMatchObject([
    {
      directory: "shop",
      diagnostics: [],
      setups: [
        {
          id: SCRIPT.id,
          kind: "builder-script",
          verdict: "migrated",
          stages: 2,
          changes: [{ path: "Dockerfile", action: "create" }],
        },
        { id: GOOD.id, verdict: "no-benefit", stages: 0, changes: [] },
      ],
    },
    { directory: "nowhere", setups: [], diagnostics: [{ code: "project-missing" }] },
  ]);
  expect([ran.code, ran.stderr]).toEqual([2, ""]);
});

test("scan reads the answers of each project", async () => {
  const root = checkout({ "a/.restage.yml": 'answers: { "*": { tests: drop } }', "b/x": "" });
  const seen: unknown[] = [];
  await restage(["scan", join(root, "a"), join(root, "b")], {
    migrate: (_, options) => {
      seen.push(options?.answers);
      return { migrations: [], diagnostics: [] };
    },
  });
  expect(seen).toEqual([{ "*": { tests: "drop" } }, {}]);
});
