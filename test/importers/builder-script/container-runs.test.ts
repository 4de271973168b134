/**
 * Containers that do something before their files are taken: what they ran, what they saw of the host, and what they printed.
 * `Dockerfile.build` makes /out/app; unless a row says otherwise, `Dockerfile` copies app.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const BUILD = "docker build -f Dockerfile.build -t app:build .\n";
const LAST = "docker build -t app .\n";

interface Row {
  readonly name: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The lines of the build stages that no Dockerfile had before. */
  readonly added: readonly string[];
  /** The COPYs of the last stage. */
  readonly copies: readonly string[];
  /** The script afterwards. */
  readonly becomes?: string;
}

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration {
  const tree = {
    "Dockerfile.build": BUILDER,
    Dockerfile: "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n",
    "main.go": "package main\n",
    "build.sh": script,
    ...files,
  };
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const textAfter = (migration: Migration, path: string): string =>
  migration.changes.find((change) => change.path === path)?.after ?? "";

const ROWS: readonly Row[] = [
  {
    name: "a shell that reads its commands on standard input does what a here-document says",
    script: `${BUILD}docker run --rm -i -v "$PWD/out:/o" app:build sh <<'END'\ncp /out/app /o/app\nEND\ncp out/app app\n${LAST}`,
    added: [],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
    becomes: LAST,
  },
  {
    name: "what such a shell makes is made in the stage",
    script: `${BUILD}docker run -i --name x app:build sh -eu <<'END'\ncd /src\ngo build -o /tool ./tool\nEND\ndocker cp x:/tool app\n${LAST}`,
    added: ["RUN set -eu; \\", "    cd /src; \\", "    go build -o /tool ./tool"],
    copies: ["COPY --from=builder /tool /usr/local/bin/app"],
    becomes: LAST,
  },
  {
    name: "tests in a container of their own are no part of the stage, and stay where they are",
    script: `docker run --rm --privileged -v "$PWD:/src" -w /src golang:1.22 sh -c "cd /src && go vet ./... && go test -race ./..."\ndocker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -o app\n${LAST}`,
    added: ["FROM golang:1.22 AS builder", "COPY . /src/", "WORKDIR /src", "RUN go build -o app"],
    copies: ["COPY --from=builder /src/app /usr/local/bin/app"],
    becomes: `docker run --rm --privileged -v "$PWD:/src" -w /src golang:1.22 sh -c "cd /src && go vet ./... && go test -race ./..."\n${LAST}`,
  },
  {
    name: "a program that is started with a directory for its data reads nothing that the builder left",
    script: `docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -o app\n${LAST}docker run --rm -v "$PWD/var/data:/data" app\n`,
    added: ["FROM golang:1.22 AS builder", "COPY . /src/", "WORKDIR /src", "RUN go build -o app"],
    copies: ["COPY --from=builder /src/app /usr/local/bin/app"],
    becomes: `${LAST}docker run --rm -v "$PWD/var/data:/data" app\n`,
  },
  {
    name: "sources that cannot be written to, around a directory that can",
    script: `docker run --rm -v "$PWD:/src:ro" -v "$PWD/dist:/src/dist" -w /src golang:1.22 go build -o dist/app\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/app /app\n" },
    added: [
      "FROM golang:1.22 AS builder",
      "COPY . /src/",
      "RUN mkdir -p /src/dist",
      "WORKDIR /src",
      "RUN go build -o dist/app",
    ],
    copies: ["COPY --from=builder /src/dist/app /app"],
  },
  {
    name: "questions to git and go, and addresses, name no artifact",
    script: `docker run --rm -v "$PWD:/src" -w /src golang:1.22 make\nV=$(git describe --tags HEAD)\ngo env GOARCH\ncurl -sL https://example.com/notify?v=1\ndocker build -t app:$V .\n`,
    added: ["FROM golang:1.22 AS builder", "COPY . /src/", "WORKDIR /src", "RUN make"],
    copies: ["COPY --from=builder /src/app /usr/local/bin/app"],
    becomes: `V=$(git describe --tags HEAD)\ngo env GOARCH\ncurl -sL https://example.com/notify?v=1\ndocker build -t app:$V .\n`,
  },
  {
    name: "a directory that is only gone to before it is packed",
    script: `${BUILD}mkdir -p dist\ndocker run --rm app:build sh -c "cd /out && tar cf - ." | tar -C dist -xf -\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist /srv\n" },
    added: [],
    copies: ["COPY --from=builder /out /srv"],
  },
  {
    name: "a command that compiles into a mount",
    script: `${BUILD}docker run --rm -v "$PWD/dist:/result" app:build make DESTDIR=/result\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/app /app\n" },
    added: ["RUN mkdir -p /result", "RUN make DESTDIR=/result"],
    copies: ["COPY --from=builder /result/app /app"],
  },
  {
    name: "a command that changes the container before its files are copied",
    script: `${BUILD}docker run --name x app:build make install\ndocker cp x:/out/app .\ndocker rm x\n${LAST}`,
    added: ["RUN make install"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "commands in a container that idles",
    script: `${BUILD}docker run -d --name x app:build sleep 60\ndocker exec x make\ndocker exec -w /opt x make install\ndocker cp x:/out/app .\ndocker rm -f x\n${LAST}`,
    added: ["RUN make", "WORKDIR /opt", "RUN make install"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a created container that is started and waited for",
    script: `${BUILD}docker create --name x app:build make all\ndocker start -a x\ndocker cp x:/out/app app\n${LAST}`,
    added: ["RUN make all"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a detached container with its environment and directory",
    script: `${BUILD}id=$(docker run -d -e MODE=fast -w /opt app:build make all)\ndocker wait $id\ndocker cp $id:/out/app app\n${LAST}`,
    added: ["WORKDIR /opt", "RUN MODE=fast make all"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "commands in a container whose environment its call set",
    script: `${BUILD}docker run -d --name x -e MODE=fast app:build sleep 60\ndocker exec -e LEVEL=2 x make\ndocker cp x:/out/app .\ndocker rm -f x\n${LAST}`,
    added: ["RUN MODE=fast LEVEL=2 make"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a committed container",
    script: `${BUILD}docker run --name x app:build make\ndocker commit x app:made\nid=$(docker create app:made)\ndocker cp $id:/out/app .\n${LAST}`,
    added: ["RUN make"],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "sources that the container sees through a mount",
    script: `docker run --rm -v "$PWD":/go/src/app -w /go/src/app -e CGO_ENABLED=0 golang:1.22 go build -o app\n${LAST}`,
    added: [
      "FROM golang:1.22 AS builder",
      "COPY . /go/src/app/",
      "WORKDIR /go/src/app",
      "RUN CGO_ENABLED=0 go build -o app",
    ],
    copies: ["COPY --from=builder /go/src/app/app /usr/local/bin/app"],
  },
  {
    name: "containers that work on one mount, one after the other",
    script: `docker run --rm -v "$PWD":/app -w /app node:20 npm ci\ndocker run --rm -v "$PWD":/app -w /app -e TAG=$TAG node:20 sh -c "npm run build"\n${LAST}`,
    files: { Dockerfile: "FROM nginx:stable\nCOPY dist /web\n", "package.json": "{}" },
    added: ["FROM node:20 AS builder", "COPY . /app/", "WORKDIR /app", "RUN npm ci", "ARG TAG", "RUN npm run build"],
    copies: ["COPY --from=builder /app/dist /web"],
    becomes: 'docker build --build-arg TAG="$TAG" -t app .\n',
  },
  {
    name: "a command that writes to a mount before others are copied there",
    script: `${BUILD}docker run --rm -v "$PWD/dist:/result" app:build sh -c "make DESTDIR=/result && cp README /result/"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist /app\n", README: "" },
    added: ["RUN mkdir -p /result", "RUN make DESTDIR=/result && cp README /result/"],
    copies: ["COPY --from=builder /result /app"],
  },
  {
    name: "a directory that a line makes in a mount and works in",
    script: `docker run --rm -v "$PWD":/w -w /w golang:1.22 sh -c "mkdir -p out && cd out && cmake .. && make"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY out/app /app\n" },
    added: [
      "FROM golang:1.22 AS builder",
      "COPY . /w/",
      "WORKDIR /w",
      "RUN mkdir -p out && cd out && cmake .. && make",
    ],
    copies: ["COPY --from=builder /w/out/app /app"],
  },
  {
    name: "a script of the mount that writes files itself",
    script: `docker run --rm -v "$PWD":/w -w /w alpine:3.19 sh make.sh\n${LAST}`,
    files: {
      Dockerfile: "FROM alpine:3.19\nCOPY out /app\n",
      "make.sh": "set -e\nmkdir -p out\necho 1 > out/version\ncp main.go out/\n",
    },
    added: ["FROM alpine:3.19 AS builder", "COPY . /w/", "WORKDIR /w", "RUN sh make.sh"],
    copies: ["COPY --from=builder /w/out /app"],
  },
  {
    name: "sources that a user other than root works on",
    script: `${BUILD}docker run --rm -v "$PWD":/w app:build\n${LAST}`,
    files: {
      "Dockerfile.build": 'FROM node:20\nWORKDIR /w\nUSER node\nCMD ["npm", "run", "build"]\n',
      Dockerfile: "FROM alpine:3.19\nCOPY dist /app\n",
      "package.json": "{}",
    },
    added: [
      "FROM node:20 AS builder",
      "WORKDIR /w",
      "USER node",
      "COPY --chown=node . /w/",
      "USER root",
      "RUN chown node /w",
      "USER node",
      "RUN npm run build",
    ],
    copies: ["COPY --from=builder --chown=0:0 /w/dist /app"],
  },
  {
    name: "a container that root runs, whoever the image's user is",
    script: `${BUILD}docker run --rm -u 0:0 -v "$PWD":/w app:build\n${LAST}`,
    files: {
      "Dockerfile.build": 'FROM node:20\nWORKDIR /w\nUSER node\nCMD ["npm", "run", "build"]\n',
      Dockerfile: "FROM alpine:3.19\nCOPY dist /app\n",
      "package.json": "{}",
    },
    added: ["FROM node:20 AS builder", "WORKDIR /w", "USER node", "COPY . /w/", "USER root", "RUN npm run build"],
    copies: ["COPY --from=builder /w/dist /app"],
  },
  {
    name: "a line that makes a directory and prints it",
    script: `${BUILD}docker run --rm app:build sh -c "mkdir -p dist && echo 1 > dist/version && tar -cf - dist" | tar -xf -\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist /app\n" },
    added: ["RUN mkdir -p dist && echo 1 > dist/version"],
    copies: ["COPY --from=builder /src/dist /app"],
  },
  {
    name: "lines that write to one mount, one after the other",
    script: `docker run --rm -v "$PWD":/w -w /w golang:1.22 sh -c "mkdir -p out && go build -o out/app"\ndocker run --rm -v "$PWD":/w -w /w golang:1.22 sh -c "strip out/app && echo 1 > out/version"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY out /app\n" },
    added: [
      "FROM golang:1.22 AS builder",
      "COPY . /w/",
      "WORKDIR /w",
      "RUN mkdir -p out && go build -o out/app",
      "RUN strip out/app && echo 1 > out/version",
    ],
    copies: ["COPY --from=builder /w/out /app"],
  },
  {
    name: "a line that works on what the one before made by name",
    script: `docker run --rm -v "$PWD":/w -w /w golang:1.22 sh -c "mkdir -p out && go build -o out/app"\ndocker run --rm -v "$PWD":/w -w /w golang:1.22 strip out/app\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY out /app\n" },
    added: [
      "FROM golang:1.22 AS builder",
      "COPY . /w/",
      "WORKDIR /w",
      "RUN mkdir -p out && go build -o out/app",
      "RUN strip out/app",
    ],
    copies: ["COPY --from=builder /w/out /app"],
  },
  {
    name: "a mount that another image's file is copied into under a name of its own",
    script: `docker run --rm -v "$PWD":/w -w /w alpine:3.19 touch made\n${BUILD}docker create --name x app:build\ndocker cp x:/out/app app\ndocker rm x\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY made /made\nCOPY app /app\n" },
    added: [
      "FROM alpine:3.19 AS builder",
      "COPY . /w/",
      "WORKDIR /w",
      "RUN touch made",
      "FROM golang:1.22 AS builder-2",
    ],
    copies: ["COPY --from=builder /w/made /made", "COPY --from=builder-2 /out/app /app"],
  },
  {
    name: "a file that the line moves before it brings it out",
    script: `${BUILD}docker run --rm -v "$PWD/dist:/d" app:build sh -c "mv /out/app /out/b && cp /out/b /d/"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/b /app\n" },
    added: ["RUN mkdir -p /d", "RUN mv /out/app /out/b"],
    copies: ["COPY --from=builder /out/b /app"],
  },
  {
    name: "a file that the line copies and changes before it brings it out",
    script: `${BUILD}docker run --rm -v "$PWD/dist:/d" app:build sh -c "cp /out/app /tmp/b && strip /tmp/b && cp /tmp/b /d/"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/b /app\n" },
    added: ["RUN mkdir -p /d", "RUN cp /out/app /tmp/b && strip /tmp/b"],
    copies: ["COPY --from=builder /tmp/b /app"],
  },
  {
    name: "a volume that hands files from one container to the next",
    script: `${BUILD}docker run --rm -v out:/x app:build cp /out/app /x/\ndocker run --rm -v out:/y -v "$PWD:/w" alpine cp /y/app /w/app\n${LAST}`,
    added: [],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a directory that a command makes in a mount before it works there",
    script: `docker run --rm -v "$PWD":/s golang:1.22 sh -c "mkdir -p /s/dist && cd /s/dist && go build -o app .."\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/app /app\n" },
    added: ["FROM golang:1.22 AS builder", "COPY . /s/", "RUN mkdir -p /s/dist && cd /s/dist && go build -o app .."],
    copies: ["COPY --from=builder /s/dist/app /app"],
  },
  {
    name: "a file that a command only writes words into",
    script: `${BUILD}docker run --rm -v "$PWD/dist:/result" app:build sh -c "echo 1.4 > /result/version"\n${LAST}`,
    files: { Dockerfile: "FROM alpine:3.19\nCOPY dist/version /version\n" },
    added: ["RUN mkdir -p /result", "RUN echo 1.4 > /result/version"],
    copies: ["COPY --from=builder /result/version /version"],
  },
  {
    name: "what a command in an idle container prints",
    script: `${BUILD}docker run -d --name x app:build sleep 60\ndocker exec x cat /out/app > app\ndocker rm -f x\n${LAST}`,
    added: [],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
  {
    name: "a volume that docker cp reads through a second container",
    script: `${BUILD}docker run --rm -v out:/x app:build cp /out/app /x/\ndocker create --name h -v out:/x app:build\ndocker cp h:/x/app .\ndocker rm h\n${LAST}`,
    added: [],
    copies: ["COPY --from=builder /out/app /usr/local/bin/app"],
  },
];

/** Lines of the stages before the last, without those of `Dockerfile.build`. */
function addedLines(dockerfile: string): readonly string[] {
  const stages = dockerfile.slice(0, dockerfile.lastIndexOf("\nFROM "));
  const old = [...BUILDER.split("\n"), "FROM golang:1.22 AS builder"];
  const known = dockerfile.includes("RUN go build -o /out/app .");
  return stages.split("\n").filter((line) => line !== "" && !(known && old.includes(line)));
}

describe("a container that works before its files are taken", () => {
  it.each(ROWS)("$name", ({ script, files, added, copies, becomes = LAST }) => {
    const migration = run(script, files);
    const dockerfile = textAfter(migration, "Dockerfile");
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
    expect(migration.verdict).toBe("migrated");
    expect(addedLines(dockerfile)).toEqual(added);
    expect(last.split("\n").filter((line) => line.startsWith("COPY"))).toEqual(copies);
    expect(textAfter(migration, "build.sh")).toBe(becomes);
  });

  it("keeps the builder as an image of its own where the script also runs it for something else", () => {
    const script = `${BUILD}docker run --rm app:build make check\ndocker run --name x app:build make\ndocker cp x:/out/app .\n${LAST}`;
    const migration = run(script);
    expect(textAfter(migration, "Dockerfile")).toContain("FROM builder AS builder-2\nRUN make\n");
    expect(textAfter(migration, "build.sh")).toBe(
      `docker build --target builder -t app:build .\ndocker run --rm app:build make check\n${LAST}`,
    );
  });

  it.each([
    ["works", `docker run --rm -v "$PWD/dist:/result" app:build make DESTDIR=/result\n`],
    ["only carries files", `mkdir dist\ndocker run --rm app:build tar -C /out -c app | tar -x -C dist\n`],
  ])("keeps the builder's image for a container that stays, since the host reads what it brings: it %s", (_, line) => {
    const migration = run(`${BUILD}${line}scp dist/app backup:\n${LAST}`, {
      Dockerfile: "FROM alpine:3.19\nCOPY dist/app /app\n",
    });
    expect(textAfter(migration, "build.sh")).toBe(
      `docker build --target builder -t app:build .\n${line}scp dist/app backup:\n${LAST}`,
    );
    expect([migration.verdict, migration.diagnostics.map(({ code }) => code)]).toEqual([
      "partial",
      ["artifact-kept-on-host"],
    ]);
  });

  describe("under ignore rules, which a mount does not know", () => {
    const script = `docker run --rm -v "$PWD:/src" -w /src golang:1.22 go build -o app\n${LAST}`;
    const files = { "README.md": "", "docs/guide.md": "", "internal/version.go": "package internal\n" };

    it("does without files that no compiler reads, and says so", () => {
      const migration = run(script, { ...files, ".dockerignore": "*.md\ndocs\n*.sh\n" });
      expect(textAfter(migration, "Dockerfile")).toContain("COPY . /src/\n");
      expect(migration.diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
        'mounted-source-ignored: the ignore rules keep "README.md" and 2 more like it from the stage, and the container saw them through a mount; the build is taken to do without',
      ]);
    });

    it("is refused where a file that may be a source is hidden", () => {
      const migration = run(script, { ...files, ".dockerignore": "internal\n" });
      expect([migration.verdict, migration.diagnostics.map(({ code }) => code), migration.changes]).toEqual([
        "refused",
        ["context-merge-unsafe"],
        [],
      ]);
    });
  });

  it.each([
    ["COPY . /src/", true],
    ["COPY Dockerfile run.Dockerfile /src/", true],
    ["COPY run.Dockerfile /src/", false],
  ])("that prints a context keeps %s of the builder: %s", (copy, kept) => {
    const migration = run(
      "docker build -t b -f Dockerfile.build .\ndocker run --rm b | docker build -t app -f run.Dockerfile -\n",
      {
        "Dockerfile.build": `FROM golang:1.22\nWORKDIR /src\n${copy}\nRUN make app\nCMD tar -cf - app run.Dockerfile\n`,
        "run.Dockerfile": "FROM alpine:3.19\nCOPY app /app\n",
      },
    );
    const text = textAfter(migration, "run.Dockerfile");
    expect(text).toContain("COPY --from=builder /src/app /app\n");
    expect(text.includes(copy)).toBe(kept);
  });

  it("keeps the image that a container is made from where its file stays on the host", () => {
    const script = `${BUILD}docker run --name x app:build make\ndocker cp x:/out/app app\n${LAST}sha256sum app > sums.txt\n`;
    const migration = run(script);
    expect(textAfter(migration, "Dockerfile")).toContain("RUN make\n");
    expect(textAfter(migration, "build.sh")).toContain(
      "docker build --target builder -t app:build .\ndocker run --name x app:build make\n",
    );
  });

  it("that a trap in double quotes removes goes with its trap", () => {
    const script = `set -eu\nid=$(docker create app:build)\ntrap "docker rm -f $id" EXIT\ndocker cp "$id:/out/app" app\n`;
    expect(textAfter(run(`${BUILD}${script}${LAST}`), "build.sh")).toBe(`set -eu\n${LAST}`);
  });

  it("is no setup where a container only tests what the image is built from", () => {
    const { migrations } = migrate(
      memoryProject({
        "build.sh": `docker run --rm -v "$PWD":/app -w /app node:20 npm test\n${LAST}`,
        Dockerfile: 'FROM node:20\nCOPY . /app\nCMD ["node", "/app/index.js"]\n',
        "index.js": "",
      }),
    );
    expect(migrations.map(({ kind }) => kind)).toEqual(["fat-dockerfile"]);
  });

  it.each([
    [
      "--privileged",
      '"docker run --privileged --name x app:build make" gives its container "--privileged", which no RUN instruction has',
    ],
    [
      "--device /dev/kvm",
      '"docker run --device /dev/kvm --name x app:build make" gives its container "--device", which no RUN instruction has',
    ],
    [
      "-v /var/run/docker.sock:/var/run/docker.sock",
      '"docker run -v /var/run/docker.sock:/var/run/docker.sock --name x app:build make" gives its container "-v /var/run/docker.sock", which no RUN instruction has',
    ],
  ])("is refused with %s", (option, message) => {
    const migration = run(`${BUILD}docker run ${option} --name x app:build make\ndocker cp x:/out/app .\n${LAST}`);
    const [error] = migration.diagnostics.filter(({ severity }) => severity === "error");
    expect([migration.verdict, error?.message, migration.changes]).toEqual(["refused", message, []]);
  });
});

it("refuses a shell whose input only a run knows", () => {
  const migration = run(`${BUILD}docker run -i --name x app:build sh < "$STEPS"\ndocker cp x:/tool app\n${LAST}`);
  expect(migration.verdict).toBe("refused");
  expect(migration.diagnostics.map(({ message }) => message)).toEqual([
    '"docker run -i --name x app:build sh < "$STEPS"" gives its container "--interactive", which no RUN instruction has',
  ]);
});
