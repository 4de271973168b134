/** What held the output of a command that is gone: a container's id, an image's, a status. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const TREE = {
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
  "main.go": "package main\n",
};
const BUILD = "docker build -f Dockerfile.build -t b .\n";
const FINAL = "docker build -t app .\n";

function run(script: string): Migration {
  const { migrations } = migrate(memoryProject({ ...TREE, "build.sh": script }));
  const found = migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function scriptOf({ changes }: Migration): string | undefined {
  return changes.find(({ path }) => path === "build.sh")?.after;
}

describe("what asks for the value goes with it", () => {
  it.each([
    [
      "an empty container id",
      'id=$(docker create b)\nif [ -z "$id" ]; then\n  echo "no container" >&2\n  exit 1\nfi\ndocker cp "$id:/out/app" app\n',
      "",
    ],
    ["an id that a test asks for", 'id=$(docker create b)\n[ -n "$id" ] || exit 1\ndocker cp "$id:/out/app" app\n', ""],
    [
      "a test in brackets, and an exported name",
      'export ID=$(docker create b)\n[[ -z $ID ]] && exit 1\ndocker cp "$ID:/out/app" app\n',
      "",
    ],
    [
      "the id of the image, which is removed by it",
      'id=$(docker create b)\ndocker cp "$id:/out/app" app\nimage=$(docker images -q b)\nif [ -z "$image" ]; then\n  exit 1\nfi\ndocker rmi "$image"\n',
      "",
    ],
    [
      "a command that another one stands behind",
      'id=$(docker create b)\ndocker cp "$id:/out/app" app\n[ -n "$id" ] && date > stamp\n',
      "date > stamp\n",
    ],
  ])("%s", (_, between, left) => {
    const migration = run(`#!/bin/bash\n${BUILD}${between}${FINAL}`);
    expect(migration.diagnostics).toEqual([]);
    expect(migration.verdict).toBe("migrated");
    expect(scriptOf(migration)).toBe(`#!/bin/bash\n${left}${FINAL}`);
  });

  it("but for the script's own end, which hands on the status of the build that remains", () => {
    const migration = run(
      `${BUILD}id=$(docker create b)\ndocker cp "$id:/out/app" app\nrc=$(docker wait "$id")\n${FINAL}exit $rc\n`,
    );
    expect(migration.verdict).toBe("migrated");
    expect(scriptOf(migration)).toBe(`${FINAL}exit $rc\n`);
  });
});

describe("what does something with the value can neither stay nor go", () => {
  it.each([
    ["a request", 'curl -d "container=$id" https://hooks.example/done\n', "variable-left-unset"],
    ["a file", 'echo "$id" > container.txt\n', "variable-left-unset"],
    ["a tag", 'docker tag other "other:$id"\n', "variable-left-unset"],
    [
      "a condition on which a build depends",
      'if [ -z "$id" ]; then exit 1; else docker build -t app .; fi\n',
      "use-not-separable",
    ],
  ])("%s", (_, use, code) => {
    const migration = run(`${BUILD}id=$(docker create b)\ndocker cp "$id:/out/app" app\n${use}${FINAL}`);
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      { code, path: "build.sh", line: 4 },
    ]);
  });

  it("and is named with the variable", () => {
    const migration = run(`${BUILD}id=$(docker create b)\ndocker cp "$id:/out/app" app\necho "$id" > id.txt\n${FINAL}`);
    expect(migration.diagnostics).toMatchObject([
      {
        code: "variable-left-unset",
        message: '"echo "$id" > id.txt" reads "id", which only a command sets that goes',
        help: 'take "$id" out of the command, or the command out of the script, and run restage again',
      },
    ]);
  });

  it("unless something that stays sets the name too", () => {
    const uses = 'for id in one two; do curl -d "$id" https://hooks.example/done; done\n';
    const migration = run(`${BUILD}id=$(docker create b)\ndocker cp "$id:/out/app" app\n${uses}${FINAL}`);
    expect(migration.verdict).toBe("migrated");
    expect(scriptOf(migration)).toBe(`${uses}${FINAL}`);
  });
});

it("names the merged file from where the call stands, where the old one stood in a context on standard input", () => {
  const { migrations } = migrate(
    memoryProject({
      "main.go": "package main\n",
      "build/Dockerfile.build":
        "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\nCOPY build/Dockerfile.run /out/\nWORKDIR /out\nCMD tar -cf - .\n",
      "build/Dockerfile.run": "FROM alpine:3.19\nCOPY app /srv/\n",
      "build.sh":
        "docker build -t b -f build/Dockerfile.build .\ndocker run --rm b | docker build -t app -f Dockerfile.run -\n",
    }),
  );
  const migration = migrations.find((one) => one.kind === "builder-script");
  expect(migration?.changes.map(({ path }) => path)).toContain("build/Dockerfile");
  expect(migration?.changes.find(({ path }) => path === "build.sh")?.after).toBe(
    "docker build -t app -f build/Dockerfile .\n",
  );
});
