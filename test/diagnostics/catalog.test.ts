import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CATALOG } from "../../src/diagnostics/catalog.ts";
import type { CatalogEntry } from "../../src/diagnostics/entry.ts";
import { diagnosticCodes, diagnosticPage } from "../../src/diagnostics/page.ts";

const PAGES = new URL("../../docs/diagnostics/", import.meta.url);
const codes = diagnosticCodes();

describe.each(codes)("%s", (code) => {
  const row = CATALOG[code] as CatalogEntry<unknown>;

  test("is named by words, and no placeholder", () => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(code).not.toContain("placeholder");
  });

  test("has one sentence, a help unless it is no error, and an explanation", () => {
    const page = diagnosticPage(code);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
    const [, message] = /^> (.+)$/m.exec(page) ?? [];
    expect(message).toMatch(/[^.\s]$/);
    if (row.severity === "error") expect(row.help, "an error says how to go on").toBeDefined();
    expect(row.explain.trim().length).toBeGreaterThan(40);
  });

  test("begins small and ends without a period, as a part of the line that it stands in", () => {
    const page = diagnosticPage(code);
    const lines = page.split("\n").filter((line) => /^> ./.test(line));
    for (const line of lines) {
      const text = line.replace(/^> (?:help: )?/, "");
      expect(text).not.toMatch(/^[A-Z](?![A-Z])/);
      expect(text).not.toMatch(/[^\s.]\.$/);
    }
  });

  test("has its page in docs/diagnostics, made from the catalog", () => {
    const page = new URL(`${code}.md`, PAGES);
    expect(existsSync(page), `run "npm run docs:diagnostics"`).toBe(true);
    expect(readFileSync(page, "utf8")).toBe(diagnosticPage(code));
  });
});

test("docs/diagnostics has no page of a code that is gone", () => {
  const pages = existsSync(PAGES) ? readdirSync(PAGES).filter((name) => name !== "README.md") : [];
  expect(
    pages.map((name) => name.replace(/\.md$/, "")).filter((name) => !(codes as readonly string[]).includes(name)),
  ).toEqual([]);
});
