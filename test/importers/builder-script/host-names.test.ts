/** Names and files that only the machine has: the directory of the checkout, archives that are packed there, a `cd` with `--`. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration {
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const textAfter = (migration: Migration, path: string): string =>
  migration.changes.find((change) => change.path === path)?.after ?? "";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/ .\n";

describe("the name of the checkout's directory", () => {
  it.each([
    ["basename of pwd", 'app="$(basename $(pwd))"'],
    ["basename of $PWD", 'app=$(basename "$PWD")'],
    ["an operator", `app=$\{PWD##*/}`],
  ])("is not known in a path: %s", (_, line) => {
    const migration = run({
      "build.sh": `#!/bin/bash\nset -e\n${line}\ndocker build -t b -f Dockerfile.build .\nid=$(docker create b)\nmkdir -p pkg\ndocker cp $id:/out/$app pkg\ndocker build -t app .\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM scratch\nCOPY pkg/* /\n",
      "main.go": "package main\n",
    });
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ code }) => code)).toContain("extraction-path-unknown");
  });

  it("may stand in the name of an image", () => {
    const migration = run({
      "build.sh":
        '#!/bin/bash\nset -e\napp="$(basename $(pwd))"\ndocker build -t $app:build -f Dockerfile.build .\nid=$(docker create $app:build)\ndocker cp $id:/out/tool tool\ndocker build -t $app .\n',
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM scratch\nCOPY tool /\n",
      "main.go": "package main\n",
    });
    expect(migration.verdict).toBe("migrated");
    expect(textAfter(migration, "build.sh")).toContain("docker build -t $app .");
  });
});

describe("an archive of files of the machine", () => {
  it("stays on the host, beside a container that saw the whole checkout", () => {
    const migration = run({
      "build.sh":
        '#!/bin/sh\nset -e\ndocker build -t b -f Dockerfile.build .\ndocker run --rm -v "$PWD:/src" b\ntar cfz zones.tar.gz /usr/share/zoneinfo\ndocker build -t app .\n',
      "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCMD go build -o tool .\n",
      Dockerfile: "FROM scratch\nADD zones.tar.gz /\nADD tool /\n",
      "main.go": "package main\n",
    });
    expect(migration.verdict).toBe("partial");
    expect(migration.diagnostics.map(({ code }) => code)).toContain("file-from-host");
    const stages = textAfter(migration, "Dockerfile");
    expect(stages).toContain("ADD zones.tar.gz /\n");
    expect(stages).toContain("COPY --from=builder /src/tool /\n");
    expect(textAfter(migration, "build.sh")).toBe(
      "#!/bin/sh\nset -e\ntar cfz zones.tar.gz /usr/share/zoneinfo\ndocker build -t app .\n",
    );
  });
});

describe("directories that a script names", () => {
  it("goes to one behind `cd --`", () => {
    const migration = run({
      "tools/build.sh":
        '#!/bin/sh\nset -e\ncd -- "$(dirname "$0")/.."\ndocker build -t b -f Dockerfile.build .\nid=$(docker create b)\ndocker cp $id:/out/tool tool\ndocker build -t app .\n',
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM scratch\nCOPY tool /\n",
      "main.go": "package main\n",
    });
    expect(migration.verdict).toBe("migrated");
  });

  it("puts a file into the one that `docker cp` names with a slash", () => {
    const migration = run({
      "export.sh":
        "#!/bin/sh\nset -e\ndocker build -t tool.build -f Dockerfile.build .\ndocker create --name x tool.build\ndocker cp x:/out/tool bin/\ndocker cp x:/src/docs site\ndocker rm x\n",
      "Dockerfile.build": BUILDER,
      "main.go": "package main\n",
    });
    const stages = textAfter(migration, "Dockerfile.build");
    expect(stages).toContain("COPY --from=builder /out/tool /bin/\n");
    expect(stages).toContain("COPY --from=builder /src/docs /site\n");
  });
});

describe("words that name a function of the script", () => {
  it("are words for programs that only say or record them", () => {
    const { migrations, diagnostics } = migrate(
      memoryProject({
        "build.sh":
          '#!/bin/bash\nset -e\nbuild() { docker build -t b -f Dockerfile.build .; }\nbuild\nid=$(docker create b)\ndocker cp $id:/out/tool tool\ndocker build -t app .\necho "build is done"\ngit commit -m "after the build"\n',
        "Dockerfile.build": BUILDER,
        Dockerfile: "FROM scratch\nCOPY tool /\n",
        "main.go": "package main\n",
      }),
    );
    const codes = [...migrations.flatMap((one) => one.diagnostics), ...diagnostics].map(({ code }) => code);
    expect(codes).not.toContain("engine-call-unknown");
  });
});

describe("caches of the machine", () => {
  const tree = (mount: string) => ({
    "build.sh": `#!/bin/sh\nset -e\ndocker build -t b -f Dockerfile.build .\ndocker run --rm -v "$PWD:/src" ${mount} b go build -o tool .\ndocker build -t app .\n`,
    "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\n",
    Dockerfile: "FROM scratch\nCOPY tool /\n",
    "main.go": "package main\n",
  });

  it.each([
    ["-v ~/.cache/go-build:/root/.cache/go-build", ["host-cache-unseen"]],
    ["-v go-build:/root/.cache/go-build", []],
  ])("are named where a container saw them: %s", (mount, codes) => {
    const migration = run(tree(mount));
    expect(migration.verdict).toBe("migrated");
    expect(migration.diagnostics.map(({ code }) => code)).toEqual(codes);
  });
});
