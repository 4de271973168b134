/** Containers that put files on the host by themselves, with nothing built around those, and what is said where that is not followed. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILD = "docker build -t b -f Dockerfile.build .\n";
const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const TREE = { "Dockerfile.build": BUILDER, "main.go": "package main\n" };

function run(script: string, extra: Readonly<Record<string, string>> = {}): Migration | undefined {
  const { migrations } = migrate(memoryProject({ ...TREE, ...extra, "build.sh": script }));
  return migrations.find((one) => one.kind === "builder-script");
}

function changed(migration: Migration | undefined, path: string): string | undefined {
  return migration?.changes.find((change) => change.path === path)?.after;
}

describe("what a container carries to the host is exported", () => {
  it.each([
    [
      "printed",
      "docker run --rm b cat /out/app > app\nchmod +x app\n",
      ".",
      "COPY --from=builder /out/app /app\n",
      "chmod +x app\n",
    ],
    [
      "copied into a mount that is not there yet",
      "docker run --rm -v $PWD/bin:/o b cp /out/app /o/server\n",
      ".",
      "COPY --from=builder /out/app /bin/server\n",
      "",
    ],
    [
      "copied into a mount that is there",
      "mkdir -p bin\ndocker run --rm -v $PWD/bin:/o b cp /out/app /o/server\n",
      "bin",
      "COPY --from=builder /out/app /server\n",
      "",
    ],
    [
      "a directory, with what the script does to it",
      "docker run --rm -v $PWD:/o b cp -r /out /o/dist\ntar czf dist.tgz dist\n",
      ".",
      "COPY --from=builder /out /dist\n",
      "tar czf dist.tgz dist\n",
    ],
    [
      "taken from the container that was made last",
      "docker run b ls\ndocker cp $(docker ps -lq):/out/app .\n",
      ".",
      "COPY --from=builder /out/app /app\n",
      "",
    ],
  ])("%s", (_, commands, output, copy, rest) => {
    const migration = run(BUILD + commands);
    expect(migration?.verdict).toBe("migrated");
    expect(changed(migration, "Dockerfile.build")).toBe(
      `${BUILDER.replace("1.22", "1.22 AS builder")}\nFROM scratch AS export\n${copy}`,
    );
    const call = `docker build --target export --output ${output} -f Dockerfile.build .\n`;
    const made = commands.startsWith("mkdir") ? "mkdir -p bin\n" : "";
    expect(changed(migration, "build.sh")).toBe(made + call + rest);
  });

  it("out of an image whose tag only a run knows", () => {
    const migration = run(
      'tag=b$RANDOM\ndocker build --tag=$tag -f Dockerfile.build .\ndocker run --rm -v "$PWD/dist:/o" $tag cp /out/app /o/\ndocker rmi $tag\n',
    );
    expect(changed(migration, "build.sh")).toBe("docker build --target export --output . -f Dockerfile.build .\n");
  });
});

describe("what is not followed is said", () => {
  it.each([
    [
      "an archive that is unpacked",
      "docker run --rm b tar c -C /out . | tar x -C dist\n",
      "export-only",
      '"/out" is taken out of an image, and no second build copies it',
      2,
    ],
    [
      "an archive",
      "docker run --rm b tar czf - -C /out . > dist.tgz\n",
      "export-only",
      '"/out" is taken out of an image, and no second build copies it',
      2,
    ],
    [
      "a container that is looked for",
      "docker run b ls\nid=$(docker ps -a | grep b | awk '{print $1}')\ndocker cp $id:/out/app .\n",
      "container-unknown",
      '"$id" names a container that the script does not create',
      4,
    ],
  ])("%s", (_, commands, code, message, line) => {
    const migration = run(BUILD + commands);
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics).toMatchObject([{ code, message, line }]);
  });
});
