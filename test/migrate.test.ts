import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { type Importers, migrate, migrateWith } from "../src/migrate.ts";
import { type Answers, DecisionLog } from "../src/model/decision.ts";
import { toDocument } from "../src/model/json.ts";
import type { ImportResult, Plan } from "../src/model/plan.ts";
import { type MemoryEntry, memoryProject } from "../src/project/memory.ts";
import type { HostPath } from "../src/text/paths.ts";
import { overlay } from "./overlay.ts";
import { copy, documentOf, host, original, ownStage, planned, planOf, resultOf, stage } from "./plans.ts";

const schema: unknown = JSON.parse(readFileSync(new URL("../schema/migration.v1.json", import.meta.url), "utf8"));
const validate = new Ajv2020.default({ strictRequired: false }).compile(schema as object);

const FAT = 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /bin/app .\nEXPOSE 80\nCMD ["/bin/app"]\n';

/** A builder and a stage that takes one file of it and the rest of the configuration. */
function split(path: string, parts: Partial<Plan> = {}): Plan {
  const document = documentOf(FAT, path);
  const image = { kind: "image", reference: "alpine" } as const;
  const builder = ownStage(
    document,
    0,
    "builder",
    [1, 2, 3].map((index) => original(document, index)),
  );
  const steps = [1, 4, 5].map((index) => original(document, index));
  const taken = copy(document, 3, { sources: ["/bin/app"], destination: "/bin/app", flags: ["--chown=0:0"] });
  return planOf(
    [planned(document, [builder, stage(document, "production", { base: image, steps: [taken, ...steps] })])],
    parts,
  );
}

/** Importers that know what to answer for each path; a function is called, `undefined` is no setup. */
function importers(known: Readonly<Record<string, (answers: Answers) => ImportResult | undefined>>): Importers {
  const answer = (_files: unknown, path: HostPath, { answers }: { readonly answers: Answers }) =>
    known[path]?.(answers);
  return { script: answer, dockerfile: answer };
}

const SCRIPT = "#!/bin/sh\ndocker build -t app .\n";
const project = (tree: Record<string, MemoryEntry>) => memoryProject(tree);
const summary = ({ migrations }: ReturnType<typeof migrate>) => migrations.map(({ id, verdict }) => `${id} ${verdict}`);

describe("one setup", () => {
  const files = project({ Dockerfile: FAT, "main.go": "" });
  const run = () => migrateWith(importers({ Dockerfile: () => resultOf(split("Dockerfile")) }), files);

  test("stages, outputs and flows are those of the written file", () => {
    const [migration] = run().migrations;
    expect(migration?.stages.map(({ name, from, fromKind }) => [name, from, fromKind])).toEqual([
      ["builder", "golang:1.22", "image"],
      ["production", "alpine", "image"],
    ]);
    expect(migration?.outputs).toEqual([
      { dockerfile: "Dockerfile", target: "production", replaces: "Dockerfile", tags: [] },
    ]);
    expect(migration?.flows).toEqual([
      {
        from: { kind: "context", name: ".", path: "." },
        to: { dockerfile: "Dockerfile", stage: "builder", path: "/src" },
        confidence: "certain",
        because: [{ path: "Dockerfile", line: 3, column: 1, text: "COPY . ." }],
      },
      {
        from: { kind: "stage", name: "builder", path: "/bin/app" },
        to: { dockerfile: "Dockerfile", stage: "production", path: "/bin/app" },
        owner: "0:0",
        confidence: "certain",
        because: [{ path: "Dockerfile", line: 4, column: 1, text: "RUN go build -o /bin/app ." }],
      },
    ]);
  });

  test("the result is a document of the schema", () => {
    expect(validate(toDocument(run(), "1.2.3")) || validate.errors).toBe(true);
  });

  test("the same twice is the same", () => {
    expect(run()).toEqual(run());
  });

  test("a plan that changes nothing has no benefit", () => {
    const document = documentOf("FROM alpine AS production\nCMD x\n");
    const plan = planOf([planned(document, [ownStage(document, 0, "production", [original(document, 1)])])]);
    const result = migrateWith(
      importers({ Dockerfile: () => resultOf(plan) }),
      project({ Dockerfile: document.source.text }),
    );
    expect(summary(result)).toEqual(["fat-dockerfile:Dockerfile no-benefit"]);
  });

  test("a plan of which some stays is partial", () => {
    const result = migrateWith(
      importers({ Dockerfile: () => resultOf(split("Dockerfile", { partial: true })) }),
      files,
    );
    expect(summary(result)).toEqual(["fat-dockerfile:Dockerfile partial"]);
  });
});

describe("what goes wrong", () => {
  const files = project({ Dockerfile: FAT, "other/Dockerfile": FAT });
  const good = () => resultOf(split("other/Dockerfile"), "fat-dockerfile:other/Dockerfile");

  test("a crash refuses one setup, without its inner life, and no other", () => {
    const crash = (): never => {
      throw new Error("tripped over a wire");
    };
    const result = migrateWith(importers({ Dockerfile: crash, "other/Dockerfile": good }), files);
    expect(summary(result)).toEqual(["fat-dockerfile:Dockerfile refused", "fat-dockerfile:other/Dockerfile migrated"]);
    expect(result.migrations[0]?.diagnostics).toEqual([
      {
        code: "internal-error",
        severity: "error",
        message: "restage failed: tripped over a wire",
        help: expect.stringContaining("please report it"),
        path: "Dockerfile",
        line: 1,
        column: 1,
      },
    ]);
    expect(validate(toDocument(result, "1.2.3")) || validate.errors).toBe(true);
  });

  test("a plan that breaks an invariant is refused by its name, and changes nothing", () => {
    const broken = () => {
      const plan = split("Dockerfile");
      const [dockerfile] = plan.dockerfiles;
      if (!dockerfile) throw new Error("no Dockerfile");
      return resultOf({ ...plan, dockerfiles: [{ ...dockerfile, stages: dockerfile.stages.toReversed() }] });
    };
    const [migration] = migrateWith(importers({ Dockerfile: broken }), project({ Dockerfile: FAT })).migrations;
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics.map(({ message }) => message)).toContain(
      'the result breaks the rule "stage-not-before": "builder" does not stand above "production", which needs it',
    );
    expect([migration?.changes, migration?.diff]).toEqual([[], ""]);
  });

  test("an error of the importer refuses, whatever its plan", () => {
    const result = resultOf(split("Dockerfile"));
    const error = { code: "file-binary", severity: "error", message: "no", notes: [] } as const;
    const [migration] = migrateWith(
      importers({ Dockerfile: () => ({ ...result, diagnostics: [error] }) }),
      files,
    ).migrations;
    expect([migration?.verdict, migration?.changes]).toEqual(["refused", []]);
  });

  const unreadable: readonly (readonly [name: string, entry: MemoryEntry, code: string, line: number])[] = [
    ["a binary file", { bytes: new Uint8Array([70, 0]) }, "file-binary", 1],
    ["a file that is no UTF-8", { bytes: new Uint8Array([70, 0xe9, 10]) }, "file-invalid-utf8", 1],
    ["a file without permission", { failure: "unreadable" }, "file-unreadable", 1],
    ["an empty file", "", "not-a-dockerfile", 1],
    ["another kind of file", "hello\n", "not-a-dockerfile", 1],
    ["a line that does not parse", "FROM a\nENV\n", "dockerfile-syntax", 2],
  ];

  test.each(unreadable)("%s", (_name, entry, code, line) => {
    const [migration] = migrate(project({ Dockerfile: entry })).migrations;
    expect(migration?.verdict).toBe("refused");
    expect(migration?.diagnostics[0]).toMatchObject({ code, path: "Dockerfile", line });
  });
});

describe("several setups", () => {
  const script = (path: string, plan: Plan) => () => {
    const result = resultOf(plan, `builder-script:${path}`);
    const dockerfiles = plan.dockerfiles.map(
      ({ path: dockerfile }) => ({ path: dockerfile, role: "dockerfile" }) as const,
    );
    return { ...result, setup: { ...result.setup, sources: [...result.setup.sources, ...dockerfiles] } };
  };

  test("come by kind, then by path", () => {
    const files = project({
      "b.sh": SCRIPT,
      "a.sh": SCRIPT,
      "z/Dockerfile": FAT,
      "m/Dockerfile": FAT,
      "y/Dockerfile": FAT,
    });
    const dockerfile = (path: string) => () => resultOf(split(path), `fat-dockerfile:${path}`);
    const stages = () => {
      const result = resultOf(split("m/Dockerfile"), "fat-dockerfile:m/Dockerfile");
      return { ...result, setup: { ...result.setup, id: "multi-stage:m/Dockerfile", kind: "multi-stage" as const } };
    };
    const result = migrateWith(
      importers({
        "b.sh": script("b.sh", split("b/Dockerfile")),
        "a.sh": script("a.sh", split("a/Dockerfile")),
        "z/Dockerfile": dockerfile("z/Dockerfile"),
        "y/Dockerfile": dockerfile("y/Dockerfile"),
        "m/Dockerfile": stages,
      }),
      files,
    );
    expect(result.migrations.map(({ id }) => id)).toEqual([
      "builder-script:a.sh",
      "builder-script:b.sh",
      "fat-dockerfile:y/Dockerfile",
      "fat-dockerfile:z/Dockerfile",
      "multi-stage:m/Dockerfile",
    ]);
  });

  test("a Dockerfile that belongs to a script is not listed again", () => {
    const files = project({ "build.sh": SCRIPT, Dockerfile: FAT });
    const known = {
      "build.sh": script("build.sh", split("Dockerfile")),
      Dockerfile: () => resultOf(split("Dockerfile")),
    };
    expect(summary(migrateWith(importers(known), files))).toEqual(["builder-script:build.sh migrated"]);
  });

  test("those that change a common file are one migration, called by the first", () => {
    const files = project({ "a.sh": SCRIPT, "b.sh": SCRIPT, Dockerfile: FAT });
    const known = { "a.sh": script("a.sh", split("Dockerfile")), "b.sh": script("b.sh", split("Dockerfile")) };
    const { migrations } = migrateWith(importers(known), files);
    expect(migrations.map(({ id }) => id)).toEqual(["builder-script:a.sh"]);
    expect(migrations[0]?.sources.map(({ path }) => path)).toEqual(["a.sh", "Dockerfile", "b.sh"]);
  });

  test("a file that a refused setup is built from stays", () => {
    const files = project({ "a.sh": SCRIPT, "b.sh": SCRIPT, "Dockerfile.build": FAT, Dockerfile: FAT });
    const removal = { path: host("Dockerfile.build"), reason: "Gone.", because: [], confidence: "certain" } as const;
    const refused = (): ImportResult => ({
      ...resultOf(planOf([]), "builder-script:b.sh"),
      setup: {
        id: "builder-script:b.sh",
        kind: "builder-script",
        sources: [{ path: host("Dockerfile.build"), role: "dockerfile" }],
      },
      verdict: "refused",
      diagnostics: [{ code: "file-binary", severity: "error", message: "no", notes: [] }],
    });
    const known = { "a.sh": script("a.sh", split("Dockerfile", { removals: [removal] })), "b.sh": refused };
    const [migration] = migrateWith(importers(known), files).migrations;
    expect(migration?.changes.map(({ path }) => path)).toEqual(["Dockerfile"]);
  });

  test("limits", () => {
    const files = project({ "a.sh": SCRIPT, Dockerfile: FAT, "web/Dockerfile": FAT });
    const known = {
      "a.sh": script("a.sh", split("Dockerfile")),
      "web/Dockerfile": () => resultOf(split("web/Dockerfile"), "fat-dockerfile:web/Dockerfile"),
    };
    const limited = (only: { dockerfile?: string; script?: string }) =>
      summary(migrateWith(importers(known), files, { only: only as { dockerfile?: HostPath; script?: HostPath } }));
    expect(limited({ dockerfile: "web/Dockerfile" })).toEqual(["fat-dockerfile:web/Dockerfile migrated"]);
    expect(limited({ dockerfile: "Dockerfile" })).toEqual(["builder-script:a.sh migrated"]);
    expect(limited({ script: "a.sh" })).toEqual(["builder-script:a.sh migrated"]);
    expect(limited({ script: "none.sh" })).toEqual(["builder-script:none.sh refused"]);
  });
});

describe("answers", () => {
  /** A setup with one decision of two options. */
  const asking = (id: string, path: string) => (answers: Answers) => {
    const log = new DecisionLog(id, answers);
    const options = ["gate", "drop"].map((value) => ({ value, label: value, consequence: "…" }));
    log.decide({ id: "tests", question: "Tests?", options, recommended: "gate", confidence: "likely", because: [] });
    return { ...resultOf(split(path), id), decisions: log.decisions, unusedAnswers: log.unused };
  };
  const files = project({ Dockerfile: FAT });
  const known = { Dockerfile: asking("fat-dockerfile:Dockerfile", "Dockerfile") };

  const rows: readonly (readonly [name: string, answers: Answers, chosen: string, said: readonly string[]])[] = [
    ["are taken", { "fat-dockerfile:Dockerfile": { tests: "drop" } }, "drop", []],
    ["for all setups too", { "*": { tests: "drop", other: "x" } }, "drop", []],
    [
      "that are no option",
      { "fat-dockerfile:Dockerfile": { tests: "maybe" } },
      "gate",
      ['the answer "maybe" to "tests" of "fat-dockerfile:Dockerfile" fits none of its options'],
    ],
    [
      "to no question",
      { "fat-dockerfile:Dockerfile": { colour: "red" } },
      "gate",
      ['"fat-dockerfile:Dockerfile" has no decision "colour" for the answer given'],
    ],
    [
      "for no setup",
      { "fat-dockerfile:gone/Dockerfile": { tests: "drop" } },
      "gate",
      ['no setup is called "fat-dockerfile:gone/Dockerfile", so its answers have no effect'],
    ],
  ];

  test.each(rows)("%s", (_name, answers, chosen, said) => {
    const { migrations, diagnostics } = migrateWith(importers(known), files, { answers });
    expect(migrations[0]?.decisions.map((decision) => decision.chosen)).toEqual([chosen]);
    expect([...diagnostics, ...(migrations[0]?.diagnostics ?? [])].map(({ message }) => message)).toEqual(said);
  });

  test("under the name of a shared migration hold for all of its setups", () => {
    const ask = (id: string) => (answers: Answers) => {
      const result = asking(id, "Dockerfile")(answers);
      return { ...result, summary: `${id} ${result.decisions[0]?.chosen}` };
    };
    const shared = { "a.sh": ask("builder-script:a.sh"), "b.sh": ask("builder-script:b.sh") };
    const [migration] = migrateWith(importers(shared), project({ "a.sh": SCRIPT, "b.sh": SCRIPT, Dockerfile: FAT }), {
      answers: { "builder-script:a.sh": { tests: "drop" } },
    }).migrations;
    expect(migration?.summary).toBe("builder-script:a.sh drop builder-script:b.sh drop");
    expect(migration?.diagnostics).toEqual([]);
  });
});

describe("secrets", () => {
  const text = FAT.replace("EXPOSE 80", "ENV API_TOKEN=abc123");
  const files = project({ Dockerfile: text });
  const plan = () => {
    const document = documentOf(text);
    const image = { kind: "image", reference: "alpine" } as const;
    const steps = [original(document, 1), original(document, 4), original(document, 5)];
    const builder = ownStage(document, 0, "builder", [original(document, 2), original(document, 3)]);
    return planOf([planned(document, [builder, stage(document, "production", { base: image, steps })])]);
  };
  const [migration] = migrateWith(
    importers({ Dockerfile: () => ({ ...resultOf(plan()), summary: "Found API_TOKEN=abc123 in it." }) }),
    files,
  ).migrations;

  test("are masked in sentences and quotations", () => {
    const { changes: _, diff: __, ...said } = migration ?? { changes: [], diff: "" };
    expect(JSON.stringify(said)).not.toContain("abc123");
    expect(migration?.summary).toBe("Found API_TOKEN=*** in it.");
  });

  test("stay in the files", () => {
    expect(migration?.changes[0]?.after).toContain("ENV API_TOKEN=abc123");
    expect(migration?.diff).toContain("ENV API_TOKEN=abc123");
  });
});

test("a result that is migrated again changes nothing", () => {
  const files = project({
    "go.mod": "module example.org/app\n\ngo 1.22\n",
    "main.go": 'package main\n\nfunc main() { println("hi") }\n',
    Dockerfile:
      'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /bin/app .\nENTRYPOINT ["/bin/app"]\n',
  });
  const first = migrate(files);
  expect(summary(first)).toEqual(["fat-dockerfile:Dockerfile migrated"]);
  const second = migrate(
    overlay(
      files,
      first.migrations.flatMap(({ changes }) => changes),
    ),
  );
  expect(second.migrations.flatMap(({ changes }) => changes)).toEqual([]);
});
