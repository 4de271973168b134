// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
/** Calls of an engine that are not followed are said with their place; those that cannot matter are not. */
import { describe, expect, test } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const SETUP = `docker build -f Dockerfile.build -t b .
id=$(docker create b)
docker cp $id:/out/app app
docker rm $id
docker build -t app .
`;

function messages(line: string): readonly string[] {
  const { migrations } = migrate(
    memoryProject({
      "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
      Dockerfile: "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n",
      "main.go": "package main\n",
      "build.sh": `${SETUP}${line}\n`,
    }),
  );
  const found = migrations.find(({ kind }) => kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found.diagnostics
    .filter(({ code }) => code === "engine-call-unknown")
    .map(({ code, message, line, column }) => `${code} ${line}:${column} ${message}`);
}

test.each([
  ['docker "$@"', "docker $@"],
  ["docker $VERB app", "docker $VERB app"],
  ["docker load -i app.tar", "docker load"],
  ["docker buildx bake", "docker buildx bake"],
  ["ls | xargs docker build -t x", "xargs docker build"],
  ["find . -name Dockerfile -exec docker build {} ';'", "find . -name Dockerfile -exec docker build {} ;"],
  ["ssh host docker build -t app .", "ssh host docker build -t app ."],
  ["ssh host 'cd x && docker run app'", "ssh host cd x && docker run app"],
  ["parallel docker build -t {} {} ::: a b", "parallel docker build -t {} {} ::: a b"],
  ["watch docker run app", "watch docker run app"],
  ["$TOOL build -t app .", "$TOOL build -t app ."],
  ['eval "docker build $X"', "eval docker build $X"],
])("%s is said", (line, command) => {
  expect(messages(line)).toEqual([
    `engine-call-unknown 6:${line.indexOf("xargs") + 1 || 1} what "${command}" does to images and containers is not known`,
  ]);
});

test.each([
  "docker login -u x",
  "docker version",
  "docker info",
  "docker images",
  "docker ps",
  "docker pull alpine",
  "docker network create n",
  "docker volume prune -f",
  "docker system prune -f",
  "docker builder prune",
  "docker buildx create --use",
  "docker --version",
  "docker push app",
  "docker image prune -f",
  "ls | xargs docker rm -f",
  'echo "run docker build -t app ."',
  "grep 'docker build' README.md",
  "ssh host uptime",
  'eval "$(ssh-agent -s)"',
  'eval "$(docker-machine env default)"',
  "git commit -m 'docker build in one step'",
])("%s is not", (line) => {
  expect(messages(line)).toEqual([]);
});

/** What is said of a script that hands a file over in a way that is not read, to a build that copies it by name, or with all else. */
function handOver(copy: string, ...lines: readonly string[]): readonly string[] {
  const script = ["docker build -f Dockerfile.build -t b .", ...lines, "docker build -t app ."].join("\n");
  const { diagnostics, migrations } = migrate(
    memoryProject({
      "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
      Dockerfile: `FROM alpine:3.19\n${copy}\n`,
      "main.go": "package main\n",
      "build.sh": `${script}\n`,
    }),
  );
  const own = migrations.flatMap((one) => (one.kind === "builder-script" ? one.diagnostics : []));
  return [...own, ...diagnostics].map(({ code, path, line }) => `${code} ${path}:${line}`);
}

describe.each(["COPY app /usr/local/bin/app", "COPY . /srv"])("before %s, a hand-over", (copy) => {
  test.each([
    ["another program", "ctr run --rm b x cp /out/app app", "engine-call-unknown build.sh:2"],
    [
      "a program with the calls in it",
      `python3 -c "import subprocess; subprocess.run(['docker', 'cp', 'x:/out/app', 'app'])"`,
      "engine-call-unknown build.sh:2",
    ],
    ["a pipe into a program", "docker run --rm b cat /out/app | dd of=app", "engine-step-unread build.sh:2"],
    [
      "another user namespace",
      'podman unshare sh -c "podman create --name x b; podman cp x:/out/app app"',
      "engine-call-unknown build.sh:2",
    ],
  ])("by %s is said at the call", (_, line, said) => {
    expect(handOver(copy, line)).toEqual([said]);
  });

  test("by a server is said where the file is fetched", () => {
    const lines = ["docker run -d -p 80:80 b python3 -m http.server 80", "curl -o app localhost/app"];
    expect(handOver(copy, ...lines)).toEqual(["engine-step-unread build.sh:3"]);
  });

  test("by the engine's own files is said at the build that copies", () => {
    const line = 'cp "$(docker inspect -f {{.GraphDriver.Data.UpperDir}} b)/out/app" app';
    expect(handOver(copy, line)).toEqual(["copy-source-unmade build.sh:3"]);
  });
});
