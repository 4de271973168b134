import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { flowsOf } from "../../src/model/flows.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { type HostPath, imagePath, ROOT } from "../../src/text/paths.ts";

const project = memoryProject({
  ".dockerignore": "secret.json\n",
  "package.json": "{}",
  "package-lock.json": "{}",
  "secret.json": "{}",
  "src/main.js": "",
  "src/lib/a.js": "",
  "dist/app.js": "",
  "run.sh": "",
  "data.tar.gz": "",
  "api/Dockerfile": "",
  "api/go.mod": "",
  link: { symlink: "src" },
});

const baseImage = (reference: string) =>
  reference === "golang:1.22" ? { env: { GOPATH: "/go" }, workdir: imagePath("/go"), user: "" } : undefined;

/** Flows as `kind name path -> stage path [owner mode]`. */
function flows(text: string, context: string = ROOT): readonly string[] {
  const document = parseDockerfile({ path: "Dockerfile" as HostPath, text });
  return flowsOf(document, { files: project, context: context as HostPath, baseImage }).map((flow) =>
    [
      `${flow.from.kind} ${flow.from.name} ${flow.from.path} -> ${flow.to.stage} ${flow.to.path}`,
      ...[flow.owner ?? [], flow.mode ?? []].flat(),
    ].join(" "),
  );
}

const BUILDER =
  "FROM golang:1.22 AS builder\nWORKDIR /src\nCOPY . .\nRUN go build -o /bin/server ./cmd && mkdir -p /out/web\n";

/** Instructions of a stage behind `BUILDER`, and the flows of that stage. */
const cases: readonly (readonly [name: string, instructions: string, expected: readonly string[]])[] = [
  ["a file to a name", "COPY run.sh /usr/bin/run", ["context . run.sh -> 1 /usr/bin/run"]],
  ["a file into a directory", "COPY run.sh /usr/bin/", ["context . run.sh -> 1 /usr/bin/run.sh"]],
  [
    "a file into a directory that every image has",
    "COPY run.sh /usr/local/bin",
    ["context . run.sh -> 1 /usr/local/bin/run.sh"],
  ],
  ["a file to the working directory", "WORKDIR /app\nCOPY run.sh .", ["context . run.sh -> 1 /app/run.sh"]],
  ["working directories add up", "WORKDIR /app\nWORKDIR web\nCOPY run.sh ./x", ["context . run.sh -> 1 /app/web/x"]],
  ["a directory's contents", "COPY dist /web", ["context . dist -> 1 /web"]],
  ["a directory's contents, with a slash", "COPY dist/ /web/", ["context . dist -> 1 /web"]],
  ["the whole context", "WORKDIR /app\nCOPY . .", ["context . . -> 1 /app"]],
  ["a symlink to a directory", "COPY link /web/", ["context . link -> 1 /web"]],
  ["several sources", "COPY run.sh dist /app/", ["context . run.sh -> 1 /app/run.sh", "context . dist -> 1 /app"]],
  [
    "a pattern that the project resolves, what is ignored left out",
    "COPY *.json /app/",
    ["context . package-lock.json -> 1 /app/package-lock.json", "context . package.json -> 1 /app/package.json"],
  ],
  ["a pattern below a directory", "COPY src/*.js /app/", ["context . src/main.js -> 1 /app/main.js"]],
  ["a pattern that nothing matches", "COPY *.lock /app/", ["context . *.lock -> 1 /app"]],
  ["a source that is not there", "COPY target/app.jar /srv/", ["context . target/app.jar -> 1 /srv/app.jar"]],
  ["a directory that is not there", "COPY build /srv/", ["context . build -> 1 /srv"]],
  ["an archive is unpacked by ADD", "ADD data.tar.gz /data", ["context . data.tar.gz -> 1 /data"]],
  ["and not by COPY", "COPY data.tar.gz /data/", ["context . data.tar.gz -> 1 /data/data.tar.gz"]],
  [
    "a download",
    "ADD https://example.org/a/tool.tgz /opt/",
    ["context . https://example.org/a/tool.tgz -> 1 /opt/tool.tgz"],
  ],
  ["a heredoc", "COPY <<motd /etc/\nhi\nmotd", ["context . <<motd -> 1 /etc/motd"]],
  ["a binary that go builds", "COPY --from=builder /bin/server /app/", ["stage builder /bin/server -> 1 /app/server"]],
  ["a directory that mkdir makes", "COPY --from=builder /out/web /srv/", ["stage builder /out/web -> 1 /srv"]],
  [
    "a file that came with the context",
    "COPY --from=builder /src/run.sh /srv/",
    ["stage builder /src/run.sh -> 1 /srv/run.sh"],
  ],
  [
    "a directory that came with the context",
    "COPY --from=builder /src/src/lib /srv/",
    ["stage builder /src/src/lib -> 1 /srv"],
  ],
  ["a program by its place", "COPY --from=builder /go/bin/tool /srv/", ["stage builder /go/bin/tool -> 1 /srv/tool"]],
  ["a directory by its name", "COPY --from=builder /src/node_modules ./", ["stage builder /src/node_modules -> 1 /"]],
  ["by number", "COPY --from=0 /bin/server /server", ["stage builder /bin/server -> 1 /server"]],
  ["by name in another case", "COPY --from=Builder /bin/server /server", ["stage builder /bin/server -> 1 /server"]],
  [
    "a relative source counts from the root",
    "COPY --from=builder bin/server /s",
    ["stage builder /bin/server -> 1 /s"],
  ],
  ["a pattern of a stage", "COPY --from=builder /out/*.js /web/", ["stage builder /out/*.js -> 1 /web"]],
  [
    "an image",
    "COPY --from=nginx:alpine /etc/nginx/nginx.conf /etc/",
    ["image nginx:alpine /etc/nginx/nginx.conf -> 1 /etc/nginx.conf"],
  ],
  ["owner and mode", "COPY --chown=1:1 --chmod=0755 run.sh /r", ["context . run.sh -> 1 /r 1:1 0755"]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a Dockerfile
  ["variables", "ENV D=/opt\nARG F=run\nCOPY $F.sh ${D}/x", ["context . run.sh -> 1 /opt/x"]],
  ["an unknown variable stays", "COPY run.sh $NOWHERE/bin/", ["context . run.sh -> 1 /$NOWHERE/bin/run.sh"]],
  [
    "a working directory of an unknown place",
    "WORKDIR $NOWHERE/src\nCOPY run.sh .",
    ["context . run.sh -> 1 /$NOWHERE/src/run.sh"],
  ],
  ["the JSON form", 'COPY ["run.sh", "/my dir/"]', ["context . run.sh -> 1 /my dir/run.sh"]],
];

test.each(cases)("%s", (_name, instructions, expected) => {
  expect(flows(`${BUILDER}FROM other\n${instructions}\n`).slice(1)).toEqual(expected);
});

describe("stages", () => {
  test("one built from another has its variables, its working directory and its files", () => {
    const text = `${BUILDER}FROM builder AS more\nCOPY run.sh bin/\nFROM scratch\nCOPY --from=more /src/run.sh /a/\n`;
    expect(flows(text).slice(1)).toEqual([
      "context . run.sh -> more /src/bin/run.sh",
      "stage more /src/run.sh -> 2 /a/run.sh",
    ]);
  });

  test("a base image's own working directory and environment", () => {
    expect(flows("FROM golang:1.22\nCOPY run.sh x\nCOPY run.sh $GOPATH/bin/\n")).toEqual([
      "context . run.sh -> 0 /go/x",
      "context . run.sh -> 0 /go/bin/run.sh",
    ]);
  });

  test("scratch has no directories", () => {
    expect(flows(`${BUILDER}FROM scratch\nCOPY --from=builder /bin/server /bin\n`).at(-1)).toBe(
      "stage builder /bin/server -> 1 /bin",
    );
  });

  test("a name that comes later is an image", () => {
    expect(flows("FROM a\nCOPY --from=late /x /x\nFROM b AS late\n")).toEqual(["image late /x -> 0 /x"]);
  });

  test("what ONBUILD copies moves nothing here", () => {
    expect(flows("FROM a\nONBUILD COPY . /app\n")).toEqual([]);
  });
});

test("a context in a directory below", () => {
  expect(flows("FROM a\nCOPY go.mod /src/\n", "api")).toEqual(["context api go.mod -> 0 /src/go.mod"]);
});

test("the author of a COPY knows best what its sources are", () => {
  const text = "FROM a AS b\nFROM c\nCOPY --from=b /x/server /srv/\n";
  const document = parseDockerfile({ path: "Dockerfile" as HostPath, text });
  const [flow] = flowsOf(document, { files: project, context: ROOT, typeOf: () => "directory" });
  expect(flow?.to.path).toBe("/srv");
});
