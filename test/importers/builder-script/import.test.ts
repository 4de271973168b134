/**
 * Builder scripts end to end: the script that goes in, the one that comes out, and the COPYs of the joined Dockerfile.
 * Unless a row says otherwise, `Dockerfile.build` makes /out/app and `Dockerfile` copies app.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const FINAL = "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n";

interface Case {
  readonly name: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The script afterwards. */
  readonly becomes: string;
  /** COPY and ADD lines of the result that are not the builder's own `COPY . .`. */
  readonly copies: readonly string[];
  /** Where the result is written. */
  readonly path?: string;
  readonly codes?: readonly string[];
}

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const tree = {
    "Dockerfile.build": BUILDER,
    Dockerfile: FINAL,
    "main.go": "package main\n",
    "build.sh": script,
    ...files,
  };
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function textAfter(migration: Migration, path: string): string | undefined {
  return migration.changes.find((change) => change.path === path)?.after;
}

const EXTRACTION = "docker create --name x app:build\ndocker cp x:/out/app ./app\ndocker rm x\n";
const BUILD = "docker build -f Dockerfile.build -t app:build .\n";

const CASES: readonly Case[] = [
  {
    name: "create, cp and rm",
    script: `#!/bin/sh\n${BUILD}${EXTRACTION}docker build -t app .\n`,
    becomes: "#!/bin/sh\ndocker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a container known by its id",
    script: `${BUILD}id=$(docker create app:build)\ndocker cp "$id":/out/app .\ndocker rm -v "$id"\ndocker build -t app .\ndocker push app\n`,
    becomes: "docker build -t app .\ndocker push app\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a container that only cp names",
    script: `${BUILD}docker cp $(docker create --rm app:build):/out/app .\ndocker build -t app .\n`,
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "variables that only named the builder and its container",
    script:
      "BUILDER=b\nBOX=x\nIMAGE=app\ndocker build -f Dockerfile.build -t $BUILDER .\ndocker create --name $BOX $BUILDER\ndocker cp $BOX:/out/app .\ndocker rm $BOX\ndocker build -t $IMAGE .\n",
    becomes: "IMAGE=app\ndocker build -t $IMAGE .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a status that is kept and asked for",
    script: `${BUILD}rc=$?\nif [ $rc -ne 0 ]; then\n  echo failed\n  exit $rc\nfi\n${EXTRACTION}docker build -t app .\n`,
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a build in the background that is waited for",
    script: `docker build -f Dockerfile.build -t app:build . &\npid=$!\nwait $pid\n${EXTRACTION}docker build -t app .\n`,
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a build that all the rest depends on",
    script: `if docker build -f Dockerfile.build -t app:build .; then\n${EXTRACTION}  docker build -t app .\n  docker push app\nelse\n  exit 1\nfi\n`,
    becomes: "if true; then\n  docker build -t app . || exit 1\n  docker push app\nelse\n  exit 1\nfi\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "an image known by its id",
    script:
      'img=$(docker build -q -f Dockerfile.build .)\nid=$(docker create "$img")\ndocker cp "$id":/out/app app\ndocker build -t app .\n',
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "one chain of commands",
    script:
      "docker build -f Dockerfile.build -t b . && docker create --name x b && docker cp x:/out/app . && docker rm x && docker build -t app . && docker push app\n",
    becomes: "docker build -t app . && docker push app\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "failures that are answered for",
    script: `docker rm -f x || true\n${BUILD.trim()} || { echo "no build"; exit 1; }\ndocker create --name x app:build || exit 1\ndocker cp x:/out/app . || exit 1\nif [ $? -ne 0 ]; then\n  exit 1\nfi\ndocker build -t app . || exit 1\n`,
    becomes: "docker build -t app . || exit 1\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a function for the clean-up, called by a trap",
    script: `clean() {\n  docker rm -f x\n  rm -f app\n}\ntrap clean EXIT\n${BUILD}docker create --name x app:build\ndocker cp x:/out/app ./app\ndocker build -t app .\n`,
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a function with arguments, and build arguments that move",
    script: `take() {\n  local id\n  id=$(docker create "$1")\n  docker cp "$id:$2" "$3"\n  docker rm "$id"\n}\ndocker build --build-arg V="$V" -f Dockerfile.build -t b .\ntake b /out/app ./app\ndocker build -t app .\n`,
    becomes: 'docker build --build-arg V="$V" -t app .\n',
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "the engine in a variable, tags from the environment",
    script:
      'set -e\nDOCKER="sudo docker"\nif [ -z "$TAG" ]; then\n  echo "TAG?"\n  exit 1\nfi\n$DOCKER build -f Dockerfile.build -t app-build:$TAG .\n$DOCKER create --name x app-build:$TAG\n$DOCKER cp x:/out/app .\n$DOCKER rm x\n$DOCKER build -t app:$TAG .\n',
    becomes:
      'set -e\nDOCKER="sudo docker"\nif [ -z "$TAG" ]; then\n  echo "TAG?"\n  exit 1\nfi\n$DOCKER build -t app:$TAG .\n',
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a file that gets another name on the way and lands in a directory",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/out/app ./server\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY server /usr/local/bin/\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/server"],
  },
  {
    name: "an artifact that arrives with the whole context",
    script: `${BUILD}${EXTRACTION}docker build -t app .\nrm app\n`,
    files: { Dockerfile: "FROM alpine:3.19\nWORKDIR /srv\n# all of it\nCOPY . .\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY . .", "COPY --from=builder /out/app ./app"],
  },
  {
    name: "a directory that does not exist yet takes the contents",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/src/dist ./public\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM nginx:1.27\nCOPY public /usr/share/nginx/html\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /src/dist /usr/share/nginx/html"],
  },
  {
    name: "a directory that exists is nested into",
    script: `rm -rf out && mkdir -p out\n${BUILD}docker create --name x app:build\ndocker cp x:/src/dist out\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM nginx:1.27\nCOPY out /srv\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /src/dist /srv/dist"],
  },
  {
    name: "a source that ends in /. is poured out",
    script: `mkdir out\n${BUILD}docker create --name x app:build\ndocker cp x:/src/dist/. out/\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM nginx:1.27\nCOPY out/ /srv/\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /src/dist /srv/"],
  },
  {
    name: "several artifacts, one of the checkout between them",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/out/app .\ndocker cp x:/out/tool .\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY app conf tool /srv/\n", conf: "a=1\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /srv/", "COPY conf /srv/", "COPY --from=builder /out/tool /srv/"],
  },
  {
    name: "moves on the host between the builds",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/out/app tmp-app\nmkdir -p bin\nmv tmp-app bin/app\nchmod 755 bin/app\ndocker build -t app .\nrm -rf bin\n`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY bin/ /opt/bin/\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /opt/bin/app"],
  },
  {
    name: "a pattern inside a directory that was taken out",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/src/target ./target\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY target/*.jar /srv/\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /src/target/*.jar /srv/"],
  },
  {
    name: "files of another owner get the owner that they had over the host",
    script: `${BUILD}${EXTRACTION}docker build -t app .\n`,
    files: { "Dockerfile.build": "FROM node:20\nWORKDIR /src\nCOPY . .\nUSER node\nRUN make\n" },
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder --chown=0:0 /out/app /usr/local/bin/app"],
  },
  {
    name: "a name that only made sense in a pair",
    script: `${BUILD}${EXTRACTION}docker build --no-cache -t app -f Dockerfile.prod .\n`,
    files: { Dockerfile: "", "Dockerfile.prod": FINAL },
    becomes: "docker build --no-cache -t app -f Dockerfile.prod .\n",
    path: "Dockerfile.prod",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "checks whether the artifact arrived",
    script: `${BUILD}${EXTRACTION}if [ ! -f ./app ]; then\n  echo "no app" >&2\n  exit 1\nfi\n[ -x app ] || exit 1\nls -l app\nfile app | tee log\ndocker build -t app .\n`,
    becomes: "docker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a message about the container",
    script: `set -u\n${BUILD}id=$(docker create app:build)\necho "in $id"\ndocker cp $id:/out/app .\ndocker build -t app .\n`,
    becomes: "set -u\ndocker build -t app .\n",
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "messages that announce what is gone",
    script: `#!/bin/sh\necho "1. compile"\n${BUILD}# take it out\n${EXTRACTION}\necho "2. pack"\ndocker build -t app .\n`,
    becomes: '#!/bin/sh\n\necho "2. pack"\ndocker build -t app .\n',
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
];

interface Refusal {
  readonly name: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly message: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "a Dockerfile that an argument names",
    script: `${BUILD}${EXTRACTION}docker build -f "$1" -t app .\n`,
    message: 'only a real run knows which Dockerfile "$1" is',
  },
  {
    name: "a Dockerfile that is not there",
    script: `${BUILD}${EXTRACTION}docker build -f gone/Dockerfile -t app .\n`,
    message: '"gone/Dockerfile" is built by the script but is not in the project',
  },
  {
    name: "a container that the script does not create",
    script: `${BUILD}docker cp other:/out/app .\ndocker create --name x app:build\ndocker cp x:/out/app .\ndocker build -t app .\n`,
    message: '"other" names a container that the script does not create',
  },
  {
    name: "a path that only a run knows",
    script: `${BUILD}docker create --name x app:build\ndocker cp x:/out/$NAME app\ndocker cp x:/out/app app\ndocker build -t app .\n`,
    message: 'only a real run knows which path "x:/out/$NAME" is',
  },
  {
    name: "an artifact that the host signs",
    script: `${BUILD}${EXTRACTION}gpg --detach-sign app\ndocker build -t app .\n`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY app app.sig /srv/\n" },
    message: '"app.sig" is made on the host by "gpg --detach-sign app"',
  },
  {
    name: "a context on standard input",
    script: `${BUILD}docker run --rm app:build | docker build -t app -\n`,
    message: 'the build context "-" is not a directory of the project',
  },
  {
    name: "a build argument with two values",
    script:
      "docker build --build-arg V=1 -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app .\ndocker build --build-arg V=2 -t app .\n",
    files: { "Dockerfile.build": `${BUILDER}ENV V=0\nARG V\n`, Dockerfile: `${FINAL}ARG V\n` },
    message: 'the build argument "V" has one value for "Dockerfile.build" and another for "Dockerfile"',
  },
  {
    name: "an image that nobody builds",
    script: "id=$(docker create registry.example.com/team/thing:1)\ndocker cp $id:/out/app .\ndocker build -t app .\n",
    message:
      '"registry.example.com/team/thing:1" is not built by the script, and no file tells which Dockerfile makes it',
  },
  {
    name: "a Dockerfile outside the project",
    script: `docker build -t b -f ../../up/Dockerfile .\n${EXTRACTION}docker build -t app .\n`,
    message: '"../../up/Dockerfile" leads outside the project',
  },
  {
    name: "a script that no shell would read",
    script: `${BUILD}${EXTRACTION}docker build -t app .\nif true; then\n`,
    message: "the script cannot be read: expected command after 'then'",
  },
];

describe("a builder script that is refused", () => {
  it.each(REFUSALS)("$name", ({ script, files, message }) => {
    const migration = run(script, files);
    expect(migration.verdict).toBe("refused");
    expect(migration.changes).toEqual([]);
    expect(migration.diagnostics.filter(({ severity }) => severity === "error").map((one) => one.message)).toContain(
      message,
    );
    expect(migration.diagnostics.every(({ path, line }) => path !== undefined && line !== undefined)).toBe(true);
  });
});

describe("a script that is no builder setup", () => {
  it.each([
    ["one build", "docker build -t app .\ndocker push app\n"],
    ["two builds that hand nothing over", "docker build -f Dockerfile.build -t a .\ndocker build -t b .\n"],
    [
      "logs taken out of a foreign container",
      "docker build -t app .\ndocker create --name db postgres:16\ndocker cp db:/var/log ./log\n",
    ],
    ["no build", "docker pull app\ndocker cp x:/a .\n"],
  ])("%s", (_, script) => {
    const tree = { Dockerfile: "FROM alpine:3.19\nRUN true\n", "Dockerfile.build": BUILDER, "build.sh": script };
    const kinds = migrate(memoryProject(tree)).migrations.map(({ kind }) => kind);
    expect(kinds).not.toContain("builder-script");
  });
});

describe("a builder script", () => {
  it.each(CASES)("$name", ({ script, files, becomes, copies, path = "Dockerfile", codes = [] }) => {
    const migration = run(script, files);
    expect(migration.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(migration.verdict).toBe("migrated");
    expect(textAfter(migration, "build.sh") ?? script).toBe(becomes);
    const lines = (textAfter(migration, path) ?? "").split("\n").filter((line) => /^(?:COPY|ADD)\b/.test(line));
    expect(lines.slice(1)).toEqual(copies);
    expect(migration.changes.find((change) => change.path === "Dockerfile.build")?.action).toBe("delete");
  });
});
