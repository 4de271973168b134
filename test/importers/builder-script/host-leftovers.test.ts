/** What still reckons with the artifact on the host, with old ignore files, or with the builder's cache. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const TREE = {
  "build.sh":
    "docker build -f Dockerfile.build -t b .\ndocker create --name x b\ndocker cp x:/out/app dist/app\ndocker rm x\ndocker build -t app .\n",
  "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: "FROM alpine:3.19\nCOPY dist/app /srv/\n",
  "main.go": "package main\n",
};

/** Code, place and message, or help where that is asked for. */
function said(extra: Readonly<Record<string, string>>, what: "message" | "help" = "message"): readonly string[] {
  const migration = migrate(memoryProject({ ...TREE, ...extra })).migrations.find(
    (one) => one.kind === "builder-script",
  );
  expect(migration?.verdict).toBe("migrated");
  return (migration?.diagnostics ?? []).map((one) => `${one.path}:${one.line} ${one.code} ${one[what]}`);
}

describe("the artifact", () => {
  it.each([
    ["another Dockerfile", "third/Dockerfile", "FROM nginx\nCOPY dist /web\n", 2, "dist"],
    [
      "a Dockerfile beside it, which is its context",
      "dist/Dockerfile.x",
      "FROM nginx\nCOPY app /web/\n",
      2,
      "dist/app",
    ],
    [
      "a step that uploads it",
      ".github/workflows/ci.yml",
      "jobs:\n  a:\n    steps:\n      - with:\n          path: dist\n",
      5,
      "dist",
    ],
    ["another script", "release.sh", "set -e\ntar -czf app.tgz dist/app\n", 2, "dist/app"],
  ])("is used by %s", (_, path, text, line, used) => {
    expect(said({ [path]: text })).toEqual([
      `${path}:${line} artifact-used-elsewhere "${path}" uses "${used}", which the script no longer leaves on the host`,
    ]);
  });

  it("can be had from its stage", () => {
    expect(said({ "release.sh": "cp dist/app /srv\n" }, "help")).toEqual([
      'release.sh:1 artifact-used-elsewhere let it call docker build --target builder and take "dist/app" out of that image, or use the final image',
    ]);
  });

  it.each([
    ["files that make it themselves", { Makefile: "dist/app: main.go\n\tgo build -o dist/app .\nrun: ; ./dist/app\n" }],
    ["comments, images and other names", { "x.sh": "# cp dist/app .\ndocker push acme/dist\ncp dist2/app .\n" }],
    ["other people's code", { "vendor/lib/x.sh": "cp dist/app .\n" }],
    ["a COPY from a stage", { "third/Dockerfile": "FROM a AS tools\nFROM c\nCOPY --from=tools dist /web\n" }],
  ])("is not used by %s", (_, extra) => {
    expect(said(extra)).toEqual([]);
  });
});

describe("ignore files", () => {
  it("keep entries that only the artifact needed, each named", () => {
    expect(said({ ".gitignore": "node_modules\n/dist/\napp\n", "Dockerfile.build": TREE["Dockerfile.build"] })).toEqual(
      [
        '.gitignore:2 ignore-entry-unneeded the line "/dist/" is only needed while "dist/app" comes to lie on the host',
        '.gitignore:3 ignore-entry-unneeded the line "app" is only needed while "dist/app" comes to lie on the host',
      ],
    );
  });

  it("keep entries for folders that hold more", () => {
    expect(said({ ".gitignore": "dist\n", "dist/index.html": "" })).toEqual([]);
  });

  it("of directories that are no context any more are named", () => {
    const extra = {
      "build.sh": TREE["build.sh"].replace("dist/app", "deploy/app").replace("-t app .", "-t app deploy"),
      "deploy/Dockerfile": "FROM alpine:3.19\nCOPY app /srv/\n",
      "deploy/.dockerignore": "*.tmp\n",
    };
    expect(said(extra)).toEqual([
      'deploy/.dockerignore:1 ignore-file-unused "deploy/.dockerignore" is not read any more, since the build\'s context is "." now',
    ]);
  });
});

describe("the cache of the call that remains", () => {
  const cached = (final: string, push = ""): Record<string, string> => ({
    "build.sh": TREE["build.sh"]
      .replace("-t b .\n", `-t reg/b .\n${push}`)
      .replace("name x b", "name x reg/b")
      .replace("docker build -t app", `docker build ${final} -t app`),
  });

  it("has to be one of all stages", () => {
    expect(said(cached("--cache-from reg/app:latest"), "help")).toEqual([
      "build.sh:5 cache-without-stages let the build keep and read all stages: --cache-to type=registry,ref=reg/app:cache,mode=max --cache-from type=registry,ref=reg/app:cache",
    ]);
    expect(said(cached("--cache-from reg/app:c --cache-to type=registry,ref=reg/app:c,mode=max"))).toEqual([]);
  });

  it("can be the builder's image where that is pushed", () => {
    expect(said(cached("--cache-from reg/app", "docker push reg/b\n"), "help")).toEqual([
      "build.sh:6 cache-without-stages let the build keep and read all stages: --cache-from reg/b",
    ]);
  });
});
