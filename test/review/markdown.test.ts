/** The text of pull requests. */
import { describe, expect, test } from "vitest";
import { migrate } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { migrationsToMarkdown } from "../../src/review/markdown.ts";
import { restage } from "../cli/run-restage.ts";
import { checkout } from "../project/checkout.ts";

const GO = {
  Dockerfile:
    'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go test ./...\nRUN CGO_ENABLED=0 go build -o /tide .\nCMD ["/tide"]\n',
  "go.mod": "module example.com/tide\n",
  "main.go": "package main\n\nfunc main() {}\n",
};
const of = (tree: Readonly<Record<string, string>>): readonly Migration[] => migrate(memoryProject(tree)).migrations;

describe("a migration", () => {
  test("is said with its graph, its files, its open decisions and the way back", () => {
    expect(migrationsToMarkdown(of(GO))).toBe(`## \`Dockerfile\` becomes multi-stage

The Go toolchain and build-only files stay out of the image.

\`\`\`mermaid
flowchart TD
  s0["builder<br/>golang:1.22"]
  s1["tester<br/>on builder"]
  s2["production<br/>gcr.io/distroless/static-debian12"]
  s1 -->|"/tide"| s2
\`\`\`

### Files

- changed: \`Dockerfile\`

### Open decisions

- Which image does the runtime stage start from? \`gcr.io/distroless/static-debian12\` (likely). Certificates, time zones and users, but no shell and no libc, which the static program does not need.
  - or \`debian:bookworm-slim\`: Debian with a shell and apt, without compilers.
  - or \`scratch\`: Nothing but the copied files: no certificates, no time zones, no users, no shell.
  - or \`golang:1.22\`: The image keeps its old base, toolchain included.
  - answer \`runtime-base\` in \`.restage.yml\` to choose another one

### Taking it back

Revert this change. In the checkout where it was written, \`restage undo\` restores every file byte for byte.
`);
  });

  test("of a verification has the sizes and what was compared", () => {
    const [first] = of(GO);
    const check = { ok: true, summary: "equal", findings: [] };
    const image = {
      target: "production",
      replaces: "Dockerfile",
      configuration: check,
      files: { ...check, ok: false },
      libraries: check,
      behaviour: check,
      size: { bytes: { before: 900_000_000, after: 9_000_000 } },
    };
    const verification = { verdict: "differs", summary: "A file is missing.", rounds: [], images: [image] };
    const text = migrationsToMarkdown([{ ...first, verification } as unknown as Migration]);
    expect(text).toContain("**differs**: A file is missing.");
    expect(text).toContain("| `production` | 900.0 MB | 9.0 MB | 1.0 % | ok | **differs** | ok | ok |");
  });

  test("that changes nothing is a line", () => {
    expect(migrationsToMarkdown(of({ Dockerfile: 'FROM debian:12\nCMD ["true"]\n' }))).toBe(
      "## Left as it is\n\n- `fat-dockerfile:Dockerfile`: Nothing is built in it.\n",
    );
  });
});

test("what files hold stays text, in prose, in code and in the graph", () => {
  const evil = 'a`b|c"]<img src=x onerror=alert(1)>';
  const [first] = of(GO);
  if (first === undefined) throw new Error("nothing was found");
  const [stage] = first.stages;
  const hostile = {
    ...first,
    id: `fat-dockerfile:${evil}`,
    summary: `${evil}\u001b[2J`,
    stages: [{ ...stage, from: evil }],
  } as Migration;
  const text = migrationsToMarkdown([hostile]);
  expect(text).toContain("``");
  const [, graph = ""] = text.split("```mermaid");
  expect(graph.split("```")[0]).not.toMatch(/<img|"\]</);
  expect(
    text.split("\n").filter((line) => /<img/.test(line.replace(/(`+).*?\1(?!`)/g, "").replaceAll("\\<", ""))),
  ).toEqual([]);
  expect(text).not.toContain("\u001b");
});

test("restage explain --markdown prints it", async () => {
  const { code, stdout } = await restage(["explain", "--markdown"], { cwd: checkout(GO) });
  expect([code, stdout.startsWith("## `Dockerfile` becomes multi-stage\n")]).toEqual([0, true]);
});
