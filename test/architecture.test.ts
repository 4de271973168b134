/** Rules of the house that no other tool checks. Which folder may import which stands in .dependency-cruiser.mjs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSamples } from "../scripts/samples.ts";
import { ECOSYSTEMS } from "../src/ecosystems/registry.ts";

const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join("src", path), "utf8") }));

const packageFile: { dependencies: object; devDependencies: object } = JSON.parse(readFileSync("package.json", "utf8"));

/** Source text without comments and strings, roughly: enough to find a global. */
const code = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/.*$/gm, "")
    .replace(/"[^"\n]*"|`[^`]*`/g, '""');

/** Folders that are named for touching the world. */
const WORLDLY = /^(project|engine|batch|review|cli)\//;

describe("the sources", () => {
  it("touch `process` only where files are written, and in cli/main.ts", () => {
    const allowed = /^(project|engine|batch|review)\/|^cli\/main\.ts$/;
    const found = SOURCES.filter(({ text }) => /\bprocess\.\w/.test(code(text))).map(({ path }) => path);
    expect(found.filter((path) => !allowed.test(path))).toEqual([]);
  });

  it("read no clock and no random numbers outside the folders that are named for it", () => {
    const impure = SOURCES.filter(
      ({ path, text }) =>
        !WORLDLY.test(path) && /\b(Date\.now|new Date\(|Math\.random|performance\.now)/.test(code(text)),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it("say at the top of each file what it is for", () => {
    expect(
      SOURCES.filter(({ text }) => !text.replace(/^import [^;]+;\s*/gm, "").startsWith("/**")).map(({ path }) => path),
    ).toEqual([]);
  });
});

describe("the documents", () => {
  it.each(ECOSYSTEMS.map(({ name }) => name))("have a page on the ecosystem %s", (name) => {
    expect(existsSync(`docs/ecosystems/${name}.md`)).toBe(true);
  });

  it("list ecosystems in alphabetical order in the registry", () => {
    const names = ECOSYSTEMS.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });

  it("give a reason for each package", () => {
    const text = readFileSync("docs/dependencies.md", "utf8");
    const names = Object.keys({ ...packageFile.dependencies, ...packageFile.devDependencies }).filter(
      (name) => !name.startsWith("@types/"),
    );
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(readSamples().map(({ name }) => name))("describe the sample %s", (name) => {
    expect(existsSync(`samples/${name}/README.md`)).toBe(true);
  });

  it("link only to files that exist", () => {
    const pages = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/dependencies.md"];
    const links = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) =>
        join(page, "..", target ?? ""),
      ),
    );
    expect(links.filter((target) => !existsSync(target))).toEqual([]);
  });
});
