// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
/** Calls of an engine that are not followed are said with their line, whatever drives them, and whether or not a setup is found. */
import { describe, expect, test } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const PROJECT: Readonly<Record<string, string>> = {
  "Dockerfile.build": "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: 'FROM alpine:3.15\nCOPY app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
  "main.go": "package main\n",
};
const CALL = "engine-call-unknown";
const STEP = "engine-step-unread";

type Files = Readonly<Record<string, string>>;

/** What is said about calls that are not followed: in a setup, and beside all setups. */
function said(files: Files): readonly string[] {
  const { migrations, diagnostics } = migrate(memoryProject({ ...PROJECT, ...files }));
  const all = [...migrations.flatMap((one) => one.diagnostics), ...diagnostics];
  return all
    .filter(({ code }) => [CALL, STEP, "commands-rejected", "driver-unsupported"].includes(code))
    .map(({ code, path, line }) => `${code} ${path}:${line}`);
}

function script(...lines: readonly string[]): Files {
  return { "build.sh": `#!/bin/bash\n${lines.join("\n")}\n` };
}

describe("a script", () => {
  test.each<[string, Files, readonly string[]]>([
    ["that hands its arguments on", script('docker "$@"'), [`${CALL} build.sh:2`]],
    ["with a verb that nobody knows", script("docker frobnicate app"), [`${CALL} build.sh:2`]],
    [
      "with commands that are known in part",
      script("sh <<END", "docker build -t app $DIR", "END"),
      [`${CALL} build.sh:2`],
    ],
    ["that evaluates what it does not know", script("eval docker $COMMAND"), [`${CALL} build.sh:2`]],
    ["that works on another host", script("ssh host docker build -t app ."), [`${CALL} build.sh:2`]],
    [
      "with commands for another host",
      script("ssh host <<END", "docker build -t app .", "END"),
      [`${CALL} build.sh:2`],
    ],
    ["that runs commands as another user", script("su - ci -c 'docker build -t app .'"), [`${CALL} build.sh:2`]],
    ["with an alias", script("alias d=docker", "d build ."), [`${CALL} build.sh:2`]],
    ["with a choice by hand", script("select o in a b; do docker build $o; done"), [`${CALL} build.sh:2`]],
    ["with a process beside it", script("coproc docker build -t app ."), [`${CALL} build.sh:2`]],
    ["that reads a copy as a file", script("tar xf <(docker cp x:/out/app -)"), [`${CALL} build.sh:2`]],
    [
      "that hands a function on",
      script("one() {", "docker build $1", "}", "parallel one ::: a"),
      [`${CALL} build.sh:5`],
    ],
    [
      "that builds by another program",
      script("/kaniko/executor --context . --destination app"),
      [`${CALL} build.sh:2`],
    ],
    ["that calls a helper which is not there", script("./ci/docker-build.sh app"), [`${CALL} build.sh:2`]],
    ["that builds by bake", script("docker buildx bake"), [`${CALL} build.sh:2`]],
    ["with Dockerfiles from a list", script("for f in $FILES; do docker build -f $f .; done"), [`${STEP} build.sh:2`]],
    ["with a container from outside", script("docker cp $1:/out/app app"), [`${STEP} build.sh:2`]],
    ["that no shell takes", script("if [ x; then", "docker build ."), ["commands-rejected build.sh:4"]],
    [
      "with files that a build writes, which another one takes",
      script("docker build --output out -f Dockerfile.build .", "cp out/app app", "docker build ."),
      [`${CALL} build.sh:2`],
    ],
    [
      "with a program in another language",
      { ...script("node tools/build.js"), "tools/build.js": "exec('docker build .')\n" },
      [`${STEP} tools/build.js:1`],
    ],
  ])("%s", (_, files, expected) => expect(said(files)).toEqual(expected));

  test.each<[string, Files]>([
    ["that only builds", script("docker build -t app .")],
    ["that writes files which no build takes", script("docker build --output out -f Dockerfile.build .")],
    ["that asks and signs in", script("docker info", "docker login -u ci", "docker scout cves app")],
    ["that starts what compose describes", script("docker compose up -d")],
  ])("%s says nothing", (_, files) => expect(said(files)).toEqual([]));
});

describe("compose", () => {
  const SERVICES =
    "services:\n  builder:\n    image: b\n    build:\n      context: .\n      dockerfile: Dockerfile.build\n";
  const mounted = `${SERVICES}    volumes:\n      - .:/o\n    command: cp /out/app /o/app\n`;
  test.each<[string, Files, readonly string[]]>([
    ["run", { ...script("docker compose run builder"), "compose.yaml": SERVICES }, [`${CALL} build.sh:2`]],
    ["cp", { ...script("docker compose cp builder:/out/app app"), "compose.yaml": SERVICES }, [`${CALL} build.sh:2`]],
    [
      "up, where a service may write what a build takes",
      { ...script("docker compose up builder", "docker build ."), "compose.yaml": mounted },
      [`${CALL} build.sh:2`],
    ],
    [
      "a build that two files describe",
      {
        ...script("docker compose build builder"),
        "compose.yaml": SERVICES,
        "compose.override.yaml": "services:\n  builder:\n    build:\n      target: dev\n",
      },
      [`${CALL} build.sh:2`],
    ],
    [
      "services of other files",
      { ...script("docker compose build"), "compose.yaml": "include: [b.yaml]\nservices: {}\n", "b.yaml": SERVICES },
      [`${CALL} build.sh:2`],
    ],
  ])("%s", (_, files, expected) => expect(said(files)).toEqual(expected));
});

describe("a Makefile", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "whose rules are made",
      "define RULE\n$(1):\n\tdocker build -t $(1) .\nendef\n$(eval $(call RULE,app))\n",
      [`${STEP} Makefile:5`],
    ],
    ["for another language", "SHELL = python3\nall:\n\tos.system('docker build .')\n", [`${STEP} Makefile:3`]],
    ["that includes what is not there", "include gen.mk\nall:\n\tdocker build .\n", [`${STEP} Makefile:1`]],
    ["that is expanded twice", ".SECONDEXPANSION:\nall: $$(images)\n\tdocker build .\n", [`${STEP} Makefile:2`]],
    ["whose commands a function makes", "all:\n\t$(guile (docker build .))\n", [`${CALL} Makefile:2`]],
    ["that starts another one that is not there", "all:\n\t$(MAKE) -f docker.mk image\n", [`${CALL} Makefile:2`]],
  ])("%s", (_, text, expected) => expect(said({ Makefile: text })).toEqual(expected));
});

describe("a package.json", () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["with commands beside each other", { image: "concurrently 'docker build .'" }, [`${CALL} package.json:3`]],
    ["with scripts by a pattern", { "d:1": "docker build .", image: "run-s d:*" }, [`${CALL} package.json:4`]],
  ])("%s", (_, scripts, expected) =>
    expect(said({ "package.json": JSON.stringify({ scripts }, undefined, 1) })).toEqual(expected),
  );
});

function workflow(...steps: readonly string[]): Files {
  return { ".github/workflows/ci.yml": `jobs:\n  image:\n    steps:\n${steps.join("\n")}\n` };
}
const AT = ".github/workflows/ci.yml";

describe("a CI file", () => {
  test.each<[string, Files, readonly string[]]>([
    ["with an action that builds", workflow("      - uses: acme/docker-publish@v1"), [`${STEP} ${AT}:4`]],
    ["with bake", workflow("      - uses: docker/bake-action@v5"), [`${STEP} ${AT}:4`]],
    ["with a container that builds", workflow("      - uses: docker://docker:24"), [`${STEP} ${AT}:4`]],
    [
      "with an action of its own",
      {
        ...workflow("      - uses: ./actions/image"),
        "actions/image/action.yml": "runs:\n  steps:\n    - run: docker build .\n      shell: bash\n",
      },
      [`${STEP} ${AT}:4`],
    ],
    [
      "for another language",
      workflow("      - shell: python", "        run: |", "          run('docker build .')"),
      [`${STEP} ${AT}:6`],
    ],
    [
      "whose Dockerfile is an expression",
      workflow(
        "      - uses: docker/build-push-action@v6",
        "        with:",
        "          context: .",
        "          file: ${{ matrix.file }}",
      ),
      [`${STEP} ${AT}:6`],
    ],
    ["that is no YAML", { [AT]: "jobs: [\n  image:\n    - docker build .\n" }, [`${STEP} ${AT}:3`]],
    [
      "with an orb",
      { ".circleci/config.yml": "jobs:\n  image:\n    steps:\n      - docker/build:\n          image: app\n" },
      [`${STEP} .circleci/config.yml:4`],
    ],
    [
      "with a pipe",
      {
        "bitbucket-pipelines.yml":
          "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: acme/docker-build:1\n",
      },
      [`${STEP} bitbucket-pipelines.yml:5`],
    ],
    [
      "with a task that is not read",
      { "azure-pipelines.yml": "steps:\n  - task: DockerCompose@1\n    inputs:\n      action: Build services\n" },
      [`${STEP} azure-pipelines.yml:2`],
    ],
    [
      "with a pattern for the Dockerfile",
      { "azure-pipelines.yml": "steps:\n  - task: Docker@2\n    inputs:\n      command: build\n" },
      [`${STEP} azure-pipelines.yml:2`],
    ],
    [
      "with a plugin that is not read",
      { ".drone.yml": "steps:\n  - name: image\n    image: plugins/kaniko\n" },
      [`${STEP} .drone.yml:3`],
    ],
  ])("%s", (_, files, expected) => expect(said(files)).toEqual(expected));

  test.each<[string, Files]>([
    [
      "with actions beside builds",
      workflow("      - uses: docker/login-action@v3", "      - uses: docker/metadata-action@v5"),
    ],
    ["with commands for another language", workflow("      - shell: python", "        run: print('docker')")],
  ])("%s says nothing", (_, files) => expect(said(files)).toEqual([]));
});

describe("a Jenkinsfile", () => {
  test.each<[string, string, readonly string[]]>([
    ["in a container", "docker.image('golang').inside {\n  sh 'go build -o app'\n}\n", [`${STEP} Jenkinsfile:1`]],
    [
      "in the container of an image that it builds",
      "def b = docker.build('b', '-f Dockerfile.build .')\nb.inside { sh 'cp /out/app .' }\n",
      [`${STEP} Jenkinsfile:2`],
    ],
    [
      "beside a container",
      "docker.build('b', '-f Dockerfile.build .').withRun { c ->\n  sh \"docker cp ${c.id}:/out/app app\"\n}\n",
      [`${STEP} Jenkinsfile:1`],
    ],
    ["by a variable", "def cmd = 'docker build .'\nsh cmd\n", [`${STEP} Jenkinsfile:2`]],
    ["by parts", "sh 'docker build ' + options\n", [`${STEP} Jenkinsfile:1`]],
    ["by a library", "// docker\nbuildDockerImage(name: 'app')\n", [`${STEP} Jenkinsfile:2`]],
  ])("that works %s", (_, text, expected) => expect(said({ Jenkinsfile: text })).toEqual(expected));
});

describe("a script for Windows", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["loops", "build.ps1", "foreach ($n in 1, 2) { docker build -t $n . }\n", [`${CALL} build.ps1:1`]],
    ["hands arguments on", "build.ps1", "docker @arguments\n", [`${CALL} build.ps1:1`]],
    ["starts a process", "build.ps1", 'Start-Process docker -ArgumentList "build ."\n', [`${CALL} build.ps1:1`]],
    ["evaluates text", "build.ps1", 'Invoke-Expression "docker build ."\n', [`${CALL} build.ps1:1`]],
    ["loops in cmd", "build.bat", "for %%n in (a b) do docker build -t %%n .\r\n", [`${CALL} build.bat:1`]],
    [
      "calls a label",
      "build.bat",
      "call :go app\r\nexit /b\r\n:go\r\ndocker build -t %1 .\r\nexit /b\r\n",
      [`${STEP} build.bat:1`],
    ],
  ])("%s", (_, path, text, expected) => expect(said({ [path]: text })).toEqual(expected));
});

describe("a file of another kind", () => {
  const DANCE = ["docker build -t b -f Dockerfile.build .", "docker create --name x b", "docker cp x:/out/app app"];
  const all = [...DANCE, "docker build -t app ."];
  test.each<[string, string, string, readonly string[]]>([
    [
      "a setup in a program",
      "tasks/build.py",
      all.map((line) => `run("${line}")\n`).join(""),
      ["driver-unsupported tasks/build.py:1"],
    ],
    [
      "a setup as lists of words",
      "tasks/build.py",
      all.map((line) => `run(${JSON.stringify(line.split(" "))})\n`).join(""),
      ["driver-unsupported tasks/build.py:1"],
    ],
    [
      "a setup of another CI system",
      "buildspec.yml",
      all.map((line) => `- ${line}\n`).join(""),
      ["driver-unsupported buildspec.yml:1"],
    ],
    ["a call", "Rakefile", "task :image do\n  sh 'docker build .'\nend\n", [`${STEP} Rakefile:2`]],
    [
      "a step of the cloud's builder",
      "cloudbuild.yaml",
      "steps:\n- name: gcr.io/cloud-builders/docker\n",
      [`${STEP} cloudbuild.yaml:2`],
    ],
    ["a comment", "tools/make.py", "# docker build .\n", []],
    ["a program that has nothing to do with builds", "app/server.py", "run('docker build .')\n", []],
    ["prose", ".github/ISSUE_TEMPLATE/bug.yml", "- run `docker build .`\n", []],
  ])("%s", (_, path, text, expected) => expect(said({ [path]: text })).toEqual(expected));
});
