import { describe, expect, it } from "vitest";
import { goneCalls, makeSkeleton, readerOf } from "../../scripts/offer-checks.ts";
import type { FileChange } from "../../src/model/migration.ts";

const change = (path: string, after: string): FileChange => ({ path, action: "modify", mode: "100644", after });

describe("what reads a file", () => {
  it.each([
    ["build.sh", "if true; then :; fi\n", "if true; then\n", /syntax error/],
    ["tools/build", "#!/bin/sh\n:\n", "#!/bin/sh\n(\n", /syntax error/],
    ["Makefile", "all: a\n\techo $(X)\nX = $(shell touch /never)\n", "all: a\n  echo\n", /missing separator/],
    ["ci.yml", "a: [b]\n", "a: [b\n", /./],
  ])("%s", (path, good, bad, problem) => {
    const read = readerOf(path, good);
    expect(read?.(good)).toBeUndefined();
    expect(read?.(bad)).toMatch(problem);
  });
});

it("hands make nothing that it could run, read or write", () => {
  const skeleton = makeSkeleton(
    "include other.mk\nV != date\nX := $(shell rm -rf $(HOME)) y\nZ = $(file >x,y)$$(eval A=1)\nall: \\\n  a\n\trm x && \\\n\trm y\nSHELL = /bin/ev\n",
  );
  expect(skeleton).toBe("V := date\nX :=  y\nZ = \nall: \\\n  a\n\t@:\n\t@:\n");
});

it("finds calls of deleted files, and no comments on them", () => {
  const text = "# was Dockerfile.build\ndocker build -f Dockerfile.build .\n";
  expect(goneCalls(change("build.sh", text), ["Dockerfile.build", "Dockerfile.prod"])).toEqual([
    'build.sh: still names "Dockerfile.build", which is deleted',
  ]);
  expect(goneCalls(change("build.sh", "# was Dockerfile.build\n"), ["Dockerfile.build"])).toEqual([]);
});

describe("a path with a folder", () => {
  it.each([
    ["another file of that name", "build.sh", "cp Dockerfile.run deploy/Dockerfile\n", "Dockerfile", false],
    ["the file itself", "build.sh", "docker build -f ./Dockerfile .\n", "Dockerfile", true],
    ["the file from a folder", "ci/build.sh", "docker build -f ../Dockerfile ..\n", "Dockerfile", true],
    ["a file beside", "deploy/build.sh", "docker build -f docker/Dockerfile .\n", "deploy/docker/Dockerfile", true],
    [
      "a file in a folder that is entered",
      "build.sh",
      "cd a; docker build -f b/Dockerfile.x .\n",
      "a/b/Dockerfile.x",
      true,
    ],
    ["a folder that only a run knows", "build.sh", 'docker build -f "$DIR/Dockerfile" .\n', "Dockerfile", true],
    ["another folder's file", "build.sh", "docker build -f b/Dockerfile.x .\n", "a/Dockerfile.x", false],
  ])("%s", (_, path, text, gone, called) => {
    expect(goneCalls(change(path, text), [gone])).toEqual(
      called ? [`${path}: still names "${gone}", which is deleted`] : [],
    );
  });
});
