/** Several final images out of one builder: one file with a target each, and every call with its own. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration {
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN make\n";
const STAGE = "FROM golang:1.22 AS builder\nWORKDIR /src\nCOPY . .\nRUN make\n";
const GREETING = 'FROM scratch\nCOPY hello /\nCMD ["/hello"]\n';
const BUILD = "docker build -f Dockerfile.build -t b .\ndocker create --name x b\n";

function greeting(name: string): string {
  return `\nFROM scratch AS ${name}\nCOPY --from=builder /src/${name}/hello /\nCMD ["/hello"]\n`;
}

describe("several finals", () => {
  it("of one directory: the one with the plain name is what a plain build makes", () => {
    const migration = run({
      "build.sh": `${BUILD}docker cp x:/out/app app\ndocker cp x:/out/tool tool\ndocker rm x\ndocker build -t app .\ndocker build -f Dockerfile.tools -t tools .\n`,
      "Dockerfile.build": BUILDER,
      Dockerfile: "FROM alpine:3.19\nCOPY app /\n",
      "Dockerfile.tools": "FROM alpine:3.19\nCOPY tool /\n",
    });
    expect(changed(migration)).toEqual({
      "build.sh": "docker build -t app .\ndocker build --target tools -t tools .\n",
      "Dockerfile.build": undefined,
      "Dockerfile.tools": undefined,
      Dockerfile: `${STAGE}\nFROM alpine:3.19 AS tools\nCOPY --from=builder /out/tool /\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /out/app /\n`,
    });
    expect(migration.outputs.map(({ target, replaces }) => [target, replaces])).toEqual([
      ["tools", "Dockerfile.tools"],
      ["production", "Dockerfile"],
    ]);
  });

  it("of directories of their own: one file where all contexts meet", () => {
    const migration = run({
      "build.sh": `${BUILD}for d in hello hola bonjour; do\n  docker cp x:/src/$d/hello $d/hello\ndone\ndocker rm x\ndocker build -t t:hello hello\ndocker build -t t:hola hola\ndocker build -t t:bonjour bonjour\n`,
      "Dockerfile.build": BUILDER,
      "hello/Dockerfile": GREETING,
      "hola/Dockerfile": GREETING,
      "bonjour/Dockerfile": GREETING,
    });
    expect(changed(migration)).toMatchObject({
      "build.sh":
        "docker build --target hello -t t:hello .\ndocker build --target hola -t t:hola .\ndocker build -t t:bonjour .\n",
      Dockerfile: STAGE + ["hello", "hola", "bonjour"].map(greeting).join(""),
    });
  });

  it.each([
    [
      "a loop over directories",
      'for d in hello hola; do\n  docker cp x:/src/$d/hello $d/hello\n  docker build -t t:"test-$d" "$d"\n  docker run --rm t:"test-$d"\ndone\ndocker rm x\n',
      'for d in hello hola; do\n  docker build --target "$d" -t t:"test-$d" .\n  docker run --rm t:"test-$d"\ndone\n',
    ],
    [
      "a function with arguments",
      'image() {\n  docker cp x:/src/$1/hello $1/hello\n  docker build -t t:"$1" --pull "$1"\n}\nimage hello\nimage hola\ndocker rm x\n',
      'image() {\n  docker build --target "$1" -t t:"$1" --pull .\n}\nimage hello\nimage hola\n',
    ],
  ])("built by one command: %s", (_, script, after) => {
    const migration = run({
      "build.sh": BUILD + script,
      "Dockerfile.build": BUILDER,
      "hello/Dockerfile": GREETING,
      "hola/Dockerfile": GREETING,
    });
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toMatchObject({
      "build.sh": after,
      Dockerfile: STAGE + ["hello", "hola"].map(greeting).join(""),
    });
  });

  it("built by one command of which no word can name a stage", () => {
    const migration = run({
      "build.sh": `${BUILD}for d in 1/greeting 2/greeting; do\n  docker cp x:/src/$d/hello $d/hello\n  docker build -t t:new $d\ndone\n`,
      "Dockerfile.build": BUILDER,
      "1/greeting/Dockerfile": GREETING,
      "2/greeting/Dockerfile": GREETING,
    });
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ message }) => message)).toEqual([
      '"docker build -t t:new $d" is needed for one build and in the way of another',
    ]);
  });
});
