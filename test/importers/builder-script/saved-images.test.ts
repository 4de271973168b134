/**
 * Images that go through an archive: saved and loaded again, or imported. `Dockerfile.build` makes /out/app.
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

const TAKE = "id=$(docker create app:build)\ndocker cp $id:/out/app .\ndocker rm $id\n";
const COPY = "COPY --from=builder /out/app /usr/local/bin/app";

describe("an image that is saved and loaded again", () => {
  it.each([
    ["through a pipe", "docker save app:build | docker load\n"],
    ["by a file", "docker image save -o b.tar app:build\ndocker image load --input b.tar\nrm b.tar\n"],
    ["looked at", "docker save app:build -o b.tar\nls -l b.tar\ndocker load -i b.tar\nrm b.tar\n"],
    ["where it is there", "docker save app:build -o b.tar\nif [ -f b.tar ]; then docker load -i b.tar; fi\nrm b.tar\n"],
    ["by a redirection", "docker save app:build > b.tar\ndocker load -q < b.tar\nrm -f b.tar\n"],
    ["compressed", "docker save app:build | gzip > b.tgz\ngunzip -c b.tgz | docker load\nrm b.tgz\n"],
    [
      "as it was compressed, from elsewhere",
      "docker save app:build | xz > b\nmv b /tmp/b\ndocker load -i /tmp/b\nrm /tmp/b\n",
    ],
    ["with all its tags", "docker save app | docker load\n"],
    [
      "by a removal of its name",
      "docker save app:build -o b.tar\ndocker rmi app:build\ndocker load -i b.tar\nrm b.tar\n",
    ],
  ])("is the same image: %s", (_, lines) => {
    const migration = run(BUILD + lines + TAKE + LAST);
    expect(said(migration)).toEqual([]);
    expect(textAfter(migration, "Dockerfile")).toContain(COPY);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it("takes back the name that another image got meanwhile", () => {
    const other = "docker build -f Dockerfile.other -t app:build .\n";
    const lines = `docker save app:build > b.tar\n${other}docker load < b.tar\nrm b.tar\n`;
    const migration = run(BUILD + lines + TAKE + LAST, { "Dockerfile.other": "FROM node:20\nRUN touch /out/app\n" });
    expect(textAfter(migration, "Dockerfile")).toMatch(/^FROM golang:1\.22 AS builder\n/);
    expect(textAfter(migration, "Dockerfile")).toContain(COPY);
  });

  it("gets no name back that was saved by its id", () => {
    const lines = "image=$(docker build -q -f Dockerfile.build .)\ndocker save $image | docker load\n";
    const migration = run(`${lines}id=$(docker create $image)\ndocker cp $id:/out/app .\n${LAST}`);
    expect(said(migration)).toEqual([]);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it.each([
    ["the archive stays on the host", "docker save -o b.tar app:build\ndocker load -i b.tar\n"],
    [
      "the archive goes elsewhere too",
      "docker save -o b.tar app:build\nscp b.tar backup:\ndocker load -i b.tar\nrm b.tar\n",
    ],
    ["nothing loads it", "docker save -o b.tar app:build\n"],
  ])("is still built where %s", (_, lines) => {
    const migration = run(BUILD + lines + TAKE + LAST);
    expect(textAfter(migration, "build.sh")).toBe(`docker build --target builder -t app:build .\n${lines}${LAST}`);
  });
});

it("is no image that is wanted where it only has the repository of one that is saved", () => {
  const ships = "docker save app | gzip > app.tgz\nscp app.tgz host:\n";
  expect(textAfter(run(BUILD + TAKE + LAST + ships), "build.sh")).toBe(LAST + ships);
});

it("says that an archive from elsewhere is not known", () => {
  const migration = run(`${BUILD}docker load -i cache.tar\n${TAKE}${LAST}`);
  expect(said(migration)).toEqual(["warning 2 engine-call-unknown"]);
  expect(textAfter(migration, "build.sh")).toBe(`docker load -i cache.tar\n${LAST}`);
});

describe("an image that is imported", () => {
  const EXPORT = "id=$(docker create app:build)\ndocker export $id";

  it.each([
    [
      "files are taken out of it",
      `${EXPORT} -o x.tar\ndocker import x.tar flat\ndocker run --rm flat cat /out/app > app\n`,
      4,
    ],
    ["a build starts from it", `${EXPORT} | docker import --change "CMD /app" - app:flat\n`, 3],
  ])("is refused by name and line where %s", (_, lines, line) => {
    const migration = run(BUILD + lines + LAST, line === 3 ? { Dockerfile: "FROM app:flat\nEXPOSE 80\n" } : {});
    expect([migration.verdict, said(migration)]).toEqual(["refused", [`error ${line} image-imported`]]);
  });

  it("is said where nothing of the migration needs it", () => {
    const migration = run(`${BUILD}docker import rootfs.tar base\n${TAKE}${LAST}`);
    expect(said(migration)).toEqual(["warning 2 engine-call-unknown"]);
    expect(textAfter(migration, "build.sh")).toBe(`docker import rootfs.tar base\n${LAST}`);
  });
});
