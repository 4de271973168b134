/** Dockerfiles that the script itself writes to. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER =
  "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n";
const FINAL = "docker build -f Dockerfile.run -t app .\n";
const TREE = {
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  "Dockerfile.run": "FROM alpine:3.19\nCOPY app /srv/\n",
  "deploy/Dockerfile": "FROM alpine:3.19\n",
  "main.go": "package main\n",
};

function run(script: string): Migration | undefined {
  const { migrations } = migrate(memoryProject({ ...TREE, "build.sh": script }));
  return migrations.find((one) => one.kind === "builder-script");
}

describe("a Dockerfile that is changed on the host is refused", () => {
  it.each([
    ["in place", 'sed -i "s/3.19/$V/" Dockerfile.run\n', "", "Dockerfile.run", 's/3.19/$V/" Dockerfile.run'],
    ["by a pattern", "sed -i 's/3.19/3.20/' Dockerfile.*\n", "", "Dockerfile.build", "Dockerfile.*"],
    ["by perl", "", "perl -pi -e 's/3.19/3.20/' ./Dockerfile.run\n", "Dockerfile.run", "perl"],
    [
      "by a name that a run knows in part",
      "sed -i s/a/b/ Dockerfile.$KIND\n",
      "",
      "Dockerfile.build",
      "Dockerfile.$KIND",
    ],
    ["by a line that is added", "", 'echo "LABEL v=$V" >> Dockerfile.run\n', "Dockerfile.run", "LABEL"],
  ])("%s", (_, before, between, path, command) => {
    const migration = run(before + BUILDER + between + FINAL);
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics).toMatchObject([{ code: "dockerfile-changed-on-host" }]);
    expect(migration?.diagnostics[0]?.message).toContain(`"${path}" is changed on the host by "`);
    expect(migration?.diagnostics[0]?.message).toContain(command);
  });

  it("and one of another image may be", () => {
    expect(run(`sed -i s/3.19/3.20/ deploy/Dockerfile\n${BUILDER}${FINAL}`)?.verdict).toBe("migrated");
  });
});
