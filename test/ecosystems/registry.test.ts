import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSamples } from "../../scripts/samples.ts";
import { ECOSYSTEMS } from "../../src/ecosystems/registry.ts";

/** What no Dockerfile is built with by itself: they have a page, and no sample of their own. */
const SUPPORT = new Set(["foreign", "make", "os-packages", "system"]);
const names = ECOSYSTEMS.map(({ name }) => name);
const sources = readdirSync("src/ecosystems", { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const declared = sources.flatMap((file) =>
  [
    ...readFileSync(`src/ecosystems/${file}`, "utf8").matchAll(
      /^export const \w+: Ecosystem = \{\s*name: "([\w-]+)"/gm,
    ),
  ].map(([, name]) => name),
);

describe("an ecosystem", () => {
  it("has a line in the registry, in alphabetical order", () => {
    expect([...declared].sort()).toEqual(names);
  });

  it.each(names)("%s has a page", (name) => {
    const page = `docs/ecosystems/${name}.md`;
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, "utf8")).toMatch(/^# .+\n[\s\S]*`src\/ecosystems\//);
  });

  it.each(names.filter((name) => !SUPPORT.has(name)))("%s has a sample that is migrated", (name) => {
    const own = readSamples().filter(({ facts }) => facts.ecosystem === name);
    expect(own.length).toBeGreaterThan(0);
    expect(own.some(({ directory }) => existsSync(`${directory}/after/changes.diff`))).toBe(true);
  });
});

it("every page is about an ecosystem", () => {
  expect(readdirSync("docs/ecosystems").map((file) => file.replace(/\.md$/, ""))).toEqual([...names].sort());
});
