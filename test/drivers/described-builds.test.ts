// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of CI files
/** Steps that describe a build by their inputs are builds like any other: they are joined, changed in place, or gone. */
import { describe, expect, it, test } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FINAL = 'FROM alpine:3.15\nCOPY app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n';
const BUILDER = "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const TAKE = ["docker create --name x b", "docker cp x:/out/app app", "docker rm x"];
const BUILD = "docker build -t b -f Dockerfile.build .";
const WORKFLOW = ".github/workflows/image.yml";

function migrated(path: string, text: string, final = "Dockerfile") {
  const files = { "Dockerfile.build": BUILDER, [final]: FINAL, "main.go": "package main\n", [path]: text };
  const { migrations } = migrate(memoryProject(files));
  const found = migrations.find(({ id }) => id === `builder-script:${path}`);
  return {
    verdict: found?.verdict,
    errors: found?.diagnostics.flatMap((d) => (d.severity === "error" ? [`${d.code} ${d.line}`] : [])),
    text: found?.changes.find((change) => change.path === path)?.after,
    stages: found?.stages.map(({ name }) => name),
  };
}

function workflow(...steps: readonly string[]): string {
  return `on: push\njobs:\n  image:\n    steps:\n      - uses: actions/checkout@v4\n${steps.join("")}`;
}

function run(...lines: readonly string[]): string {
  return `      - run: |\n${lines.map((line) => `          ${line}\n`).join("")}`;
}

function push(...inputs: readonly string[]): string {
  return `      - uses: docker/build-push-action@v6\n        with:\n${inputs.map((line) => `          ${line}\n`).join("")}`;
}

describe("docker/build-push-action", () => {
  it("as the second build keeps its inputs but for the file", () => {
    const inputs = (file: string) => [
      "context: .",
      `file: ${file}`,
      "push: true",
      "tags: |",
      "  acme/app:1",
      "  acme/app:2",
    ];
    const { verdict, text } = migrated(
      WORKFLOW,
      workflow(run(BUILD, ...TAKE), push(...inputs("Dockerfile.run"))),
      "Dockerfile.run",
    );
    expect(verdict).toBe("migrated");
    expect(text).toBe(workflow(push(...inputs("Dockerfile"))));
  });

  it("as the first build goes", () => {
    const builder = push("context: .", "file: Dockerfile.build", "load: true", "tags: b");
    const { verdict, text, stages } = migrated(
      WORKFLOW,
      workflow(builder, run(...TAKE), push("context: .", "tags: app")),
    );
    expect([verdict, stages]).toEqual(["migrated", ["builder", "production"]]);
    expect(text).toBe(workflow(push("context: .", "tags: app")));
  });

  it("as the first build stays with a target where the image is pushed", () => {
    const builder = (...more: readonly string[]) =>
      push("context: .", ...more, "load: true", "push: true", "tags: acme/b");
    const take = TAKE.map((line) => line.replace(/ b$/, " acme/b"));
    const { verdict, text } = migrated(
      WORKFLOW,
      workflow(builder("file: Dockerfile.build"), run(...take), push("context: .", "tags: app")),
    );
    expect(verdict).toBe("migrated");
    expect(text).toContain("          target: builder\n");
    expect(text).toContain("          file: Dockerfile\n");
    expect(text).not.toContain("docker cp");
  });

  it("builds the commit where it has no context, so that nothing is handed over", () => {
    const { stages } = migrated(WORKFLOW, workflow(run(BUILD, ...TAKE), push("tags: app")));
    expect(stages).toEqual(["builder", "export"]);
  });

  test.each<[string, readonly string[], string]>([
    ["an expression decides the file", ["context: .", "file: ${{ matrix.file }}"], "dockerfile-name-unknown 13"],
    ["the platforms are others", ["context: .", "platforms: linux/arm64"], "option-conflict 13"],
  ])("is refused by name where %s", (_, inputs, error) => {
    const { errors } = migrated(WORKFLOW, workflow(run(BUILD, ...TAKE), push(...inputs)));
    expect(errors).toEqual([error]);
  });
});

test("Docker@2 of Azure is told the new file", () => {
  const steps = (file: string) =>
    `  - task: Docker@2\n    inputs:\n      command: buildAndPush\n      repository: app\n      Dockerfile: ${file}\n      buildContext: .\n`;
  const before = `steps:\n  - script: |\n${[BUILD, ...TAKE].map((line) => `      ${line}\n`).join("")}${steps("img/Dockerfile.run")}`;
  const { verdict, text } = migrated("azure-pipelines.yml", before, "img/Dockerfile.run");
  expect([verdict, text]).toEqual(["migrated", `steps:\n${steps("img/Dockerfile")}`]);
});

test("Drone's plugin is told the new file", () => {
  const image = (file: string) =>
    `  - name: image\n    image: plugins/docker\n    settings:\n      repo: acme/app\n      dockerfile: ${file}\n`;
  const build = (...lines: readonly string[]) =>
    `steps:\n  - name: b\n    image: docker\n    commands:\n${lines.map((line) => `      - ${line}\n`).join("")}`;
  const { verdict, text } = migrated(".drone.yml", build(BUILD, ...TAKE) + image("Dockerfile.run"), "Dockerfile.run");
  expect([verdict, text]).toEqual(["migrated", build('"true"') + image("Dockerfile")]);
});

describe("commands for other shells", () => {
  const all = [BUILD, ...TAKE, "docker build -t app ."];
  test.each(["pwsh", "powershell", "cmd"])("are read in a workflow: %s", (shell) => {
    const shelled = (...lines: readonly string[]) => `${run(...lines)}        shell: ${shell}\n`;
    const { verdict, text } = migrated(WORKFLOW, workflow(shelled(...all)));
    expect([verdict, text]).toEqual(["migrated", workflow(shelled("docker build -t app ."))]);
  });

  test.each([
    ["pwsh: |", ""],
    ["powershell: |", ""],
    ["task: CmdLine@2", "    inputs:\n      script: |\n"],
    ["task: PowerShell@2", "    inputs:\n      targetType: inline\n      script: |\n"],
    ["task: Bash@3", "    inputs:\n      targetType: inline\n      script: |\n"],
  ])("are read in Azure: %s", (head, inputs) => {
    const step = (...lines: readonly string[]) =>
      `steps:\n  - ${head}\n${inputs}${lines.map((line) => `        ${line}\n`).join("")}`;
    const { verdict, text } = migrated("azure-pipelines.yml", step(...all));
    expect([verdict, text]).toEqual(["migrated", step("docker build -t app .")]);
  });

  test.each(["bat", "powershell", "pwsh"])("are read in a Jenkinsfile: %s", (verb) => {
    const step = (...lines: readonly string[]) => `node {\n${lines.map((line) => `  ${verb} '${line}'\n`).join("")}}\n`;
    const { verdict, text } = migrated("Jenkinsfile", step(...all));
    expect([verdict, text]).toEqual(["migrated", step("docker build -t app .")]);
  });
});

describe("a shell that reads its commands", () => {
  const all = [BUILD, ...TAKE, "docker build -t app ."];
  test.each(["bash <<'END'", "sudo bash -e <<'END'", "sh -s x <<'END'"])("from a here-document: %s", (head) => {
    const script = (...lines: readonly string[]) => `#!/bin/sh\nset -e\n${[head, ...lines, "END"].join("\n")}\n`;
    const { verdict, text } = migrated("build.sh", script(...all));
    expect([verdict, text]).toEqual(["migrated", script("docker build -t app .")]);
  });

  test.each([
    ["from a pipe", `echo "${BUILD}" | sh\n`],
    ["from a string", `bash <<< '${BUILD}'\n`],
    ["with a function that was exported", `b() { ${BUILD}; }\nexport -f b\nbash -c b\n`],
  ])("%s", (_, first) => {
    const { verdict, stages } = migrated("build.sh", `#!/bin/bash\nset -e\n${first}${all.slice(1).join("\n")}\n`);
    expect([verdict, stages]).toEqual(["migrated", ["builder", "production"]]);
  });
});

describe("compose", () => {
  const builder = "    image: b\n    build:\n      context: .\n      dockerfile: Dockerfile.build\n";
  const BUILDER_SERVICE = `services:\n  builder:\n${builder}`;
  const rest = [...TAKE, "docker build -t app ."];
  function stages(call: string, files: Readonly<Record<string, string>>) {
    const project = { "Dockerfile.build": BUILDER, Dockerfile: FINAL, "main.go": "package main\n", ...files };
    const script = `#!/bin/sh\nset -e\n${[call, ...rest].join("\n")}\n`;
    const { migrations } = migrate(memoryProject({ ...project, "build.sh": script }));
    return migrations.find(({ id }) => id === "builder-script:build.sh")?.verdict;
  }
  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    [
      "several files",
      "docker compose -f a.yml -f b.yml build builder",
      { "a.yml": BUILDER_SERVICE, "b.yml": "services: {}\n" },
      "migrated",
    ],
    [
      "COMPOSE_FILE",
      "COMPOSE_FILE=a.yml docker compose build",
      { "a.yml": BUILDER_SERVICE, "compose.yml": "services: {}\n" },
      "migrated",
    ],
    [
      "COMPOSE_FILE in .env",
      "docker compose build",
      { "a.yml": BUILDER_SERVICE, ".env": "COMPOSE_FILE=a.yml\n" },
      "migrated",
    ],
    [
      "an override that builds nothing",
      "docker compose build",
      { "compose.yml": BUILDER_SERVICE, "compose.override.yml": "services:\n  builder:\n    tty: true\n" },
      "migrated",
    ],
    [
      "an override that builds otherwise",
      "docker compose build",
      {
        "compose.yml": BUILDER_SERVICE,
        "compose.override.yml": "services:\n  builder:\n    build:\n      target: x\n",
      },
      "refused",
    ],
    [
      "a profile that is not asked for",
      "docker compose build",
      { "compose.yml": `${BUILDER_SERVICE}    profiles: [tools]\n` },
      "refused",
    ],
    [
      "a profile",
      "docker compose --profile tools build",
      { "compose.yml": `${BUILDER_SERVICE}    profiles: [tools]\n` },
      "migrated",
    ],
    [
      "a dependency",
      "docker compose up -d web",
      { "compose.yml": `${BUILDER_SERVICE}  web:\n    image: nginx\n    depends_on: [builder]\n` },
      "migrated",
    ],
    [
      "no dependency",
      "docker compose up -d --no-deps web",
      { "compose.yml": `${BUILDER_SERVICE}  web:\n    image: nginx\n    depends_on: [builder]\n` },
      "refused",
    ],
  ])("with %s", (_, call, files, verdict) => expect(stages(call, files)).toBe(verdict));
});
