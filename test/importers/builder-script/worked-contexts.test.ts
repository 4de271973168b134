/** A whole context that a container worked on through a mount, and images that no Dockerfile of the project makes. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const FINAL = "FROM alpine:3.19\nCOPY . /app/\n";
const RUN = 'docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build\n';
const BUILD = "docker build -t app .\n";

function run(tree: Readonly<Record<string, string>>): Migration | undefined {
  const { migrations } = migrate(memoryProject({ "main.go": "", Dockerfile: FINAL, ...tree }));
  return migrations.find((one) => one.kind === "builder-script");
}

function changed(migration: Migration | undefined, path: string): string | undefined {
  return migration?.changes.find((change) => change.path === path)?.after;
}

const BUILDER =
  "FROM golang:1.22 AS builder\nCOPY . /src/\nWORKDIR /src\nRUN go build\n\nFROM alpine:3.19 AS production\n";

describe("COPY . of what a container worked on", () => {
  it("comes from the stage, under whatever names the container gave", () => {
    const migration = run({ "build.sh": RUN + BUILD });
    expect(migration?.verdict).toBe("migrated");
    expect(changed(migration, "Dockerfile")).toBe(`${BUILDER}COPY --from=builder /src /app/\n`);
    expect(changed(migration, "build.sh")).toBe(BUILD);
  });

  it("brings along what the script puts there afterwards", () => {
    const migration = run({ "build.sh": `${RUN}cp bin/app server\n${BUILD}` });
    expect(changed(migration, "Dockerfile")).toBe(
      `${BUILDER}COPY --from=builder /src /app/\nCOPY --from=builder /src/bin/app /app/server\n`,
    );
  });

  it("leaves nothing on the host that the script could remove", () => {
    const migration = run({ "build.sh": `set -e\n${RUN}${BUILD}rm app\nrm -f main.go.orig\n` });
    expect(changed(migration, "build.sh")).toBe(`set -e\n${BUILD}`);
  });

  it("is refused where the script takes a part of it away before", () => {
    const migration = run({ "build.sh": `${RUN}rm -r main.go\n${BUILD}` });
    expect(migration?.verdict).toBe("refused");
  });

  it("is refused where ignore rules keep a part out", () => {
    const migration = run({ "build.sh": RUN + BUILD, ".dockerignore": "bin\n" });
    expect(migration?.diagnostics.map(({ code }) => code)).toEqual(["mount-contents-unknown"]);
  });

  it.each([
    ["a container that only tests", RUN.replace("go build", "go test ./..."), {}],
    ["a build that compiles by itself", RUN, { Dockerfile: `${FINAL}RUN cd /app && go build\n` }],
  ])("is left alone: %s", (_, command, extra) => {
    expect(run({ "build.sh": command + BUILD, ...extra })).toBeUndefined();
  });
});

describe("an image with a version that nothing in the project makes", () => {
  const tree = {
    "build.sh": 'docker run --rm -v "$PWD":/work -w /work gradle:4.7-jdk8 gradle build\ndocker build -t app .\n',
    Dockerfile: "FROM alpine:3.19\nCOPY build/libs/app.jar /srv/\n",
  };

  it("is taken from a registry, and works as root on what COPY brings", () => {
    const migration = run(tree);
    expect(migration?.verdict).toBe("migrated");
    expect(migration?.diagnostics.map(({ code }) => code)).toEqual(["builder-image-pulled"]);
    expect(changed(migration, "Dockerfile")).toBe(
      "FROM gradle:4.7-jdk8 AS builder\nCOPY . /work/\nWORKDIR /work\nUSER root\nRUN gradle build\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /work/build/libs/app.jar /srv/\n",
    );
  });

  it("is not, where a Dockerfile is left that may make it", () => {
    const migration = run({ ...tree, "tools/Dockerfile": "FROM gradle\n" });
    expect(migration?.diagnostics.map(({ code }) => code)).toEqual(["builder-image-unknown"]);
  });
});

it("reads command -v as a question about a program, not as one that is run", () => {
  const migration = run({
    "build.sh": `${RUN}if [ $(command -v podman) ]; then\n  podman build -t app .\nelse\n  docker build -t app .\nfi\n`,
    Dockerfile: "FROM alpine:3.19\nCOPY bin/app /srv/\n",
  });
  expect(migration?.verdict).toBe("migrated");
  expect(migration?.diagnostics.map(({ code }) => code)).toEqual(["condition-assumed"]);
});

it("finds the compose file that is there, where a container may have written others", () => {
  const migration = run({
    "build.sh": `${RUN}docker-compose build\n`,
    Dockerfile: "FROM alpine:3.19\nCOPY bin/app /srv/\n",
    "docker-compose.yml": "services:\n  app:\n    build: .\n",
  });
  expect(migration?.verdict).toBe("migrated");
  expect(changed(migration, "build.sh")).toBe("docker-compose build\n");
});
