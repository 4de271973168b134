import { describe, expect, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";

const node = (dockerfile: string): Record<string, string> => ({
  Dockerfile: dockerfile,
  "package.json":
    '{"name":"a","scripts":{"test":"node --test test/server.test.js"},"dependencies":{"a":"1"},"devDependencies":{"b":"1"}}',
  "package-lock.json": '{"lockfileVersion":3,"packages":{}}',
  "src/server.js": 'require("a");\n',
  "test/server.test.js": "",
});

describe("tests that gate the build", () => {
  it("ships the tested sources where nothing is built, without the tests", () => {
    const seen = migrated(
      node(
        'FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm test\nCMD ["node", "src/server.js"]\n',
      ),
    );
    expect(seen.production).toContain("COPY --from=tester /app/src /app/src\n");
    expect(seen.production).not.toMatch(/COPY \. |\/app\/test/);
  });

  it("keeps tests in their place where what follows takes away what they need", () => {
    const seen = migrated(
      node(
        'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm test && npm prune --omit=dev\nCMD ["node", "src/server.js"]\n',
      ),
    );
    if (seen.verdict === "refused") return expect(seen.codes).toContain("tests-ungated");
    expect(seen.dockerfile).not.toContain("AS tester");
    expect(seen.dockerfile).toContain("RUN npm ci && npm test && npm prune --omit=dev\n");
    expect(seen.production).toContain("--from=builder");
  });

  it("keeps the order of a chain whose later commands remove the sources", () => {
    const seen = migrated(
      goProject(
        'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go test ./... && CGO_ENABLED=0 go build -o /app . && rm -rf /src/*\nCMD ["/app"]\n',
      ),
    );
    expect(seen.dockerfile).toContain("RUN go test ./... && CGO_ENABLED=0 go build -o /app . && rm -rf /src/*\n");
    expect(seen.flows).toEqual(["builder:/app -> /app"]);
  });
});

it("leaves a check where it is whose failure nothing sees", () => {
  const run = "RUN go vet ./... ; CGO_ENABLED=0 go build -o /app .\n";
  const seen = migrated(goProject(`FROM golang:1.22\nWORKDIR /src\nCOPY . .\n${run}CMD ["/app"]\n`));
  expect(seen.dockerfile).toContain(run);
  expect(seen.dockerfile).not.toContain("tester");
});

it("installs nothing in the runtime stage that a later command takes away", () => {
  const seen = migrated(
    goProject(
      'FROM alpine:3.19\nRUN apk add --no-cache go git ca-certificates\nWORKDIR /src\nCOPY . .\nRUN go build -o /usr/bin/app . && apk del go git\nCMD ["app"]\n',
    ),
  );
  expect(seen.production).toContain("RUN apk add --no-cache ca-certificates\n");
});

describe("a base that an answer names", () => {
  it.each([
    ["a shell", "RUN useradd app\n", "USER app\n", "scratch"],
    ["the user", "", "USER app\n", "gcr.io/distroless/static-debian12"],
  ])("is refused where it lacks %s", (_, before, after, base) => {
    const tree = goProject(
      `FROM golang:1.22\n${before}COPY . /src\nWORKDIR /src\nRUN CGO_ENABLED=0 go build -o /app .\n${after}CMD ["/app"]\n`,
    );
    expect(migrated(tree, { "runtime-base": base }).codes).toContain("base-unfit");
  });
});
