import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const SERVER = `package main

import "net/http"

func main() { http.ListenAndServe(":8080", http.FileServer(http.Dir("static"))) }
`;
const EMBEDDING = `package main

import "embed"

//go:embed static
var files embed.FS

func main() {}
`;
const WEB = `FROM node:20 AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web .
RUN npm run build
`;

/** A Go server, and the front end that a stage of its own builds. */
function goProject(dockerfile: string, main = SERVER): Record<string, string> {
  return {
    Dockerfile: dockerfile,
    "go.mod": "module example.com/shop\n\ngo 1.22\n\nrequire example.com/colors v1.0.0\n",
    "go.sum": "",
    "main.go": main,
    "web/package.json": '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"5.2.0"}}',
    "web/package-lock.json": "{}",
    "web/index.html": "<p>shop</p>",
  };
}

function nodeProject(dockerfile: string): Record<string, string> {
  const manifest = {
    scripts: { build: "tsc" },
    dependencies: { express: "4.19.2" },
    devDependencies: { typescript: "5.4.5" },
  };
  return {
    Dockerfile: dockerfile,
    "package.json": JSON.stringify(manifest),
    "package-lock.json": "{}",
    "tsconfig.json": '{"compilerOptions":{"outDir":"dist"}}',
    "src/index.ts": 'import express from "express";\nexpress();\n',
  };
}

const GO_LAST = `FROM golang:1.22
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY *.go ./
COPY --from=web /web/dist ./static
RUN go build -o /bin/server .
EXPOSE 8080
CMD ["/bin/server"]
`;

describe("the last stage of several", () => {
  it("is split where it ships its toolchain; the others stay byte for byte", () => {
    const seen = migrated(goProject(`ARG NODE=20\n${WEB.replace("node:20", "node:$NODE")}\n# The server\n${GO_LAST}`));
    expect(seen.dockerfile).toBe(`ARG NODE=20
${WEB.replace("node:20", "node:$NODE")}
# The server
FROM golang:1.22 AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY *.go ./
COPY --from=web /web/dist ./static
RUN go build -o /bin/server .

FROM gcr.io/distroless/base-debian12 AS production
WORKDIR /app
COPY --from=web /web/dist ./static
COPY --from=builder /bin/server /bin/server
EXPOSE 8080
CMD ["/bin/server"]
`);
    expect(seen.flows).toEqual(["web:/web/dist -> /app/static", "builder:/bin/server -> /bin/server"]);
  });

  it("leaves what the program has inside of it to the build", () => {
    const seen = migrated(goProject(`${WEB}\n${GO_LAST}`, EMBEDDING));
    expect(seen.flows).toEqual(["builder:/bin/server -> /bin/server"]);
    expect(seen.dockerfile.match(/COPY --from=web/g)).toHaveLength(1);
  });

  it("keeps what it takes from another stage where nobody can tell whether a program opens it", () => {
    const silent = goProject(`${WEB}\n${GO_LAST}`, "package main\n\nfunc main() {}\n");
    expect(migrated(silent).decisions["keep:/app/static"]).toBe("keep");
    expect(migrated(silent).flows).toContain("web:/web/dist -> /app/static");
    expect(migrated(silent, { "keep:/app/static": "drop" }).flows).toEqual(["builder:/bin/server -> /bin/server"]);
  });

  it("migrates its own result to nothing", () => {
    const first = migrated(goProject(`${WEB}\n${GO_LAST}`));
    const again = migrated(goProject(first.dockerfile));
    expect([again.verdict, again.summary]).toEqual([
      "no-benefit",
      "The file is multi-stage already: nothing is built in its last stage.",
    ]);
  });

  it("brings tests along", () => {
    const tested = GO_LAST.replace("RUN go build", "RUN go test ./...\nRUN go build");
    const seen = migrated(goProject(`${WEB}\n${tested}`));
    expect(seen.dockerfile).toContain("FROM builder AS tester\nRUN go test ./...\n");
    expect(seen.flows).toContain("tester:/bin/server -> /bin/server");
  });

  it.each([
    ["an unnamed stage", "FROM golang:1.22", "builder", "production"],
    ["a name that callers do not build", "FROM golang:1.22 AS build", "build", "production"],
    ["a name for what ships", "FROM golang:1.22 AS server", "builder", "server"],
  ])("names the two parts of %s", (_, from, builder, production) => {
    const seen = migrated(goProject(`${WEB}\n${GO_LAST.replace("FROM golang:1.22", from)}`));
    expect([...seen.dockerfile.matchAll(/^FROM .* AS (\S+)$/gm)].map(([, name]) => name)).toEqual([
      "web",
      builder,
      production,
    ]);
  });

  it.each([
    ["a script", "build.md", "Run `docker build --target build .`\n"],
    ["compose", "compose.yaml", "services:\n  app:\n    build:\n      context: .\n      target: build\n"],
    ["bake", "docker-bake.hcl", 'target "app" {\n  target = "build"\n}\n'],
    ["a workflow", ".github/workflows/ci.yml", "steps:\n  - with:\n      target: build # the image\n"],
    ["a makefile", "Makefile", "image:\n\tdocker build --target=build -t shop .\n"],
  ])("keeps a name that %s builds for what ships", (_, path, text) => {
    const dockerfile = `${WEB}\n${GO_LAST.replace("FROM golang:1.22", "FROM golang:1.22 AS build")}`;
    const seen = migrated({ ...goProject(dockerfile), [path]: text });
    expect(seen.dockerfile).toContain("FROM golang:1.22 AS builder\n");
    expect(seen.production).toMatch(/^FROM \S+ AS build\n/);
  });

  it("takes no name that another stage has", () => {
    const taken = `${WEB.replace("AS web", "AS builder")}\nFROM builder AS Production\nRUN npm test\n\n`;
    const seen = migrated(goProject(taken + GO_LAST.replace("--from=web", "--from=builder")));
    expect(seen.dockerfile.startsWith(taken)).toBe(true);
    expect(seen.dockerfile).toContain("FROM golang:1.22 AS builder-stage-2\n");
    expect(seen.production).toMatch(/AS production-stage-2\n/);
  });

  it("gives names to stages that are found by number", () => {
    const seen = migrated(goProject(`${WEB.replace(" AS web", "")}\n${GO_LAST.replace("--from=web", "--from=0")}`));
    expect(seen.dockerfile).toContain("FROM node:20 AS builder\n");
    expect(seen.flows).toEqual(["builder:/web/dist -> /app/static", "builder-stage-2:/bin/server -> /bin/server"]);
  });
});

describe("a last stage that stands on another one", () => {
  const base =
    'FROM golang:1.22 AS base\nWORKDIR /app\nENV PORT=8080\nLABEL team="shop"\nCOPY go.mod go.sum ./\nRUN go mod download\n';

  it("is read through that stage, which stays", () => {
    const seen = migrated(
      goProject(`${base}\nFROM base\nCOPY main.go ./\nRUN go build -o /bin/server .\nCMD ["/bin/server"]\n`, EMBEDDING),
    );
    expect(seen.dockerfile).toBe(`${base}
FROM base AS builder
COPY main.go ./
RUN go build -o /bin/server .

FROM gcr.io/distroless/base-debian12 AS production
WORKDIR /app
ENV PORT=8080
LABEL team="shop"
COPY --from=builder /bin/server /bin/server
CMD ["/bin/server"]
`);
  });

  it("copies from that stage where all is built in it", () => {
    const seen = migrated(
      goProject(`${base}COPY main.go ./\nRUN go build -o /bin/server .\n\nFROM base\nCMD ["/bin/server"]\n`, EMBEDDING),
    );
    expect(seen.flows).toEqual(["base:/bin/server -> /bin/server"]);
    expect(seen.dockerfile).not.toContain("AS builder");
  });

  it("has its tests as a gate still, since it copies from the stage with them", () => {
    const built = `${base}COPY main.go ./\nRUN go test ./... && go build -o /bin/server .\n`;
    const seen = migrated(goProject(`${built}\nFROM base\nCMD ["/bin/server"]\n`, EMBEDDING));
    expect(seen.flows).toEqual(["base:/bin/server -> /bin/server"]);
    expect(seen.dockerfile.startsWith(built)).toBe(true);
  });

  it("does not inherit a CMD that its ENTRYPOINT resets", () => {
    const dockerfile = `${base}CMD ["--help"]\n\nFROM base\nCOPY main.go ./\nRUN go build -o /bin/server .\nENTRYPOINT ["/bin/server"]\n`;
    const seen = migrated(goProject(dockerfile, EMBEDDING));
    expect(seen.production).toContain('ENTRYPOINT ["/bin/server"]');
    expect(seen.production).not.toContain("--help");
  });

  it("is left alone where a build argument chooses the stage", () => {
    const last = 'FROM $BASE\nCOPY main.go ./\nRUN go build -o /bin/server .\nCMD ["/bin/server"]\n';
    const seen = migrated(goProject(`ARG BASE=base\n${base}\n${last}`));
    expect([seen.verdict, seen.summary]).toEqual([
      "no-benefit",
      "The file is multi-stage already: a build argument chooses the stage that its last one stands on.",
    ]);
  });
});

describe("what a last stage takes from others", () => {
  const libraries = "FROM node:20 AS libraries\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n";

  it("is pruned where it holds libraries for development", () => {
    const seen = migrated(
      nodeProject(
        `${libraries}\nFROM node:20\nWORKDIR /app\nCOPY --from=libraries /app/node_modules ./node_modules\nCOPY . .\nRUN npm run build\nCMD ["node", "dist/index.js"]\n`,
      ),
    );
    expect(seen.verdict).toBe("migrated");
    expect(seen.decisions.dependencies).toBe("prune");
    expect(seen.dockerfile).toContain("FROM builder AS dependencies\nWORKDIR /app\nRUN npm prune");
    expect(seen.flows).toEqual([
      "dependencies:/app/node_modules -> /app/node_modules",
      "builder:/app/dist -> /app/dist",
    ]);
  });

  it("stays as it is where it holds what production needs", () => {
    const seen = migrated(
      nodeProject(
        `${libraries.replace("npm ci", "npm ci --omit=dev")}\nFROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && rm -rf node_modules\nCOPY --from=libraries /app/node_modules ./node_modules\nCMD ["node", "dist/index.js"]\n`,
      ),
    );
    expect(seen.flows).toContain("libraries:/app/node_modules -> /app/node_modules");
  });

  it("is refused where a stage that may be there to fail would no longer run", () => {
    const checked = `FROM golang:1.22 AS lint\nCOPY . /src\nRUN cd /src && go vet ./... && touch /tmp/ok\n\n`;
    const last =
      'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /bin/server .\nCOPY --from=lint /tmp/ok /tmp/ok\nCMD ["/bin/server"]\n';
    const seen = migrated(goProject(checked + last, EMBEDDING));
    expect([seen.verdict, seen.codes]).toEqual(["refused", ["stage-unreached"]]);
  });
});

it("takes what a program of the project writes for what the build made", () => {
  const project = {
    Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && node build.js\nCMD ["node", "dist/server.js"]\n',
    "package.json": "{}",
    "package-lock.json": "{}",
    "build.js": "",
    "src/server.js": "",
  };
  expect(migrated(project).flows).toEqual(["builder:/app/dist -> /app/dist"]);
});

describe("a file whose last stage is lean", () => {
  it.each([
    [
      "copies a program",
      "FROM alpine:3.20\nRUN apk add --no-cache ca-certificates\nCOPY --from=build /server /server\n",
    ],
    [
      "has headers for what others built",
      "FROM debian:12-slim\nRUN apt-get update && apt-get install -y libpq-dev\nCOPY --from=build /server /server\n",
    ],
    ["serves files", "FROM nginx:1.27\nCOPY --from=build /server /usr/share/nginx/html\n"],
    [
      "runs an archive with Java",
      'FROM eclipse-temurin:21\nCOPY --from=build /server /app.jar\nCMD ["java", "-jar", "/app.jar"]\n',
    ],
  ])("is left alone where it %s", (_, last) => {
    const built = "FROM golang:1.22 AS build\nCOPY . /src\nRUN cd /src && go build -o /server .\n";
    const seen = migrated(goProject(`${built}\n${last}CMD ["/server"]\n`));
    expect([seen.verdict, seen.summary, seen.codes]).toEqual([
      "no-benefit",
      "The file is multi-stage already: nothing is built in its last stage.",
      [],
    ]);
  });

  it("says that production libraries on a slim base stay", () => {
    const last =
      'FROM node:20-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\nCOPY --from=build /app/dist ./dist\nCMD ["node", "dist/index.js"]\n';
    const built = "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n";
    const seen = migrated(nodeProject(`${built}\n${last}`));
    expect([seen.verdict, seen.summary]).toEqual([
      "no-benefit",
      "The file is multi-stage already, and its last stage stays. Everything that the image holds serves run time.",
    ]);
  });

  it("gets a smaller base where only a program is copied into the image of a compiler", () => {
    const built = "FROM golang:1.22 AS build\nCOPY . /src\nRUN cd /src && CGO_ENABLED=0 go build -o /server .\n";
    const seen = migrated(
      goProject(`${built}\nFROM golang:1.22\nCOPY --from=build /server /server\nCMD ["/server"]\n`),
    );
    expect(seen.production).toBe(
      'FROM gcr.io/distroless/static-debian12 AS production\nWORKDIR /go\nCOPY --from=build /server /server\nCMD ["/server"]\n',
    );
  });

  it("keeps the base where it cannot be told what is copied into the image of a compiler", () => {
    const built = "FROM debian:12 AS build\nCOPY . /src\nRUN /src/configure-and-build\n";
    const seen = migrated(
      goProject(`${built}\nFROM golang:1.22\nCOPY --from=build /server /server\nCMD ["/server"]\n`),
    );
    expect(seen.verdict).toBe("no-benefit");
  });
});
