/** CI files as drivers. One row is a file before and after, or what is said about it. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: 'FROM alpine:3.15\nCOPY app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
  "main.go": "package main\n",
};

function migrated(path: string, text: string, files: Readonly<Record<string, string>> = {}) {
  const { migrations } = migrate(memoryProject({ ...FILES, ...files, [path]: text }));
  return migrations.find(({ id }) => id === `builder-script:${path}`);
}

function after(path: string, text: string, files: Readonly<Record<string, string>> = {}) {
  const found = migrated(path, text, files);
  const errors = found?.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return { errors, text: found?.changes.find((change) => change.path === path)?.after };
}

const BUILD = "docker build -t b -f Dockerfile.build .";
const ALL = [BUILD, "docker create --name x b", "docker cp x:/out/app app", "docker rm x", "docker build -t app ."];

describe("what is left of a CI file", () => {
  it.each([
    [
      "GitLab CI: a list, with a template and variables",
      ".gitlab-ci.yml",
      `variables:
  IMAGE: $CI_REGISTRY_IMAGE/app
.docker:
  image: docker:20
  before_script:
    - docker login -u "$CI_USER" -p "$CI_TOKEN"
docker-image:
  extends: .docker
  script:
    # the compiler
    - docker build -t $IMAGE:build -f Dockerfile.build .
    - docker create --name x "$CI_REGISTRY_IMAGE/app:build"
    - docker cp x:/out/app "$CI_PROJECT_DIR/app"
    - docker rm x
    - docker build -t $IMAGE .
    - docker push $IMAGE
`,
      `variables:
  IMAGE: $CI_REGISTRY_IMAGE/app
.docker:
  image: docker:20
  before_script:
    - docker login -u "$CI_USER" -p "$CI_TOKEN"
docker-image:
  extends: .docker
  script:
    # the compiler
    - docker build -t $IMAGE .
    - docker push $IMAGE
`,
    ],
    [
      "GitLab CI: what a list shares with another job, and a list that nothing is left in",
      ".gitlab-ci.yml",
      `docker-image:
  before_script: &builder
    - ${BUILD}
    - docker create --name x b
    - docker cp x:/out/app app
  script:
    - >
      docker build
      -t app
      .
  after_script:
    - docker rm x
`,
      `docker-image:
  before_script: &builder
    - "true"
  script:
    - >
      docker build
      -t app
      .
  after_script:
    - "true"
`,
    ],
    [
      "Travis CI: phases of one shell, and deploy",
      ".travis.yml",
      `language: minimal
env:
  global:
    - NAME=app
    - secure: "abc="
install:
  - ID=b
  - docker build -t "$ID" -f Dockerfile.build .
before_script:
  - docker create --name x $ID
  - 'docker cp x:/out/app "app"'
script: docker build -t $NAME .
deploy:
  provider: script
  script: docker push $NAME
`,
      `language: minimal
env:
  global:
    - NAME=app
    - secure: "abc="
install:
  - ID=b
before_script:
  - "true"
script: docker build -t $NAME .
deploy:
  provider: script
  script: docker push $NAME
`,
    ],
    [
      "CircleCI 2: steps",
      ".circleci/config.yml",
      `version: 2.1
jobs:
  image:
    machine: true
    working_directory: ~/app
    environment:
      TAG: v1
    steps:
      - checkout
      - run: ${BUILD}
      - run:
          name: Take it out
          working_directory: ~/app
          command: |
            docker create --name x b
            docker cp x:/out/app app
      - run: docker rm x
      - run:
          name: Image
          command: docker build -t "app:<< pipeline.number >>" . && docker tag "app:<< pipeline.number >>" app:$TAG
`,
      `version: 2.1
jobs:
  image:
    machine: true
    working_directory: ~/app
    environment:
      TAG: v1
    steps:
      - checkout
      - run:
          name: Image
          command: docker build -t "app:<< pipeline.number >>" . && docker tag "app:<< pipeline.number >>" app:$TAG
`,
    ],
    [
      "CircleCI 1: phases",
      "circle.yml",
      `machine:
  services: [docker]
dependencies:
  override:
    - ${BUILD}
    - docker create --name x b; docker cp x:/out/app app
test:
  override:
    - docker build -t app .
deployment:
  hub:
    branch: main
    commands:
      - docker push app
`,
      `machine:
  services: [docker]
dependencies:
  override:
    - "true"
test:
  override:
    - docker build -t app .
deployment:
  hub:
    branch: main
    commands:
      - docker push app
`,
    ],
    [
      "Drone",
      ".drone.yml",
      `kind: pipeline
name: default
steps:
  - name: image
    image: docker
    commands:
${ALL.map((line) => `      - ${line}\n`).join("")}`,
      `kind: pipeline
name: default
steps:
  - name: image
    image: docker
    commands:
      - docker build -t app .
`,
    ],
    [
      "Azure Pipelines: macros and steps",
      "azure-pipelines.yml",
      `variables:
  builder: b
steps:
  - script: docker build -t $(builder):$(Build.BuildId) -f Dockerfile.build .
    displayName: Builder
  - bash: |
      id=$(docker create $(builder):$(Build.BuildId))
      docker cp $id:/out/app $(Build.SourcesDirectory)/app
      docker rm $id
  - script: docker build -t app:$(Build.BuildId) $(pwd)
`,
      `variables:
  builder: b
steps:
  - script: docker build -t app:$(Build.BuildId) $(pwd)
`,
    ],
    [
      "Bitbucket Pipelines",
      "bitbucket-pipelines.yml",
      `pipelines:
  branches:
    main:
      - step:
          services: [docker]
          script:
${ALL.map((line) => `            - ${line}\n`).join("")}            - pipe: atlassian/slack-notify:2.0.0
`,
      `pipelines:
  branches:
    main:
      - step:
          services: [docker]
          script:
            - docker build -t app .
            - pipe: atlassian/slack-notify:2.0.0
`,
    ],
    [
      "GitHub Actions: a step that others ask about stays, and directories",
      ".github/workflows/ci.yml",
      `jobs:
  image:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: api
    steps:
      - uses: actions/checkout@v3
      - id: builder
        run: docker build -t b -f Dockerfile.build .
      - if: steps.builder.outcome == 'success'
        working-directory: \${{ github.workspace }}
        run: "docker create --name \\"x\\" b && docker cp x:/out/app api/\\nset -e\\n"
      - run: docker build -t app .
`,
      `jobs:
  image:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: api
    steps:
      - uses: actions/checkout@v3
      - id: builder
        run: ":"
      - run: docker build -t app .
`,
    ],
  ])("%s", (_name, path, before, wanted) => {
    const files = before.includes("working-directory: api")
      ? Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`api/${name}`, text]))
      : {};
    expect(after(path, before, files)).toEqual({ errors: [], text: wanted });
  });
});

describe("a CI file beside a script", () => {
  const SCRIPT = `#!/bin/sh\n${ALL.join("\n")}\n`;

  it("that comes to the same Dockerfiles changes with it, and the builder's file goes", () => {
    const project = memoryProject({
      ...FILES,
      "build.sh": SCRIPT,
      ".travis.yml": `script:\n${ALL.map((line) => `  - ${line}\n`).join("")}`,
    });
    const { migrations } = migrate(project);
    const [first] = migrations;
    expect(migrations).toHaveLength(1);
    expect(first?.diagnostics).toEqual([]);
    expect(
      first?.changes.map(({ path, action, after: text }) => [path, action, path === "Dockerfile" ? "" : text]),
    ).toEqual([
      [".travis.yml", "modify", "script:\n  - docker build -t app .\n"],
      ["Dockerfile", "modify", ""],
      ["Dockerfile.build", "delete", undefined],
      ["build.sh", "modify", "#!/bin/sh\ndocker build -t app .\n"],
    ]);
  });
});
