/** Setups that are recognised and refused, or migrated with a step that stays: what is said, and where. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILD = "docker build -f Dockerfile.build -t b .\n";
const CP = "docker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n";
const FINAL = "docker build -t app .\n";
const TREE = {
  "build.sh": BUILD + CP + FINAL,
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
  "main.go": "package main\n",
};

function run(extra: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject({ ...TREE, ...extra })).migrations.find((one) => one.kind === "builder-script");
}

function said(migration: Migration | undefined): readonly (readonly unknown[])[] {
  return (migration?.diagnostics ?? []).map(({ code, message, path, line }) => [code, message, `${path}:${line}`]);
}

describe("a directory that a container compiled in, and that a build copies whole", () => {
  const compile = 'docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -v\n';

  it("is named where it is not known what came into it", () => {
    const migration = run({
      "build.sh": compile + FINAL,
      Dockerfile: "FROM alpine:3.19\nCOPY . /srv/\n",
      ".dockerignore": "*.md\n",
    });
    expect(migration?.verdict).toBe("refused");
    expect(said(migration)).toEqual([
      [
        "mount-contents-unknown",
        `"COPY . /srv/" takes along what "docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -v" left in ".", and it is not known what that is`,
        "build.sh:1",
      ],
    ]);
  });

  it.each([
    ["compiles by itself", "FROM golang:1.22\nCOPY . /srv/\nRUN cd /srv && go build\n", compile],
    ["takes another directory", "FROM alpine:3.19\nCOPY etc /etc/\n", compile.replace("$PWD:", "$PWD/bin:")],
    ["follows a test", "FROM alpine:3.19\nCOPY . /srv/\n", compile.replace("build -v", "test ./...")],
  ])("is nothing to name where the build %s", (_, Dockerfile, script) => {
    expect(run({ "build.sh": script + FINAL, Dockerfile, "etc/app.conf": "x" })).toBeUndefined();
  });
});

describe("Windows containers", () => {
  it.each([
    [
      "the base image",
      { Dockerfile: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY app /srv/\n" },
      "mcr.microsoft.com/windows/nanoserver:ltsc2022",
      "Dockerfile:1",
    ],
    [
      "the base image's tag",
      { "Dockerfile.build": "FROM golang:1.22-nanoserver\nCOPY . .\nRUN go build -o /out/app\n" },
      "golang:1.22-nanoserver",
      "Dockerfile.build:1",
    ],
    [
      "the shell",
      { Dockerfile: 'FROM $BASE\nSHELL ["powershell", "-Command"]\nCOPY app /srv/\n' },
      "SHELL powershell",
      "Dockerfile:2",
    ],
    ["a drive", { Dockerfile: "FROM base\nWORKDIR C:\\\\app\nCOPY app .\n" }, "C:\\\\app", "Dockerfile:2"],
    ["the escape character", { Dockerfile: "# escape=`\nFROM base\nCOPY app /srv/\n" }, "# escape=`", "Dockerfile:1"],
    [
      "the call",
      { "build.sh": `${BUILD}${CP}docker build --isolation=hyperv -t app .\n` },
      "--isolation hyperv",
      "build.sh:5",
    ],
  ])("are refused by %s", (_, extra, sign, place) => {
    const migration = run(extra);
    expect(migration?.verdict).toBe("refused");
    expect(said(migration)).toEqual([
      ["windows-container", `"${sign}" makes Windows containers, which are not migrated`, place],
    ]);
  });

  it("that the driver does not build are none of its business", () => {
    const migration = run({ "windows/Dockerfile": "FROM mcr.microsoft.com/windows/nanoserver\nCOPY app /\n" });
    expect(migration?.verdict).toBe("migrated");
  });
});

describe("hand-over by network", () => {
  const URL_FINAL = "FROM alpine:3.19\nARG APP_URL\nRUN wget -O /srv/app $APP_URL\n";

  it.each([
    ["scp and an address from the call", "scp app web:/releases/app\n", URL_FINAL, "RUN wget -O /srv/app $APP_URL", 3],
    [
      "a bucket and ADD of its address",
      "aws s3 cp ./app s3://store/app\n",
      "FROM alpine\nADD https://store.example/app /srv/\n",
      "ADD https://store.example/app /srv/",
      2,
    ],
  ])("is refused with its place: %s", (_, upload, dockerfile, fetch) => {
    const migration = run({ "build.sh": BUILD + CP + upload + FINAL, Dockerfile: dockerfile });
    expect(migration?.verdict).toBe("refused");
    expect(migration?.changes).toEqual([]);
    expect(said(migration)).toEqual([
      [
        "network-hand-over",
        `"/out/app" goes to the second image over the network, by "${upload.trim()}"`,
        "build.sh:5",
      ],
    ]);
    expect(migration?.diagnostics[0]?.help).toBe(
      `put the file into the second build's context and COPY it there, in place of "${fetch}"`,
    );
  });

  it("is found where another script uploads", () => {
    const migration = run({ "build.sh": BUILD + CP, "publish.sh": "rsync app web:/srv/\n", Dockerfile: URL_FINAL });
    expect(said(migration).map(([code, , place]) => [code, place])).toEqual([["network-hand-over", "publish.sh:1"]]);
  });

  it("is found where a container that ran made the file", () => {
    const started = "id=$(docker create b)\ndocker start -a $id\ndocker cp $id:/out/app .\n";
    const migration = run({
      "build.sh": `${BUILD}${started}scp app web:/releases/app\n${FINAL}`,
      "Dockerfile.build": `${TREE["Dockerfile.build"].replace("RUN go build -o /out/app .", 'CMD ["go", "build", "-o", "/out/app"]')}`,
      Dockerfile: URL_FINAL,
    });
    expect(said(migration).map(([code, , place]) => [code, place])).toEqual([["network-hand-over", "build.sh:5"]]);
  });

  it("is none where the second image copies the file, which is also released", () => {
    const migration = run({ "build.sh": `${BUILD}${CP}${FINAL}scp app web:/releases/\n` });
    expect(migration?.diagnostics.map(({ code }) => code)).toEqual(["artifact-kept-on-host"]);
  });
});

it("refuses ONBUILD instructions whose context would be another one", () => {
  const migration = run({
    "build.sh":
      "docker build -t b src\ndocker create --name x b\ndocker cp x:/go/bin/app deploy/app\ndocker build -t app deploy\n",
    "src/Dockerfile": "FROM golang:1.8-onbuild\n",
    "src/main.go": "package main\n",
    "deploy/Dockerfile": "FROM alpine\nCOPY app /\n",
  });
  expect(said(migration)).toEqual([
    [
      "onbuild-context",
      'the ONBUILD instructions of "golang:1.8-onbuild" copy from "src", and the joined build has the context "."',
      "src/Dockerfile:1",
    ],
  ]);
});

describe("files that the host makes or has", () => {
  it("are no setup without an extraction", () => {
    expect(run({ "build.sh": `go build -o app .\n${FINAL}` })).toBeUndefined();
  });

  it.each([
    ["compiled", "CGO_ENABLED=0 go build -o tool .\n", "tool"],
    ["of its system", "cp /usr/lib/x86_64-linux-gnu/libz.so.1 .\n", "libz.so.1"],
  ])("stay with their step, which is named: %s", (_, step, file) => {
    const migration = run({
      "build.sh": step + BUILD + CP + FINAL,
      Dockerfile: `FROM alpine:3.19\nCOPY app ${file} /srv/\n`,
    });
    expect(migration?.changes.find(({ path }) => path === "build.sh")?.after).toBe(`${step}${FINAL}`);
    expect(said(migration)).toEqual([
      ["file-from-host", `"${file}" still comes from the host, by "${step.trim()}"`, "build.sh:1"],
    ]);
  });
});

it("names the word that only a real run turns into a Dockerfile", () => {
  const migration = run({ "build.sh": `${BUILD}${CP}docker build -f $WHICH -t app .\n` });
  expect(said(migration)).toEqual([
    ["dockerfile-name-unknown", 'only a real run knows which Dockerfile "$WHICH" is', "build.sh:5"],
  ]);
});
