/**
 * Single files that are compressed on their way: the same file again, or a step in the stage. `Dockerfile.build` makes /out/app.
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

const TAKE = "id=$(docker create app:build)\ndocker cp $id:/out/app .\ndocker rm $id\n";

describe("a file that is compressed and decompressed again", () => {
  it.each([
    ["by its name", `${TAKE}gzip app\ngunzip app.gz\n`],
    ["that is called without its ending", `${TAKE}gzip -9 app\ngunzip app\n`],
    ["by bzip2, forced", `${TAKE}bzip2 -f app\nbzip2 -df app.bz2\n`],
    ["by xz on two cores", `${TAKE}xz -T2 -9 app\nxz --decompress app.xz\n`],
    ["by zstd, which keeps it", `${TAKE}zstd -q app\nrm app\nzstd -d --rm app.zst\n`],
    ["to standard output", `${TAKE}gzip -c app > app.gz\nzcat app.gz > app\n`],
    ["through a pipe", "docker run --rm app:build gzip -c /out/app | gunzip > app\n"],
    ["by redirections", `${TAKE}gzip < app > x\nrm app\ngunzip < x > app\n`],
    ["in a container's pipe", `docker run --rm app:build sh -c "cat /out/app | xz" | xz -dc > app\n`],
    ["by cat in between", `${TAKE}gzip app\ncat app.gz | gzip -d > app\n`],
  ])("is the same file: %s", (_, lines) => {
    const migration = run(BUILD + lines + LAST);
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration)).toEqual([]);
    expect(lastCopies(migration)).toEqual(["COPY --from=builder /out/app /usr/local/bin/app"]);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it.each([
    ["by two programs", "gzip app\nmv app.gz app.xz\nunxz app.xz\n"],
    ["with an ending of its own", "gzip -S .z app\n"],
    ["under the name that is in it", "gzip -N app\ngunzip -N app.gz\n"],
    ["with a file of the checkout", "gzip main.go app\n"],
    ["with all that is there", "gzip -r .\n"],
  ])("stays the script's where that is not followed: %s", (_, lines) => {
    const migration = run(BUILD + TAKE + lines + LAST, { Dockerfile: "FROM alpine:3.19\nCOPY app.z /app\n" });
    expect(migration.changes.map(({ path }) => path)).not.toContain("Dockerfile");
    expect(textAfter(migration, "build.sh")).toContain(lines + LAST);
  });
});

describe("a file that stays compressed", () => {
  const compressed = { Dockerfile: "FROM alpine:3.19\nCOPY app.gz /srv/\n" };

  it.each([
    ["by itself", "gzip app", "cp -p /out/app /compressed/out/app && gzip /compressed/out/app"],
    ["as well as it can be", "gzip -9 app", "cp -p /out/app /compressed/out/app && gzip -9 /compressed/out/app"],
    ["to standard output", "gzip --best -c app > app.gz", "gzip --best -c /out/app > /compressed/out/app.gz"],
  ])("is compressed in the stage: %s", (_, line, work) => {
    const migration = run(`${BUILD}${TAKE}${line}\n${LAST}`, compressed);
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration)).toEqual([`RUN mkdir -p /compressed/out && ${work}`]);
    expect(lastCopies(migration)).toEqual(["COPY --from=builder /compressed/out/app.gz /srv/"]);
    expect(textAfter(migration, "build.sh")).toBe(LAST);
  });

  it("has what was changed before, and not what was changed after", () => {
    const lines = "chmod 755 app\ngzip -k app\nsed -i s/A/B/ app\n";
    const migration = run(BUILD + TAKE + lines + LAST, { Dockerfile: "FROM alpine:3.19\nCOPY app app.gz /srv/\n" });
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration)).toEqual([
      "RUN chmod 755 /out/app",
      "RUN mkdir -p /compressed/out && cp -p /out/app /compressed/out/app && gzip /compressed/out/app",
      "RUN sed -i s/A/B/ /out/app",
    ]);
    expect(lastCopies(migration)).toEqual(["COPY --from=builder /out/app /compressed/out/app.gz /srv/"]);
  });

  it("takes the place of the one in its directory", () => {
    const lines = "id=$(docker create app:build)\ndocker cp $id:/out dist\ndocker rm $id\ngzip dist/app\n";
    const migration = run(BUILD + lines + LAST, { Dockerfile: "FROM alpine:3.19\nCOPY dist /srv\n" });
    expect(said(migration)).toEqual([]);
    expect(addedLines(migration).at(-1)).toBe("RUN rm -rf /out/app");
    expect(lastCopies(migration)).toEqual([
      "COPY --from=builder /out /srv",
      "COPY --from=builder /compressed/out/app.gz /srv/app.gz",
    ]);
  });

  it("is where a container put it that compressed it itself", () => {
    const line = `docker run --rm -v "$PWD/dist:/d" app:build sh -c "gzip -9 /out/app && cp /out/app.gz /d/"\n`;
    const migration = run(BUILD + line + LAST, { Dockerfile: "FROM alpine:3.19\nCOPY dist/app.gz /srv/\n" });
    expect(addedLines(migration)).toContain("RUN gzip -9 /out/app");
    expect(lastCopies(migration)).toEqual(["COPY --from=builder /out/app.gz /srv/"]);
  });

  it("stays the script's work where the stage has no shell", () => {
    const files = { ...compressed, "Dockerfile.build": "FROM scratch\nCOPY main.go /out/app\n" };
    const migration = run(`${BUILD}${TAKE}gzip app\n${LAST}`, files);
    expect(migration.changes.map(({ path }) => path)).not.toContain("Dockerfile");
    expect(textAfter(migration, "build.sh")).toContain(`gzip app\n${LAST}`);
  });

  it("is only likely where the stage may lack the program", () => {
    const migration = run(`${BUILD}${TAKE}zstd --rm -19 app\n${LAST}`, {
      Dockerfile: "FROM alpine:3.19\nCOPY app.zst /srv/\n",
    });
    expect(addedLines(migration)).toEqual([
      "RUN mkdir -p /compressed/out && cp -p /out/app /compressed/out/app && zstd -19 --rm /compressed/out/app",
    ]);
  });
});

describe("a file that the host reads on standard input", () => {
  const files = { Dockerfile: "FROM alpine:3.19\nCOPY app app.sum /srv/\n" };

  it("is not lost by a redirection", () => {
    const migration = run(`${BUILD}${TAKE}sha256sum < app > app.sum\n${LAST}`, files);
    expect([migration.verdict, said(migration)]).toEqual(["refused", ["error 5 artifact-made-on-host"]]);
  });

  it("is not lost through a pipe", () => {
    const migration = run(`${BUILD}docker run --rm app:build cat /out/app | sha256sum > app.sum\n${LAST}`, files);
    expect([migration.verdict, said(migration)]).toEqual(["refused", ["error 2 artifact-made-by-container"]]);
  });
});
