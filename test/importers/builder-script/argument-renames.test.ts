// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
/** Build arguments of one name that two files give different values. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

interface Case {
  readonly builder: string;
  readonly final: string;
  /** Options of the two calls. */
  readonly calls: readonly [builder: string, final: string];
}

function run({ builder, final, calls }: Case, between = ""): Migration {
  const script = `#!/bin/sh\nset -e\ndocker build ${calls[0]}-f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n${between}docker build ${calls[1]}-t app .\n`;
  const found = migrate(memoryProject({ "build.sh": script, "Dockerfile.build": builder, Dockerfile: final }));
  const [migration] = found.migrations.filter(({ kind }) => kind === "builder-script");
  if (migration === undefined) throw new Error("no setup was found");
  return migration;
}

function changed(migration: Migration, path: string): string | undefined {
  return migration.changes.find((change) => change.path === path)?.after;
}

const FINAL = "FROM alpine:3.19\nARG VERSION\nLABEL version=$VERSION\nCOPY app /app\n";

describe("arguments of stages", () => {
  it.each<[string, Case, string, string]>([
    [
      "the final's call gives one that the builder has a default for",
      {
        builder: "FROM golang:1.22\nARG VERSION=dev\nRUN make OUT=/out/app V=$VERSION\n",
        final: FINAL,
        calls: ["", '--build-arg VERSION="$V" '],
      },
      "FROM golang:1.22 AS builder\nARG BUILDER_VERSION=dev\nENV VERSION=$BUILDER_VERSION\nRUN make OUT=/out/app V=$VERSION\n",
      'docker build --build-arg VERSION="$V" -t app .\n',
    ],
    [
      "both calls give one, with different values",
      {
        builder: "FROM golang:1.22\nARG VERSION\nRUN make OUT=/out/app V=$VERSION\n",
        final: FINAL,
        calls: ["--build-arg VERSION=$TAG ", "--build-arg VERSION=2 "],
      },
      "FROM golang:1.22 AS builder\nARG BUILDER_VERSION\nENV VERSION=$BUILDER_VERSION\nRUN make OUT=/out/app V=$VERSION\n",
      "docker build --build-arg BUILDER_VERSION=$TAG --build-arg VERSION=2 -t app .\n",
    ],
    [
      "the builder's call gives one that the final has a default for",
      {
        builder: "FROM golang:1.22\nARG VERSION\nRUN make OUT=/out/app V=$VERSION\n",
        final: FINAL.replace("ARG VERSION", "ARG VERSION=1"),
        calls: ['--build-arg "VERSION=$TAG" ', ""],
      },
      "FROM golang:1.22 AS builder\nARG BUILDER_VERSION\nENV VERSION=$BUILDER_VERSION\nRUN make OUT=/out/app V=$VERSION\n",
      'docker build --build-arg "BUILDER_VERSION=$TAG" -t app .\n',
    ],
    [
      "nobody gives the builder's a value",
      {
        builder: "FROM golang:1.22\nARG VERSION\nRUN make OUT=/out/app\n",
        final: FINAL,
        calls: ["", "--build-arg VERSION=2 "],
      },
      "FROM golang:1.22 AS builder\nRUN make OUT=/out/app\n",
      "docker build --build-arg VERSION=2 -t app .\n",
    ],
  ])("%s", (_, project, builder, call) => {
    const migration = run(project);
    expect(migration.diagnostics.map(({ message }) => message)).toEqual([
      'the build argument "VERSION" of "Dockerfile.build" is called "BUILDER_VERSION" in "Dockerfile"',
    ]);
    expect(changed(migration, "Dockerfile")?.startsWith(builder)).toBe(true);
    expect(changed(migration, "build.sh")).toContain(call);
  });

  it("keep their name where both calls give the same value", () => {
    const migration = run({
      builder: "FROM golang:1.22\nARG VERSION\nRUN make V=$VERSION\n",
      final: FINAL,
      calls: ["--build-arg VERSION=$V ", "--build-arg VERSION=$V "],
    });
    expect(migration.diagnostics).toEqual([]);
    expect(changed(migration, "Dockerfile")).toContain("AS builder\nARG VERSION\nRUN");
  });

  it.each<[string, string, string]>([
    ["an ENV that may have won", "FROM golang:1.22\nENV VERSION=1\nARG VERSION=2\nRUN make\n", ""],
    ["one without a value that is read", "FROM golang:1.22\nARG VERSION\nRUN make V=${VERSION-dev}\n", ""],
    ["a stage that did not get it", "FROM golang:1.22 AS a\nARG VERSION=2\nFROM a\nRUN make\n", ""],
    ["a trigger", "FROM golang:1.22\nARG VERSION=2\nONBUILD RUN make $VERSION\n", ""],
    ["a default that reads it in the same line", "FROM golang:1.22\nARG VERSION=2 NAME=a-$VERSION\nRUN make\n", ""],
    [
      "an image that is used by itself too",
      "FROM golang:1.22\nARG VERSION=2\nRUN make\n",
      "docker run --rm b make test\n",
    ],
  ])("stay a conflict: %s", (_, builder, between) => {
    const migration = run({ builder, final: FINAL, calls: ["", "--build-arg VERSION=$V "] }, between);
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ message }) => message)).toContain(
      'the build argument "VERSION" has one value for "Dockerfile.build" and another for "Dockerfile"',
    );
  });
});

describe("arguments before the first FROM", () => {
  it("are renamed in FROM lines, in other defaults and in the stages", () => {
    const migration = run({
      builder: "ARG VERSION=1.22\nARG BASE=golang:${VERSION}\nFROM ${BASE}-alpine\nARG VERSION\nRUN make V=$VERSION\n",
      final: "ARG VERSION=3.19\nFROM alpine:$VERSION\nCOPY app /app\n",
      calls: ["", ""],
    });
    expect(changed(migration, "Dockerfile")).toBe(
      "ARG BUILDER_VERSION=1.22\nARG BASE=golang:${BUILDER_VERSION}\nARG VERSION=3.19\nFROM ${BASE}-alpine AS builder\nARG BUILDER_VERSION\nENV VERSION=$BUILDER_VERSION\nRUN make V=$VERSION\n\nFROM alpine:$VERSION AS production\nCOPY --from=builder /out/app /app\n",
    );
  });

  it("get the value of the builder's call by their new name", () => {
    const migration = run({
      builder: "ARG TAG=1.22\nFROM golang:$TAG\nRUN make\n",
      final: "ARG TAG=3.19\nFROM alpine:$TAG\nCOPY app /app\n",
      calls: ["--build-arg TAG=$GO ", ""],
    });
    expect(changed(migration, "build.sh")).toContain("docker build --build-arg BUILDER_TAG=$GO -t app .\n");
    expect(changed(migration, "Dockerfile")).toContain("FROM golang:$BUILDER_TAG AS builder\n");
  });
});
