/**
 * Every kind of decision, with an answer that is not the recommended one: the result changes as its consequence says. The kinds are
 * read from the sources, so that a new one without a row fails here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";

type Tree = Readonly<Record<string, string>>;

interface Row {
  /** The decision's id up to its first colon. */
  readonly kind: string;
  readonly id: string;
  readonly tree: Tree;
  readonly answer: string;
  /** Text of the change set that stands in only one of the two results. */
  readonly gained?: string;
  readonly lost?: string;
}

const GO = {
  "go.mod": "module example.com/shop\n\ngo 1.22\n",
  "go.sum": "",
  "main.go": "package main\n\nfunc main() {}\n",
};
const goFile = (more: string): string =>
  `FROM golang:1.22-alpine\n${more}WORKDIR /src\nCOPY . .\nRUN go build -o /srv/shop .\nCMD ["/srv/shop"]\n`;
const NODE = {
  "package.json":
    '{"dependencies":{"a":"1"},"devDependencies":{"typescript":"5","jest":"29"},"scripts":{"build":"tsc","test":"jest"}}',
  "package-lock.json":
    '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0"}}}',
  "tsconfig.json": '{"compilerOptions":{"outDir":"dist"},"include":["src"]}',
  "src/server.ts": 'import "a";\n',
  "t.js": "",
  Dockerfile:
    'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN npm test\nCMD ["node", "dist/server.js"]\n',
};

/** The program of one command, and a service of a compose file that runs another one. */
const SERVICE = {
  ...GO,
  "seed/main.go": "package main\n\nfunc main() {}\n",
  "compose.yaml": "services:\n  seed:\n    build: .\n    command: bin/seed\n",
  Dockerfile:
    'FROM golang:1.22-alpine\nWORKDIR /src\nCOPY . .\nRUN go build -o bin/shop . && go build -o bin/seed ./seed\nCMD ["bin/shop"]\n',
};

const SCRIPT =
  "docker build -t kettle-build -f Dockerfile.build .\ndocker create --name x kettle-build\ndocker cp x:/out ./publish\n";

const ROWS: readonly Row[] = [
  {
    kind: "runtime-base",
    id: "runtime-base",
    tree: { ...GO, Dockerfile: goFile("") },
    answer: "scratch",
    gained: "FROM scratch",
  },
  {
    kind: "drop-package",
    id: "drop-package:frobnicate",
    tree: { ...GO, Dockerfile: goFile("RUN apk add frobnicate\n") },
    answer: "drop",
    lost: "FROM alpine",
  },
  {
    kind: "tests",
    id: "tests",
    tree: { ...GO, Dockerfile: goFile("").replace("RUN go build", "RUN go test ./...\nRUN go build") },
    answer: "drop",
    lost: "go test",
  },
  {
    kind: "command",
    id: "command:compose.yaml:seed",
    tree: SERVICE,
    answer: "leave",
    lost: "/src/bin/seed /src/bin/seed",
  },
  {
    kind: "development",
    id: "development",
    tree: { ...SERVICE, "compose.yaml": "services:\n  test:\n    build: .\n    command: go test ./...\n" },
    answer: "leave",
    lost: "AS development",
  },
  { kind: "dependencies", id: "dependencies", tree: NODE, answer: "prune", gained: "npm prune" },
  {
    kind: "keep",
    id: "keep:/usr/local/bin/tool",
    tree: {
      ...GO,
      Dockerfile: goFile("RUN wget -O /usr/local/bin/tool https://example.com/tool && chmod +x /usr/local/bin/tool\n"),
    },
    answer: "drop",
    lost: "COPY --from=builder /usr/local/bin/tool",
  },
  {
    kind: "ignore-libraries",
    id: "ignore-libraries",
    tree: {
      ...NODE,
      "server.js": 'require("a");require("express")().use(require("express").static("."));\n',
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    answer: "leave",
    lost: ".dockerignore",
  },
  {
    kind: "outputs",
    id: "outputs:/app",
    tree: { ...NODE, Dockerfile: NODE.Dockerfile.replace("npm run build", "./frobnicate") },
    answer: "whole",
    lost: "node:20-slim",
  },
  {
    kind: "host-files",
    id: "host-files:Dockerfile.build",
    tree: {
      "build.sh":
        "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app app\ndocker cp x:/src/VERSION VERSION\ndocker rm x\ndocker build -t app .\ngh release upload v1 app\n",
      "Dockerfile.build": "FROM golang:1.22\nCOPY . .\nRUN go build -o /out/app .\n",
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    },
    answer: "export",
    gained: "AS export",
  },
  {
    kind: "final",
    id: "final:web/Dockerfile",
    tree: {
      "build.sh": SCRIPT,
      "Dockerfile.build":
        "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY . /src\nRUN dotnet publish /src/Kettle.csproj --output /out\n",
      "web/Dockerfile":
        'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["dotnet", "Kettle.dll"]\n',
      "Kettle.csproj": "",
    },
    answer: "export",
    gained: "AS export",
  },
  {
    kind: "image",
    id: "image:tool:latest",
    tree: {
      "build.sh": "docker build -t tool .\ndocker cp $(docker create tool):/out/app app\n",
      Dockerfile: 'FROM golang:1.22\nCOPY . .\nRUN go build -o /out/app .\nCMD ["/out/app"]\n',
    },
    answer: "drop",
    lost: "docker build -t tool",
  },
  {
    kind: "linkage",
    id: "linkage",
    tree: { ...GO, Dockerfile: goFile("").replace("1.22-alpine", "1.22") },
    answer: "as-built",
    lost: "CGO_ENABLED=0",
  },
  {
    kind: "web-server",
    id: "web-server",
    tree: {
      "package.json": '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"5"}}',
      "package-lock.json": "{}",
      "index.html": "",
      Dockerfile:
        'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm i -g serve\nCMD ["serve", "-s", "dist"]\n',
    },
    answer: "nginx",
    gained: "FROM nginx:stable-alpine",
  },
  {
    kind: "java-runtime",
    id: "java-runtime",
    tree: {
      "Tide.java": "class Tide {}\n",
      Dockerfile: 'FROM openjdk:17-jdk-slim\nWORKDIR /srv\nCOPY . .\nRUN javac Tide.java\nCMD ["java", "Tide"]\n',
    },
    answer: "jlink",
    gained: "RUN jlink ",
  },
  {
    kind: "secret",
    id: "secret:NPM_TOKEN",
    tree: { ...NODE, Dockerfile: NODE.Dockerfile.replace("RUN npm ci", "ARG NPM_TOKEN\nRUN npm ci") },
    answer: "mount",
    gained: "--mount=type=secret,id=NPM_TOKEN",
  },
  {
    kind: "builder-image",
    id: "builder-image:kettle-build:latest",
    tree: {
      "build.sh":
        "docker create --name x kettle-build\ndocker cp x:/out/app app\ndocker rm x\ndocker build -t kettle .\n",
      "kettle-build.Dockerfile": "FROM golang:1.22\nCOPY . .\nRUN go build -o /out/app .\n",
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    },
    answer: "image",
    gained: "--from=kettle-build",
  },
  {
    kind: "shape",
    id: "shape:/out/kettle",
    tree: {
      "build.sh":
        "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/kettle tide\ndocker rm x\ndocker build -t app .\n",
      "Dockerfile.build": "FROM debian:12\nCOPY . .\nRUN ./make-it /out/kettle\n",
      Dockerfile: "FROM debian:12\nCOPY tide /srv/\n",
    },
    answer: "directory",
    lost: "/srv/tide",
  },
];
const run = (tree: Tree, answers: Readonly<Record<string, string>> = {}): Migration | undefined =>
  migrate(memoryProject(tree), { answers: { "*": answers } }).migrations[0];

const textOf = (migration: Migration | undefined): string =>
  (migration?.changes ?? []).map(({ path, after = "" }) => `${path}\n${after}`).join("\n");

describe("an answer changes the result", () => {
  it.each(ROWS)("$id", ({ kind, id, tree, answer, gained, lost }) => {
    const before = run(tree);
    const decision = before?.decisions.find((one) => one.id === id);
    expect([kind, decision?.options.map(({ value }) => value)]).toEqual([
      id.split(":")[0],
      expect.arrayContaining([answer]),
    ]);
    expect(decision?.chosen).not.toBe(answer);
    const after = run(tree, { [id]: answer });
    expect(after?.decisions.find((one) => one.id === id)).toMatchObject({ chosen: answer, confidence: "certain" });
    const [was, is] = [textOf(before), textOf(after)];
    if (gained !== undefined) expect([was.includes(gained), is.includes(gained)]).toEqual([false, true]);
    if (lost !== undefined) expect([was.includes(lost), is.includes(lost)]).toEqual([true, false]);
    expect(gained ?? lost).toBeDefined();
  });
});

/** Kinds whose answers other files test. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  variable: "test/importers/builder-script/variants.test.ts",
};

/** What `id` begins with in every call of `decide`; an id in a variable is looked up right above the call. */
function kindsIn(text: string): readonly string[] {
  return text.split(/decisions\.decide\(/).flatMap((part, at, parts) => {
    if (at === 0) return [];
    const above = (parts[at - 1] ?? "").slice(-2000);
    const own = /^\{\s*id: (.*)/.exec(part)?.[1] ?? [...above.matchAll(/const (id = .*)/g)].at(-1)?.[1] ?? "";
    return [/["`]([a-z-]+)/.exec(own)?.[1] ?? `unread: ${part.slice(0, 40)}`];
  });
}

it("has a row for every kind of decision", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const kinds = files.flatMap((path) => kindsIn(readFileSync(join("src", path), "utf8")));
  const covered = [...ROWS.map(({ kind }) => kind), ...Object.keys(ELSEWHERE)];
  expect([...new Set(kinds)].sort()).toEqual([...new Set(covered)].sort());
  for (const [kind, path] of Object.entries(ELSEWHERE))
    expect(readFileSync(path, "utf8")).toMatch(new RegExp(`\\{ "${kind}:[^"]*": "`));
});
