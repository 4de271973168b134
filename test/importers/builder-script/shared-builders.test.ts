/**
 * Builders that something besides the driver uses: other files that start their containers, build them in languages that are not
 * read, or call the same script with a builder of their own.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

type Tree = Readonly<Record<string, string>>;

function run(tree: Tree): Migration {
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const textAfter = (migration: Migration, path: string): string =>
  migration.changes.find((change) => change.path === path)?.after ?? "";
const isRemoved = (migration: Migration, path: string): boolean =>
  migration.changes.some((change) => change.path === path && change.after === undefined);
const codes = (migration: Migration): readonly string[] => migration.diagnostics.map(({ code }) => code);

const BUILDER = "FROM gcc:13\nWORKDIR /src\nCOPY . .\nRUN make server\nCMD tar -cf - server\n";
const FINAL = "FROM debian:12\nWORKDIR /srv\nCOPY server ./\n";

describe("a builder whose containers another file starts", () => {
  const tree: Tree = {
    "build.sh":
      "#!/bin/sh\nset -e\ndocker build -t web.build .\ndocker run --rm web.build > server.tar\ntar -xf server.tar\ndocker build -t web -f Dockerfile.run .\n",
    "bundle.sh":
      "#!/bin/sh\nset -e\nmkdir -p bundle\ndocker build -t bundle.build .\ndocker run --rm bundle.build > bundle/server.tar\n",
    Dockerfile: BUILDER,
    "Dockerfile.run": FINAL,
    "server.c": "int main(void) { return 0; }\n",
  };

  it("keeps the CMD that they run", () => {
    const migration = run(tree);
    expect(migration.verdict).toBe("migrated");
    const stages = textAfter(migration, "Dockerfile.run");
    expect(stages).toContain("RUN make server\nCMD tar -cf - server\n");
    expect(stages).toContain("COPY --from=builder /src/server ./");
    expect(textAfter(migration, "bundle.sh")).toContain(
      "docker build --target builder -f Dockerfile.run -t bundle.build .",
    );
  });

  it("loses it where nothing runs it any more", () => {
    const { "bundle.sh": _, ...alone } = tree;
    expect(textAfter(run(alone), "Dockerfile.run")).not.toContain("CMD");
  });

  it("loses it where only documentation does", () => {
    const { "bundle.sh": _, ...others } = tree;
    const readme = "```sh\ndocker build -t web.build .\ndocker run --rm web.build > server.tar\n```\n";
    expect(textAfter(run({ ...others, "README.md": readme }), "Dockerfile.run")).not.toContain("CMD");
  });

  it("has what the driver's container did in a stage of its own", () => {
    const migration = run({
      "release.sh":
        '#!/bin/sh\nset -e\ndocker build -t tool.build -f Dockerfile.build .\ndocker run --rm -v "$PWD/dist:/out" tool.build\ndocker build -t tool .\n',
      "nightly.sh": "#!/bin/sh\ndocker build -t nightly -f Dockerfile.build .\ndocker run --rm nightly\n",
      "Dockerfile.build":
        'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nENTRYPOINT ["go", "build", "-o", "/out/tool", "."]\n',
      Dockerfile: "FROM alpine:3.19\nCOPY dist/tool /usr/bin/tool\n",
      "main.go": "package main\n",
    });
    const stages = textAfter(migration, "Dockerfile");
    expect(stages).toContain(
      'COPY . .\nENTRYPOINT ["go", "build", "-o", "/out/tool", "."]\n\nFROM builder AS builder-2\n',
    );
    expect(stages).toContain("COPY --from=builder-2 /out/tool /usr/bin/tool");
  });
});

describe("a Dockerfile that a file in another language builds", () => {
  const tree: Tree = {
    "build.sh":
      "#!/bin/sh\nset -e\ndocker build -t web.build .\nid=$(docker create web.build)\ndocker cp $id:/src/server server\ndocker build -t web -f Dockerfile.run .\n",
    Dockerfile: BUILDER,
    "Dockerfile.run": FINAL,
    "server.c": "int main(void) { return 0; }\n",
  };

  it.each([
    ["justfile", 'image := "web"\n\nbase:\n    docker build -t {{image}}-dev .\n'],
    ["Rakefile", 'task :image do\n  sh "docker build -t web-dev ."\nend\n'],
  ])("stays for the %s, and that is said", (path, text) => {
    const migration = run({ ...tree, [path]: text });
    expect(migration.verdict).toBe("migrated");
    expect(isRemoved(migration, "Dockerfile")).toBe(false);
    expect(codes(migration)).toContain("builder-file-kept");
    expect(textAfter(migration, path)).toBe("");
  });

  it("goes where the file builds another one", () => {
    const migration = run({
      ...tree,
      justfile: "docs:\n    docker build -t docs docs\n",
      "docs/Dockerfile": "FROM nginx\n",
    });
    expect(isRemoved(migration, "Dockerfile")).toBe(true);
  });
});

describe("a script that builds the final for several callers", () => {
  const tree: Tree = {
    "dev.sh":
      "#!/bin/sh\nset -e\ndocker build -t app.dev --build-arg MODE=dev -f Dockerfile.build .\n./images.sh app.dev\n",
    "images.sh":
      "#!/bin/sh\nset -e\nid=$(docker create $1)\ndocker cp $id:/src/server server\ndocker rm $id\ndocker build -t app -f Dockerfile.run .\n",
    "Dockerfile.build": "FROM gcc:13\nARG MODE=prod\nWORKDIR /src\nCOPY . .\nRUN make $MODE\n",
    "Dockerfile.run": FINAL,
    "server.c": "int main(void) { return 0; }\n",
  };

  it("gets no argument that only one of them gives", () => {
    const migration = run({
      ...tree,
      "ci.sh": "#!/bin/sh\nset -e\ndocker build -t app.ci -f Dockerfile.build .\n./images.sh app.ci\n",
    });
    expect(migration.verdict).toBe("refused");
    expect(codes(migration)).toContain("script-shared");
  });

  it("gets the argument of its only caller", () => {
    const migration = run(tree);
    expect(migration.verdict).toBe("migrated");
    expect(textAfter(migration, "images.sh")).toContain("docker build --build-arg MODE=dev -t app");
  });
});
