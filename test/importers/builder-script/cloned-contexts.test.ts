/** Builders that are built in a clone of another repository. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const tree = {
    "Dockerfile.proxy": "FROM golang:1.22\nWORKDIR /go/src/proxy\nCOPY . .\nRUN make proxy\n",
    Dockerfile: "FROM alpine:3.19\nCOPY bin/proxy /usr/bin/proxy\n",
    "build.sh": script,
    ...files,
  };
  const found = migrate(memoryProject(tree)).migrations.find(({ kind }) => kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const IN_CLONE = `mkdir -p bin
cp Dockerfile.proxy "$work"
docker build -f "$work/Dockerfile.proxy" -t proxy:build "$work"
id=$(docker create proxy:build)
docker cp "$id:/go/src/proxy/proxy" bin/proxy
rm -rf "$work"
docker build -t proxy .
`;

const said = ({ diagnostics }: Migration): readonly string[] =>
  diagnostics
    .filter(({ severity }) => severity === "error")
    .flatMap(({ code, message, help }) => [`${code}: ${message}`, help ?? ""]);

describe("a builder in a clone of another repository", () => {
  it.each([
    [
      "of a branch, in a temporary directory",
      'work=$(mktemp -d)\ngit clone -b v2.4 --depth 1 https://git.example/proxy.git "$work"\n',
      "https://git.example/proxy.git",
      "https://git.example/proxy.git#v2.4",
    ],
    [
      "under the repository's own name, beside the project",
      "(cd .. && git clone https://git.example/team/proxy)\nwork=../proxy\n",
      "https://git.example/team/proxy",
      "https://git.example/team/proxy",
    ],
  ])("is refused with what to write instead: %s", (_, clone, url, source) => {
    const migration = run(clone + IN_CLONE);
    expect([migration.verdict, migration.changes]).toEqual(["refused", []]);
    expect(said(migration)).toEqual([
      `context-from-repository: "Dockerfile.proxy" is built from a clone of "${url}", which is no part of this project`,
      `fetch it in the stage, with "ADD ${source} ." in place of COPY . (or RUN git clone), and build that Dockerfile from the project`,
    ]);
  });

  it("does not matter to builds that have another context", () => {
    const script = `git clone https://git.example/scripts.git /tmp/scripts
docker build -f Dockerfile.proxy -t proxy:build .
id=$(docker create proxy:build)
docker cp "$id:/go/src/proxy/proxy" bin/proxy
docker build -t proxy .
`;
    expect([run(script).verdict, said(run(script))]).toEqual(["migrated", []]);
  });
});
