import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../../src/dockerfile/parse.ts";
import { inferContext } from "../../../src/importers/fat-dockerfile/build-context.ts";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { hostPath, ROOT } from "../../../src/text/paths.ts";

const dockerfile = 'FROM golang:1.22\nWORKDIR /src\nCOPY main.go go.mod ./\nRUN go build -o /app .\nCMD ["/app"]\n';
const sources = (at: string): Record<string, string> => ({
  [`${at}main.go`]: "package main\n\nfunc main() {}\n",
  [`${at}go.mod`]: "module example.com/a\n\ngo 1.22\n",
});

describe("the build context of a Dockerfile in a folder", () => {
  it.each([
    ["the root, where all sources are", sources(""), ".", false],
    ["its folder, where all sources are only there", sources("api/"), "api", true],
    ["what compose says", { ...sources("api/"), "compose.yaml": "services:\n  a:\n    build: ./api\n" }, "api", false],
    [
      "what compose says of a named Dockerfile",
      {
        ...sources(""),
        "deploy/docker-compose.yml":
          "services:\n  a:\n    build:\n      context: ..\n      dockerfile: api/Dockerfile\n",
      },
      ".",
      false,
    ],
    ["what a script says", { ...sources("api/"), "ci.sh": "docker build -t a -f api/Dockerfile api\n" }, "api", false],
    ["what a makefile says", { ...sources(""), Makefile: "a:\n\tdocker build -f api/Dockerfile .\n" }, ".", false],
    [
      "no word of two that differ",
      {
        ...sources("api/"),
        "a.sh": "docker build -f api/Dockerfile .\n",
        "b.sh": "docker build api\n",
      },
      "api",
      true,
    ],
  ])("is %s", (_, tree, directory, assumed) => {
    const path = hostPath("api/Dockerfile") ?? ROOT;
    const files = memoryProject({ ...tree, "api/Dockerfile": dockerfile });
    const found = inferContext(files, path, parseDockerfile({ path, text: dockerfile }), undefined);
    expect(found).toEqual({ directory, assumed, missing: [] });
  });

  it("says what it assumes", () => {
    const [found] = migrate(memoryProject({ ...sources("api/"), "api/Dockerfile": dockerfile })).migrations;
    expect(found?.verdict).toBe("migrated");
    expect(found?.diagnostics.map(({ code }) => code)).toEqual(["context-assumed"]);
  });

  it("refuses what is nowhere, and names it", () => {
    const { "api/go.mod": _, ...rest } = sources("api/");
    const [found] = migrate(memoryProject({ ...rest, "api/Dockerfile": dockerfile })).migrations;
    expect(found).toMatchObject({ verdict: "refused", changes: [] });
    expect(found?.diagnostics[0]?.message).toContain('"go.mod"');
  });
});

it("refuses an image that only prints what it built", () => {
  const tree = {
    ...sources(""),
    Dockerfile:
      'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /app . && tar -czf /a.tgz /app\nCMD ["cat", "/a.tgz"]\n',
  };
  const [found] = migrate(memoryProject(tree)).migrations;
  expect(found?.diagnostics.map(({ code }) => code)).toEqual(["export-only"]);
});

describe("a Dockerfile that copies everything", () => {
  const all = (run: string, cmd: string): string => `FROM node:20\nWORKDIR /app\nCOPY . .\nRUN ${run}\nCMD ${cmd}\n`;
  const contextOf = (text: string, files: Record<string, string>) =>
    inferContext(
      memoryProject({ "api/Dockerfile": text, ...files }),
      hostPath("api/Dockerfile") ?? ROOT,
      parseDockerfile({ path: hostPath("api/Dockerfile") ?? ROOT, text }),
      undefined,
    );

  it.each([
    ["its folder, which alone has the manifest", all("npm ci", "npm start"), { "api/package.json": "{}" }, "api"],
    [
      "its folder, which alone has what starts",
      all("npm ci", '["node", "server.js"]'),
      { "api/server.js": "", "api/package.json": "{}", "package.json": "{}" },
      "api",
    ],
    ["the root, which has the manifest", all("npm ci", "npm start"), { "package.json": "{}" }, "."],
    [
      "the root, where both have it",
      all("npm ci", "npm start"),
      { "package.json": "{}", "api/package.json": "{}" },
      ".",
    ],
  ])("has %s as its context", (_, text, files, directory) => {
    expect(contextOf(text, files)).toMatchObject({ directory, missing: [] });
  });
});
