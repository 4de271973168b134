/**
 * Values in a container's command that may be others tomorrow, and what a container writes into its volumes: what RUN makes of
 * them. `Dockerfile` copies app; unless a row says otherwise, the container starts from golang:1.22 with the checkout at /src.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

type Files = Readonly<Record<string, string>>;

const FINAL = {
  Dockerfile: "FROM alpine:3.19\nCOPY app /app\n",
  "main.go": "package main\n",
  "gen.sh": "#!/bin/sh\ngo build -o app\n",
};

/** The lines before the last stage, and the driver afterwards. */
function result(files: Files, driver: string): { readonly stage: readonly string[]; readonly driver: string } {
  const [migration] = migrate(memoryProject({ ...FINAL, ...files })).migrations.filter(
    ({ kind }) => kind === "builder-script",
  );
  const after = (path: string): string => migration?.changes.find((change) => change.path === path)?.after ?? "";
  expect(migration?.verdict).toBe("migrated");
  const dockerfile = after("Dockerfile");
  return {
    stage: dockerfile.slice(0, dockerfile.lastIndexOf("\nFROM ")).trim().split("\n").slice(1),
    driver: after(driver),
  };
}

const GO = 'docker run --rm -v "$(CURDIR):/src" -w /src golang:1.22';

describe("variables of a Makefile that callers can set", () => {
  it.each<[string, string, readonly string[], string]>([
    [
      "between quotes of a shell inside",
      `V ?= 1.0\nimage:\n\t${GO} sh -c "go build -ldflags '-X main.v=$(V)' -o app"\n\tdocker build -t app:$(V) .\n`,
      ["COPY . /src/", "ARG V=1.0", "WORKDIR /src", `RUN go build -ldflags '-X main.v='"\${V}"'' -o app`],
      `V ?= 1.0\nimage:\n\tdocker build --build-arg V="\${V}" -t app:$(V) .\n`,
    ],
    [
      "of several words, of none, and one that a rule sets for itself",
      `FLAGS = -v -a\nMORE =\nimage: OUT = app\nimage:\n\t${GO} go build $(FLAGS) $(MORE) -o $(OUT)\n\tdocker build -t app .\n`,
      ["COPY . /src/", "ARG FLAGS='-v -a'", "ARG MORE=''", "WORKDIR /src", `RUN go build \${FLAGS} \${MORE} -o app`],
      `FLAGS = -v -a\nMORE =\nimage: OUT = app\nimage:\n\tdocker build --build-arg FLAGS="\${FLAGS}" --build-arg MORE="\${MORE}" -t app .\n`,
    ],
    [
      "whose value is more than a word, by the variables in it",
      `V ?= 1.0\nCOMPILE = sh -c "go build -ldflags=-X=main.v=$(V) -o app && true"\nimage:\n\t${GO} $(COMPILE)\n\tdocker build -t app .\n`,
      ["COPY . /src/", "ARG V=1.0", "WORKDIR /src", `RUN go build -ldflags=-X=main.v=\${V} -o app`],
      `V ?= 1.0\nCOMPILE = sh -c "go build -ldflags=-X=main.v=$(V) -o app && true"\nimage:\n\tdocker build --build-arg V="\${V}" -t app .\n`,
    ],
    [
      "that ENV of the image hides",
      `GOPATH ?= /gopath\nimage:\n\t${GO} make GOPATH=$(GOPATH) app\n\tdocker build -t app .\n`,
      ["COPY . /src/", "ARG HOST_GOPATH=/gopath", "WORKDIR /src", `RUN make GOPATH=\${HOST_GOPATH} app`],
      `GOPATH ?= /gopath\nimage:\n\tdocker build --build-arg HOST_GOPATH="\${GOPATH}" -t app .\n`,
    ],
  ])("%s", (_, makefile, stage, after) => {
    expect(result({ Makefile: makefile }, "Makefile")).toEqual({ stage, driver: after });
  });

  it("gets a name of its own where the last file has an argument of that name", () => {
    const makefile = `V ?= 1.0\nimage:\n\t${GO} go build -ldflags=-X=main.v=$(V) -o app\n\tdocker build -t app .\n`;
    const Dockerfile = "FROM alpine:3.19\nARG V=dev\nRUN echo $V > /v\nCOPY app /app\n";
    expect(result({ Makefile: makefile, Dockerfile }, "Makefile")).toEqual({
      stage: [
        "COPY . /src/",
        "ARG BUILDER_V=1.0",
        "ENV V=$BUILDER_V",
        "WORKDIR /src",
        `RUN go build -ldflags=-X=main.v=\${V} -o app`,
      ],
      driver: `V ?= 1.0\nimage:\n\tdocker build --build-arg BUILDER_V="\${V}" -t app .\n`,
    });
  });
});

describe("what a shell does with words of the call", () => {
  it.each<[string, string, readonly string[], string]>([
    [
      "a variable between single quotes of the shell inside",
      `docker run --rm -v "$PWD:/src" -w /src golang:1.22 sh -c "go build -ldflags '-X main.v=$V' -o app"\n`,
      ["COPY . /src/", "ARG V", "WORKDIR /src", `RUN go build -ldflags '-X main.v='"\${V}"'' -o app`],
      `docker build --build-arg V="\${V}" -t app .\n`,
    ],
    [
      "a variable that may be no word, or several",
      `docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build $FLAGS -o app\n`,
      ["COPY . /src/", "ARG FLAGS", "WORKDIR /src", `RUN go build \${FLAGS} -o app`],
      `docker build --build-arg FLAGS="\${FLAGS}" -t app .\n`,
    ],
    [
      "a pattern where the container sees the same files",
      `docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -o app *.go\n`,
      ["COPY . /src/", "WORKDIR /src", "RUN go build -o app *.go"],
      "docker build -t app .\n",
    ],
    [
      "a pattern where it sees others",
      `docker run --rm -v "$PWD:/go/src" golang:1.22 go build -o src/app *.go\n`,
      ["COPY . /go/src/", "RUN go build -o src/app main.go"],
      "docker build -t app .\n",
    ],
  ])("%s", (_, run, stage, after) => {
    const files = { "build.sh": `${run}docker build -t app .\n` };
    expect(result(files, "build.sh")).toEqual({ stage, driver: after });
  });

  it.each<[string, string, string]>([
    [
      "its line reads",
      "sh -c 'go build -ldflags=-X=main.v=$V -o app'",
      "RUN export V=1; go build -ldflags=-X=main.v=$V -o app",
    ],
    ["only its program reads", "go build -o app", "RUN V=1 go build -o app"],
    [
      "several commands read",
      "sh -c 'go generate && go build -o app'",
      "RUN export V=1; go generate && go build -o app",
    ],
    [
      "another shell reads",
      "bash -c 'set -o pipefail; go build -o app | cat'",
      'RUN ["bash","-c","export V=1; set -o pipefail; go build -o app | cat"]',
    ],
  ])("gives a container's variables to what %s, and to no later RUN", (_, command, line) => {
    const script = `docker run --rm -v "$PWD:/src" -w /src -e V=1 golang:1.22 ${command}\ndocker build -t app .\n`;
    expect(result({ "build.sh": script }, "build.sh").stage).toEqual(["COPY . /src/", "WORKDIR /src", line]);
  });

  it("takes sort -o for a command that makes a file", () => {
    const first =
      "docker build -t b -f Dockerfile.build .\ndocker run --name x b sort -o /app main.go\ndocker cp x:/app app\n";
    const files = { "build.sh": `${first}docker build -t app .\n`, "Dockerfile.build": "FROM golang:1.22\nCOPY . .\n" };
    expect(result(files, "build.sh").stage).toContain("RUN sort -o /app main.go");
  });
});

describe("volumes of the builder", () => {
  const SCRIPT = `docker build -t b -f Dockerfile.build .\ndocker run --name x b go build -o /out/app\ndocker cp x:/out/app app\ndocker build -t app .\n`;

  it("are directories of the stage that runs what its containers ran", () => {
    const files = { "build.sh": SCRIPT, "Dockerfile.build": "FROM golang:1.22\nVOLUME /out\nWORKDIR /src\nCOPY . .\n" };
    expect(result(files, "build.sh").stage).toEqual([
      "WORKDIR /src",
      "COPY . .",
      "RUN mkdir -p /out",
      "RUN go build -o /out/app",
    ]);
  });

  it("stay where a later image is built on the builder", () => {
    const files = {
      "build.sh": SCRIPT,
      "Dockerfile.build": "FROM golang:1.22\nVOLUME /out\nWORKDIR /src\nCOPY . .\n",
      Dockerfile: "FROM b\nCOPY app /app\n",
    };
    expect(result(files, "build.sh").stage.join("\n")).toContain("VOLUME /out");
  });
});

describe("tee", () => {
  it("writes what a pipe brings", () => {
    const script = `docker build -t b -f Dockerfile.build .\ndocker run --rm b cat /out/app | tee app > /dev/null\ndocker build -t app .\n`;
    const files = { "build.sh": script, "Dockerfile.build": "FROM golang:1.22\nCOPY . .\nRUN go build -o /out/app\n" };
    expect(result(files, "build.sh").driver).toBe("docker build -t app .\n");
  });
});
