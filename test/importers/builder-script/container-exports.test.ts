/** Containers that make files for the host, with no second build around them. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function find(tree: Readonly<Record<string, string>>): Migration | undefined {
  return migrate(memoryProject(tree), { answers: {} }).migrations.find((one) => one.kind === "builder-script");
}

function changed(migration: Migration | undefined): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((migration?.changes ?? []).map((change) => [change.path, change.after]));
}

const BUILDER = "FROM golang:1.22\nARG ROOT=/src\nWORKDIR $ROOT\nCOPY . .\nCMD make dist\n";

describe("a container that makes files for the host", () => {
  it.each([
    [
      "through a mount, with the image's own command",
      'root=/go/kettle\ndocker build -f Dockerfile.build --build-arg ROOT=$root -t kettle:build .\ndocker run --rm -v "$PWD/dist:$root/dist" kettle:build\nsudo chown -R "$USER" dist\nls dist\n',
      'root=/go/kettle\ndocker build --target export --output . -f Dockerfile.build --build-arg ROOT=$root .\nsudo chown -R "$USER" dist\nls dist\n',
      "RUN mkdir -p /go/kettle/dist\nRUN make dist\n\nFROM scratch AS export\nCOPY --from=builder /go/kettle/dist/ /dist\n",
    ],
    [
      "through a mount that is made first, with a variable of the run",
      "docker build -f Dockerfile.build -t kettle:build .\nmkdir -p out\ndocker run --rm -e LEVEL=$LEVEL -v $PWD/out:/out kettle:build make install DESTDIR=/out\n",
      'mkdir -p out\ndocker build --target export --output . --build-arg LEVEL="$LEVEL" -f Dockerfile.build .\n',
      "RUN mkdir -p /out\nARG LEVEL\nRUN make install DESTDIR=/out\n\nFROM scratch AS export\nCOPY --from=builder /out/ /out\n",
    ],
    [
      "taken out of it by name",
      "docker build -f Dockerfile.build -t kettle:build .\ndocker run --name x kettle:build make\ndocker cp x:/src/kettle ./bin/kettle\ndocker rm x\n",
      "docker build --target export --output ./bin -f Dockerfile.build .\n",
      "RUN make\n\nFROM scratch AS export\nCOPY --from=builder /src/kettle /kettle\n",
    ],
  ])("%s", (_, script, after, end) => {
    const migration = find({ "build.sh": script, "Dockerfile.build": BUILDER, "main.go": "" });
    expect(migration?.verdict).toBe("migrated");
    const files = changed(migration);
    expect(files["build.sh"]).toBe(after);
    expect(files["Dockerfile.build"]?.replace("CMD make dist\n", "")).toBe(
      `${BUILDER.replace("1.22", "1.22 AS builder").replace("CMD make dist\n", "")}${end}`,
    );
    expect(migration?.outputs.map(({ replaces }) => replaces)).toEqual(["Dockerfile.build"]);
  });

  it("fills a directory that the repository only keeps", () => {
    const migration = find({
      "build.sh":
        'docker build -f Dockerfile.build -t kettle:build .\ndocker run --rm -v "$PWD/out:/out" kettle:build make install DESTDIR=/out\n',
      "Dockerfile.build": BUILDER,
      "main.go": "",
      "out/.gitkeep": "",
    });
    expect(changed(migration)["build.sh"]).toBe("docker build --target export --output . -f Dockerfile.build .\n");
  });

  it("is left alone where goals that people call fill the directory one after the other", () => {
    const goal = (name: string, needs: string): string =>
      `${name}:${needs}\n\tdocker build -f Dockerfile.build -t ${name} .\n\tdocker run --rm -v $(CURDIR)/out:/out ${name} make ${name}\n`;
    const tree = { Makefile: goal("tools", "") + goal("pack", " tools"), "Dockerfile.build": BUILDER, "main.go": "" };
    expect(find(tree)).toBeUndefined();
  });

  it("is built beside the image, where that is pushed too", () => {
    const migration = find({
      "build.sh":
        "docker build -t shop/kettle .\ndocker run -v $PWD/dist:/src/dist shop/kettle make dist\ndocker push shop/kettle\n",
      Dockerfile: BUILDER,
    });
    expect(migration?.verdict).toBe("migrated");
    expect(changed(migration)).toEqual({
      "build.sh": "docker build -t shop/kettle .\ndocker build --target export --output . .\ndocker push shop/kettle\n",
      Dockerfile: `${BUILDER.replace("1.22", "1.22 AS builder")}
FROM builder AS builder-2
RUN mkdir -p /src/dist
RUN make dist

FROM scratch AS export
COPY --from=builder-2 /src/dist/ /dist

FROM builder AS production
`,
    });
  });

  it.each([
    ["whose mount is the sources", "docker run -v $PWD:/app kettle npm run build\n"],
    ["whose mount is a directory of the checkout", "docker run -v $PWD/web:/web kettle make dist\n"],
    ["that serves", "docker run -p 80:80 -v $PWD/dist:/dist kettle make dist\n"],
    ["that only tests", "docker run -v $PWD/out:/out kettle npm test\n"],
    ["that only tests, and leaves a report", "docker run --name x kettle npm test\ndocker cp x:/src/report .\n"],
    ["that keeps its data there", "docker run -v $PWD/data:/data kettle make\n"],
    ["that may write to the sources too", "docker run -v $PWD:/src -v $PWD/dist:/dist kettle make\n"],
    ["that is not waited for", "docker run -d -v $PWD/dist:/dist kettle make\n"],
  ])("is no setup %s", (_, run) => {
    const tree = { "build.sh": `docker build -t kettle .\n${run}`, Dockerfile: BUILDER, "web/index.html": "" };
    expect(find(tree)).toBeUndefined();
  });

  it("says what is taken for granted", () => {
    const migration = find({
      "build.sh": "docker build -t kettle:build .\ndocker run -v $PWD/dist:/dist kettle:build make\n",
      Dockerfile: BUILDER,
    });
    expect(migration?.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["mount-taken-empty", '"dist" is taken to hold what the container makes, and nothing that it goes on from'],
      ["export-needs-buildkit", "docker build --output needs BuildKit, which is taken to be on"],
    ]);
  });
});
