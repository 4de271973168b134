/** Images that are handed over inside the engine: FROM and COPY --from of an image that the script built. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function found(tree: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
}

function run(tree: Readonly<Record<string, string>>): Migration {
  const migration = found(tree);
  if (migration === undefined) throw new Error("no setup was found");
  return migration;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";

describe("FROM an image that the script built", () => {
  it("becomes the builder's own stages, and the arguments that named it go", () => {
    const migration = run({
      "build.sh": `set -e
TAG=$(date +%F)
docker build --build-arg GO=1.22 -t $REPO/tool-build:$TAG .
docker build -f Dockerfile.final --build-arg IMG=$REPO/tool-build --build-arg TAG=\${TAG} -t $REPO/tool:$TAG .
docker push $REPO/tool-build:$TAG
docker push $REPO/tool:$TAG
`,
      Dockerfile: "ARG GO=1.21\nFROM golang:$GO\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
      "Dockerfile.final": `ARG IMG=tool-build\nARG TAG\nFROM \${IMG}:\${TAG} as builder\n\nFROM alpine:3.19\nCOPY --from=builder /out/app /usr/bin/app\n`,
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toMatchObject({
      "build.sh": `set -e
TAG=$(date +%F)
docker build --target builder -f Dockerfile.final --build-arg GO=1.22 -t $REPO/tool-build:$TAG .
docker build --build-arg GO=1.22 -f Dockerfile.final -t $REPO/tool:$TAG .
docker push $REPO/tool-build:$TAG
docker push $REPO/tool:$TAG
`,
      "Dockerfile.final": `ARG GO=1.21
FROM golang:$GO AS builder
WORKDIR /src
COPY . .
RUN go build -o /out/app .

FROM alpine:3.19 AS production
COPY --from=builder /out/app /usr/bin/app
`,
    });
  });

  it("needs no build of its own where nothing else uses it", () => {
    const migration = run({
      "build.sh": "docker build -f Dockerfile.build -t builder .\ndocker build -t app .\ndocker rmi builder\n",
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY --from=builder /out/app /app\n",
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toEqual({
      "build.sh": "docker build -t app .\n",
      "Dockerfile.build": undefined,
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS builder")}\nFROM alpine:3.19 AS production\nCOPY --from=builder /out/app /app\n`,
    });
  });

  it("is not the builder pattern where the image is only a base", () => {
    expect(
      found({
        "build.sh": "docker build -f Dockerfile.base -t base .\ndocker build -t app .\n",
        "Dockerfile.base": "FROM node:20\nRUN npm i -g pm2\n",
        Dockerfile: "FROM base\nCOPY . /app\n",
      }),
    ).toBeUndefined();
  });

  it("follows chains, and keeps a stage that does something of its own", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.sdk -t sdk .
docker build -f Dockerfile.build -t app:build .
docker build -f Dockerfile -t app .
`,
      "Dockerfile.sdk": "FROM golang:1.22\nRUN apt-get update\n",
      "Dockerfile.build": "FROM sdk AS go\nENV CGO_ENABLED=0\n\nFROM go\nCOPY . .\nRUN go build -o /out/app .\n",
      Dockerfile:
        "FROM app:build AS compiled\n\nFROM app:build AS stripped\nRUN strip /out/app\n\nFROM scratch\nCOPY --from=0 /etc/ssl /etc/ssl\nCOPY --from=stripped /out/app /app\n",
    });
    expect(changed(migration)["build.sh"]).toBe("docker build -f Dockerfile -t app .\n");
    expect(changed(migration).Dockerfile).toBe(`FROM golang:1.22 AS builder
RUN apt-get update

FROM builder AS go
ENV CGO_ENABLED=0

FROM go AS compiled
COPY . .
RUN go build -o /out/app .

FROM compiled AS stripped
RUN strip /out/app

FROM scratch AS production
COPY --from=compiled /etc/ssl /etc/ssl
COPY --from=stripped /out/app /app
`);
  });

  it("keeps the image of a builder that another build starts from", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t sdk .
docker build -t app .
docker build -f Dockerfile.test -t app-test .
docker run --rm app-test
`,
      "Dockerfile.build": BUILDER,
      "Dockerfile.test": "FROM sdk\nCMD go test ./...\n",
      Dockerfile: "FROM sdk AS sdk\n\nFROM scratch\nCOPY --from=sdk /out/app /app\n",
    });
    expect(changed(migration)["build.sh"]).toBe(`docker build --target sdk -t sdk .
docker build -t app .
docker build -f Dockerfile.test -t app-test .
docker run --rm app-test
`);
  });

  it("is another image under another tag", () => {
    const migration = run({
      "build.sh":
        "docker build -f Dockerfile.sdk -t sdk:1.1.0 .\ndocker build -f Dockerfile.build -t b .\ndocker build -t app .\n",
      "Dockerfile.sdk": "FROM golang:1.22\nRUN apt-get update\n",
      "Dockerfile.build": BUILDER.replace("golang:1.22", "sdk"),
      Dockerfile: "FROM scratch\nCOPY --from=b /out/app /app\n",
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration).Dockerfile).toContain("FROM sdk AS b\n");
    expect(migration.diagnostics.map(({ code, message, help }) => ({ code, message, help }))).toEqual([
      {
        code: "base-tag-differs",
        message:
          '"sdk:latest" is not the image that the script builds, which is "sdk:1.1.0", so it comes from a registry',
        help: "write FROM sdk:1.1.0 if the script's own image is meant",
      },
    ]);
  });
});
