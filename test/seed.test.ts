/**
 * The examples of the guide to multi-stage builds that restage was started from: a fat Node image, a script with two Dockerfiles,
 * and a Go service, flattened into one stage and as a good multi-stage file.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../src/migrate.ts";
import type { Migration } from "../src/model/migration.ts";
import { memoryProject } from "../src/project/memory.ts";

const NODE_PROJECT = {
  "package.json": JSON.stringify({
    name: "myapp",
    version: "1.0.0",
    scripts: { build: "tsc" },
    dependencies: { express: "4.21.2" },
    devDependencies: { typescript: "5.7.2", "@types/express": "4.17.21" },
  }),
  "package-lock.json": JSON.stringify({
    name: "myapp",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": {
        name: "myapp",
        dependencies: { express: "4.21.2" },
        devDependencies: { typescript: "5.7.2", "@types/express": "4.17.21" },
      },
      "node_modules/express": { version: "4.21.2" },
      "node_modules/typescript": { version: "5.7.2", dev: true },
      "node_modules/@types/express": { version: "4.17.21", dev: true },
    },
  }),
  "tsconfig.json":
    '{ "compilerOptions": { "outDir": "dist", "rootDir": "src", "module": "CommonJS" }, "include": ["src"] }',
  "src/index.ts": 'import express from "express";\nexpress().listen(3000);\n',
};

const GO_PROJECT = {
  "go.mod": "module example.com/app\n\ngo 1.22\n",
  "go.sum": "",
  "cmd/server/main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("up") }\n',
  "cmd/server/main_test.go": 'package main\n\nimport "testing"\n\nfunc TestMain(t *testing.T) {}\n',
};

const only = (tree: Readonly<Record<string, string>>): Migration => {
  const [migration, ...others] = migrate(memoryProject(tree)).migrations;
  if (migration === undefined || others.length > 0) throw new Error(`${others.length} other setups`);
  return migration;
};

const written = (migration: Migration, path: string): string =>
  migration.changes.find((change) => change.path === path)?.after ?? "";

/** What the stage that ships takes out of stages that build or test. */
function takenFromBuild(migration: Migration): readonly string[] {
  const role = new Map(migration.stages.map((stage) => [stage.name, stage.role]));
  return migration.flows
    .filter(
      ({ from, to }) =>
        from.kind === "stage" && role.get(to.stage) === "runtime" && role.get(from.name) !== "dependencies",
    )
    .map(({ from }) => from.path);
}

describe("the fat Node file", () => {
  const migration = only({
    ...NODE_PROJECT,
    Dockerfile: `FROM node:20
WORKDIR /app
COPY package*.json ./
RUN npm install # includes devDependencies
COPY . .
RUN npm run build
# Everything above is baked in — compilers, source, node_modules
CMD ["node", "dist/index.js"]
`,
  });

  it("is migrated, and takes only /app/dist from its build", () => {
    expect(migration.verdict).toBe("migrated");
    expect(takenFromBuild(migration)).toEqual(["/app/dist"]);
  });

  it("installs production dependencies in a stage of their own", () => {
    expect(migration.stages.map((stage) => stage.role)).toEqual(["dependencies", "build", "runtime"]);
    expect(written(migration, "Dockerfile")).toMatch(/RUN npm (ci|install) --omit=dev\n/);
    expect(migration.flows).toContainEqual(
      expect.objectContaining({ from: expect.objectContaining({ path: "/app/node_modules" }) }),
    );
  });

  it("names all stages and still starts the same command", () => {
    const text = written(migration, "Dockerfile");
    expect(text.match(/^FROM .*$/gm)?.every((line) => / AS [a-z]/.test(line))).toBe(true);
    expect(text.trimEnd().split("\n").at(-1)).toBe('CMD ["node", "dist/index.js"]');
  });
});

describe("the script with two Dockerfiles", () => {
  const migration = only({
    ...NODE_PROJECT,
    "Dockerfile.build":
      "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\nCOPY . .\nRUN npm run build\n",
    "Dockerfile.prod":
      'FROM node:20-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install --omit=dev\nCOPY dist ./dist\nCMD ["node", "dist/index.js"]\n',
    "build.sh": `# build.sh — fragile shell glue
docker build -f Dockerfile.build -t myapp-build .
docker create --name extract myapp-build
docker cp extract:/app/dist ./dist
docker rm -f extract
docker build -f Dockerfile.prod -t myapp:prod .
`,
  });

  it("is migrated, and takes only /app/dist from its build", () => {
    expect([migration.kind, migration.verdict]).toEqual(["builder-script", "migrated"]);
    expect(takenFromBuild(migration)).toEqual(["/app/dist"]);
  });

  it("leaves a script with one build, and one Dockerfile", () => {
    expect(written(migration, "build.sh").match(/docker \w+/g)).toEqual(["docker build"]);
    expect(written(migration, "build.sh")).toContain("-t myapp:prod .");
    const deleted = migration.changes.filter((change) => change.action === "delete").map((change) => change.path);
    expect(deleted).toContain("Dockerfile.build");
  });
});

describe("the Go service", () => {
  it("flattened into one stage with its tests, is migrated and keeps the tests as a gate", () => {
    const migration = only({
      ...GO_PROJECT,
      Dockerfile: `FROM golang:1.22
WORKDIR /app
# Copy dependency manifests first (better caching)
COPY go.mod go.sum ./
RUN go mod download # Cached unless go.mod changes
# Copy source and compile
COPY . .
RUN go test ./...
RUN CGO_ENABLED=0 go build -o /bin/server ./cmd/server
EXPOSE 8080
ENTRYPOINT ["/bin/server"]
`,
    });
    expect(migration.verdict).toBe("migrated");
    expect(takenFromBuild(migration)).toEqual(["/bin/server"]);
    expect(migration.decisions).toContainEqual(expect.objectContaining({ id: "tests", chosen: "gate" }));
    expect(stagesNeededBy(migration, "runtime")).toContain("test");
  });

  it("as written, with stages and names, has nothing to gain", () => {
    const migration = only({
      ...GO_PROJECT,
      Dockerfile: `# STAGE 1: Builder
FROM golang:1.22 AS builder
WORKDIR /app
# Copy dependency manifests first (better caching)
COPY go.mod go.sum ./
RUN go mod download
# Copy source and compile
COPY . .
RUN go build -o /bin/server ./cmd/server
# STAGE 2: Production
FROM gcr.io/distroless/static AS production
# Pull ONLY the binary from builder
COPY --from=builder /bin/server /server
EXPOSE 8080
ENTRYPOINT ["/server"]
`,
    });
    expect([migration.verdict, migration.diff, migration.changes]).toEqual(["no-benefit", "", []]);
    expect(migration.diagnostics).toEqual([]);
  });

  it("with notes behind its FROM lines, which the builder rejects, is left alone as well, and the lines are named", () => {
    const migration = only({
      ...GO_PROJECT,
      Dockerfile: `FROM golang:1.22 AS builder # <- named
WORKDIR /app
COPY . .
RUN go build -o /bin/server ./cmd/server
FROM gcr.io/distroless/static AS production # <- new base
COPY --from=builder /bin/server /server # <- the one file
ENTRYPOINT ["/server"]
`,
    });
    expect([migration.verdict, migration.diff, migration.changes]).toEqual(["no-benefit", "", []]);
    expect(migration.diagnostics.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ["line-rejected", "warning", 1],
      ["line-rejected", "warning", 5],
    ]);
  });

  it("with such a note and one stage, is refused, since nothing says what the line was to mean", () => {
    const migration = only({ ...GO_PROJECT, Dockerfile: 'FROM golang:1.22 # old\nCMD ["/bin/server"]\n' });
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ code, line }) => [code, line])).toEqual([["dockerfile-syntax", 1]]);
  });
});

/** The roles of all stages that BuildKit builds for the stage with this role: what it is made from or copies from. */
function stagesNeededBy(migration: Migration, role: string): readonly string[] {
  const needed = new Set(migration.stages.filter((stage) => stage.role === role).map((stage) => stage.name));
  for (const stage of [...migration.stages].reverse()) {
    if (!needed.has(stage.name)) continue;
    if (stage.fromKind === "stage") needed.add(stage.from);
    for (const { from, to } of migration.flows)
      if (to.stage === stage.name && from.kind === "stage") needed.add(from.name);
  }
  return migration.stages.filter((stage) => needed.has(stage.name)).map((stage) => stage.role);
}
