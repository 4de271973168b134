/** A driver that another driver calls: one migration, named by the caller, in which both are sources and no edit is made twice. */
import { expect, test } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n",
  "main.go": "package main\n",
};
const BUILD =
  "docker build -f Dockerfile.build -t b .\nid=$(docker create b)\ndocker cp $id:/out/app app\ndocker rm $id\n";

function migrated(scripts: Readonly<Record<string, string>>) {
  const { migrations } = migrate(memoryProject({ ...FILES, ...scripts }));
  return migrations
    .filter(({ kind }) => kind === "builder-script")
    .map(({ id, verdict, sources, changes }) => ({
      id,
      verdict,
      scripts: sources.filter(({ path }) => path.endsWith(".sh")).map(({ path, role }) => `${role} ${path}`),
      after: Object.fromEntries(
        changes.filter(({ path }) => path.endsWith(".sh")).map(({ path, after }) => [path, after]),
      ),
    }));
}

test("a script that calls the whole setup", () => {
  expect(
    migrated({
      "build.sh": `${BUILD}docker build -t app .\n`,
      "build-all.sh": "#!/bin/sh\n./build.sh\ndocker push app\n",
    }),
  ).toEqual([
    {
      id: "builder-script:build-all.sh",
      verdict: "migrated",
      scripts: ["driver build-all.sh", "caller build.sh"],
      after: { "build.sh": "docker build -t app .\n" },
    },
  ]);
});

test("two scripts that call it", () => {
  const found = migrated({
    "build.sh": `${BUILD}docker build -t app .\n`,
    "a.sh": "#!/bin/sh\n./build.sh\n",
    "b.sh": "#!/bin/sh\n./build.sh\n",
  });
  expect(found.map(({ id, verdict, after }) => ({ id, verdict, after }))).toEqual([
    { id: "builder-script:a.sh", verdict: "migrated", after: { "build.sh": "docker build -t app .\n" } },
  ]);
});

test("a setup whose halves are scripts of their own", () => {
  expect(
    migrated({
      "all.sh": "#!/bin/sh\nset -e\n./one.sh\n./two.sh\n",
      "one.sh": `#!/bin/sh\n${BUILD}echo built\n`,
      "two.sh": "#!/bin/sh\ndocker build -t app .\n",
    }).map(({ id, verdict }) => ({ id, verdict })),
  ).toEqual([{ id: "builder-script:all.sh", verdict: "migrated" }]);
});
