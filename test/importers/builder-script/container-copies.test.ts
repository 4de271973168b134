/**
 * Files of the host that are copied into a container before others are taken out. `Dockerfile.build` makes /out/app.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const BUILD = "docker build -f Dockerfile.build -t app:build .\n";
const LAST = "docker build -t app .\n";

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const tree = {
    "Dockerfile.build": BUILDER,
    Dockerfile: "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n",
    "main.go": "package main\n",
    "build.sh": script,
    ...files,
  };
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const textAfter = (migration: Migration, path: string): string =>
  migration.changes.find((change) => change.path === path)?.after ?? "";

const said = ({ diagnostics }: Migration): readonly string[] =>
  diagnostics.map(({ severity, line, code }) => `${severity} ${line} ${code}`);

/** Lines of the build stages that no Dockerfile had before. */
function addedLines(migration: Migration): readonly string[] {
  const dockerfile = textAfter(migration, "Dockerfile");
  const old = [...BUILDER.split("\n"), "FROM golang:1.22 AS builder"];
  const stages = dockerfile.slice(0, dockerfile.lastIndexOf("\nFROM "));
  return stages.split("\n").filter((line) => !old.includes(line));
}

/** The COPYs of the last stage. */
function lastCopies(migration: Migration): readonly string[] {
  const dockerfile = textAfter(migration, "Dockerfile");
  const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
  return last.split("\n").filter((line) => line.startsWith("COPY"));
}

const OUT = "docker cp x:/out/app .\ndocker rm -f x\n";
const CREATE = "docker create --name x app:build make all\n";
const START = "docker start -a x\n";

describe("a file that is copied into a container", () => {
  it.each([
    ["a file under its name", "docker cp main.go x:/src/", ["COPY main.go /src/"]],
    ["a file under another name", "docker cp main.go x:/etc/app.conf", ["COPY main.go /etc/app.conf"]],
    ["a file into the working directory", "docker cp main.go x:/src", ["COPY main.go /src/"]],
    ["the contents of a directory", "docker cp conf/. x:/etc/app", ["COPY conf /etc/app/"]],
    ["the checkout", 'docker cp . "x:/work"', ["COPY . /work/"]],
    ["a directory that is nested in one that is there", "docker cp conf x:/etc", ["COPY conf /etc/conf/"]],
    ["two files", "docker cp main.go x:/a\ndocker cp conf/a.ini x:/b", ["COPY main.go /a", "COPY conf/a.ini /b"]],
  ])("is copied in the stage: %s", (_, lines, copies) => {
    const migration = run(`${BUILD}${CREATE}${lines}\n${START}${OUT}${LAST}`, { "conf/a.ini": "a=1\n" });
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration)).toEqual([...copies, "RUN make all"]);
    expect(lastCopies(migration)).toEqual(["COPY --from=builder /out/app /usr/local/bin/app"]);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it.each([
    [
      "is committed",
      `${CREATE}docker cp main.go x:/src/\ndocker commit x part\ndocker rm x\ndocker run --name x part make all\n`,
    ],
    [
      "runs meanwhile",
      "docker run -d --name x app:build sleep 99\ndocker cp main.go x:/src/\ndocker exec x make all\n",
    ],
  ])("is there for what a container does later that %s", (_, lines) => {
    const migration = run(BUILD + lines + OUT + LAST);
    expect(addedLines(migration)).toEqual(["COPY main.go /src/", "RUN make all"]);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it("comes from the stage that made it", () => {
    const other =
      "docker build -f Dockerfile.other -t other .\ndocker create --name y other\ndocker cp y:/srv/tool .\ndocker rm y\n";
    const migration = run(`${other}${BUILD}${CREATE}docker cp tool x:/usr/bin/\n${START}${OUT}${LAST}`, {
      "Dockerfile.other": "FROM node:20\nRUN echo 1 > /srv/tool\n",
    });
    expect(textAfter(migration, "Dockerfile")).toContain("COPY --from=builder /srv/tool /usr/bin/\nRUN make all\n");
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it.each([
    ["a directory that may be there or not", "docker cp conf x:/data"],
    ["an archive on standard input", "tar c conf | docker cp - x:/data"],
    ["the owners of the host", "docker cp -a conf/. x:/data"],
    ["a file that only a run knows", 'docker cp "$FILE" x:/data'],
    ["a file that nothing explains", "docker cp secret.key x:/data"],
  ])("is refused by its line: %s", (_, line) => {
    const migration = run(`${BUILD}${CREATE}${line}\n${START}${OUT}${LAST}`, { "conf/a.ini": "a=1\n" });
    expect([migration.verdict, said(migration)]).toEqual(["refused", ["error 3 container-changed"]]);
  });

  it("is refused where it goes into a mount", () => {
    const create = 'docker create --name x -v "$PWD/data:/data" app:build make all\n';
    const migration = run(`${BUILD}${create}docker cp main.go x:/data/\n${START}${OUT}${LAST}`);
    expect([migration.verdict, said(migration)]).toEqual(["refused", ["error 3 container-changed"]]);
  });

  it("stays where nothing is taken out of that container", () => {
    const test = "docker create --name t app\ndocker cp main.go t:/etc/test.conf\ndocker start -a t\n";
    const migration = run(`${BUILD}docker create --name x app:build\n${OUT}${LAST}${test}`);
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration)).toEqual([]);
    expect(textAfter(migration, "build.sh")).toBe(LAST + test);
  });
});
