/** Containers of images that a registry has, which fetch what a build needs. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>): Migration {
  const found = migrate(memoryProject(tree), { answers: {} }).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const SCRIPT = `docker run --name fetch -tid harbour/git:2 sh
docker exec -ti fetch git clone https://example.org/kettle /src/kettle
docker exec fetch sh -c "cd /src/kettle && git archive -o /tmp/kettle.tar main"
docker cp fetch:/tmp/kettle.tar image/kettle.tar
docker rm -f fetch
docker build -t kettle image
rm image/kettle.tar
`;
const FINAL = "FROM node:20\nADD kettle.tar /srv\nWORKDIR /srv\nRUN npm ci\n";
const TREE = { "ship.sh": SCRIPT, "image/Dockerfile": FINAL, "README.md": "Run `ship.sh`.\n" };

describe("a container of a published image", () => {
  it("becomes a stage FROM it, which is said", () => {
    const migration = run(TREE);
    expect(migration.verdict).toBe("migrated");
    expect(Object.fromEntries(migration.changes.map(({ path, after }) => [path, after]))).toEqual({
      "ship.sh": "docker build -t kettle image\n",
      "image/Dockerfile": `FROM harbour/git:2 AS builder
RUN git clone https://example.org/kettle /src/kettle
RUN cd /src/kettle && git archive -o /tmp/kettle.tar main
RUN mkdir -p /unpacked/tmp/kettle && tar -xf /tmp/kettle.tar -C /unpacked/tmp/kettle

FROM node:20 AS production
COPY --from=builder /unpacked/tmp/kettle /srv
WORKDIR /srv
RUN npm ci
`,
    });
    expect(migration.diagnostics.map(({ code, message }) => [code, message])).toContainEqual([
      "builder-image-pulled",
      '"harbour/git:2" is taken to be an image that a registry has',
    ]);
    expect(migration.diagnostics.map(({ message }) => message)).toContain(
      'what "docker exec -ti fetch git clone https://example.org/kettle /src/kettle" fetches comes out of the build cache from the second build on',
    );
    expect(migration.diagnostics.map(({ code }) => code)).not.toContain("dockerfile-mentioned");
  });

  it.each([
    ["a Dockerfile is left that may make it", { ...TREE, "git.Dockerfile": "FROM alpine:3.19\n" }],
    ["its name is none of a registry", { ...TREE, "ship.sh": SCRIPT.replace("harbour/git:2", "fetcher") }],
  ])("is refused where %s", (_, tree) => {
    const migration = run(tree);
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ code }) => code)).toContain("builder-image-unknown");
  });
});
