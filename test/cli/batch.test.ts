/** Runs over many repositories, what they leave on disk, and the page that is made of it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { checkout, snapshot } from "../project/checkout.ts";
import { restage } from "./run-restage.ts";

const GO = {
  "go.mod": "module example.com/tide\n",
  "main.go": "package main\n\nfunc main() {}\n",
  Dockerfile: 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /tide .\nCMD ["/tide"]\n',
};

/** Repositories in folders, as the files of one checkout. */
function fleet(repositories: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const files = Object.entries(repositories).flatMap(([name, tree]) =>
    Object.entries(tree).map(([path, text]) => [`${name}/${path}`, text] as const),
  );
  return checkout(Object.fromEntries(files));
}

const schemaOf = (path: string): object => JSON.parse(readFileSync(path, "utf8"));
const ajv = new Ajv2020({ strict: false });
const [validRun, validResult] = ["schema/run.v1.json", "schema/migration.v1.json"].map((path) =>
  ajv.compile(schemaOf(path)),
);

function linesOf(run: string): readonly { name: string; outcome: string; problem?: string }[] {
  const text = readFileSync(join(run, "journal.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a run", () => {
  test("has a result and a line for each repository, a patch where something changes, and changes none", async () => {
    const root = fleet({ tide: GO, "x/tide": GO, ebb: { Dockerfile: 'FROM debian:12\nCMD ["true"]\n' } });
    writeFileSync(join(root, "list.txt"), "# all of them\ntide\n\nx/tide\nebb\nnowhere\n");
    const before = snapshot(join(root, "tide"));
    const { code, stdout, stderr } = await restage(["batch", "list.txt", "--out", "run"], { cwd: root });
    expect(code).toBe(1);
    expect(stdout).toBe(
      "     2  setups can be migrated\n     0  setups can be migrated in part\n     1  setups would gain nothing\n     0  setups refused\n     4  repositories, 1 of which could not be read\n",
    );
    expect(stderr.split("\n").slice(0, 4)).toEqual([
      "1/4  tide: 1 migrated",
      "2/4  x/tide: 1 migrated",
      "3/4  ebb: 1 no-benefit",
      expect.stringContaining("4/4  nowhere: "),
    ]);
    const run = join(root, "run");
    expect(readdirSync(join(run, "results")).sort()).toEqual(["ebb.json", "nowhere.json", "tide-2.json", "tide.json"]);
    expect(readdirSync(join(run, "patches")).sort()).toEqual(["tide-2.patch", "tide.patch"]);
    expect(snapshot(join(root, "tide"))).toEqual(before);
    const lines = linesOf(run);
    expect(lines.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["tide", "done"],
      ["tide-2", "done"],
      ["ebb", "done"],
      ["nowhere", "failed"],
    ]);
    for (const value of [schemaOf(join(run, "run.json")), ...lines])
      expect([validRun?.(value), validRun?.errors]).toEqual([true, null]);
    for (const name of readdirSync(join(run, "results")))
      expect([validResult?.(schemaOf(join(run, "results", name))), validResult?.errors]).toEqual([true, null]);
  });

  test("prints a document in each line for programs", async () => {
    const root = fleet({ tide: GO });
    const { code, stdout } = await restage(["batch", "tide", "--out", "run", "--json"], { cwd: root });
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { event: "repository", schema: 1, name: "tide", outcome: "done", verdicts: { migrated: 1 } },
      {
        event: "end",
        repositories: 1,
        failed: 0,
        verdicts: { migrated: 1, partial: 0, "no-benefit": 0, refused: 0 },
      },
    ]);
  });

  test("is not stopped by a repository that is broken, and takes names as they come", async () => {
    const evil = "a\n\u001b[2J'\"";
    const root = fleet({ [evil]: GO, locked: GO });
    mkdirSync(join(root, "loop"));
    symlinkSync(".", join(root, "loop", "Dockerfile"));
    chmodSync(join(root, "locked"), 0);
    writeFileSync(join(root, "list"), `${evil}\0locked\0loop\0`);
    const { stderr } = await restage(["batch", "list", "--out", "run", "-0"], { cwd: root });
    chmodSync(join(root, "locked"), 0o755);
    expect(stderr).not.toContain("\u001b");
    expect(linesOf(join(root, "run"))).toHaveLength(3);
    expect(readdirSync(join(root, "run", "results"))).toHaveLength(3);
  });
});

test("our own bug in one repository is that one's result", async () => {
  const root = fleet({ tide: GO, ebb: GO });
  writeFileSync(join(root, "list"), "tide\nebb\n");
  let calls = 0;
  const { code } = await restage(["batch", "list", "--out", "run"], {
    cwd: root,
    migrate: () => {
      calls += 1;
      if (calls === 1) throw new Error("boom");
      return { migrations: [], diagnostics: [] };
    },
  });
  expect(code).toBe(1);
  expect(linesOf(join(root, "run")).map(({ outcome, problem }) => [outcome, problem])).toEqual([
    ["failed", "restage failed: boom"],
    ["done", undefined],
  ]);
});

describe("a run is not made", () => {
  test.each([
    ["over another one", ["tide", "--out", "tide"], "run-not-empty"],
    ["without a place", ["tide"], "command-line-invalid"],
    ["without an input", ["--out", "run"], "command-line-invalid"],
    ["of what is not there", ["nothing", "--out", "run"], "batch-input-unreadable"],
    ["of addresses", ["urls", "--out", "run"], "batch-url"],
  ])("%s", async (_, words, code) => {
    const root = fleet({ tide: GO });
    writeFileSync(join(root, "urls"), "https://example.com/tide.git\n");
    const ran = await restage(["batch", ...words], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(code)]);
    expect(existsSync(join(root, "run"))).toBe(false);
  });
});

describe("a review", () => {
  test("of a run is one page", async () => {
    const root = fleet({ tide: GO });
    writeFileSync(join(root, "list"), "tide\nnowhere\n");
    await restage(["batch", "list", "--out", "run"], { cwd: root });
    const { code, stderr } = await restage(["review", "run", "--html", "page.html"], { cwd: root });
    expect([code, stderr]).toEqual([0, "2 repositories are in page.html\n"]);
    const html = readFileSync(join(root, "page.html"), "utf8");
    expect(html).toContain("1 migrated");
    expect(html).toContain('<td class="refused">failed</td>');
  });

  test("of a run that was cut off has what was done", async () => {
    const root = fleet({ tide: GO, ebb: GO });
    writeFileSync(join(root, "list"), "tide\nebb\n");
    await restage(["batch", "list", "--out", "run"], { cwd: root });
    const journal = join(root, "run", "journal.jsonl");
    writeFileSync(journal, `torn\n${readFileSync(journal, "utf8").slice(0, -20)}`);
    const { stderr } = await restage(["review", "run", "--html", "page.html"], { cwd: root });
    expect(stderr).toBe("1 repositories are in page.html\n");
  });

  test("of something else is refused", async () => {
    const { code, stderr } = await restage(["review", ".", "--html", "page.html"], { cwd: fleet({ tide: GO }) });
    expect([code, stderr]).toEqual([2, expect.stringContaining("run-unreadable")]);
  });
});
