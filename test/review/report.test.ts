/** The page that is a report: what it shows, and that nothing out of files can act in it. */
import { describe, expect, test } from "vitest";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { reportToHtml } from "../../src/review/report.ts";

const GO = {
  Dockerfile: 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /tide .\nCMD ["/tide"]\n',
  "go.mod": "module example.com/tide\n",
  "main.go": "package main\n\nfunc main() {}\n",
};
const of = (tree: Readonly<Record<string, string>>): readonly Migration[] => migrate(memoryProject(tree)).migrations;
const EVIL = "</script><img src=x onerror=alert(1)>\u001b[2J\u202e";

describe("a report", () => {
  test("lists setups with their counts, and what could not be read", () => {
    const html = reportToHtml([
      { name: "tide", migrations: of(GO) },
      { name: "ebb", migrations: of({ Dockerfile: 'FROM debian:12\nCMD ["true"]\n' }) },
      { name: "flood", migrations: [], problem: "no such directory" },
    ]);
    expect(html).toContain('<span class="migrated">1 migrated</span>, <span class="no-benefit">1 no-benefit</span>');
    expect(html).toContain('<a href="#setup-1">fat-dockerfile:Dockerfile</a>');
    expect(html).toContain("no such directory");
  });

  test("has each line with its reason, each flow with its place, each decision with its options", () => {
    const html = reportToHtml([{ name: "tide", migrations: of(GO) }]);
    expect(html).toMatch(/<tr class="added">.*FROM.*golang.*AS.*builder/);
    expect(html).toContain("The build keeps its image; nothing of it ships unless it is copied.");
    expect(html).toMatch(/<code>\/tide<\/code> from builder<\/summary><div class="place"><code>Dockerfile:4<\/code>/);
    expect(html).toMatch(/<li class="chosen"><code>gcr.io\/distroless\/static-debian12<\/code>/);
  });
});

describe("what files hold stays text", () => {
  const [migration] = of({
    ...GO,
    Dockerfile: `# ${EVIL}\n${GO.Dockerfile.replace("WORKDIR", `LABEL a="${EVIL}"\nWORKDIR`)}# ${"x".repeat(100_000)}\n`,
  });
  if (migration === undefined) throw new Error("nothing was found");
  const html = reportToHtml([
    { name: EVIL, migrations: [{ ...migration, summary: EVIL, id: `fat-dockerfile:${EVIL}` }] },
  ]);

  test("in names, sentences, lines and reasons", () => {
    expect(html).not.toMatch(/<img|<\/script|<script/);
    expect(html).not.toContain("\u001b");
    expect(html).not.toContain("\u202e");
    expect(html).toContain("&lt;/script&gt;");
  });

  test("and long lines are cut, with a mark", () => {
    expect(html).toContain("more characters</span>");
    expect(Math.max(...html.split("\n").map((line) => line.length))).toBeLessThan(20_000);
  });

  test("and a policy forbids scripts and fetching", () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => /\s(?:on\w+|src|style)=|href="(?!#)/.test(tag))).toEqual([]);
  });
});
