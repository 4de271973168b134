import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSamples, readTree } from "../../scripts/samples.ts";
import { tagProblems } from "../../scripts/tag-checks.ts";
import { describeBase } from "../../src/ecosystems/base-images.ts";
import { NODE_DEBIAN } from "../../src/ecosystems/base-releases.ts";
import { PHP_DEBIAN, PYTHON_DEBIAN, RUBY_DEBIAN } from "../../src/ecosystems/interpreter-releases.ts";
import { type Publication, publicationOf } from "../../src/ecosystems/official-tags.ts";
import { goProject, migrated } from "../importers/fat-dockerfile/migrated.ts";

describe("what is known of a tag", () => {
  it.each<[string, Publication]>([
    ["node:20-slim", "published"],
    ["node:20.11.1-bookworm-slim", "published"],
    ["node:lts-slim", "published"],
    ["registry.example:5000/hub/node:20-slim", "published"],
    ["acme/node:20-slimmer", "unlisted"],
    ["node:8.4-stretch-slim", "unpublished"],
    ["node:9-stretch-slim", "unpublished"],
    ["node:lts-tiny-slim", "unpublished"],
    ["node:99-slim", "newer"],
    ["node:20.99-slim", "newer"],
    ["node:20.99.1-slim", "newer"],
    ["node:20", "unlisted"],
    [`node:\${V}-slim`, "unlisted"],
    ["python:3.11-slim-bookworm", "published"],
    ["python:3.11.13-slim", "published"],
    ["python:3.6.2-slim-stretch", "unpublished"],
    ["python:3.11.99-slim", "newer"],
    ["python:3.12-slim-wheezy", "unpublished"],
    ["ruby:2.1.4-slim", "unpublished"],
    ["ruby:slim", "published"],
    ["eclipse-temurin:17.0.9_9-jre-alpine", "published"],
    ["eclipse-temurin:16-jre", "unpublished"],
    ["openjdk:11-jre-slim-buster", "published"],
    ["openjdk:9-jre-slim-buster", "unpublished"],
    ["debian:bookworm-slim", "published"],
    ["debian:lenny-slim", "unpublished"],
    ["debian:bookworm", "unlisted"],
    ["alpine:3.19", "published"],
    ["alpine:3.99", "newer"],
    ["alpine:3.0", "unpublished"],
  ])("%s: %s", (reference, publication) => {
    expect(publicationOf(describeBase(reference))).toBe(publication);
  });
});

/** A version for each row of a table, and each of its lines without and with the release that its tag can name. */
const tagsOf = (rows: readonly (readonly [string, string])[]): readonly string[] =>
  rows.flatMap(([version, release]) => {
    const line = version.split(".").slice(0, 2).join(".");
    return [version, line, `${version}-${release}`, `${line}-${release}`];
  });

const CASES: readonly (readonly [base: string, tree: Readonly<Record<string, string>>])[] = [
  ...tagsOf(NODE_DEBIAN.rows).map((tag) => [`node:${tag}`, "npm install", '["node", "app.js"]'] as const),
  ...tagsOf(PYTHON_DEBIAN.rows).map((tag) => [`python:${tag}`, "pip install flask", '["python", "app.py"]'] as const),
  ...tagsOf(RUBY_DEBIAN.rows).map((tag) => [`ruby:${tag}`, "bundle install", '["ruby", "app.rb"]'] as const),
  ...tagsOf(PHP_DEBIAN.rows).map((tag) => [`php:${tag}`, "true", '["php", "app.php"]'] as const),
  ...["6", "7", "8", "9", "10", "11", "12", "16", "17", "21", "25", "27"].flatMap((version) =>
    [
      `openjdk:${version}-jdk`,
      `openjdk:${version}-jdk-slim-buster`,
      `openjdk:${version}-jdk-stretch`,
      `openjdk:${version}-alpine`,
      `eclipse-temurin:${version}`,
      `eclipse-temurin:${version}-jdk-jammy`,
      `eclipse-temurin:${version}-jdk-alpine`,
      `eclipse-temurin:${version}-jdk-centos7`,
      `maven:3-eclipse-temurin-${version}`,
      `maven:3-openjdk-${version}`,
      `gradle:8-jdk${version}-alpine`,
    ].map((base) => [base, "javac -d out Main.java", '["java", "-cp", "out", "Main"]'] as const),
  ),
].map(([base, install, start]) => [
  base,
  {
    Dockerfile: `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN ${install}\nCMD ${start}\n`,
    "package.json": '{"dependencies":{"a":"1"}}',
    "app.js": "require('a');\n",
    "app.py": "import flask\n",
    "app.rb": "require 'rack'\n",
    "app.php": "<?php\n",
    Gemfile: "gem 'rack'\n",
    "Gemfile.lock": "GEM\n  specs:\n    rack (3.0)\n\nDEPENDENCIES\n  rack\n",
    "Main.java": "class Main {}\n",
  },
]);

describe("every base that a rule derives is published", () => {
  it("of interpreters and virtual machines, for each release", () => {
    const results = CASES.map(([base, tree]) => ({ base, tree, ...migrated(tree) }));
    const problems = results.flatMap(({ tree, dockerfile }) =>
      tagProblems("Dockerfile", dockerfile, [tree.Dockerfile ?? ""]),
    );
    const derived = results.filter(({ base, production }) => !["", base].includes(baseOf(production)));
    expect(problems).toEqual([]);
    expect(derived.length).toBeGreaterThan(CASES.length / 4);
  });

  it.each([
    "golang:1.10",
    "golang:1.22",
    "golang:1.22-alpine",
    "golang:1.22-alpine3.19",
    "golang:1.16-buster",
    "golang",
  ])("of programs built with %s", (base) => {
    for (const more of ["", "RUN apt-get update && apt-get install -y curl\n", "RUN adduser -D app\nUSER app\n"]) {
      const start = 'CMD ["/srv/shop"]';
      const file = `FROM ${base}\nWORKDIR /src\n${more}COPY . .\nRUN go build -o /srv/shop .\n${start}\n`;
      expect(tagProblems("Dockerfile", migrated(goProject(file)).dockerfile, [file])).toEqual([]);
    }
  });

  it.each(readSamples())("of the sample $name", ({ directory }) => {
    const old = Object.values(readTree(join(directory, "before"))).map(({ text }) => text);
    const files = Object.entries(readTree(join(directory, "after"))).filter(([path]) =>
      /(?:^|[/.])Dockerfile|\.Dockerfile$/.test(path),
    );
    expect(files.flatMap(([path, { text }]) => tagProblems(path, text, old))).toEqual([]);
  });

  it("says what it does not know", () => {
    const file = "FROM node:20 AS builder\nFROM debian:bookworm-tiny\nFROM node:20-slim\nFROM acme/base:1\n";
    expect(tagProblems("Dockerfile", file, ["FROM node:20\n"])).toEqual([
      'Dockerfile: nothing shows that "debian:bookworm-tiny" exists (unlisted)',
      'Dockerfile: nothing shows that "acme/base:1" exists (unlisted)',
    ]);
    expect(tagProblems("Dockerfile", "FROM node:20\n", ["FROM node:20-slim\n"])).toHaveLength(1);
  });
});

function baseOf(stage: string): string {
  return /^FROM (\S+)/.exec(stage)?.[1] ?? "";
}

describe("a tag that is newer than the list", () => {
  const file = `FROM node:99\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "app.js"]\n`;
  const tree = { Dockerfile: file, "package.json": '{"dependencies":{"a":"1"}}', "app.js": "require('a');\n" };

  it("is not taken by itself", () => {
    expect(migrated(tree).decisions["runtime-base"]).toBe("node:99");
  });

  it("is taken where an answer says so", () => {
    expect(baseOf(migrated(tree, { "runtime-base": "node:99-slim" }).production)).toBe("node:99-slim");
  });
});
