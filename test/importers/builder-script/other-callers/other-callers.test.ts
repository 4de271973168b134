/**
 * Other files that build the old Dockerfiles, by format: the file that goes in and the one that comes out.
 * `build.sh` takes /out/app out of `Dockerfile.build` and puts it into `deploy/Dockerfile`, whose context becomes the root.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../../src/migrate.ts";
import type { Migration } from "../../../../src/model/migration.ts";
import { memoryProject } from "../../../../src/project/memory.ts";

const TREE = {
  "build.sh":
    "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app deploy/app\ndocker rm x\ndocker build -t app deploy\n",
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  "deploy/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
  "main.go": "package main\n",
};

function run(extra: Readonly<Record<string, string>>): Migration {
  const { migrations } = migrate(memoryProject({ ...TREE, ...extra }));
  const found = migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function messages(migration: Migration): readonly string[] {
  return migration.diagnostics.map(({ message }) => message);
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const BUILDERS: readonly Case[] = [
  {
    name: "a compose service in long form",
    path: "compose.yaml",
    before:
      "services:\n  dev:\n    build:\n      context: . # here\n      dockerfile: Dockerfile.build # tools\n    tty: true\n",
    after:
      "services:\n  dev:\n    build:\n      context: . # here\n      target: builder\n      dockerfile: deploy/Dockerfile # tools\n    tty: true\n",
  },
  {
    name: "a compose service in one line, with quotes",
    path: "deploy/docker-compose.dev.yml",
    before: 'services:\n  dev:\n    build: { context: "..", dockerfile: "Dockerfile.build" }\n',
    after: 'services:\n  dev:\n    build: { context: "..", target: builder, dockerfile: "deploy/Dockerfile" }\n',
  },
  {
    name: "a step of a workflow",
    path: ".github/workflows/ci.yml",
    before:
      "jobs:\n  t:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/build-push-action@v6\n        with:\n          file: Dockerfile.build\n          push: false\n",
    after:
      "jobs:\n  t:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/build-push-action@v6\n        with:\n          file: deploy/Dockerfile\n          target: builder\n          push: false\n",
  },
  {
    name: "an artifact of skaffold",
    path: "skaffold.yaml",
    before: "build:\n  artifacts:\n    - image: dev\n      docker:\n        dockerfile: Dockerfile.build\n",
    after:
      "build:\n  artifacts:\n    - image: dev\n      docker:\n        dockerfile: deploy/Dockerfile\n        target: builder\n",
  },
  {
    name: "a target of a bake file",
    path: "docker-bake.hcl",
    before: 'target "dev" {\n  dockerfile = "Dockerfile.build"\n  tags       = ["dev"]\n}\n',
    after: 'target "dev" {\n  dockerfile = "deploy/Dockerfile"\n  target = "builder"\n  tags       = ["dev"]\n}\n',
  },
  {
    name: "a target of a bake file in JSON",
    path: "docker-bake.json",
    before: '{\n  "target": {\n    "dev": {\n      "dockerfile": "Dockerfile.build"\n    }\n  }\n}\n',
    after:
      '{\n  "target": {\n    "dev": {\n      "dockerfile": "deploy/Dockerfile",\n      "target": "builder"\n    }\n  }\n}\n',
  },
  {
    name: "a call of a Tiltfile",
    path: "Tiltfile",
    before: "docker_build('dev', '.', dockerfile='Dockerfile.build', only=['src'])\n",
    after: "docker_build('dev', '.', dockerfile='deploy/Dockerfile', target='builder', only=['src'])\n",
  },
  {
    name: "a development container, with comments",
    path: ".devcontainer/devcontainer.json",
    before: '{\n  // tools\n  "build": { "dockerfile": "../Dockerfile.build", "context": ".." }\n}\n',
    after:
      '{\n  // tools\n  "build": { "dockerfile": "../deploy/Dockerfile", "target": "builder", "context": ".." }\n}\n',
  },
  {
    name: "another script",
    path: "scripts/lint.sh",
    before: "#!/bin/sh\ndocker build -f Dockerfile.build -t lint .\ndocker run --rm lint go vet ./...\n",
    after:
      "#!/bin/sh\ndocker build --target builder -f deploy/Dockerfile -t lint .\ndocker run --rm lint go vet ./...\n",
  },
  {
    name: "a fenced command",
    path: "README.md",
    before: "# Tools\n\n```console\n$ docker build -f Dockerfile.build -t tools .\nSuccess\n```\n",
    after: "# Tools\n\n```console\n$ docker build --target builder -f deploy/Dockerfile -t tools .\nSuccess\n```\n",
  },
];

describe("callers of the builder's Dockerfile", () => {
  it.each(BUILDERS)("$name", ({ path, before, after }) => {
    const migration = run({ [path]: before });
    expect(messages(migration)).toEqual([]);
    expect(migration.changes.find((change) => change.path === path)?.after).toBe(after);
    expect(migration.changes.find((change) => change.path === "Dockerfile.build")?.action).toBe("delete");
    expect(migration.sources).toContainEqual({ path, role: "caller" });
  });

  it.each([
    ["$D build -f Dockerfile.build -t lint .", "$D build --target builder -f deploy/Dockerfile -t lint ."],
    [
      '"$D" --debug \\\n  image build -f Dockerfile.build .',
      '"$D" --debug \\\n  image build --target builder -f deploy/Dockerfile .',
    ],
  ])("are found where another file says what the program is: %j", (before, after) => {
    const migration = run({ "tools.sh": "D=docker\n", "lint.sh": `. ./tools.sh\n${before}\n` });
    const change = migration.changes.find(({ path }) => path === "lint.sh");
    expect(change?.after).toBe(`. ./tools.sh\n${after}\n`);
  });

  it.each([
    [
      "a variable in the path",
      "compose.yaml",
      "services:\n  d:\n    build:\n      context: .\n      dockerfile: $DIR/Dockerfile.build\n",
    ],
    [
      "another context",
      "compose.yaml",
      "services:\n  d:\n    build:\n      context: deploy\n      dockerfile: ../Dockerfile.build\n",
    ],
    ["a tool that is not known", "ci.yaml", "image: { recipe: Dockerfile.build }\n"],
  ])("keep it alive: %s", (_, path, text) => {
    const migration = run({ [path]: text });
    expect(messages(migration)).toEqual([`"Dockerfile.build" stays, since "${path}" refers to it`]);
    expect(migration.changes.map((change) => change.path)).toEqual(["build.sh", "deploy/Dockerfile"]);
  });

  it("are no reason to keep it where they only tell", () => {
    const migration = run({
      "README.md": "See `Dockerfile.build`.\n",
      ".hadolint.yaml": "files: [Dockerfile.build]\n",
      "ci.sh": "# was Dockerfile.build\n",
      "vendor/x/build.sh": "docker build -f Dockerfile.build .\n",
    });
    expect(messages(migration)).toEqual([
      '".hadolint.yaml" names "Dockerfile.build", which is gone',
      '"README.md" names "Dockerfile.build", which is gone',
      '"ci.sh" names "Dockerfile.build", which is gone',
    ]);
    expect(migration.diagnostics[0]?.help).toBe('name "deploy/Dockerfile" there, or take the line out');
  });
});

describe("callers of the final's Dockerfile", () => {
  const alone = (path: string): string =>
    `"${path}" builds "deploy/Dockerfile" too, and no longer needs the script to run before it`;

  it.each([
    {
      name: "a compose service in short form",
      path: "compose.yaml",
      before: "services:\n  web:\n    build: ./deploy\n    ports: [80]\n",
      after: "services:\n  web:\n    build:\n      context: .\n      dockerfile: deploy/Dockerfile\n    ports: [80]\n",
    },
    {
      name: "a workflow",
      path: ".github/workflows/ci.yml",
      before: "jobs:\n  t:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: deploy }\n",
      after:
        "jobs:\n  t:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: ., file: deploy/Dockerfile }\n",
    },
    {
      name: "a script",
      path: "ci/image.sh",
      before: "cd deploy\ndocker build -t app:ci .\n",
      after: "cd deploy\ndocker build -f Dockerfile -t app:ci ..\n",
    },
  ])("$name", ({ path, before, after }) => {
    const migration = run({ [path]: before });
    expect(messages(migration)).toEqual([alone(path)]);
    expect(migration.changes.find((change) => change.path === path)?.after).toBe(after);
  });

  it("are told of what they have to hand over, and of a cache that holds too little", () => {
    const migration = run({
      "build.sh": TREE["build.sh"].replace("docker build -f", "docker build --build-arg VERSION=1 -f"),
      "Dockerfile.build": `${TREE["Dockerfile.build"]}ARG VERSION\n`,
      "compose.yaml":
        "services:\n  web:\n    build:\n      context: deploy\n      cache_from: [registry.example/app]\n",
    });
    expect(migration.diagnostics.map(({ message, help, line }) => [message, help, line])).toEqual([
      [
        '"compose.yaml" builds the build stage too now, without the "--build-arg VERSION=1" of the script',
        'give "compose.yaml" the same: --build-arg VERSION=1',
        4,
      ],
      [alone("compose.yaml"), undefined, 4],
      [
        'the build cache "registry.example/app" does not hold the build stage',
        "let the build keep and read all stages: --cache-to type=registry,ref=registry.example/app:cache,mode=max --cache-from type=registry,ref=registry.example/app:cache",
        5,
      ],
    ]);
  });

  it("are listed where their context is another one", () => {
    const migration = run({
      "compose.yaml": "services:\n  web:\n    build: { context: ., dockerfile: deploy/Dockerfile }\n",
    });
    expect(messages(migration)).toEqual(['"compose.yaml" builds "deploy/Dockerfile" too, and is left as it is']);
    expect(migration.diagnostics[0]?.help).toBe('let it build "deploy/Dockerfile" from the context "."');
  });
});
