/** Containers whose command counts from a working directory that only the base image knows, and tags that only a run knows. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
}

function changed(migration: Migration | undefined): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((migration?.changes ?? []).map((change) => [change.path, change.after]));
}

const RUNTIME = "FROM alpine:3.19\nCOPY build/app /srv/\n";
const FINAL = "docker build -f Dockerfile.run -t app .\n";

describe("a working directory of which nothing is known", () => {
  it("is left to the stage, which puts the files where the mount was", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\ndocker run --rm -v $PWD/build:/host b\n${FINAL}`,
      "Dockerfile.build": 'FROM acme/toolchain:onbuild\nCMD ["cp", "build/app", "/host/"]\n',
      "Dockerfile.run": RUNTIME,
    });
    expect(migration?.verdict).toBe("migrated");
    expect(changed(migration).Dockerfile).toBe(
      "FROM acme/toolchain:onbuild AS builder\nRUN mkdir -p /host\nRUN cp build/app /host/\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /host/app /srv/\n",
    );
  });

  it("does not matter where the Dockerfile or the call sets one", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\ndocker run --rm -w /work -v $PWD/build:/host b cp app /host/\n${FINAL}`,
      "Dockerfile.build": "FROM acme/toolchain\nCOPY . /work/\nRUN make -C /work\n",
      "Dockerfile.run": RUNTIME,
    });
    expect(changed(migration).Dockerfile).toContain("COPY --from=builder /work/app /srv/\n");
  });

  it.each([
    ["perl:5.34.0-buster", "COPY --from=builder /out/app /srv/\n"],
    ["perl:5.10", "COPY --from=builder /tmp/app /srv/\n"],
    ["rust:1.75", "COPY --from=builder /out/app /srv/\n"],
  ])("is known of some images: %s", (image, copy) => {
    const migration = run({
      "build.sh": `mkdir -p build\ndocker build -f Dockerfile.build -t b .\ndocker run --rm b cat out/app > build/app\n${FINAL}`,
      "Dockerfile.build": `FROM ${image}\nRUN make\n`,
      "Dockerfile.run": RUNTIME,
    });
    expect(changed(migration).Dockerfile).toContain(copy);
  });

  it("is left to the stage for what the command prints", () => {
    const migration = run({
      "build.sh": `mkdir -p build\ndocker build -f Dockerfile.build -t b .\ndocker run --rm b cat out/app > build/app\n${FINAL}`,
      "Dockerfile.build": "FROM acme/toolchain\nRUN make\n",
      "Dockerfile.run": RUNTIME,
    });
    expect(changed(migration).Dockerfile).toBe(
      "FROM acme/toolchain AS builder\nRUN make\nRUN ( cat out/app ) > /tmp/app\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /tmp/app /srv/\n",
    );
  });

  it("is left to the stage for the members of an archive, which it unpacks", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\ndocker run --rm b tar cf - build | tar xf -\n${FINAL}`,
      "Dockerfile.build": "FROM acme/toolchain\nRUN make\n",
      "Dockerfile.run": RUNTIME,
    });
    expect(changed(migration).Dockerfile).toBe(
      "FROM acme/toolchain AS builder\nRUN make\nRUN mkdir -p /tmp/unpacked && ( tar cf - build ) | tar -xf - -C /tmp/unpacked\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /tmp/unpacked/build/app /srv/\n",
    );
  });

  it("refuses a compressed archive of files there, which tar does not read from a pipe by itself", () => {
    const migration = run({
      "build.sh": `docker build -f Dockerfile.build -t b .\ndocker run --rm b tar czf - build | tar xzf -\n${FINAL}`,
      "Dockerfile.build": "FROM acme/toolchain\nRUN make\n",
      "Dockerfile.run": RUNTIME,
    });
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics).toMatchObject([
      { code: "extraction-path-unknown", message: 'only a real run knows which path "tar czf - build" is', line: 2 },
    ]);
  });
});

it("follows a container that works in an image whose tag only a run knows", () => {
  const migration = run({
    "build.sh": `V=$(git rev-parse HEAD)\ndocker build -f Dockerfile.build -t b:$V .\ndocker run --rm -v $PWD:/src b:$V make build/app\ndocker rmi b:$V\n${FINAL}`,
    "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\n",
    "Dockerfile.run": RUNTIME,
    "main.go": "",
  });
  expect(migration?.verdict).toBe("migrated");
  expect(changed(migration).Dockerfile).toBe(
    "FROM golang:1.22 AS builder\nWORKDIR /src\nCOPY . /src/\nRUN make build/app\n\nFROM alpine:3.19 AS production\nCOPY --from=builder /src/build/app /srv/\n",
  );
});

describe("a mount that another file fills", () => {
  it.each([
    ["a script", { "fetch.sh": "#!/bin/sh\ngit clone --depth 1 https://example.org/libfoo.git\n" }, "fetch.sh"],
    ["a script, by name", { "fetch.sh": "git clone https://example.org/x.git ./libfoo && cd libfoo\n" }, "fetch.sh"],
    ["a submodule", { ".gitmodules": '[submodule "foo"]\n\tpath = libfoo\n\turl = ../foo.git\n' }, ".gitmodules"],
  ])("is refused: %s", (_, extra, by) => {
    const migration = run({
      "build.sh": 'docker build -t b .\ndocker run --rm -v "$PWD/libfoo:/src/libfoo" b make -C /src/libfoo\n',
      Dockerfile: "FROM gcc:13\nWORKDIR /src\n",
      ...extra,
    });
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics).toMatchObject([
      {
        code: "mount-filled-elsewhere",
        message: `the container goes on from what "${by}" puts into "libfoo", which no build has`,
        line: 2,
      },
    ]);
  });
});
