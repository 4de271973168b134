/**
 * What scripts do on the host besides handing files over: changes between the builds, uses of what was taken out, and what a
 * failing build used to stop. One row is a script, and what is said about it or becomes of it.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM busybox:1.35\nARG FLAVOUR=plain\nWORKDIR /src\nCOPY src src\nRUN make\n",
  Dockerfile: "FROM busybox:1.35\nCOPY dist /web\n",
  "src/main.c": "int main(void) { return 0; }\n",
  "src/more.c": "int more;\n",
  "conf.json": "{}\n",
};
const BUILD = "docker build -f Dockerfile.build -t parts:build .\n";
const TAKE = "docker create --name x parts:build\ndocker cp x:/src/out dist\ndocker rm x\n";
const LAST = "docker build -t parts .\n";
const HEAD = "#!/bin/sh\nset -e\n";

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const project = memoryProject({ ...FILES, "build.sh": script, ...files });
  const found = migrate(project).migrations.find((one) => one.id === "builder-script:build.sh");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function codesOf(migration: Migration): readonly string[] {
  return migration.diagnostics.map(({ code }) => code);
}

function scriptAfter(migration: Migration): string | undefined {
  return migration.changes.find(({ path }) => path === "build.sh")?.after;
}

describe("is refused, since one build cannot repeat it", () => {
  it.each([
    ["an edit whose text only the script knows", "sed -i s/a/$(id -u)/ dist/index.html\n"],
    [
      "an edit that another image does not want",
      "docker build --build-arg A=1 -t early .\nsed -i s/a/b/ dist/index.html\n",
    ],
    ["a deletion that another image does not want", "docker build --build-arg A=1 -t early .\nrm -rf dist/maps\n"],
    ["an edit that may be left out", 'if [ -n "$PROD" ]; then sed -i s/a/b/ dist/index.html; fi\n'],
    ["a search behind a renaming", "mv dist/a.map dist/b.js\nfind dist -name '*.map' -delete\n"],
    ["a program that nobody knows", "strip dist/app\n"],
    ["a file that is written beside the artifact", "echo 1 > dist/version\n"],
    ["a line that is added to the artifact", "echo 1 >> dist/app\n"],
    ["a container that gets the artifact to write to", 'docker run --rm -v "$PWD:/w" busybox:1.35 touch /w/dist\n'],
  ])("%s", (_name, between) => {
    const migration = run(`${HEAD}${BUILD}${TAKE}${between}${LAST}`);
    expect([migration.verdict, codesOf(migration), migration.changes]).toEqual([
      "refused",
      ["artifact-changed-on-host"],
      [],
    ]);
  });

  it.each([
    ["sources that go before the last build", `cp -r src copied\n${BUILD}`, "rm -rf copied\n", "COPY copied src"],
    ["sources that another file replaces", BUILD, "cp conf.json src/main.c\n", "COPY src src"],
    ["a source that is edited where it stands", BUILD, "sed -i s/0/1/ src/main.c\n", "COPY src src"],
    ["sources that a pattern names", BUILD, "sed -i -e s/0/1/ -e s/a/b/ src/*.c\n", "COPY . ."],
    ["a source that is written anew", BUILD, "envsubst < conf.json > src/main.c\n", "COPY src src"],
    ["ignore rules that the script swaps", BUILD, "cp conf.json .dockerignore\n", "COPY src src"],
  ])("%s", (_name, before, between, copy) => {
    const dockerfile = `FROM busybox:1.35\nWORKDIR /src\n${copy}\nRUN make\n`;
    const migration = run(`${HEAD}${before}${TAKE}${between}${LAST}`, { "Dockerfile.build": dockerfile });
    expect([migration.verdict, codesOf(migration)]).toEqual(["refused", ["context-changed"]]);
  });

  it("does not mind an edit that only the final sees", () => {
    const edit = "sed -i s/0/1/ conf.json\n";
    const migration = run(`${HEAD}${BUILD}${TAKE}${edit}${LAST}`, {
      Dockerfile: "FROM busybox:1.35\nCOPY dist /web\nCOPY conf.json /etc/\n",
    });
    expect(migration.verdict).toBe("migrated");
    expect(scriptAfter(migration)).toBe(`${HEAD}${edit}${LAST}`);
  });

  it.each([
    [
      "an environment for one build",
      `FLAVOUR=x docker build --build-arg FLAVOUR ${BUILD.slice(13)}`,
      "option-conflict",
    ],
  ])("%s", (_name, build, code) => {
    const migration = run(`${HEAD}${build}${TAKE}${LAST}`);
    expect([migration.verdict, codesOf(migration)]).toEqual(["refused", [code]]);
  });

  it("builds of a loop that differ in an argument", () => {
    const migration = run(
      `${HEAD}mkdir -p dist\nfor f in a b; do\n  docker build --build-arg FLAVOUR=$f -f Dockerfile.build -t parts:$f .\n  docker create --name x parts:$f\n  docker cp x:/src/app dist/$f\n  docker rm x\ndone\n${LAST}`,
    );
    expect([migration.verdict, codesOf(migration)]).toEqual(["refused", ["option-conflict"]]);
  });
});

describe("is done by the stage that makes the artifact", () => {
  it.each([
    ["an edit in place", "sed -i -e s/a/b/ dist/index.html", "RUN sed -i -e s/a/b/ /src/out/index.html"],
    ["an edit with blanks in it", "sed -i 's/a b/c/' dist/app", "RUN sed -i 's/a b/c/' /src/out/app"],
    ["a part that is deleted", "rm -rf dist/maps", "RUN rm -rf /src/out/maps"],
    ["parts by a pattern", "rm -f dist/*.map", "RUN rm -rf '/src/out/*.map'".replaceAll("'", "")],
    ["parts that find deletes", "find dist -name '*.map' -delete", "RUN find /src/out -name '*.map' -delete"],
    ["a part that is renamed", "mv dist/app dist/main", "RUN mv /src/out/app /src/out/main"],
    [
      "a mode of all, without a part",
      "rm dist/notes\nchmod -R go-w dist",
      "RUN chmod -R go-w /src/out\nRUN rm -rf /src/out/notes",
    ],
    ["a mode of a part", "chmod +x dist/app", "RUN chmod +x /src/out/app"],
  ])("%s", (_name, command, instruction) => {
    const migration = run(`${HEAD}${BUILD}${TAKE}${command}\n${LAST}`);
    expect(codesOf(migration)).toEqual([]);
    expect(scriptAfter(migration)).toBe(`${HEAD}${LAST}`);
    expect(migration.changes.find(({ path }) => path === "Dockerfile")?.after).toBe(
      `FROM busybox:1.35 AS builder\nARG FLAVOUR=plain\nWORKDIR /src\nCOPY src src\nRUN make\n${instruction}\n\nFROM busybox:1.35 AS production\nCOPY --from=builder /src/out /web\n`,
    );
  });

  it("under the names that the image has, as root where the image has another user", () => {
    const builder = "FROM busybox:1.35\nCOPY src /src\nUSER 1000\nRUN make\n";
    const between = "mv dist/app dist/main\nchmod 700 dist/main\n";
    const migration = run(`${HEAD}${BUILD}${TAKE}${between}${LAST}`, { "Dockerfile.build": builder });
    expect(migration.changes.find(({ path }) => path === "Dockerfile")?.after).toContain(
      "RUN make\nUSER 0\nRUN chmod 700 /src/out/app\nRUN mv /src/out/app /src/out/main\nUSER 1000\n",
    );
  });

  it("but not by one without a shell", () => {
    const builder = "FROM busybox:1.35 AS make\nCOPY src /src\nFROM scratch\nCOPY --from=make /src/out /src/out\n";
    const migration = run(`${HEAD}${BUILD}${TAKE}chmod +x dist/app\n${LAST}`, { "Dockerfile.build": builder });
    expect([migration.verdict, codesOf(migration)]).toEqual(["refused", ["artifact-changed-on-host"]]);
  });
});

describe("keeps the extraction, since the host needs the file", () => {
  it.each([
    ["a run of it", "./dist/app --check\n"],
    ["its text as a value", "VERSION=$(cat dist/version)\n"],
    ["an archive of the directory that it is", "(cd dist && tar czf ../web.tgz .)\n"],
    ["an upload", "curl -F file=@dist/app https://example.com/\n"],
    ["a container that reads it", 'docker run --rm -v "$PWD/dist:/w:ro" busybox:1.35 ls /w\n'],
  ])("%s", (_name, use) => {
    const migration = run(`${HEAD}${BUILD}${TAKE}${LAST}${use}`);
    expect([migration.verdict, new Set(codesOf(migration))]).toEqual(["partial", new Set(["artifact-kept-on-host"])]);
    expect(scriptAfter(migration)).toBe(`${HEAD}docker build --target builder -t parts:build .\n${TAKE}${LAST}${use}`);
  });
});

describe("goes on building the image that others use", () => {
  it.each([
    ["compose.yaml", "services:\n  check:\n    image: parts:build\n"],
    ["other/Dockerfile", "FROM parts:build\nRUN make check\n"],
    ["ci/check.sh", "docker run --rm parts:build make check\n"],
  ])("%s", (path, text) => {
    const migration = run(`${HEAD}${BUILD}${TAKE}${LAST}`, { [path]: text });
    expect(codesOf(migration)).toEqual(["builder-image-kept"]);
    expect(scriptAfter(migration)).toBe(`${HEAD}docker build --target builder -t parts:build .\n${LAST}`);
  });
});

describe("the script afterwards", () => {
  it.each([
    [
      "ends where a stage fails",
      `#!/bin/sh\n${BUILD.trimEnd()} || exit 3\n${TAKE}${LAST}docker push parts\n`,
      "#!/bin/sh\ndocker build -t parts . || exit 3\ndocker push parts\n",
    ],
    [
      "asks nothing twice",
      `#!/bin/sh\n${BUILD}if [ $? -ne 0 ]; then exit 1; fi\n${TAKE}${LAST}if [ $? -ne 0 ]; then exit 1; fi\ndocker push parts\n`,
      "#!/bin/sh\ndocker build -t parts .\nif [ $? -ne 0 ]; then exit 1; fi\ndocker push parts\n",
    ],
    [
      "does not look for what is gone",
      `#!/bin/bash\nset -e\n${BUILD}${TAKE}[[ -s dist/app ]] || { echo empty; exit 4; }\n${LAST}`,
      "#!/bin/bash\nset -e\ndocker build -t parts .\n",
    ],
    [
      "sets the modes of what is there",
      `${HEAD}${BUILD}${TAKE}chmod +x dist/app conf.json\n${LAST}`,
      `${HEAD}chmod +x conf.json\n${LAST}`,
    ],
    [
      "removes images that are there",
      `${HEAD}${BUILD}${TAKE}${LAST}docker rmi parts:build old:1\n`,
      `${HEAD}${LAST}docker rmi old:1\n`,
    ],
    [
      "asks for BuildKit where a builder did",
      `${HEAD}DOCKER_BUILDKIT=1 ${BUILD}${TAKE}${LAST}`,
      `${HEAD}DOCKER_BUILDKIT=1 ${LAST}`,
    ],
  ])("%s", (_name, script, after) => {
    expect(scriptAfter(run(script))).toBe(after);
  });
});

it("pours a tar stream of a directory's contents out where it is unpacked", () => {
  const migration = run(
    `${HEAD}${BUILD}mkdir -p dist\ndocker create --name x parts:build\ndocker cp x:/src/out/. - | tar xf - -C dist\ndocker rm x\n${LAST}`,
  );
  expect(migration.changes.find(({ path }) => path === "Dockerfile")?.after).toContain(
    "COPY --from=builder /src/out /web\n",
  );
});

it("gives a mode to all that is in a directory where the script did", () => {
  const migration = run(`${HEAD}${BUILD}${TAKE}chmod -R a+rX dist\n${LAST}`);
  expect(migration.changes.find(({ path }) => path === "Dockerfile")?.after).toContain("RUN chmod -R a+rX /src/out\n");
});

it("is refused where a file that stays on the host is written over a source that the builder copies", () => {
  const script = `docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/src/version.h version.h\ndocker rm x\nscp version.h mirror:\ndocker build -t app .\n`;
  const files = {
    "Dockerfile.build": "FROM gcc:12\nWORKDIR /src\nCOPY . .\nRUN make\n",
    Dockerfile: "FROM alpine:3.19\nCOPY version.h /srv/\n",
    "version.h": "",
    "main.c": "",
  };
  const build = (more: Readonly<Record<string, string>>) =>
    migrate(memoryProject({ ...files, ...more, "build.sh": script })).migrations[0];
  expect(
    build({})
      ?.diagnostics.filter(({ severity }) => severity === "error")
      .map(({ message }) => message),
  ).toEqual(['"version.h", which "Dockerfile.build" copies, is not the same any more when the last image is built']);
  expect(build({ "Dockerfile.build.dockerignore": "*.h\n" })?.verdict).toBe("partial");
});
