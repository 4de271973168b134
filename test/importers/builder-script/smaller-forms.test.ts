/** `docker.build` of a Jenkinsfile, when the build needs another file or context; and volumes and compilers beside the artifacts. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject(tree)).migrations.find(({ kind }) => kind === "builder-script");
}

function textAfter(migration: Migration | undefined, path: string): string | undefined {
  return migration?.changes.find((change) => change.path === path)?.after ?? undefined;
}

function codes(migration: Migration | undefined): readonly string[] {
  return (migration?.diagnostics ?? []).map(({ code, line }) => `${code} ${line}`);
}

describe("docker.build of a Jenkinsfile", () => {
  const TREE = {
    "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
    "deploy/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
    "main.go": "package main\n",
  };
  const TAKE =
    "sh 'docker build -t b -f Dockerfile.build .'\nsh 'docker create --name x b && docker cp x:/out/app deploy/app && docker rm x'\n";

  it.each([
    ["a context alone", "docker.build('app:1', 'deploy')", "docker.build('app:1', '-f deploy/Dockerfile .')"],
    ["options", "docker.build(name(), '--pull deploy')", "docker.build(name(), '-f deploy/Dockerfile --pull .')"],
  ])("gets the file and the context into its second argument: %s", (_, call, changed) => {
    const migration = run({ ...TREE, Jenkinsfile: `node {\n${TAKE}${call}\n}\n` });
    expect(migration?.verdict).toBe("migrated");
    expect(textAfter(migration, "Jenkinsfile")).toContain(`${changed}\n`);
  });

  it("gets a second argument where it had none", () => {
    const migration = run({
      ...TREE,
      "deploy/Dockerfile": "",
      Jenkinsfile: `node {\n${TAKE.replaceAll("deploy/app", "app")}def image = docker.build("app")\n}\n`,
      "Dockerfile.build": TREE["Dockerfile.build"].replace("FROM golang:1.22", "ARG V\nFROM golang:1.22"),
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    });
    expect(textAfter(migration, "Jenkinsfile")).toContain('docker.build("app")\n');
  });
});

describe("volumes", () => {
  const TREE = {
    "tools/Dockerfile": "FROM gcc:12\n",
    Dockerfile: "FROM alpine:3.19\nCOPY out/app /srv/\n",
    "src/app.c": "int main(void) { return 0; }\n",
  };
  const WORK = [
    "docker build -t tools tools",
    'docker run --rm -v "$PWD/src:/src:ro" -v work:/work tools gcc -o /work/app /src/app.c',
    "mkdir -p out",
    'docker run --rm -v work:/work -v "$PWD/out:/out" tools cp /work/app /out/app',
  ].join("\n");
  const FINAL = "docker build -t app .\n";

  it("go with the containers that see them", () => {
    const migration = run({
      ...TREE,
      "build.sh": `docker volume create work\n${WORK}\ndocker volume rm work\n${FINAL}`,
    });
    expect(textAfter(migration, "build.sh")).toBe(FINAL);
    expect(textAfter(migration, "Dockerfile")).toContain("/work/app /srv/\n");
  });

  it("go with a container of another image that only prints what is in them", () => {
    const lines = [
      "docker build -t tools tools",
      "docker run --rm -v work:/work tools cp /usr/bin/gcc /work/app",
      "mkdir -p out",
      "docker run --rm -v work:/w debian:bookworm cat /w/app > out/app",
    ];
    const migration = run({ ...TREE, "build.sh": `${lines.join("\n")}\n${FINAL}` });
    expect(textAfter(migration, "build.sh")).toBe(FINAL);
    expect(textAfter(migration, "Dockerfile")).toContain("COPY --from=builder /usr/bin/gcc /srv/app\n");
  });

  it("are refused where an option binds them to something on the machine", () => {
    const create = "docker volume create --opt type=none --opt o=bind --opt device=/data work";
    const migration = run({ ...TREE, "build.sh": `${create}\n${WORK}\n${FINAL}` });
    expect(migration?.verdict).toBe("refused");
    expect(codes(migration)).toContain("mount-outside 3");
  });
});

it.each([
  ["before", ["gcc -o bin/tool tool.c", "docker create --name x b && docker cp x:/out/app bin/app && docker rm x"]],
  ["after", ["docker create --name x b && docker cp x:/out/app bin/app && docker rm x", "gcc -o bin/tool tool.c"]],
])("keeps what the host compiles into a directory of artifacts %s they arrive there", (_, lines) => {
  const migration = run({
    "build.sh": ["docker build -t b -f Dockerfile.build .", "mkdir bin", ...lines, "docker build -t app .", ""].join(
      "\n",
    ),
    "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
    Dockerfile: "FROM alpine:3.19\nCOPY bin /usr/local/bin/\n",
    "tool.c": "int main(void) { return 0; }\n",
    "main.go": "package main\n",
  });
  expect(migration?.verdict).toBe("partial");
  expect(textAfter(migration, "build.sh")).toBe("mkdir bin\ngcc -o bin/tool tool.c\ndocker build -t app .\n");
  expect(textAfter(migration, "Dockerfile")).toContain(
    "COPY bin /usr/local/bin/\nCOPY --from=builder /out/app /usr/local/bin/app\n",
  );
  expect(migration?.diagnostics.map(({ code, message }) => `${code} ${message}`)).toContain(
    'file-from-host "bin" still comes from the host, by "gcc -o bin/tool tool.c"',
  );
});
