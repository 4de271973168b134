import { describe, expect, test } from "vitest";
import { ignoreFileOf, ignoreRules } from "../../src/dockerfile/dockerignore.ts";
import type { ContextPath, HostPath } from "../../src/text/paths.ts";

const ignores = (rules: string, path: string) => ignoreRules(rules).ignores(path as ContextPath);

describe("ignoreRules", () => {
  test.each([
    ["node_modules", "node_modules/a/b.js", true],
    ["node_modules", "sub/node_modules/a.js", false],
    ["**/node_modules", "sub/node_modules/a.js", true],
    ["*.md", "a.md", true],
    ["*.md", "docs/a.md", false],
    ["**/*.map", "dist/deep/a.js.map", true],
    ["*\n!src\n", "src/a.js", false],
    ["*\n!src\n", "lib/a.js", true],
    ["docs\n!docs/keep.md", "docs/keep.md", false],
    ["!docs/keep.md\ndocs", "docs/keep.md", true],
    ["/dist/", "dist/a.js", true],
    ["./dist", "dist/a.js", true],
    ["A.txt", "a.txt", false],
    ["# dist\n", "dist", false],
    ["  # dist", "# dist", true],
    ["a?.txt", "ab.txt", true],
    ["[a-b].txt", "b.txt", true],
    ["\uFEFFdist\r\nlib\r\n", "dist/x", true],
    ["dist\r\nlib\r\n", "lib/x", true],
    ["*", ".", false],
    ["", "a", false],
    ["Dockerfile\n.dockerignore", "Dockerfile", true],
    ["*", "constructor", true],
    ["*", "__proto__", true],
    ["*\n!toString", "toString", false],
  ])("%j leaves out %s: %s", (rules, path, expected) => {
    expect(ignores(rules, path)).toBe(expected);
  });

  test("rules know their places", () => {
    const text = "# head\n  *.log \r\n\n! keep.log\n";
    expect(ignoreRules(text).patterns.map(({ range, ...rule }) => [rule, text.slice(range.start, range.end)])).toEqual([
      [{ pattern: "*.log", negated: false }, "*.log"],
      [{ pattern: "keep.log", negated: true }, "! keep.log"],
    ]);
  });
});

test.each([
  [
    "the Dockerfile's own first",
    ["docker/Dockerfile.dockerignore", "app/.dockerignore"],
    "docker/Dockerfile.dockerignore",
  ],
  ["else that of the context", ["app/.dockerignore", ".dockerignore"], "app/.dockerignore"],
  ["none", [".dockerignore"], undefined],
])("ignore file: %s", (_what, files, expected) => {
  const exists = (path: HostPath) => files.includes(path);
  expect(ignoreFileOf("docker/Dockerfile" as HostPath, "app" as HostPath, exists)).toBe(expected);
});
