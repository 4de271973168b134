/** Builds of one Dockerfile around different artifacts: each makes an image of its own, and gets a stage of its own. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const TREE = {
  "Dockerfile.fast": "FROM golang:1.22\nCOPY main.go .\nRUN go build -o /app main.go\n",
  "Dockerfile.race": "FROM golang:1.22\nCOPY main.go .\nRUN go build -race -o /app main.go\n",
  Dockerfile: 'FROM debian:bookworm-slim\nCOPY app /usr/bin/app\nCMD ["app"]\n',
  "main.go": "package main\n",
};

function run(extra: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject({ ...TREE, ...extra })).migrations.find((one) => one.kind === "builder-script");
}

function textAfter(migration: Migration | undefined, path: string): string {
  return migration?.changes.find((change) => change.path === path)?.after ?? "";
}

function take(kind: string): readonly string[] {
  return [
    `docker build -f Dockerfile.${kind} -t b-${kind} .`,
    `docker create --name x b-${kind}`,
    "docker cp x:/app app",
    "docker rm x",
    `docker build -t app:${kind} .`,
  ];
}

const JOINED = `FROM golang:1.22 AS builder
COPY main.go .
RUN go build -o /app main.go

FROM golang:1.22 AS builder-2
COPY main.go .
RUN go build -race -o /app main.go

FROM debian:bookworm-slim AS fast
COPY --from=builder /app /usr/bin/app
CMD ["app"]

FROM debian:bookworm-slim AS race
COPY --from=builder-2 /app /usr/bin/app
CMD ["app"]
`;

describe("a Dockerfile that is built around two artifacts", () => {
  it("has a stage for each goal of a Makefile", () => {
    const rule = (kind: string): string =>
      `${kind}:\n${take(kind)
        .map((line) => `\t${line}\n`)
        .join("")}`;
    const migration = run({ Makefile: `.PHONY: fast race\n${rule("fast")}${rule("race")}` });
    expect(migration?.verdict).toBe("migrated");
    expect(textAfter(migration, "Dockerfile")).toBe(JOINED);
    expect(textAfter(migration, "Makefile")).toBe(
      ".PHONY: fast race\nfast:\n\tdocker build --target fast -t app:fast .\nrace:\n\tdocker build -t app:race .\n",
    );
  });

  it("has a stage for each of a script's calls", () => {
    const migration = run({ "build.sh": `set -e\n${[...take("fast"), ...take("race")].join("\n")}\n` });
    expect(textAfter(migration, "Dockerfile")).toBe(JOINED);
    expect(textAfter(migration, "build.sh")).toBe(
      "set -e\ndocker build --target fast -t app:fast .\ndocker build -t app:race .\n",
    );
  });

  it("has a stage for each pass of a loop, named by its variable", () => {
    const lines = take("$kind").map((line) => `  ${line}`);
    const migration = run({ "build.sh": `set -e\nfor kind in fast race; do\n${lines.join("\n")}\ndone\n` });
    expect(textAfter(migration, "Dockerfile")).toBe(JOINED);
    expect(textAfter(migration, "build.sh")).toContain('  docker build --target "$kind" -t app:$kind .\n');
  });

  it("has one stage where the second call takes in the same", () => {
    const again = ["docker build -t app:again ."];
    const migration = run({ "build.sh": `set -e\n${[...take("fast"), ...again].join("\n")}\n` });
    expect(textAfter(migration, "Dockerfile").match(/^FROM/gm)).toHaveLength(2);
    expect(textAfter(migration, "build.sh")).toBe("set -e\ndocker build -t app:fast .\ndocker build -t app:again .\n");
  });
});

it("replaces a file that an earlier extraction put there, and does not take it for a directory", () => {
  const first = take("fast").slice(0, -1);
  const migration = run({ "build.sh": `set -e\n${[...first, ...take("race")].join("\n")}\n` });
  expect(textAfter(migration, "Dockerfile")).toContain("COPY --from=builder /app /usr/bin/app\n");
  expect(textAfter(migration, "Dockerfile")).toContain("-race");
  expect(textAfter(migration, "Dockerfile")).not.toContain("/usr/bin/app/");
});
