import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { goProject, migrated } from "./migrated.ts";

const DOCKERFILE = `FROM golang:1.22
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o bin/server .
RUN CGO_ENABLED=0 go build -o bin/migrate ./migrate
CMD ["bin/server"]
`;
const project = (files: Readonly<Record<string, string>>): Record<string, string> => ({
  ...goProject(DOCKERFILE),
  "migrate/main.go": "package main\n",
  ...files,
});

const SERVER = "builder:/src/bin/server -> /src/bin/server";
const MIGRATE = "builder:/src/bin/migrate -> /src/bin/migrate";

const POD = (container: string): string => `kind: Job\nspec:\n  template:\n    spec:\n      ${container}\n`;
const BUILD = "#!/bin/sh\ndocker build -t registry.example.com/shop:$TAG -t shop .\n";

describe("a command of another file is a root, as a decision", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    [
      "a compose file",
      "compose.yaml:m",
      { "compose.yaml": "services:\n  m:\n    build: .\n    command: bin/migrate --all\n" },
    ],
    [
      "an entrypoint",
      "compose.yaml:m",
      { "compose.yaml": "services:\n  m:\n    build: { context: . }\n    entrypoint: [bin/migrate]\n" },
    ],
    [
      "a health check",
      "compose.yaml:m:healthcheck",
      { "compose.yaml": "services:\n  m:\n    build: .\n    healthcheck:\n      test: [CMD, bin/migrate, --check]\n" },
    ],
    [
      "a service of the same image",
      "compose.yaml:m",
      {
        "compose.yaml": "services:\n  s: { build: ., image: shop:1 }\n  m: { image: 'shop:2', command: bin/migrate }\n",
      },
    ],
    [
      "a job of Kubernetes",
      "k8s/job.yaml:m",
      {
        "build.sh": BUILD,
        "k8s/job.yaml": POD("containers: [{ name: m, image: shop:9, command: [bin/migrate], args: [x] }]"),
      },
    ],
    [
      "a probe",
      "k8s/job.yaml:m:livenessProbe",
      {
        "build.sh": BUILD,
        "k8s/job.yaml": POD(
          "initContainers: [{ name: m, image: shop, livenessProbe: { exec: { command: [bin/migrate] } } }]",
        ),
      },
    ],
    [
      "a script",
      "run.sh:bin/migrate --all",
      { "build.sh": BUILD, "run.sh": "docker run --rm -e A=b shop bin/migrate --all\n" },
    ],
    [
      "a makefile",
      "Makefile:",
      { Makefile: "image:\n\tdocker build -t shop .\nmigrate: image\n\tdocker run --entrypoint bin/migrate shop\n" },
    ],
  ])("%s", (_, id, files) => {
    const seen = migrated(project(files));
    expect(seen).toMatchObject({ verdict: "migrated", codes: [], decisions: { [`command:${id}`]: "keep" } });
    expect([...seen.flows].sort()).toEqual([MIGRATE, SERVER]);
    const left = migrated(project(files), { [`command:${id}`]: "leave" });
    expect(left).toMatchObject({ verdict: "migrated", codes: [] });
    expect(left.flows).toEqual([SERVER]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["the image's own", { "compose.yaml": "services:\n  m: { build: ., command: bin/server }\n" }],
    [
      "another Dockerfile's",
      { "compose.yaml": "services:\n  m: { build: { context: ., dockerfile: X }, command: bin/migrate }\n" },
    ],
    ["another image's", { "compose.yaml": "services:\n  m: { image: redis, command: bin/migrate }\n" }],
    [
      "that of an image that nothing here builds",
      { "k8s/job.yaml": POD("containers: [{ name: m, image: shop, command: [bin/migrate] }]") },
    ],
  ])("but for %s", (_, files) => {
    const seen = migrated(project(files));
    expect(Object.keys(seen.decisions).filter((id) => id.startsWith("command:"))).toEqual([]);
    expect(seen.flows).toEqual([SERVER]);
  });
});

describe("a command that needs what only the build has", () => {
  const compose = (command: string): string => `services:\n  t:\n    build: .\n    command: ${command}\n`;

  it.each([
    ["sh -c 'cd /src && make migrate'", "builds"],
    ["bin/nothing", 'starts "bin/nothing", which nothing is known to make'],
  ])("is left, and named: %s", (command, obstacle) => {
    const [migration] = migrate(memoryProject(project({ "compose.yaml": compose(command) })), {
      answers: {},
    }).migrations;
    expect(migration?.verdict).toBe("migrated");
    expect(migration?.decisions.find(({ id }) => id === "command:compose.yaml:t")?.chosen).toBe("leave");
    const said = migration?.diagnostics.find(({ code }) => code === "command-elsewhere");
    expect(said?.message).toContain(`which ${obstacle}, so the runtime stage is not made for it`);
    expect(said?.help).toBe("add `target: builder` to this service's `build`");
    expect(said?.path).toBe("compose.yaml");
  });

  it.each(["go test ./...", "go run ./migrate"])(
    "gets the old image as a target where a service works on the sources: %s",
    (command) => {
      const seen = migrated(project({ "compose.yaml": compose(command) }));
      expect(seen.decisions).toMatchObject({ development: "target" });
      expect(seen.dockerfile).toContain("FROM golang:1.22 AS development");
      expect(seen.codes).toEqual([]);
    },
  );

  it.each([
    ["go test ./...", "runs tests"],
    ["go run ./migrate", 'runs "go run ./migrate" on the sources'],
  ])("is named where a script runs it: %s", (command, obstacle) => {
    const files = project({ "ci.sh": `docker build -t shop .\ndocker run --rm shop ${command}\n` });
    const said = migrate(memoryProject(files), { answers: {} }).migrations[0]?.diagnostics ?? [];
    const found = said.find(({ code }) => code === "command-elsewhere");
    expect(found?.message).toContain(`which ${obstacle}, so the runtime stage is not made for it`);
    expect(found?.path).toBe("ci.sh");
  });

  it("is kept when the user says so", () => {
    const files = project({ "ci.sh": "docker build -t shop .\ndocker run --rm shop go test ./...\n" });
    expect(migrated(files, { "command:ci.sh:go test ./...": "keep" }).verdict).not.toBe("migrated");
  });
});
