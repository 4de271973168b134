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

const BUILDER = "FROM golang:1.22\nRUN go install example.com/tool@latest\n";
const FINAL = "FROM alpine:3.19\nCOPY tool /usr/bin/\n";

describe("a here-document", () => {
  it.each([
    ["a builder's", `docker build -t b - <<END\n${BUILDER}END\n${TAKE}docker build -f Dockerfile.run -t app .\n`],
    [
      "a builder's, with a context",
      `docker build -t b -f - . <<'END'\n${BUILDER}END\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    [
      "a builder's, by a pipe",
      `cat <<END | docker build -t b -\n${BUILDER}END\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    [
      "a builder's, as an argument of echo",
      `echo "${BUILDER.trim()}" | docker build -t b -\n${TAKE}docker build -f Dockerfile.run -t app .\n`,
    ],
    ["a final's", `docker build -t b - < Dockerfile.build\n${TAKE}docker build -t app -f - . <<END\n${FINAL}END\n`],
    ["both", `docker build -t b - <<A\n${BUILDER}A\n${TAKE}docker build -t app -f - . <<'B'\n${FINAL}B\n`],
    [
      "with a constant",
      `TOOL=tool\ndocker build -t b - <<A\n${BUILDER}A\n${TAKE}docker build -t app -f - . <<B\n${FINAL.replace("tool", "$TOOL")}B\n`,
    ],
  ])("%s becomes a stage, and its lines leave the script", (_, script) => {
    const migration = run(script);
    expect(migration.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(changed(migration).Dockerfile).toBe(JOINED);
    expect(changed(migration)["build.sh"]).toMatch(/^(?:TOOL=tool\n)?docker build -t app \.\n$/);
  });

  it("says the lines of the script that its instructions come from", () => {
    const migration = run(`docker build -t b - <<A\n${BUILDER}A\n${TAKE}docker build -t app -f - . <<'B'\n${FINAL}B\n`);
    const lines = migration.explanation.flatMap(({ path, because }) =>
      path === "Dockerfile" ? because.map((place) => `${place.path}:${place.line} ${place.text}`) : [],
    );
    expect(lines).toContain("build.sh:2 FROM golang:1.22");
    expect(lines).toContain("build.sh:9 FROM alpine:3.19");
  });

  it("keeps its comments and directives", () => {
    const final = `# syntax=docker/dockerfile:1\n# ships\n${FINAL}`;
    const migration = run(
      `docker build -t b - < Dockerfile.build\n${TAKE}docker build -t app -f - . <<'B'\n${final}B\n`,
    );
    expect(changed(migration).Dockerfile).toMatch(/^# syntax=docker\/dockerfile:1\n/);
    expect(changed(migration).Dockerfile).toContain("\n# ships\nFROM alpine:3.19 AS production\n");
  });

  it("takes another name where another Dockerfile stands", () => {
    const script = `docker build -t b - <<A\n${BUILDER}A\n${TAKE}docker build -t app -f - . <<'B'\n${FINAL}B\n`;
    const migration = run(script, { Dockerfile: "FROM scratch\n" });
    expect(changed(migration)).toEqual({
      "Dockerfile.production": JOINED,
      "build.sh": "docker build -t app -f Dockerfile.production .\n",
    });
  });

  it.each([
    ["the environment", "FROM $BASE", ""],
    ["a default that the environment may change", "FROM $BASE", `BASE=\${BASE:-alpine:3.19}\n`],
    ["a command", "FROM $(cat base)", ""],
  ])("is refused where a part comes from %s", (_, from, before) => {
    const final = FINAL.replace("FROM alpine:3.19", from);
    const migration = run(
      `${before}docker build -t b - < Dockerfile.build\n${TAKE}docker build -t app -f - . <<B\n${final}B\n`,
    );
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ code }) => code)).toEqual(["dockerfile-input-unknown"]);
  });
});
