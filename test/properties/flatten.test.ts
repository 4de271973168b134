/**
 * The weaker oracle for fat Dockerfiles: what a random image starts has to arrive in the stage that ships, with its settings, and the
 * compiler has to stay behind.
 */
import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges } from "../../scripts/samples.ts";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { isWithin } from "../../src/text/paths.ts";
import { type FatImage, fatGoImages } from "./flatten/fat-go.ts";

function migrateImage({ files }: FatImage): Migration {
  const [migration] = migrate(memoryProject(files)).migrations;
  const problems = migration?.diagnostics.map((d) => `${d.severity} ${d.code}: ${d.message}`) ?? [];
  if (migration?.verdict !== "migrated") throw new Error([`verdict ${migration?.verdict}`, ...problems].join("\n"));
  return migration;
}

const dockerfileOf = (migration: Migration): string =>
  migration.changes.find((change) => change.path === "Dockerfile")?.after ?? "";

/** What the stage that ships takes out of other stages. */
function arrivals(migration: Migration): Migration["flows"] {
  const target = migration.outputs[0]?.target;
  return migration.flows.filter(({ from, to }) => from.kind === "stage" && to.stage === target);
}

/** Directories that every runtime base searches. */
const STANDARD_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The text of the stage that ships. */
function lastStage(migration: Migration): string {
  const text = dockerfileOf(migration);
  return text.slice(text.lastIndexOf("\nFROM ") + 1);
}

/** Checks a property of every image; the failing Dockerfile and its result are part of the failure. */
function check(body: (image: FatImage, migration: Migration) => void, runs: number): void {
  fc.assert(
    fc.property(fatGoImages, (image) => {
      let result = "";
      try {
        const migration = migrateImage(image);
        result = dockerfileOf(migration);
        body(image, migration);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${message}\n\n--- before\n${image.files.Dockerfile}\n--- after\n${result}`, { cause: error });
      }
    }),
    { numRuns: runs },
  );
}

describe("a fat Go image", () => {
  it("ships what it starts, at the same place", () => {
    check(({ program }, migration) => {
      expect(
        arrivals(migration).filter(({ from, to }) => isWithin(program, to.path) && from.path === to.path),
      ).not.toEqual([]);
    }, 200);
  });

  it("still finds a program that is started by its name", () => {
    check(({ program, settings }, migration) => {
      if (!settings.includes(`CMD ["${posix.basename(program)}"]`)) return;
      const places = [
        ...STANDARD_PATH,
        ...(/^ENV PATH="?([^"\n]*)/m.exec(lastStage(migration))?.[1]?.split(":") ?? []),
      ];
      expect(places).toContain(posix.dirname(program));
    }, 200);
  });

  it("keeps the settings of the image", () => {
    check(({ settings }, migration) => {
      const lines = lastStage(migration).split("\n");
      for (const setting of settings) expect(lines).toContain(setting);
    }, 200);
  });

  it("leaves the compiler behind", () => {
    check((_image, migration) => {
      expect(lastStage(migration)).not.toMatch(/\bgo (build|install|vet|test)\b|^FROM golang/m);
    }, 100);
  });

  it("is left alone when it is migrated again", () => {
    check(({ files }, migration) => {
      const after = applyChanges(files, migration.changes);
      expect(migrate(memoryProject(after)).migrations.map(({ verdict, changes }) => ({ verdict, changes }))).toEqual([
        { verdict: "no-benefit", changes: [] },
      ]);
    }, 100);
  });
});
