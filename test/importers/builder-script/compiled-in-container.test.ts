/** A Makefile with two ways to make one file: on the host, and by the same goal in a container. */
import { expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const REMOTE = [
  "remote:",
  "\tdocker build -t b -f Dockerfile.build .",
  '\tdocker run --rm b sh -c "make server 1>&2 && tar -cf - server" | tar -xf -',
];

function makefile(compile: string, remote: readonly string[] = REMOTE): string {
  return ["server:", `\t${compile}`, ...remote, "image: server", "\tdocker build -t app .", ""].join("\n");
}

function run(tree: Readonly<Record<string, string>>): Migration | undefined {
  const { migrations } = migrate(
    memoryProject({
      Makefile: makefile("go build -o server ."),
      "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\n",
      Dockerfile: "FROM debian:bookworm-slim\nCOPY server /usr/bin/server\n",
      "main.go": "package main\n",
      ...tree,
    }),
  );
  return migrations.find(({ kind }) => kind === "builder-script");
}

function textAfter(migration: Migration | undefined, path: string): string | undefined {
  return migration?.changes.find((change) => change.path === path)?.after ?? undefined;
}

it("takes the file from the container that runs the same goal", () => {
  const migration = run({});
  expect(migration?.verdict).toBe("migrated");
  expect(textAfter(migration, "Dockerfile")).toBe(
    [
      "FROM golang:1.22 AS builder",
      "WORKDIR /src",
      "COPY . .",
      "RUN make server 1>&2",
      "",
      "FROM debian:bookworm-slim AS production",
      "COPY --from=builder /src/server /usr/bin/server",
      "",
    ].join("\n"),
  );
  expect(migration?.diagnostics.map(({ severity, code, line }) => `${severity} ${code} ${line}`)).toContain(
    "warning compiled-in-container 2",
  );
});

it.each([
  [
    "another goal",
    {
      Makefile: `${makefile(
        "go build -o server .",
        REMOTE.map((line) => line.replace("make server", "make static")),
      )}static:\n\tgo build -race -o server .\n`,
    },
  ],
  ["more than the compiler", { Makefile: makefile("go build -o server . && ./sign server") }],
])("leaves the file to the host where it is made by %s", (_, tree) => {
  const migration = run(tree);
  expect(textAfter(migration, "Dockerfile") ?? "").not.toContain("--from");
});

it("keeps the builder's image as it is for others that build its file", () => {
  const migration = run({ "dev.sh": "docker build -t dev -f Dockerfile.build .\ndocker run -it dev\n" });
  expect(textAfter(migration, "Dockerfile")).toContain("COPY . .\n\nFROM builder AS builder-2\nRUN make server 1>&2\n");
  expect(textAfter(migration, "dev.sh")).toContain("docker build --target builder -t dev .");
});
