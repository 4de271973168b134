/** Scripts that take files out of an image for the host, and build nothing around them. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Answers } from "../../../src/model/decision.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>, answers: Answers = {}): Migration {
  const found = migrate(memoryProject(tree), { answers }).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

function codes(migration: Migration): readonly string[] {
  return migration.diagnostics.map(({ code }) => code);
}

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";

describe("an export", () => {
  it.each([
    [
      "a file, in place of the build",
      "docker build -t app:build .\nid=$(docker create app:build)\ndocker cp $id:/out/app ./bin/app\ndocker rm $id\nls -l bin\n",
      "docker build --target export --output ./bin .\nls -l bin\n",
      "COPY --from=builder /out/app /app\n",
    ],
    [
      "one into the working directory",
      "docker build -t app:build .\ndocker create --name x app:build\ndocker cp x:/out/app .\ndocker rm x\n",
      "docker build --target export --output . .\n",
      "COPY --from=builder /out/app /app\n",
    ],
    [
      "a directory that is not there yet",
      "docker build -t app:build .\ndocker cp $(docker create app:build):/out ./dist\n",
      "docker build --target export --output . .\n",
      "COPY --from=builder /out /dist\n",
    ],
    [
      "a directory's contents",
      "docker build -t app:build .\ndocker create --name x app:build\ndocker cp x:/out/. .\n",
      "docker build --target export --output . .\n",
      "COPY --from=builder /out/ /\n",
    ],
    [
      "behind what is cleaned up between, for two files",
      'docker build --build-arg V=$V -t app:build . || exit 1\nrm -rf "$OUT"\nmkdir -p "$OUT/bin"\ndocker create --name x app:build\ndocker cp x:/out/app "$OUT/bin/app"\ndocker cp x:/src/go.sum "$OUT/"\ndocker rm -f x\ndocker rmi app:build\n',
      'rm -rf "$OUT"\nmkdir -p "$OUT/bin"\ndocker build --target export --output "$OUT" --build-arg V=$V .\n',
      "COPY --from=builder /out/app /bin/app\nCOPY --from=builder /src/go.sum /go.sum\n",
    ],
    [
      "once for each round of a loop",
      "for arch in amd64 arm64; do\n  docker build --build-arg ARCH=$arch -t app:build .\n  docker create --name x app:build\n  docker cp x:/out/app dist/$arch/app\n  docker rm x\ndone\n",
      "for arch in amd64 arm64; do\n  docker build --target export --output dist/$arch --build-arg ARCH=$arch .\ndone\n",
      "COPY --from=builder /out/app /app\n",
    ],
  ])("%s", (_, script, after, copies) => {
    const migration = run({ "build.sh": script, Dockerfile: BUILDER, "main.go": "" });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toEqual({
      "build.sh": after,
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS builder")}\nFROM scratch AS export\n${copies}`,
    });
    expect(migration.outputs).toEqual([
      { dockerfile: "Dockerfile", target: "export", replaces: "Dockerfile", tags: [] },
    ]);
  });

  it("leaves what a plain build makes, and the image that is pushed", () => {
    const migration = run({
      "release.sh": `docker build -t shop/web:$TAG --build-arg MODE=full .
docker push shop/web:$TAG
docker tag shop/web:$TAG web
id=$(docker create web)
docker cp $id:/app/public packs
docker rm -v $id
aws s3 sync packs s3://assets
`,
      Dockerfile: 'FROM ruby:3.2\nARG MODE\nWORKDIR /app\nCOPY . .\nRUN rake assets\nCMD ["puma"]\n',
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toEqual({
      "release.sh": `docker build -t shop/web:$TAG --build-arg MODE=full .
docker push shop/web:$TAG
docker tag shop/web:$TAG web
docker build --target export --output . --build-arg MODE=full .
aws s3 sync packs s3://assets
`,
      Dockerfile: `FROM ruby:3.2 AS builder
ARG MODE
WORKDIR /app
COPY . .
RUN rake assets
CMD ["puma"]

FROM scratch AS export
COPY --from=builder /app/public /packs

FROM builder AS production
`,
    });
    expect(migration.outputs.map(({ target }) => target)).toEqual(["export", "production"]);
    expect(migration.flows.filter(({ from }) => from.kind === "stage")).toMatchObject([
      { from: { name: "builder", path: "/app/public" }, to: { stage: "export", path: "/packs" } },
    ]);
  });

  it("stands before the stages that follow its source", () => {
    const migration = run({
      "dist.sh": "docker build --target build -t app:build .\ndocker cp $(docker create app:build):/out/app app\n",
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS build")}\nFROM alpine:3.19\nCOPY --from=0 /out/app /app\n`,
    });
    expect(changed(migration)).toEqual({
      "dist.sh": "docker build --output . --target export .\n",
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS build")}
FROM scratch AS export
COPY --from=build /out/app /app

FROM alpine:3.19 AS production
COPY --from=build /out/app /app
`,
    });
  });

  it("asks whether an image that runs is wanted too", () => {
    const files = {
      "build.sh": "docker build -t tool .\ndocker cp $(docker create tool):/out/app app\n",
      Dockerfile: `${BUILDER}CMD ["/out/app"]\n`,
    };
    expect(run(files).decisions).toMatchObject([{ id: "image:tool:latest", chosen: "keep", confidence: "likely" }]);
    expect(changed(run(files))["build.sh"]).toBe("docker build -t tool .\ndocker build --target export --output . .\n");
    const answers = { "builder-script:build.sh": { "image:tool:latest": "drop" } };
    expect(changed(run(files, answers))["build.sh"]).toBe("docker build --target export --output . .\n");
  });

  it.each([
    [
      "a name that only a run knows",
      "docker build -t b .\ndocker cp $(docker create b):/out/app ./app-$VERSION\n",
      'only a real run knows the name that "/out/app" gets on the host in "docker cp $(docker create b):/out/app ./app-$VERSION"',
    ],
    [
      "no BuildKit",
      "export DOCKER_BUILDKIT=0\ndocker build -t b .\ndocker cp $(docker create b):/out/app app\n",
      "the script turns BuildKit off, and only BuildKit writes files to the host",
    ],
    [
      "a stream",
      "docker build -t b .\ndocker cp $(docker create b):/out/app - > app.tar\n",
      '"/out/app" is taken out of an image, and no second build copies it',
    ],
  ])("is refused for %s", (_, script, message) => {
    const migration = run({ "build.sh": script, Dockerfile: BUILDER });
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.filter(({ severity }) => severity === "error").map((one) => one.message)).toEqual([
      message,
    ]);
  });

  it("can take the place of an extraction that a later build needs too", () => {
    const files = {
      "build.sh": `docker build -f Dockerfile.build -t b .
docker create --name x b
docker cp x:/out/app app
docker cp x:/src/VERSION VERSION
docker rm x
docker build -t app .
gh release upload v1 app
`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /srv/\n",
    };
    expect(run(files).verdict).toBe("partial");
    const migration = run(files, { "*": { "host-files:Dockerfile.build": "export" } });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toMatchObject({
      "build.sh": "docker build --target export --output . .\ndocker build -t app .\ngh release upload v1 app\n",
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS builder")}
FROM scratch AS export
COPY --from=builder /out/app /app
COPY --from=builder /src/VERSION /VERSION

FROM alpine:3.19 AS production
COPY --from=builder /out/app /srv/
`,
    });
  });

  it("says that BuildKit is needed, once, unless the script turns it on", () => {
    const script = "docker build -t b .\ndocker cp $(docker create b):/out/app app\n";
    expect(codes(run({ "build.sh": script, Dockerfile: BUILDER }))).toEqual(["export-needs-buildkit"]);
    expect(codes(run({ "build.sh": `DOCKER_BUILDKIT=1 ${script}`, Dockerfile: BUILDER }))).toEqual([]);
    expect(codes(run({ "build.sh": script.replaceAll("docker", "podman"), Dockerfile: BUILDER }))).toEqual([]);
  });
});
