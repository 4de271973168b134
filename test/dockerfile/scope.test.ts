// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../src/dockerfile/expand.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { readScopes, type ScopeOptions } from "../../src/dockerfile/scope.ts";
import type { HostPath, ImagePath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const golang = {
  env: { GOPATH: "/go", PATH: "/go/bin:/bin" },
  workdir: "/go" as ImagePath,
  user: "",
};
const bases: ScopeOptions = { baseImage: (reference) => (reference.startsWith("golang") ? golang : undefined) };

function atEnd(text: string, options: ScopeOptions = bases) {
  const scopes = readScopes(parseDockerfile(sourceFile("Dockerfile" as HostPath, text)), options).at(-1);
  const end = scopes?.before(scopes.stage.instructions.length);
  if (scopes === undefined || end === undefined) throw new Error("no stage");
  return { ...end, base: scopes.base };
}

describe("variables", () => {
  test.each([
    ["ENV is seen after it", "FROM golang\nENV A=1", "$A", "1"],
    ["pairs of one ENV see the state before it", "FROM golang\nENV A=1\nENV A=2 B=$A", "$B", "1"],
    ["arguments of one ARG see each other", "FROM golang\nARG A=1 B=$A", "$B", "1"],
    ["the base image's environment", "FROM golang:1.22", "$GOPATH/bin", "/go/bin"],
    ["PATH may grow", "FROM golang\nENV PATH=$PATH:/x", "$PATH", "/go/bin:/bin:/x"],
    ["a stage inherits from its base stage", "FROM golang AS a\nENV A=1\nFROM A\nENV B=${A}2", "$B", "12"],
    ["but not from other stages", "FROM golang AS a\nENV A=1\nFROM golang", "[$A]", "[]"],
    ["a global argument is unseen", "ARG A=1\nFROM golang", "[$A]", "[]"],
    ["until it is declared again", "ARG A=1\nFROM golang\nARG A", "$A", "1"],
    ["a default in the stage wins over the global one", "ARG A=1\nFROM golang\nARG A=2", "$A", "2"],
    ["ENV wins over an earlier ARG", "FROM golang\nARG A=1\nENV A=2", "$A", "2"],
    ["arguments are not inherited", "FROM golang AS a\nARG A=1\nFROM a", "[$A]", "[]"],
    ["scratch has a search path only", "FROM scratch", "[$HOME]", "[]"],
    ["quotes go, single ones keep dollars", "FROM golang\nENV A='$GOPATH' B=\"x y\"", "$A $B", "$GOPATH x y"],
  ])("%s", (_what, text, word, value) => {
    expect(atEnd(text).expand(word)).toEqual({ value, unknown: [] });
  });

  test.each([
    ["the environment of an unknown base", "FROM acme/base", "$HOME", "HOME"],
    ["an argument without default", "FROM golang\nARG A", "$A", "A"],
    ["a platform argument", "FROM golang\nARG TARGETARCH", "$TARGETARCH", "TARGETARCH"],
    ["ENV made from something unknown", "FROM acme/base\nENV A=$HOME/x", "$A", "A"],
    ["an ARG behind an ENV of another value, on which engines differ", "FROM golang\nENV A=1\nARG A=2", "$A", "A"],
  ])("nobody knows: %s", (_what, text, word, name) => {
    expect(atEnd(text).expand(word).unknown).toEqual([name]);
  });

  test("what the caller passes wins over defaults, in FROM too", () => {
    const options: ScopeOptions = { ...bases, buildArgs: { TAG: "1.20", A: UNKNOWN } };
    const end = atEnd("ARG TAG=1.22\nFROM golang:$TAG\nARG TAG\nARG A=1", options);
    expect(end.expand("$TAG").value).toBe("1.20");
    expect(end.expand("$A").unknown).toEqual(["A"]);
    expect(end.base).toEqual({ kind: "image", reference: { value: "golang:1.20", unknown: [] } });
  });

  test("an argument without default is unset once all that the caller passes is known", () => {
    expect(atEnd("FROM golang\nARG A", { ...bases, allBuildArgs: true }).expand("[$A]").value).toBe("[]");
  });

  test("the user's own ENV is told apart from the base image's", () => {
    expect([...atEnd("FROM golang\nENV A=1 B=$GOPATH").environment()]).toEqual([
      ["A", "1"],
      ["B", "/go"],
    ]);
  });
});

describe("working directory, user and shell", () => {
  test.each([
    ["FROM golang", "/go"],
    ["FROM golang\nWORKDIR src\nWORKDIR ./app/", "/go/src/app"],
    ["FROM golang\nWORKDIR $GOPATH/src", "/go/src"],
    ["FROM acme/base", undefined],
    ["FROM acme/base\nWORKDIR app", undefined],
    ["FROM acme/base\nWORKDIR /app\nWORKDIR ..", "/"],
    ["FROM acme/base AS a\nWORKDIR /app\nFROM a\nWORKDIR b", "/app/b"],
    ["FROM acme/base\nWORKDIR /$HOME", undefined],
    ["FROM scratch\nWORKDIR app", "/app"],
  ])("%j works in %s", (text, workdir) => {
    expect(atEnd(text).workdir).toBe(workdir);
  });

  test("user and shell are inherited through stages", () => {
    const end = atEnd('FROM golang AS a\nARG U=app\nUSER $U\nSHELL ["/bin/bash", "-c"]\nFROM a');
    expect([end.user, end.shell]).toEqual(["app", ["/bin/bash", "-c"]]);
    expect([atEnd("FROM golang").user, atEnd("FROM x").user]).toEqual(["", undefined]);
  });

  test("a scope is the state before its instruction", () => {
    const document = parseDockerfile(sourceFile("Dockerfile" as HostPath, "FROM golang\nENV A=1\nENV A=2\n"));
    const [scopes] = readScopes(document, bases);
    expect([0, 1, 2].map((index) => scopes?.before(index).lookup("A"))).toEqual([undefined, "1", "2"]);
  });
});

test("a file of many ENV lines takes a moment", () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `ENV V${i}=${i}`);
  const start = performance.now();
  expect(atEnd(`FROM golang\n${lines.join("\n")}`).lookup("V49999")).toBe("49999");
  expect(performance.now() - start).toBeLessThan(5000);
});
