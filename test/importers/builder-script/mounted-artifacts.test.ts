/** Artifacts that lie in a directory which a later container gets to write to: left alone, or changed. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const TREE = {
  "certs/Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y ca-certificates\n",
  "Dockerfile.build": 'FROM golang:1.22\nWORKDIR /src\nCMD ["make", "static"]\n',
  Dockerfile: "FROM scratch\nCOPY out/app /app\nCOPY certs/ca.crt /etc/ssl/certs/ca.crt\n",
  Makefile: "static:\n\t./compile.sh out/app\n",
  "compile.sh": '#!/bin/sh\ncd "$(dirname "$0")"\nCGO_ENABLED=0 go build -o "$1" .\n',
  "main.go": "package main\n",
};

const CERTS =
  "docker build -t certs certs\ndocker run --rm certs cat /etc/ssl/certs/ca-certificates.crt > certs/ca.crt\n";
const WORK = 'docker build -t b -f Dockerfile.build .\ndocker run --rm -v "$PWD:/src" b';
const FINAL = "docker build -t app .\n";

function run(extra: Readonly<Record<string, string>>): Migration | undefined {
  const { migrations } = migrate(memoryProject({ ...TREE, "build.sh": `${CERTS}${WORK}\n${FINAL}`, ...extra }));
  return migrations.find((one) => one.kind === "builder-script");
}

function said(migration: Migration | undefined): readonly string[] {
  return (migration?.diagnostics ?? []).map(({ severity, code, path, line }) => `${severity} ${code} ${path}:${line}`);
}

describe("an artifact in the checkout that a container works on", () => {
  it("is left alone by make and a script that name other files, which is said", () => {
    const migration = run({});
    expect(said(migration)).toContain("assumption artifact-left-alone build.sh:4");
    const text = migration?.changes.find(({ path }) => path === "Dockerfile")?.after ?? "";
    expect(text).toMatch(/COPY --from=[\w-]+ \/src\/out\/app \/app\n/);
    expect(text).toMatch(/COPY --from=[\w-]+ \/etc\/ssl\/certs\/ca-certificates\.crt \/etc\/ssl\/certs\/ca\.crt\n/);
    expect(migration?.changes.find(({ path }) => path === "build.sh")?.after).toBe(FINAL);
  });

  it("goes through the stage where a command there changes it", () => {
    const migration = run({ "compile.sh": `${TREE["compile.sh"]}chmod 600 certs/ca.crt\n` });
    const text = migration?.changes.find(({ path }) => path === "Dockerfile")?.after ?? "";
    expect(text).toMatch(
      /COPY --from=[\w-]+ \/etc\/ssl\/certs\/ca-certificates\.crt \/src\/certs\/ca\.crt\nRUN make static\n/,
    );
    expect(text).toMatch(/COPY --from=[\w-]+ \/src\/certs\/ca\.crt \/etc\/ssl\/certs\/ca\.crt\n/);
  });

  it.each([
    ["a command clears its directory", { "compile.sh": `${TREE["compile.sh"]}rm -rf certs\n` }, "made"],
    ["a program is not known", { "compile.sh": `${TREE["compile.sh"]}./release\n` }, "changed"],
    [
      "the rule is not known",
      { "Dockerfile.build": 'FROM golang:1.22\nWORKDIR /src\nCMD ["make", "all"]\n' },
      "changed",
    ],
  ])("is refused where %s", (_, extra, how) => {
    const migration = run(extra);
    expect(migration?.verdict).toBe("refused");
    expect(said(migration)).toContain(`error artifact-${how}-on-host build.sh:4`);
  });
});

describe("a file that nothing makes", () => {
  const MAKEFILE = [
    "build:",
    "\tdocker build -t b -f Dockerfile.build .",
    '\tdocker run --rm -v "$(CURDIR):/src" b',
    "image: build",
    "\tdocker build -t app .",
    "check:",
    "\tdocker build -t check -f Dockerfile.check .",
    "static:",
    "\t./compile.sh out/app",
    "",
  ].join("\n");

  it("is not taken for the work of a container whose commands make other files", () => {
    const migration = run({
      "build.sh": "",
      Makefile: MAKEFILE,
      Dockerfile: "FROM scratch\nCOPY out/app /app\n",
      "Dockerfile.check": "FROM golang:1.22\nCOPY wrapper.conf /etc/\n",
    });
    expect(migration?.changes.map(({ path }) => path)).not.toContain("Dockerfile.check");
    expect(migration?.flows.map(({ to }) => to.path)).not.toContain("/etc/wrapper.conf");
    expect(migration?.flows.map(({ to }) => to.path)).toContain("/app");
  });
});
