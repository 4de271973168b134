/** Dockerfiles that come to a build on standard input. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.22\nRUN go install example.com/tool@latest\n",
  "Dockerfile.run": "FROM alpine:3.19\nCOPY tool /usr/bin/\n",
};
const TAKE = "docker create --name x b\ndocker cp x:/go/bin/tool tool\ndocker rm x\n";
const JOINED =
  "FROM golang:1.22 AS builder\nRUN go install example.com/tool@latest\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /go/bin/tool /usr/bin/\n";

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const { migrations } = migrate(memoryProject({ ...FILES, ...files, "build.sh": script }));
  const found = migrations.find(({ kind }) => kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

describe("a file of the project", () => {
  it.each([
    [
      "a builder's, by redirection",
      `docker build -t b - < Dockerfile.build\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    [
      "a builder's, by a pipe",
      `cat Dockerfile.build | docker build -t b -\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    [
      "a builder's, beside a directory",
      `docker build -t b -f - . <Dockerfile.build\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    ["a final's", `docker build -f Dockerfile.build -t b .\n${TAKE}docker build -t app -f - . < Dockerfile.run\n`],
  ])("%s", (_, script) => {
    const migration = run(script);
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toMatchObject({ Dockerfile: JOINED, "build.sh": "docker build -t app .\n" });
    expect(changed(migration)["Dockerfile.build"]).toBeUndefined();
  });

  it("does not go on being read where the builder is still built", () => {
    const migration = run(
      `docker build -t b - < Dockerfile.build\n${TAKE}docker push b\ndocker build -f Dockerfile.run -t app .\n`,
    );
    expect(changed(migration)["build.sh"]).toBe(
      "docker build --target builder -t b .\ndocker push b\ndocker build -t app .\n",
    );
  });

  it("stays with a call that a pipe gives the final's Dockerfile", () => {
    const migration = run(
      `docker build -f Dockerfile.build -t b .\n${TAKE}cat Dockerfile.run | docker build -t app -f - .\n`,
    );
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ code }) => code)).toEqual(["use-not-separable"]);
  });
});
