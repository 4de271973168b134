import { describe, expect, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";

const build = "COPY . /src\nWORKDIR /src\nRUN CGO_ENABLED=0 go build -o /app .\n";
const go = (before: string, after = ""): Record<string, string> =>
  goProject(`FROM golang:1.22\n${before}${build}${after}CMD ["/app"]\n`);

describe("what the runtime stage keeps", () => {
  it("keeps what a script calls for the value of a variable", () => {
    const start =
      '#!/bin/sh\nname="$(jq -r .name /etc/app.json)"\nfor host in `dig +short db`; do /app "$name" "$host"; done\n';
    const tree = goProject(
      `FROM golang:1.22\nRUN apt-get update && apt-get install -y jq dnsutils gcc\n${build}COPY start.sh /start.sh\nCMD ["/start.sh"]\n`,
    );
    const seen = migrated({ ...tree, "start.sh": start });
    expect(seen.production).toContain("apt-get install -y jq dnsutils");
    expect(seen.production).not.toContain("gcc");
  });

  it("keeps the configuration in its order", () => {
    const seen = migrated(
      go(
        "LABEL a=b\nENV PORT=80\nEXPOSE 80\n",
        'VOLUME /data\nSTOPSIGNAL SIGINT\nHEALTHCHECK CMD ["/app", "-health"]\nUSER 1000:1000\n',
      ),
    );
    expect(seen.production).toBe(`FROM gcr.io/distroless/static-debian12 AS production
LABEL a=b
ENV PORT=80
EXPOSE 80
WORKDIR /src
COPY --from=builder /app /app
VOLUME /data
STOPSIGNAL SIGINT
HEALTHCHECK CMD ["/app", "-health"]
USER 1000:1000
CMD ["/app"]
`);
  });

  it("declares a build argument again where something that stays reads it", () => {
    const seen = migrated(go("ARG VERSION=1\nARG UNUSED\n", "LABEL version=$VERSION\n"));
    expect(seen.production).toContain("ARG VERSION=1\n");
    expect(seen.production).not.toContain("UNUSED");
  });

  it("makes users before what they own, and not in the builder's place", () => {
    const seen = migrated(go("RUN useradd app && mkdir /data && chown app /data\n", "USER app\n"));
    expect(seen.production).toContain("RUN useradd app && mkdir /data && chown app /data\n");
    expect(seen.production).toContain("FROM debian:bookworm-slim AS production\n");
  });

  it("cuts a chain: users stay, compilers go", () => {
    const tree = goProject(
      'FROM golang:1.22-alpine\nRUN adduser -D app && \\\n    apk add --no-cache gcc git tini && \\\n    rm -rf /tmp/*\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app .\nUSER app\nENTRYPOINT ["tini", "--", "/app"]\n',
    );
    expect(migrated(tree).production).toContain("RUN adduser -D app && \\\n    apk add --no-cache tini\n");
  });

  it("keeps files that are copied among the system's own", () => {
    const tree = { ...go("", "COPY etc/app.conf /etc/app.conf\n"), "etc/app.conf": "x" };
    expect(migrated(tree).production).toContain("COPY etc/app.conf /etc/app.conf\n");
  });

  it("keeps a COPY from another image, but not that of a build tool", () => {
    const seen = migrated(
      go(
        "COPY --from=example/upx /upx /usr/local/bin/upx\n",
        "RUN upx /app\nCOPY --from=example/certs /ca.pem /ca.pem\n",
      ),
    );
    expect(seen.production).toContain("COPY --from=example/certs /ca.pem /ca.pem\n");
    expect(seen.production).not.toContain("upx");
  });

  it("repeats changes to the system's files", () => {
    const seen = migrated(go("RUN ln -sf /usr/share/zoneinfo/UTC /etc/localtime\n"));
    expect(seen.production).toContain("RUN ln -sf /usr/share/zoneinfo/UTC /etc/localtime\n");
  });

  it("sets variables of the old base that kept lines name", () => {
    const seen = migrated(
      goProject('FROM golang:1.22\nWORKDIR $GOPATH/src/shop\nCOPY . .\nRUN go build\nCMD ["./shop"]\n'),
    );
    expect(seen.production).toContain("ENV GOPATH=/go\nWORKDIR $GOPATH/src/shop\n");
  });

  it("starts where the old base did when the file does not say", () => {
    const seen = migrated(
      goProject('FROM golang:1.22\nCOPY . /src\nRUN cd /src && go build -o /app .\nCMD ["/app"]\n'),
    );
    expect(seen.production).toContain("WORKDIR /go\n");
  });

  it("hands directories over to the user that made them", () => {
    const tree = {
      Dockerfile: `FROM node:20
RUN mkdir -p /home/node/app && chown -R node:node /home/node/app
WORKDIR /home/node/app
USER node
COPY --chown=node:node package.json package-lock.json ./
RUN npm ci
COPY --chown=node:node . .
RUN npm run build
CMD ["node", "dist/index.js"]
`,
      "package.json":
        '{"name":"a","scripts":{"build":"tsc"},"dependencies":{"ms":"2"},"devDependencies":{"typescript":"5"}}',
      "package-lock.json": '{"name":"a","lockfileVersion":3,"packages":{}}',
      "tsconfig.json": '{"compilerOptions":{"outDir":"dist"},"include":["src"]}',
      "src/index.ts": 'import ms from "ms";\nms("1s");\n',
    };
    const { production } = migrated(tree);
    expect(production).toContain("RUN mkdir -p /home/node/app && chown -R node:node /home/node/app\n");
    expect(production).toContain(
      "COPY --from=dependencies --chown=node /home/node/app/node_modules /home/node/app/node_modules\n",
    );
    expect(production).toContain("COPY --from=builder --chown=node /home/node/app/dist /home/node/app/dist\n");
  });

  it("takes a downloaded program along, as a decision", () => {
    const fetched = go(
      "RUN curl -fsSLo /usr/local/bin/tool https://example.com/tool && chmod +x /usr/local/bin/tool\n",
    );
    const kept = migrated(fetched);
    expect(kept.decisions["keep:/usr/local/bin/tool"]).toBe("keep");
    expect(kept.flows).toContain("builder:/usr/local/bin/tool -> /usr/local/bin/tool");
    expect(migrated(fetched, { "keep:/usr/local/bin/tool": "drop" }).flows).toEqual(["builder:/app -> /app"]);
  });

  it("keeps the platform and comments", () => {
    const tree = goProject(
      '# syntax=docker/dockerfile:1\n# The shop.\nFROM --platform=linux/amd64 golang:1.22\nCOPY . /src\nWORKDIR /src\n# Build it.\nRUN CGO_ENABLED=0 go build -o /app .\n# Start it.\nCMD ["/app"]\n',
    );
    expect(migrated(tree).dockerfile).toBe(`# syntax=docker/dockerfile:1
# The shop.
FROM --platform=linux/amd64 golang:1.22 AS builder
COPY . /src
WORKDIR /src
# Build it.
RUN CGO_ENABLED=0 go build -o /app .

FROM --platform=linux/amd64 gcr.io/distroless/static-debian12 AS production
WORKDIR /src
COPY --from=builder /app /app
# Start it.
CMD ["/app"]
`);
  });

  it("keeps the name that callers may ask for with --target", () => {
    const tree = goProject(
      'FROM golang:1.22 AS shop\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app .\nCMD ["/app"]\n',
    );
    expect(migrated(tree).production).toContain(" AS shop\n");
  });
});

describe("packages", () => {
  const alpine = (packages: string, cmd = '["/app"]'): Record<string, string> =>
    goProject(
      `FROM golang:1.22-alpine3.19\nRUN apk add --no-cache ${packages}\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app .\nCMD ${cmd}\n`,
    );

  it.each([
    ["a compiler goes", "gcc musl-dev", undefined],
    ["version control that only the build uses goes", "git", undefined],
    ["certificates stay", "ca-certificates", "RUN apk add --no-cache ca-certificates"],
    ["headers become their library", "gcc musl-dev sqlite-dev", "RUN apk add --no-cache sqlite-libs"],
    ["a package that no rule knows stays", "frobnicate", "RUN apk add --no-cache frobnicate"],
    ["headers of an unknown library stay", "gcc musl-dev frob-dev", "RUN apk add --no-cache frob-dev"],
  ])("%s", (_, packages, line) => {
    const { production } = migrated(alpine(packages));
    if (line === undefined)
      expect(production.replace(/RUN apk add --no-cache ca-certificates\n/, "")).not.toContain("apk add");
    else expect(production).toContain(`${line}\n`);
  });

  it("drops and keeps what the answers say", () => {
    expect(migrated(alpine("frobnicate"), { "drop-package:frobnicate": "drop" }).production).not.toContain(
      "frobnicate",
    );
    expect(migrated(alpine("git"), { "drop-package:git": "keep" }).production).toContain("apk add --no-cache git");
  });

  it("keeps the update and the cleaning beside an install that stays", () => {
    const tree = goProject(
      'FROM golang:1.22\nRUN apt-get update && apt-get install -y gcc libpq-dev tzdata && rm -rf /var/lib/apt/lists/*\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app .\nCMD ["/app"]\n',
    );
    expect(migrated(tree).production).toContain(
      "RUN apt-get update && apt-get install -y libpq5 tzdata && rm -rf /var/lib/apt/lists/*\n",
    );
  });

  it("installs what a health check calls and the old base had", () => {
    const tree = goProject(
      'FROM golang:1.22\nCOPY . /src\nWORKDIR /src\nRUN CGO_ENABLED=0 go build -o /app .\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\nCMD ["/app"]\n',
    );
    expect(migrated(tree).production).toContain("apt-get install -y --no-install-recommends ca-certificates curl");
  });
});

describe("refusals", () => {
  it.each([
    [
      "toolchain-unsupported",
      "FROM debian:12\nCOPY . /src\nRUN cd /src && bazel build //app\nCMD /src/bazel-bin/app\n",
    ],
    ["install-unread", "FROM vendor/tools:1\nCOPY . /app\nRUN pip install flask\nCMD python /app/a.py\n"],
    ["nothing-starts", "FROM golang:1.22\nCOPY . /src\nRUN cd /src && go build\n"],
    [
      "only-a-shell-starts",
      'FROM golang:1.22\nRUN apt-get update && apt-get -y install libpq-dev\nCMD ["/bin/bash"]\n',
    ],
    [
      "only-a-shell-starts",
      "FROM golang:1.22\nCOPY . /src\nRUN cd /src && go build -o /app\nENTRYPOINT exec bash -l\n",
    ],
    ["onbuild-unread", 'FROM golang:1.22\nONBUILD COPY . /src\nCMD ["/app"]\n'],
  ])("gives %s a place and a help", (code, dockerfile) => {
    expect(migrated(goProject(dockerfile))).toMatchObject({ verdict: "refused", codes: [code], dockerfile: "" });
  });
});

describe("nothing to gain", () => {
  it.each([
    [
      "tests of the sources",
      'FROM golang:1.22\nCOPY . /src\nWORKDIR /src\nRUN go install ./...\nCMD ["go", "test", "./..."]\n',
    ],
    [
      "a list of packages that a script asks for",
      "FROM golang:1.22\nCOPY . /src\nWORKDIR /src\nRUN go install ./...\nCMD for dir in $(go list ./...); do shop $dir; done\n",
    ],
    ["a server with its files", "FROM nginx:1.25\nCOPY index.html /usr/share/nginx/html/\n"],
    ["a tool", 'FROM alpine:3.19\nRUN apk add --no-cache curl\nENTRYPOINT ["curl"]\n'],
    ["scratch", 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n'],
  ])("in %s", (_, dockerfile) => {
    expect(migrated({ Dockerfile: dockerfile, "index.html": "x", app: "x" })).toMatchObject({
      verdict: "no-benefit",
      dockerfile: "",
    });
  });
});

describe("an existing multi-stage file", () => {
  it("gets names for stages that are found by number", () => {
    const seen = migrated({
      Dockerfile: 'FROM golang:1.22\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=0 /app /app\nCMD ["/app"]\n',
    });
    expect(seen.dockerfile).toBe(
      'FROM golang:1.22 AS builder\nRUN go build -o /app .\n\nFROM scratch AS production\nCOPY --from=builder /app /app\nCMD ["/app"]\n',
    );
  });

  it("is left alone when its stages have names", () => {
    const dockerfile =
      'FROM golang:1.22 AS builder\nRUN go build -o /app .\nFROM scratch\nCOPY --from=builder /app /app\nCMD ["/app"]\n';
    expect(migrated({ Dockerfile: dockerfile }).verdict).toBe("no-benefit");
  });

  it("refuses a number that points nowhere", () => {
    const dockerfile = 'FROM golang:1.22\nFROM scratch\nCOPY --from=3 /app /app\nCMD ["/app"]\n';
    expect(migrated({ Dockerfile: dockerfile })).toMatchObject({
      verdict: "refused",
      codes: ["unshared-stage-reference"],
    });
  });
});

it("puts a file that is copied to a directory of the system into it", () => {
  const dockerfile =
    'FROM golang:1.22\nCOPY run.sh /tmp\nWORKDIR /src\nCOPY main.go go.mod ./\nRUN go build -o /bin/app .\nCMD ["sh", "/tmp/run.sh"]\n';
  const { production } = migrated({
    Dockerfile: dockerfile,
    "run.sh": "exec /bin/app\n",
    "main.go": "package main\n",
    "go.mod": "module x\n",
  });
  expect(production).toContain("COPY run.sh /tmp");
  expect(production).toContain("/bin/app");
});

it("refuses a build of which nothing is known to serve run time", () => {
  const dockerfile = 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o out/app .\nCMD ["/opt/app/bin/app"]\n';
  expect(migrated({ Dockerfile: dockerfile, "main.go": "package main\n", "go.mod": "module x\n" })).toMatchObject({
    verdict: "refused",
    codes: ["artifact-unknown"],
  });
});

describe("libraries that a later RUN moves", () => {
  const moved = (owner: string): string => `FROM node:20-alpine
ENV NODE_ENV=production
WORKDIR /deps
COPY package.json package-lock.json ./
RUN npm ci && rm package.json package-lock.json
COPY . /srv/post
RUN mv /deps/node_modules /srv/post && chown -R ${owner} /srv/post
WORKDIR /srv/post
USER node
CMD ["/srv/post/bin/post"]
`;
  const tree = {
    "package.json": '{ "name": "post", "dependencies": { "mime": "4.0.0" } }',
    "package-lock.json": '{ "lockfileVersion": 3, "packages": {} }',
    "bin/post": '#!/usr/bin/env node\nrequire("mime");\n',
  };

  it("stand in one layer, with the owner that chown gave them", () => {
    const { verdict, summary, production } = migrated({ Dockerfile: moved("node:node"), ...tree });
    expect(verdict).toBe("migrated");
    expect(summary).toBe("Second copies of moved files stay out of the image.");
    expect(production).toContain(
      "COPY --from=builder --chown=node:node /srv/post/node_modules /srv/post/node_modules\n",
    );
  });

  it("are no reason where all that is beside them ships from the build, too", () => {
    const Dockerfile = moved("node:node").replace("RUN mv", "WORKDIR /srv/post\nRUN site-maker\nRUN mv");
    expect(migrated({ Dockerfile, ...tree }).verdict).toBe("no-benefit");
  });

  it.each(["root:root", "$OWNER"])("keep the numbers of the build after chown %s", (owner) => {
    expect(migrated({ Dockerfile: moved(owner), ...tree }).production).toContain(
      "COPY --from=builder /srv/post/node_modules /srv/post/node_modules\n",
    );
  });
});
