import { describe, expect, test } from "vitest";
import { discover } from "../../src/project/discover.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FROM = "FROM a\n";
const SCRIPT = "#!/bin/sh\ndocker build .\n";

describe("a Dockerfile is found by its name", () => {
  test.each([
    "Dockerfile",
    "dockerfile",
    "DOCKERFILE",
    "Dockerfile.build",
    "dockerfile.prod",
    "Dockerfile_test",
    "Dockerfile-dev",
    "api.Dockerfile",
    "api.dockerfile",
    "api_Dockerfile",
    "api-Dockerfile",
    "Containerfile",
    "Containerfile.prod",
    "deep/er/Dockerfile",
    "Dockerfile.go",
    "Dockerfile.v1.2",
  ])("%s", (name) => expect(discover(memoryProject({ [name]: FROM })).dockerfiles).toEqual([name]));

  test.each([
    "Dockerfile.dockerignore",
    "Dockerfile.j2",
    "Dockerfile.tmpl",
    "Dockerfile.erb",
    "Dockerfile.orig",
    "Dockerfile~",
    "Dockerfiles",
    "mydockerfile",
    "dockerfile-notes/README",
    "node_modules/x/Dockerfile",
    "vendor/x/Dockerfile",
    "a/.venv/Dockerfile",
    "docker",
  ])("but not %s", (name) => expect(discover(memoryProject({ [name]: FROM })).dockerfiles).toEqual([]));

  test.each([
    ["Dockerfile.go", "package main\n", []],
    ["Dockerfile.build.bat", "docker build .\r\n", []],
    ["dockerfile.md", "# How\n\nFROM here on\n", ["dockerfile.md"]],
    ["dockerfile.md", "# How\n\nIn a Dockerfile\nFROM a\n", []],
    ["Dockerfile.py", "# syntax=x\r\n\r\n  ARG V=1\r\nFROM a\r\n", ["Dockerfile.py"]],
    ["Dockerfile.build", "not one\n", ["Dockerfile.build"]],
    ["Dockerfile", "", ["Dockerfile"]],
  ])("%s with %j", (name, text, expected) => {
    expect(discover(memoryProject({ [name]: text })).dockerfiles).toEqual(expected);
  });

  test("once, where symlinks give it more names", () => {
    const tree = { Dockerfile: { symlink: "docker/app" }, "docker/app": FROM, "docker/Dockerfile": { symlink: "app" } };
    expect(discover(memoryProject(tree)).dockerfiles).toEqual(["docker/app"]);
  });

  test("under its own name, where a symlink leads nowhere that may be read", () => {
    expect(discover(memoryProject({ Dockerfile: { symlink: "../../Dockerfile" } })).dockerfiles).toEqual([
      "Dockerfile",
    ]);
  });
});

describe("a script is found", () => {
  test.each([
    ["by its extension", "build.sh", "docker build .\n"],
    ["by its shebang", "scripts/build", SCRIPT],
    ["by an env shebang", "release", "#!/usr/bin/env bash\npodman build .\n"],
    ["without a build", "run.sh", 'docker "$@"\n'],
    ["with buildah", "ci.bash", "buildah bud .\n"],
    ["with the engine in a variable", "build.sh", 'DOCKER=docker\n"$DOCKER" build .\n'],
    ["with CRLF", "build", "#!/bin/sh\r\ndocker build .\r\n"],
  ])("%s", (_, name, text) => expect(discover(memoryProject({ [name]: text })).scripts).toEqual([name]));

  test.each([
    ["without an engine", "build.sh", "make build\n"],
    ["of another language", "build", "#!/usr/bin/env python3\n# docker build\n"],
    ["without a shebang", "README", "docker build .\n"],
    ["that is other people's", "node_modules/x/build.sh", SCRIPT],
    ["that holds an archive", "install", `${SCRIPT}${"x".repeat(2_000_000)}`],
  ])("but none %s", (_, name, text) => expect(discover(memoryProject({ [name]: text })).scripts).toEqual([]));

  test("not among binaries", () => {
    expect(discover(memoryProject({ build: { bytes: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]) } })).scripts).toEqual([]);
  });
});

test("the answer does not depend on the order of the files", () => {
  const tree = { "b/Dockerfile": FROM, "a/build.sh": SCRIPT, Dockerfile: FROM, "build.sh": SCRIPT };
  const reversed = Object.fromEntries(Object.entries(tree).reverse());
  expect(discover(memoryProject(reversed))).toEqual(discover(memoryProject(tree)));
  expect(discover(memoryProject(tree))).toEqual({
    dockerfiles: ["Dockerfile", "b/Dockerfile"],
    scripts: ["a/build.sh", "build.sh"],
  });
});
