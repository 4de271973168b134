/** What becomes of everything around the COPYs: contexts, ignore files, arguments, names, and files that others name too. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration {
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

function codes(migration: Migration): readonly string[] {
  return migration.diagnostics.map(({ code }) => code);
}

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const CP = "docker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n";

describe("contexts", () => {
  it("joins two directories on the one above, with paths and ignore rules of both", () => {
    const migration = run({
      "build.sh":
        "docker build -t b api\ndocker create --name x b\ndocker cp x:/out/app image/app\ndocker rm x\ndocker build -t app ./image\n",
      "api/Dockerfile": BUILDER,
      "api/main.go": "",
      "api/notes.txt": "",
      "api/.dockerignore": "notes.txt\n",
      "image/Dockerfile": "FROM alpine:3.19\nCOPY app conf /srv/\n",
      "image/conf": "",
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toMatchObject({
      "build.sh": "docker build -f image/Dockerfile -t app .\n",
      ".dockerignore": "api/notes.txt\n",
      "image/Dockerfile":
        "FROM golang:1.22 AS builder\nWORKDIR /src\nCOPY api .\nRUN go build -o /out/app .\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /out/app /srv/\nCOPY image/conf /srv/\n",
    });
  });

  it("refuses rules that cannot be joined", () => {
    const migration = run({
      "build.sh":
        "docker build -t b api\ndocker create --name x b\ndocker cp x:/out/app app\ndocker rm x\ndocker build -t app .\n",
      "api/Dockerfile": BUILDER,
      "api/main.go": "",
      ".dockerignore": "api\n",
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(codes(migration)).toEqual(["context-merge-unsafe"]);
  });

  it("removes in the stage what the ignore rules kept out of a directory", () => {
    const migration = run({
      "build.sh":
        "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/src/dist dist\ndocker build -t app .\n",
      "Dockerfile.build": "FROM node:20\nWORKDIR /src\nCOPY . .\nRUN npm run build\n",
      ".dockerignore": "**/*.map\n*.md\n",
      Dockerfile: "FROM nginx:1.27\nCOPY dist /web\n",
    });
    expect(codes(migration)).toEqual(["ignored-inside-artifact"]);
    expect(changed(migration).Dockerfile).toContain(
      "RUN npm run build\nRUN find /src/dist -name '*.map' -prune -exec rm -rf {} +\n",
    );
  });
});

describe("directories that the script changes to", () => {
  const files = {
    "api/Dockerfile": BUILDER,
    "image/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
  };

  it.each([
    [
      "there and back",
      "cd api\ndocker build -t b .\ncd ..\ndocker create --name x b\ndocker cp x:/out/app image/app\ndocker build -t app image\n",
      "docker build -f image/Dockerfile -t app .\n",
    ],
    [
      "in parentheses",
      "(cd api && docker build -t b .)\ndocker create --name x b\ndocker cp x:/out/app image/app\n(cd image && docker build -t app .)\n",
      "(cd image && docker build -f Dockerfile -t app ..)\n",
    ],
    [
      "for good",
      "docker build -t b api\ncd image\ndocker cp $(docker create b):/out/app .\ndocker build -t app .\n",
      "cd image\ndocker build -f Dockerfile -t app ..\n",
    ],
  ])("%s", (_, script, after) => {
    expect(changed(run({ ...files, "build.sh": script }))["build.sh"]).toBe(after);
  });
});

describe("the call that remains", () => {
  it.each([
    ["-f $ROOT/docker/Dockerfile.prod -t app $ROOT/docker", "-f $ROOT/docker/Dockerfile.prod -t app $ROOT"],
    ['-t app "$ROOT/docker"', '-f "$ROOT/docker/Dockerfile" -t app "$ROOT"'],
    ["-t app $ROOT/docker/.", "-f $ROOT/docker/Dockerfile -t app $ROOT"],
  ])("%s", (before, after) => {
    const script = `ROOT=$(cd "$(dirname "$0")" && pwd)\ndocker build -f $ROOT/Dockerfile.build -t b $ROOT\ndocker create --name x b\ndocker cp x:/out/app $ROOT/docker/app\n`;
    const migration = run({
      "build.sh": `${script}docker build ${before}\n`,
      "Dockerfile.build": BUILDER,
      "docker/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
      "docker/Dockerfile.prod": "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(changed(migration)["build.sh"]).toBe(`ROOT=$(cd "$(dirname "$0")" && pwd)\ndocker build ${after}\n`);
  });

  it("gets the arguments, secrets and network of the builder's call", () => {
    const migration = run({
      "build.sh": `docker build --network host --secret id=npm --build-arg A=1 -q -f Dockerfile.build -t b .\n${CP}docker build --pull -t app .\n`,
      "Dockerfile.build": `${BUILDER}ARG A\n`,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(changed(migration)["build.sh"]).toBe(
      "docker build --network host --secret id=npm --build-arg A=1 --pull -t app .\n",
    );
  });
});

describe("several images", () => {
  const script = `docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app app\ndocker cp x:/out/tool tool\ndocker build -f Dockerfile.tool -t tool .\ndocker build -t app .\n`;
  const migration = run({
    "build.sh": script,
    "Dockerfile.build": BUILDER,
    "Dockerfile.tool": "FROM alpine:3.19\nCOPY tool /tool\n",
    Dockerfile: "FROM alpine:3.19\nCOPY app /app\n",
  });

  it("become targets of one file when they share a builder", () => {
    expect(migration.verdict).toBe("migrated");
    expect(migration.stages.map(({ name, role }) => [name, role])).toEqual([
      ["builder", "build"],
      ["tool", "runtime"],
      ["production", "runtime"],
    ]);
    expect(changed(migration)["build.sh"]).toBe("docker build --target tool -t tool .\ndocker build -t app .\n");
  });

  it("become a file each when they share nothing", () => {
    const pair = (name: string): string =>
      `docker build -f ${name}/Dockerfile.build -t ${name}-b .\ndocker create --name ${name} ${name}-b\ndocker cp ${name}:/out/app ${name}-app\ndocker rm ${name}\ndocker build -f ${name}/Dockerfile -t ${name} .\n`;
    const two = run({
      "build.sh": `${pair("api")}${pair("web")}`,
      "api/Dockerfile.build": BUILDER,
      "web/Dockerfile.build": BUILDER,
      "api/Dockerfile": "FROM alpine:3.19\nCOPY api-app /app\n",
      "web/Dockerfile": "FROM alpine:3.19\nCOPY web-app /app\n",
    });
    expect(two.outputs.map(({ dockerfile, target }) => [dockerfile, target])).toEqual([
      ["api/Dockerfile", "production"],
      ["web/Dockerfile", "production"],
    ]);
    expect(changed(two)["build.sh"]).toBe(
      "docker build -f api/Dockerfile -t api .\ndocker build -f web/Dockerfile -t web .\n",
    );
  });

  it("chain: what one builder makes flows into the next", () => {
    const chain = run({
      "build.sh":
        "docker build -f A -t a .\nid=$(docker create a)\ndocker cp $id:/gen gen\ndocker build -f B -t b .\nid=$(docker create b)\ndocker cp $id:/out/app app\ndocker build -t app .\n",
      A: "FROM node:20\nWORKDIR /gen\nRUN make-gen\n",
      B: "FROM golang:1.22\nCOPY gen /src/gen\nRUN go build -o /out/app .\n",
      Dockerfile: "FROM scratch\nCOPY app /app\n",
    });
    expect(changed(chain).Dockerfile).toBe(
      "FROM node:20 AS builder\nWORKDIR /gen\nRUN make-gen\n\nFROM golang:1.22 AS builder-2\nCOPY --from=builder /gen /src/gen\nRUN go build -o /out/app .\n\nFROM scratch AS production\nCOPY --from=builder-2 /out/app /app\n",
    );
  });
});

describe("builder images that something else needs", () => {
  it("are still built, from the stage", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\n${CP}docker run --rm b go test ./...\ndocker build -t app .\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(changed(migration)["build.sh"]).toBe(
      "docker build --target builder -t b .\ndocker run --rm b go test ./...\ndocker build -t app .\n",
    );
  });

  it("keep the extraction of a file that the host needs too", () => {
    const rest = "docker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n";
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\n${rest}docker build -t app .\ncp app /usr/local/bin/\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(migration.verdict).toBe("partial");
    expect(codes(migration)).toEqual(["artifact-kept-on-host"]);
    expect(changed(migration)["build.sh"]).toBe(
      `docker build --target builder -t b .\n${rest}docker build -t app .\ncp app /usr/local/bin/\n`,
    );
  });

  it("go, where another file of that name lies beside the one that names it", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\n${CP}docker build -t app .\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
      "site/Makefile": "site:\n\tdocker build -t site -f Dockerfile.build .\n",
      "site/Dockerfile.build": "FROM node:20\nRUN npm install -g gulp\n",
    });
    expect(codes(migration)).toEqual([]);
    expect(Object.keys(changed(migration))).toContain("Dockerfile.build");
  });

  it("stay with their file, when another file of the repository names it", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\n${CP}docker build -t app .\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
      ".github/workflows/ci.yml": "run: docker build -f Dockerfile.build .\n",
    });
    expect(codes(migration)).toEqual(["builder-file-kept"]);
    expect(Object.keys(changed(migration))).not.toContain("Dockerfile.build");
  });
});

describe("stages of files that have several", () => {
  it("are renumbered by name", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\n${CP}docker build -t app .\n`,
      "Dockerfile.build": "FROM node:20\nRUN a\nFROM golang:1.22\nCOPY --from=0 /a /a\nRUN b\n",
      Dockerfile: "FROM alpine:3.19 AS base\nRUN c\nFROM base\nCOPY --from=0 /c /c\nCOPY app /srv/\n",
    });
    expect(changed(migration).Dockerfile).toBe(
      "FROM node:20 AS builder-base\nRUN a\nFROM golang:1.22 AS builder\nCOPY --from=builder-base /a /a\nRUN b\n\nFROM alpine:3.19 AS base\nRUN c\nFROM base AS production\nCOPY --from=base /c /c\nCOPY --from=builder /out/app /srv/\n",
    );
  });
});

describe("a Dockerfile that the script builds beside the joined ones", () => {
  const FAT =
    'FROM golang:1.22\nWORKDIR /src\nCOPY tool .\nRUN CGO_ENABLED=0 go build -o /bin/tool .\nCMD ["/bin/tool"]\n';
  const TREE = {
    "Dockerfile.build": BUILDER,
    Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    "Dockerfile.tool": FAT,
    "main.go": "package main\n",
    "tool/go.mod": "module tool\n",
    "tool/main.go": "package main\n",
  };
  const PAIR = `docker build -f Dockerfile.build -t b .\n${CP}docker build -t app .\n`;
  const offered = (script: string): readonly string[] =>
    migrate(memoryProject({ ...TREE, "build.sh": script })).migrations.map(({ id, verdict }) => `${id} ${verdict}`);

  it("is migrated on its own", () => {
    expect(offered(`${PAIR}docker build -f Dockerfile.tool -t tool .\n`)).toEqual([
      "builder-script:build.sh migrated",
      "fat-dockerfile:Dockerfile.tool migrated",
    ]);
  });

  it("is left to the script where files are taken out of its image", () => {
    const taken = "docker create --name t tool\ndocker cp t:/src/tool.log .\ndocker rm t\n";
    expect(offered(`${PAIR}docker build -f Dockerfile.tool -t tool .\n${taken}`)).toEqual([
      "builder-script:build.sh migrated",
    ]);
  });
});

describe("ONBUILD instructions of an image that the script builds", () => {
  const base = "FROM golang:1.22\nWORKDIR /src\nONBUILD COPY . .\nONBUILD RUN go build -o /out/app .\n";
  const files = (directory: string, before = ""): Readonly<Record<string, string>> => ({
    "build.sh": `docker build -t base base\n${before}docker build -t b ${directory}\n${CP}docker build -t app -f final/Dockerfile .\n`,
    "base/Dockerfile": base,
    "main.go": "",
    Dockerfile: "FROM base\n",
    "src/Dockerfile": "FROM base\n",
    "final/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
  });

  it("run in the stage that is built from its stage", () => {
    const migration = run(files("."));
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)["final/Dockerfile"]).toBe(
      `${base.replace("1.22", "1.22 AS builder")}\nFROM builder AS builder-2\n\nFROM alpine:3.19 AS production\nCOPY --from=builder-2 /out/app /srv/\n`,
    );
  });

  it.each([
    ["copy from a context that becomes another", files("src")],
    [
      "copy an artifact",
      files(".", "docker build -t early src\ndocker create --name y early\ndocker cp y:/out/app gen\ndocker rm y\n"),
    ],
  ])("%s: refused", (_, tree) => {
    expect(codes(run(tree))).toContain("onbuild-context");
  });
});
