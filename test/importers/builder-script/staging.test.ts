/**
 * What scripts put together on the host for the last build: directories, archives, renamed Dockerfiles. One row is a script, and
 * what the last stage and the script become.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM busybox:1.35\nWORKDIR /src\nCOPY src src\nRUN make\n",
  "src/main.c": "int main(void) { return 0; }\n",
  "conf/app.ini": "[app]\n",
  "conf/log.ini": "[log]\n",
};
const HEAD = "#!/bin/sh\nset -e\n";
const BUILD = "docker build -f Dockerfile.build -t parts:build .\ndocker create --name x parts:build\n";

function run(script: string, dockerfiles: Readonly<Record<string, string>>): Migration {
  const project = memoryProject({ ...FILES, ...dockerfiles, "build.sh": HEAD + script });
  const found = migrate(project).migrations.find((one) => one.id === "builder-script:build.sh");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function codesOf(migration: Migration): readonly string[] {
  return migration.diagnostics.map(({ code }) => code);
}

function textOf(migration: Migration, path: string): string | undefined {
  return migration.changes.find((change) => change.path === path)?.after;
}

/** The stages behind the builder's own instructions. */
function lastStage(migration: Migration, path: string): string | undefined {
  return textOf(migration, path)?.split("RUN make\n")[1]?.trim();
}

describe("an archive that ADD unpacks", () => {
  const FINAL = "FROM busybox:1.35\nADD app.tgz /srv/\n";
  const TAKE = `${BUILD}docker cp x:/src/out out\ndocker rm x\n`;

  it.each([
    ["of a directory's contents", "tar czf app.tgz -C out .\n", "COPY --from=builder /src/out /srv/"],
    ["of a directory", "tar -cz -f app.tgz out\n", "COPY --from=builder /src/out /srv/out"],
    [
      "in old style, from inside the directory",
      "(cd out && tar cf ../app.tar app lib) && gzip -c app.tar > app.tgz\nrm app.tar\n",
      "COPY --from=builder /src/out/app /srv/app\nCOPY --from=builder /src/out/lib /srv/lib",
    ],
    [
      "from inside the directory and back",
      "cd out\ntar czf ../app.tgz .\ncd ..\n",
      "COPY --from=builder /src/out /srv/",
    ],
    ["in a chain", "cd out && tar czf ../app.tgz . && cd ..\n", "COPY --from=builder /src/out /srv/"],
    [
      "of artifacts and files of the checkout",
      "tar --create --gzip --file=app.tgz --directory=out app --directory=../conf app.ini\n",
      "COPY --from=builder /src/out/app /srv/app\nCOPY conf/app.ini /srv/app.ini",
    ],
    [
      "compressed in a step of its own",
      "tar -C out -cf app.tar .\ngzip app.tar\nmv app.tar.gz app.tgz\n",
      "COPY --from=builder /src/out /srv/",
    ],
    ["through a pipe", "tar c out/app | gzip > app.tgz\n", "COPY --from=builder /src/out/app /srv/out/app"],
  ])("%s", (_name, pack, copies) => {
    const migration = run(`${TAKE}${pack}docker build -t parts .\nrm -rf out app.tgz\n`, { Dockerfile: FINAL });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(`FROM busybox:1.35 AS production\n${copies}`);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
  });

  it.each([
    ["that the container streamed", "docker cp x:/src/out/. - > app.tgz\n", "COPY --from=builder /src/out /srv/", ""],
    [
      "that the image holds",
      "docker cp x:/src/app.tgz .\n",
      "COPY --from=builder /unpacked/src/app /srv/",
      "RUN mkdir -p /unpacked/src/app && tar -xzf /src/app.tgz -C /unpacked/src/app\n\n",
    ],
    [
      "that the script unpacks and packs again",
      "docker cp x:/src/app.tgz .\nmkdir t\ntar xzf app.tgz -C t --strip-components=1\nrm app.tgz\ntar czf app.tgz -C t .\nrm -r t\n",
      "COPY --from=builder /unpacked/src/app-1 /srv/",
      "RUN mkdir -p /unpacked/src/app-1 && tar -xzf /src/app.tgz -C /unpacked/src/app-1 --strip-components=1\n\n",
    ],
  ])("%s", (_name, take, copy, unpacks) => {
    const migration = run(`${BUILD}${take}docker rm x\ndocker build -t parts .\n`, { Dockerfile: FINAL });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(`${unpacks}FROM busybox:1.35 AS production\n${copy}`);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
  });

  it("is copied from the directory that it was packed from, where the Dockerfile says which", () => {
    const builder = `${FILES["Dockerfile.build"]}RUN cd out && tar -cJf ../rootfs.tar.xz .\n`;
    const migration = run(`${BUILD}docker cp x:/src/rootfs.tar.xz .\ndocker build -t parts .\n`, {
      "Dockerfile.build": builder,
      Dockerfile: "FROM scratch\nADD rootfs.tar.xz /\n",
    });
    expect(textOf(migration, "Dockerfile")).toContain("COPY --from=builder /src/out /\n");
  });

  it.each([
    ["rootfs.tar.xz", "likely", "xz"],
    ["rootfs.tar.bz2", "likely", "bzip2"],
    ["rootfs.tgz", "certain", undefined],
  ])("is unpacked in the stage by what the image may lack: %s", (name, confidence, program) => {
    const migration = run(`${BUILD}docker cp x:/src/${name} .\ndocker build -t parts .\n`, {
      Dockerfile: `FROM scratch\nADD ${name} /\n`,
    });
    const line = migration.explanation?.find(({ reason }) => reason.includes("unpacked on its way"));
    expect([line?.confidence, line?.reason.includes(`needs ${program}`)]).toEqual([confidence, program !== undefined]);
  });

  it("is a file for COPY, which nothing makes any more", () => {
    const migration = run(`${TAKE}tar czf app.tgz out\ndocker build -t parts .\n`, {
      Dockerfile: "FROM busybox:1.35\nCOPY app.tgz /srv/\n",
    });
    expect([migration.verdict, codesOf(migration)]).toEqual(["refused", ["archive-in-context"]]);
  });
});

describe("a directory that the script puts together", () => {
  const FINAL = "FROM busybox:1.35\nCOPY . /srv\n";
  const STAGED = "COPY --from=builder /src/out/app /srv/app\nCOPY conf/app.ini /srv/main.ini\nCOPY conf /srv/conf";
  const STAGE =
    "docker cp x:/src/out/app DIR/app\ndocker rm x\ncp conf/app.ini DIR/main.ini\ncp -r conf DIR/conf\ncp Dockerfile.run DIR/Dockerfile\n";

  it.each([
    ["in the checkout", "mkdir deploy\n", "deploy", "", "rm -rf deploy\n"],
    ["outside", "mkdir -p /tmp/parts\n", "/tmp/parts", "", "rm -rf /tmp/parts\n"],
    ["under a name that only the run knows", "D=$(mktemp -d)\n", '"$D"', "D=$(mktemp -d)\n", 'rm -rf "$D"\n'],
  ])("%s", (_name, make, directory, left, clean) => {
    const stage = STAGE.replaceAll("DIR", directory);
    const script = `${make}${BUILD}${stage}docker build -t parts ${directory}\n${clean}`;
    const migration = run(script, { "Dockerfile.run": FINAL });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(`FROM busybox:1.35 AS production\n${STAGED}`);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}${left}docker build -t parts .\n`);
  });

  it("out of an artifact and more", () => {
    const script = `${BUILD}docker cp x:/src/out dist\ncp conf/app.ini dist/main.ini\ndocker build -t parts .\n`;
    const migration = run(script, { Dockerfile: "FROM busybox:1.35\nCOPY dist /srv\n" });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(
      "FROM busybox:1.35 AS production\nCOPY --from=builder /src/out /srv\nCOPY conf/app.ini /srv/main.ini",
    );
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
  });

  it("stays where a command makes a part of it", () => {
    const script = `mkdir deploy\n${BUILD}docker cp x:/src/out/app deploy/app\necho 1 > deploy/version\ndocker build -f Dockerfile.run -t parts deploy\n`;
    const migration = run(script, { "Dockerfile.run": FINAL });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(
      "FROM busybox:1.35 AS production\nCOPY deploy /srv\nCOPY --from=builder /src/out/app /srv/app",
    );
    expect(textOf(migration, "build.sh")).toBe(
      `${HEAD}mkdir deploy\necho 1 > deploy/version\ndocker build -t parts .\n`,
    );
  });
});

describe("the commands that put files somewhere", () => {
  it.each([
    ["cp into a directory", "cp out/app bin/", "COPY bin /srv", "COPY --from=builder /src/out/app /srv/app"],
    [
      "cp -t",
      "cp -t bin out/app out/lib",
      "COPY bin /srv",
      "COPY --from=builder /src/out/app /srv/app\nCOPY --from=builder /src/out/lib /srv/lib",
    ],
    ["cp -T", "cp -rT out bin", "COPY bin /srv", "COPY --from=builder /src/out /srv"],
    ["cp of what is in it", "cp -a out/. bin", "COPY bin /srv", "COPY --from=builder /src/out /srv"],
    [
      "mv under another name",
      "mv out/app bin/server",
      "COPY bin/server /srv/",
      "COPY --from=builder /src/out/app /srv/server",
    ],
    ["mv of a directory", "mv out bin/web", "COPY bin/web /srv", "COPY --from=builder /src/out /srv"],
    ["ln", "ln out/app bin/app", "COPY bin/app /srv/app", "COPY --from=builder /src/out/app /srv/app"],
    ["rsync of what is in it", "rsync -a --delete out/ bin/", "COPY bin /srv", "COPY --from=builder /src/out /srv"],
    ["rsync of a directory", "rsync -av out bin", "COPY bin /srv", "COPY --from=builder /src/out /srv/out"],
    ["a pattern", "cp out/*.so bin/", "COPY bin/*.so /srv/", "COPY --from=builder /src/out/*.so /srv/"],
    ["a pattern in a directory", "cp out/*.so bin/", "COPY bin /srv", "COPY --from=builder /src/out/*.so /srv/"],
  ])("%s", (_name, command, copy, copies) => {
    const script = `mkdir -p bin\n${BUILD}docker cp x:/src/out out\n${command}\ndocker build -t parts .\nrm -rf bin\n`;
    const migration = run(script, { Dockerfile: `FROM busybox:1.35\n${copy}\n` });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(`FROM busybox:1.35 AS production\n${copies}`);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
  });

  it("install, with the mode that it gives", () => {
    const script = `${BUILD}docker cp x:/src/out out\ninstall -D -m 0700 out/app bin/app\ndocker build -t parts .\n`;
    const migration = run(script, { Dockerfile: "FROM busybox:1.35\nCOPY bin/app /srv/app\n" });
    expect(codesOf(migration)).toEqual([]);
    expect(lastStage(migration, "Dockerfile")).toBe(
      "RUN chmod 0700 /src/out/app\n\nFROM busybox:1.35 AS production\nCOPY --from=builder /src/out/app /srv/app",
    );
  });

  it("chown, which no context keeps", () => {
    const script = `${BUILD}docker cp x:/src/out out\nsudo chown -R root:root out\ndocker build -t parts .\n`;
    const migration = run(script, { Dockerfile: "FROM busybox:1.35\nCOPY out /srv\n" });
    expect(codesOf(migration)).toEqual([]);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
  });
});

describe("a Dockerfile under another name", () => {
  const FINAL = "FROM busybox:1.35\nCOPY app /srv/\n";
  const TAKE = `${BUILD}docker cp x:/src/out/app app\n`;

  it.each([
    ["copied", "cp Dockerfile.prod Dockerfile\ndocker build -t parts .\nrm Dockerfile\n"],
    ["moved and moved back", "mv Dockerfile.prod Dockerfile\ndocker build -t parts .\nmv Dockerfile Dockerfile.prod\n"],
  ])("%s", (_name, build) => {
    const migration = run(`${TAKE}${build}`, { "Dockerfile.prod": FINAL });
    expect(codesOf(migration)).toEqual([]);
    expect(textOf(migration, "build.sh")).toBe(`${HEAD}docker build -t parts .\n`);
    expect(migration.changes.map(({ path, action }) => `${action} ${path}`)).toEqual([
      "create Dockerfile",
      "delete Dockerfile.build",
      "delete Dockerfile.prod",
      "modify build.sh",
    ]);
  });

  it("keeps its own name where the command does more", () => {
    const build =
      "mkdir d\ncp Dockerfile.prod conf/app.ini d/\necho 1 > d/version\ncp app d/\ndocker build -f d/Dockerfile.prod -t parts d\n";
    const migration = run(`${TAKE}${build}`, { "Dockerfile.prod": "FROM busybox:1.35\nCOPY . /srv/\n" });
    expect(textOf(migration, "build.sh")).toContain("cp Dockerfile.prod conf/app.ini d/\n");
    expect(textOf(migration, "Dockerfile.prod")).toBeDefined();
  });
});

it("leaves a file of the machine that the script runs on to the script, and says so", () => {
  const script = `mkdir deploy\n${BUILD}docker cp x:/src/out/app deploy/app\ncp /usr/lib/libgcc_s.so.1 deploy\ndocker build -f Dockerfile.run -t parts deploy\n`;
  const migration = run(script, { "Dockerfile.run": "FROM busybox:1.35\nCOPY . /srv\n" });
  expect([migration.verdict, migration.diagnostics.map(({ message }) => message)]).toEqual([
    "partial",
    ['"." still comes from the host, by "cp /usr/lib/libgcc_s.so.1 deploy"'],
  ]);
});

describe("a staged file that the script changes before the build", () => {
  const FINAL = "FROM busybox:1.35\nCOPY app app.ini /srv/\n";
  const script = (change: string): string =>
    `${BUILD}mkdir w\ndocker cp x:/src/out/app w/\ncp Dockerfile conf/app.ini w/\n${change}docker build -t parts w\n`;

  it.each([
    ["sed -i s/app/prod/ w/app.ini\n", ["artifact-changed-on-host"]],
    ["chmod 600 w/app.ini\n", ["artifact-changed-on-host"]],
    ["", []],
  ])("is refused: %s", (change, codes) => {
    expect(codesOf(run(script(change), { Dockerfile: FINAL }))).toEqual(codes);
  });
});
