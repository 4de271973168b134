/** Images that compose builds, as a part of a builder setup. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const EXTRACT = `docker build -t site:build -f Dockerfile.build .
docker create --name site site:build
docker cp site:/work/public ./public
docker rm site
`;
const SERVICE = `services:
  web:
    build:
      context: .
      dockerfile: Dockerfile.serve
    ports: ["80:80"]
  cache:
    image: redis:7
`;

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration | undefined {
  const tree = {
    "Dockerfile.build": "FROM node:20\nWORKDIR /work\nCOPY pages pages\nRUN mkdir public && cp -r pages public\n",
    "Dockerfile.serve": "FROM nginx:1.27\nCOPY public /usr/share/nginx/html\n",
    "pages/index.html": "hello\n",
    "compose.yaml": SERVICE,
    "build.sh": `#!/bin/sh\nset -e\n${script}`,
    ...files,
  };
  return migrate(memoryProject(tree)).migrations.find((one) => one.id === "builder-script:build.sh");
}

const written = (migration: Migration | undefined, path: string): string | undefined =>
  migration?.changes.find((change) => change.path === path)?.after;

const said = (migration: Migration | undefined, severity: string): readonly string[] =>
  (migration?.diagnostics ?? [])
    .filter((one) => one.severity === severity)
    .map(({ code, message, line }) => `${line}: ${code}: ${message}`);

describe("a final image that compose builds", () => {
  it.each([
    ["build", "docker compose build"],
    ["build of one service", "docker-compose build --no-cache web"],
    ["up", "docker compose up -d"],
    ["up with a build", "docker-compose -f compose.yaml up --build"],
  ])("takes the artifact from the stage, and the call stays as it is: %s", (_, call) => {
    const migration = run(`${EXTRACT}${call}\n`);
    expect(migration?.verdict).toBe("migrated");
    expect(written(migration, "Dockerfile.serve")).toContain(
      "COPY --from=builder /work/public /usr/share/nginx/html\n",
    );
    expect(written(migration, "build.sh")).toBe(`#!/bin/sh\nset -e\n${call}\n`);
  });

  it("has another context where the builds are joined over their common root, which the compose file is told", () => {
    const migration = run(
      `docker build -t site:build -f Dockerfile.build .
docker create --name site site:build
docker cp site:/work/public web/public
docker compose build
`,
      {
        "web/Dockerfile": "FROM nginx:1.27\nCOPY public /usr/share/nginx/html\nCOPY nginx.conf /etc/nginx/\n",
        "web/nginx.conf": "events {}\n",
        "compose.yaml": "services:\n  web:\n    build: ./web\n    image: site:web\n",
      },
    );
    expect(migration?.verdict).toBe("migrated");
    expect(written(migration, "compose.yaml")).toBe(
      "services:\n  web:\n    build:\n      context: .\n      dockerfile: web/Dockerfile\n    image: site:web\n",
    );
  });

  it("cannot be given an option of the builder's call", () => {
    const migration = run(
      `${EXTRACT.replace("build -t", 'build --build-arg LEVEL="$LEVEL" -t')}docker compose build\n`,
      { "Dockerfile.build": "FROM node:20\nARG LEVEL\nWORKDIR /work\nCOPY pages pages\nRUN cp -r pages public\n" },
    );
    expect(migration?.verdict).toBe("refused");
    expect(said(migration, "error")).toEqual([
      '7: option-conflict: the two builds have different values for "--build-arg LEVEL="$LEVEL""',
    ]);
  });
});

describe("calls of compose that are not followed", () => {
  it.each([
    ["a run", "docker compose run --rm web true", SERVICE],
    ["a build of a file that only a run knows", 'docker compose -f "$FILE" build', SERVICE],
    ["a build whose Dockerfile has a variable", "docker compose build", SERVICE.replace("Dockerfile.serve", "$FILE")],
  ])("are said, with their place: %s", (_, call, compose) => {
    const migration = run(`${EXTRACT}docker build -t site -f Dockerfile.serve .\n${call}\n`, {
      "compose.yaml": compose,
    });
    expect(said(migration, "warning")).toContain(
      `8: engine-call-unknown: what "${call.replaceAll('"', "")}" does to images and containers is not known`,
    );
  });
});
