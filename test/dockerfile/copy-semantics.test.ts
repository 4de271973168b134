import { describe, expect, test } from "vitest";
import {
  copyDestination,
  finalPlace,
  isArchiveName,
  overwritesItself,
  type SourceType,
  sourceKind,
} from "../../src/dockerfile/copy-semantics.ts";
import { hasWildcard, matchesWildcard } from "../../src/dockerfile/wildcards.ts";
import type { ImagePath } from "../../src/text/paths.ts";

const app = "/app" as ImagePath;

function place(source: string, type: SourceType, destination: string, directories: readonly string[] = []) {
  const resolved = copyDestination(destination, app);
  if (resolved === undefined) throw new Error("no destination");
  return finalPlace({ path: source, type }, resolved, (path) => directories.includes(path));
}

describe("finalPlace", () => {
  test.each<[string, SourceType, string, string]>([
    ["go/bin/x", "file", "/usr/bin/", "/usr/bin/x"],
    ["go/bin/x", "file", "/usr/bin/y", "/usr/bin/y"],
    ["x", "file", ".", "/app/x"],
    ["x", "file", "./", "/app/x"],
    ["x", "file", "sub/.", "/app/sub/x"],
    ["x", "file", "bin/y", "/app/bin/y"],
    ["x", "file", "/", "/x"],
    ["dist", "directory", "/web", "/web"],
    ["dist", "directory", "/web/", "/web"],
    ["dist/", "directory", ".", "/app"],
    ["dist", "directory", "../web", "/web"],
    ["a.tar.gz", "archive", "/opt/", "/opt"],
    ["https://example.org/d/a.sh?x=1", "file", "/opt/", "/opt/a.sh"],
  ])("%s (%s) to %s lands at %s", (source, type, destination, expected) => {
    expect(place(source, type, destination)).toEqual({ path: expected, certain: true });
  });

  test("a file to what is a directory in the image lands in it", () => {
    expect(place("x", "file", "/usr/bin", ["/usr/bin"])).toEqual({ path: "/usr/bin/x", certain: true });
  });

  test("where nobody knows what the image has, the place is not certain", () => {
    const destination = copyDestination("/usr/bin", undefined);
    if (destination === undefined) throw new Error("no destination");
    expect(finalPlace({ path: "x", type: "file" }, destination)).toEqual({ path: "/usr/bin", certain: false });
  });

  test("a relative destination needs the working directory", () => {
    expect(copyDestination("bin/", undefined)).toBeUndefined();
  });
});

test.each([
  ["COPY", "a.git", "local"],
  ["ADD", "https://github.com/a/b.git#main", "git"],
  ["ADD", "git@github.com:a/b.git", "git"],
  ["ADD", "https://example.org/a.tar.gz", "url"],
  ["ADD", "a.tar.gz", "local"],
  ["COPY", "<<EOF", "heredoc"],
] as const)("%s %s is of kind %s", (keyword, source, kind) => {
  expect(sourceKind(keyword, source)).toBe(kind);
});

test.each([
  ["a.tar", true],
  ["a.tgz", true],
  ["a.tar.zst", true],
  ["a.zip", false],
  ["a.gz", false],
])("%s is unpacked by ADD: %s", (name, expected) => {
  expect(isArchiveName(name)).toBe(expected);
});

test("several files to one file name overwrite one another", () => {
  const file = { path: "/x" as ImagePath, directory: false };
  expect(overwritesItself(["file", "file"], file)).toBe(true);
  expect(overwritesItself(["file", "directory"], file)).toBe(false);
  expect(overwritesItself(["file", "file"], { ...file, directory: true })).toBe(false);
});

describe("wildcards", () => {
  test.each([
    ["*.js", "a.js", true],
    ["*.js", "a/b.js", false],
    ["*/b.js", "a/b.js", true],
    ["a*b*c", "aXbYbZc", true],
    ["a*b*c", "aXbYbZ", false],
    ["?", "é", true],
    ["?", "", false],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[]a]", "a", false],
    ["[a", "a", false],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["*", "", true],
  ])("%s matches %s: %s", (pattern, path, expected) => {
    expect(matchesWildcard(pattern, path)).toBe(expected);
  });

  test("no pattern takes exponential time", () => {
    expect(matchesWildcard(`${"a*".repeat(200)}b`, "a".repeat(5000))).toBe(false);
  });

  test.each([
    ["a*", true],
    ["a[0]", true],
    ["a\\*", false],
    ["a", false],
  ])("%s has a wildcard: %s", (source, expected) => {
    expect(hasWildcard(source)).toBe(expected);
  });
});
