import { describe, expect, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";

const SEED = `FROM golang:1.22
WORKDIR /app
# Copy dependency manifests first (better caching)
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go test ./...
RUN go build -o /bin/server ./cmd/server
EXPOSE 8080
ENTRYPOINT ["/bin/server"]
`;

const seedProject = goProject(SEED, undefined, "cmd/server/");

describe("a fat Go image", () => {
  it("keeps the build, gates on the tests and ships only the program", () => {
    expect(migrated(seedProject).dockerfile).toBe(`FROM golang:1.22 AS builder
WORKDIR /app
# Copy dependency manifests first (better caching)
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -o /bin/server ./cmd/server

# production copies from this stage, so that a failing test fails the build.
FROM builder AS tester
RUN go test ./...

FROM gcr.io/distroless/base-debian12 AS production
WORKDIR /app
COPY --from=tester /bin/server /bin/server
EXPOSE 8080
ENTRYPOINT ["/bin/server"]
`);
  });

  it("takes the tests out of a chain", () => {
    const seen = migrated(
      goProject('FROM golang:1.22\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app . && go test ./...\nCMD ["/app"]\n'),
    );
    expect(seen.dockerfile).toContain("RUN go build -o /app .\n");
    expect(seen.dockerfile).toContain("FROM builder AS tester\nRUN go test ./...\n");
    expect(seen.flows).toEqual(["tester:/app -> /app"]);
  });

  it.each([
    ["target", ["builder:/bin/server -> /bin/server"], true],
    ["drop", ["builder:/bin/server -> /bin/server"], false],
  ])("with tests: %s copies from the builder", (tests, flows, tester) => {
    const seen = migrated(seedProject, { tests });
    expect(seen.flows).toEqual(flows);
    expect(seen.dockerfile.includes("AS tester")).toBe(tester);
  });

  it("migrates its own result to nothing", () => {
    const first = migrated(seedProject);
    expect(migrated({ ...seedProject, Dockerfile: first.dockerfile }).verdict).toBe("no-benefit");
  });

  it.each([
    ["-o names a file", "RUN go build -o /bin/x .", '["/bin/x"]', "builder:/bin/x -> /bin/x"],
    [
      "-o names a directory",
      "RUN mkdir -p /out && go build -o /out/ .",
      '["/out/shop"]',
      "builder:/out/shop -> /out/shop",
    ],
    ["the module's last name", "RUN go build", '["./shop"]', "builder:/src/shop -> /src/shop"],
    ["a file's name", "RUN go build main.go", '["./main"]', "builder:/src/main -> /src/main"],
    ["go install, found along PATH", "RUN go install .", '["shop"]', "builder:/go/bin/shop -> /go/bin/shop"],
    [
      "GOBIN",
      "RUN GOBIN=/usr/local/bin go install .",
      '["shop"]',
      "builder:/usr/local/bin/shop -> /usr/local/bin/shop",
    ],
    [
      "moved afterwards",
      "RUN go build && mv shop /usr/local/bin/",
      '["shop"]',
      "builder:/usr/local/bin/shop -> /usr/local/bin/shop",
    ],
    ["a shell variable", "ENV OUT=/srv/app\nRUN go build -o $OUT .", '["/srv/app"]', "builder:/srv/app -> /srv/app"],
    ["cd in the chain", "RUN cd / && cd /src && go build -o x .", '["/src/x"]', "builder:/src/x -> /src/x"],
  ])("finds the program by %s", (_, run, cmd, flow) => {
    const seen = migrated(goProject(`FROM golang:1.22\nCOPY . /src\nWORKDIR /src\n${run}\nCMD ${cmd}\n`));
    expect(seen.flows).toEqual([flow]);
  });

  it("searches where the old base did for a program that is started by name", () => {
    const seen = migrated(
      goProject('FROM golang:1.22\nCOPY . /src\nWORKDIR /src\nRUN go install .\nENTRYPOINT ["shop"]\n'),
    );
    expect(seen.production).toContain("ENV PATH=/go/bin:$PATH\n");
  });

  it("follows make", () => {
    const makefile =
      "BIN ?= bin/shop\n\n.PHONY: build test\nbuild: deps\n\t@go build -o $(BIN) .\n\ndeps:\n\tgo mod download\n";
    const tree = {
      ...goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN make build\nCMD ["bin/shop"]\n'),
      Makefile: makefile,
    };
    expect(migrated(tree).flows).toEqual(["builder:/src/bin/shop -> /src/bin/shop"]);
  });

  it("follows a script of the project", () => {
    const tree = {
      ...goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN ./build.sh\nCMD ["/out/shop"]\n'),
      "build.sh": "#!/bin/sh\nset -e\nOUT=/out/shop\ngo build -o $OUT .\n",
    };
    expect(migrated(tree).flows).toEqual(["builder:/out/shop -> /out/shop"]);
  });

  it("takes along what the sources open, from the context", () => {
    const main =
      'package main\n\nimport "html/template"\n\nfunc main() { template.Must(template.ParseGlob("templates/*.html")) }\n';
    const tree = {
      ...goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build\nCMD ["./shop"]\n', main),
      "templates/a.html": "a",
    };
    expect(migrated(tree).production).toContain("COPY templates /src/templates\n");
  });

  it("leaves behind what is embedded", () => {
    const main =
      'package main\n\nimport "embed"\n\n//go:embed templates\nvar fs embed.FS\n\nfunc main() { fs.ReadFile("templates/a.html") }\n';
    const tree = {
      ...goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build\nCMD ["./shop"]\n', main),
      "templates/a.html": "a",
    };
    expect(migrated(tree).production).not.toContain("COPY templates");
  });

  it("refuses a program that nothing makes", () => {
    const seen = migrated(
      goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build\nCMD ["/elsewhere/shop"]\n'),
    );
    expect(seen).toMatchObject({ verdict: "refused", codes: ["artifact-unknown"], dockerfile: "" });
  });

  it("says no-benefit where the toolchain itself runs", () => {
    const seen = migrated(goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nCMD ["go", "run", "main.go"]\n'));
    expect(seen.verdict).toBe("no-benefit");
  });

  it("says no-benefit where one command cleans up after itself", () => {
    const dockerfile = `FROM alpine:3.19
COPY . /src
RUN apk add --no-cache --virtual .build go git \\
  && cd /src && go build -o /usr/bin/shop . \\
  && cd / && rm -rf /src \\
  && apk del .build
CMD ["shop"]
`;
    expect(migrated(goProject(dockerfile)).verdict).toBe("no-benefit");
  });
});

describe("the runtime base of a Go program", () => {
  const build = (from: string, env = "", rest = ""): string =>
    `FROM ${from}\nWORKDIR /src\nCOPY . .\n${env}RUN go build -o /app .\n${rest}CMD ["/app"]\n`;

  it.each([
    ["golang:1.22", "ENV CGO_ENABLED=0\n", "", "gcr.io/distroless/static-debian12"],
    ["golang:1.22", "", "", "gcr.io/distroless/base-debian12"],
    ["golang:1.25", "", "", "gcr.io/distroless/base-debian13"],
    ["golang:1.16", "", "", "gcr.io/distroless/base-debian12"],
    ["golang:1.13", "", "", "gcr.io/distroless/base-debian12"],
    ["golang:1.22-alpine", "", "", "gcr.io/distroless/static-debian12"],
    ["golang:1.22-alpine3.19", "RUN apk add --no-cache gcc musl-dev\n", "", "alpine:3.19"],
    ["golang:1.14-alpine", "", "", "alpine:3.13"],
    ["golang:1.22", "ENV CGO_ENABLED=0\n", "RUN useradd app\nUSER app\n", "debian:bookworm-slim"],
    ["registry.example/mirror/golang:1.22-alpine", "", "", "registry.example/mirror/alpine:3.21"],
    ["example/unknown-go:7", "", "", "example/unknown-go:7"],
  ])("of %s with %j and %j is %s", (from, env, rest, base) => {
    expect(migrated(goProject(build(from, env, rest))).decisions["runtime-base"]).toBe(base);
  });

  it("has a shell where the program starts others by computed names", () => {
    const main = 'package main\n\nimport (\n\t"os"\n\t"os/exec"\n)\n\nfunc main() { exec.Command(os.Args[1]).Run() }\n';
    expect(migrated(goProject(build("golang:1.22"), main)).decisions["runtime-base"]).toBe("debian:bookworm-slim");
  });

  it("is what the answer says", () => {
    const seen = migrated(goProject(build("golang:1.22")), { "runtime-base": "registry.example/base:1" });
    expect(seen.production).toContain("FROM registry.example/base:1 AS production\n");
  });

  it("gets the certificates that the old base had", () => {
    const seen = migrated(goProject(build("golang:1.22")), { "runtime-base": "debian:bookworm-slim" });
    expect(seen.production).toContain("apt-get install -y --no-install-recommends ca-certificates");
  });
});

describe("files that the sources do not mention", () => {
  const dockerfile = 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nCMD ["/app"]\n';
  const opens = 'package main\n\nimport "os"\n\nfunc main() { _, _ = os.ReadFile(os.Args[1]) }\n';

  it("stay where their directory is customary for data and the program opens files", () => {
    const seen = migrated({
      ...goProject(dockerfile, opens),
      "migrations/1.sql": "",
      "config/config.go": "package config\n",
    });
    expect(seen.decisions).toMatchObject({ "keep:/src/migrations": "keep" });
    expect(seen.production).toContain("COPY migrations /src/migrations\n");
    expect(seen.production).not.toContain("config");
  });

  it("go where the program opens none, or holds them itself", () => {
    expect(migrated({ ...goProject(dockerfile), "migrations/1.sql": "" }).production).not.toContain("migrations");
    const embeds = opens.replace("func main", "//go:embed migrations\nvar m embed.FS\n\nfunc main");
    expect(migrated({ ...goProject(dockerfile, embeds), "migrations/1.sql": "" }).production).not.toContain(
      "migrations",
    );
  });

  it("keep the tools that sources which are not in the checkout may call", () => {
    const seen = migrated({
      Dockerfile:
        'FROM golang:1.22-alpine\nRUN apk add --no-cache git curl gcc\nRUN git clone https://example.com/a.git /src\nWORKDIR /src\nRUN go build -o /app .\nCMD ["/app"]\n',
    });
    expect(seen.production).toMatch(/apk add --no-cache git curl\n/);
  });
});

it("reads godep's go as go", () => {
  const Dockerfile = `FROM golang:1.5
COPY . /go/src/shop
WORKDIR /go/src/shop
RUN go get github.com/tools/godep && godep restore
RUN godep go install
ENTRYPOINT ["shop"]
`;
  expect(migrated({ Dockerfile, "main.go": "package main\n\nfunc main() {}\n" }).flows).toEqual([
    "builder:/go/bin/shop -> /go/bin/shop",
  ]);
});
