import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { FileChange } from "../../src/model/migration.ts";
import type { CallerEdit, Plan } from "../../src/model/plan.ts";
import { type MemoryEntry, memoryProject } from "../../src/project/memory.ts";
import { writePlans } from "../../src/synth/write-changes.ts";
import { copy, documentOf, host, original, ownStage, planned, planOf, refOf } from "../plans.ts";

const because = { reason: "Because of a test.", because: [], confidence: "certain" } as const;

const FINAL = "FROM alpine\n# the binary\nCOPY app /app\nUSER 1:1\nCMD /app\n";
const BUILDER = "FROM golang\nRUN make\nENV A=1\n";
const SCRIPT = "#!/bin/sh\ndocker build -f Dockerfile.build -t b .\ndocker build -t app -f Dockerfile.prod .\n";

const tree: Record<string, MemoryEntry> = {
  "Dockerfile.build": BUILDER,
  "Dockerfile.prod": FINAL,
  "build.sh": { text: SCRIPT, mode: "100755" },
  ".dockerignore": "*.log\n",
};

function edit(old: string, text: string): CallerEdit {
  const start = SCRIPT.indexOf(old);
  return { ...because, path: host("build.sh"), range: { start, end: start + old.length }, text };
}

/** Two Dockerfiles and their script become one Dockerfile. */
function joined(): Plan {
  const [builder, final] = [documentOf(BUILDER, "Dockerfile.build"), documentOf(FINAL, "Dockerfile.prod")];
  const stages = [
    ownStage(builder, 0, "builder", [original(builder, 1)]),
    ownStage(final, 0, "production", [
      copy(final, 1, { sources: ["/out/app"], destination: "/app" }, true),
      original(final, 2),
      original(final, 3),
    ]),
  ];
  return planOf([planned(final, stages, { path: host("Dockerfile") })], {
    callerEdits: [edit("docker build -f Dockerfile.build -t b .", ""), edit(" -f Dockerfile.prod", "")],
    files: [{ ...because, path: host(".dockerignore"), text: "*.log\napp\n" }],
    removals: [
      { ...because, path: host("Dockerfile.build") },
      { ...because, path: host("Dockerfile.prod") },
    ],
    dropped: [{ ...because, source: refOf(builder, 2), reason: "Only the build reads it." }],
  });
}

const one = (plan: Plan) => [{ setup: "builder-script:build.sh", plan }];

test("files are created, changed and deleted, in the order of their paths, modes kept", () => {
  const { changes, diagnostics } = writePlans(one(joined()), memoryProject(tree));
  expect(diagnostics).toEqual([]);
  expect(changes.map(({ path, action, mode }) => `${action} ${path} ${mode}`)).toEqual([
    "modify .dockerignore 100644",
    "create Dockerfile 100644",
    "delete Dockerfile.build 100644",
    "delete Dockerfile.prod 100644",
    "modify build.sh 100755",
  ]);
  expect(changes.find(({ path }) => path === "build.sh")?.after).toBe("#!/bin/sh\ndocker build -t app .\n");
});

test("git applies the diff, and the result is what the changes say", () => {
  const { changes, diff } = writePlans(one(joined()), memoryProject(tree));
  const directory = mkdtempSync(join(tmpdir(), "restage-apply-"));
  try {
    for (const { path, before, mode } of changes) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      if (before !== undefined)
        writeFileSync(join(directory, path), before, { mode: mode === "100755" ? 0o755 : 0o644 });
    }
    const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, input: diff });
    git("init", "--quiet");
    git("apply", "--check", "-");
    git("apply", "-");
    expect(changes.map((change) => contentOf(directory, change))).toEqual(changes.map(({ after }) => after));
    expect(statSync(join(directory, "build.sh")).mode & 0o111).toBe(0o111);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function contentOf(directory: string, { path, action }: FileChange): string | undefined {
  if (action !== "delete") return readFileSync(join(directory, path), "utf8");
  expect(() => statSync(join(directory, path))).toThrow("ENOENT");
  return undefined;
}

test("every instruction that is gone says what became of it", () => {
  const { removed } = writePlans(one(joined()), memoryProject(tree));
  expect(removed.map(({ path, firstLine, lastLine, reason }) => `${path}:${firstLine}-${lastLine} ${reason}`)).toEqual([
    'Dockerfile.prod:1-1 Moved to stage "production" of Dockerfile.',
    "Dockerfile.prod:2-3 Replaced by COPY --from=builder /out/app /app: Copied.",
    'Dockerfile.prod:4-4 Moved to stage "production" of Dockerfile.',
    'Dockerfile.prod:5-5 Moved to stage "production" of Dockerfile.',
    'Dockerfile.build:1-1 Moved to stage "builder" of Dockerfile.',
    'Dockerfile.build:2-2 Moved to stage "builder" of Dockerfile.',
    "Dockerfile.build:3-3 Left out: Only the build reads it.",
    "build.sh:2-2 Because of a test.",
    "build.sh:3-3 Because of a test.",
  ]);
});

test("every line of a new file, and every edited line, says why it is there", () => {
  const { explanation } = writePlans(one(joined()), memoryProject(tree));
  expect(explanation.map(({ path, firstLine, lastLine }) => `${path}:${firstLine}-${lastLine}`)).toEqual([
    "Dockerfile:1-1",
    "Dockerfile:2-2",
    "Dockerfile:3-4",
    "Dockerfile:5-6",
    "Dockerfile:7-7",
    "Dockerfile:8-8",
    "build.sh:2-2",
    ".dockerignore:2-2",
  ]);
});

test("a replaced file tells of the lines that it lost, a deleted one of all", () => {
  const plan = planOf([], {
    files: [{ ...because, path: host(".dockerignore"), text: "app\n" }],
    removals: [{ ...because, path: host("build.sh") }],
  });
  const { explanation, removed } = writePlans(one(plan), memoryProject(tree));
  expect(explanation.map(({ path, firstLine, lastLine }) => `${path}:${firstLine}-${lastLine}`)).toEqual([
    ".dockerignore:1-1",
  ]);
  expect(removed.map(({ path, firstLine, lastLine }) => `${path}:${firstLine}-${lastLine}`)).toEqual([
    ".dockerignore:1-1",
    "build.sh:1-3",
  ]);
});

test("what is as it was is no change", () => {
  const files = [{ ...because, path: host(".dockerignore"), text: "*.log\n" }];
  const { changes, diff } = writePlans(one(planOf([], { files })), memoryProject(tree));
  expect({ changes, diff }).toEqual({ changes: [], diff: "" });
});

test("two setups that want the same of a file share it", () => {
  const plans = [...one(joined()), { setup: "builder-script:other.sh", plan: joined() }];
  const { changes, diagnostics, dockerfiles } = writePlans(plans, memoryProject(tree));
  expect(diagnostics).toEqual([]);
  expect([changes.length, dockerfiles.length]).toEqual([5, 1]);
});

test("two setups that want different things of a file collide", () => {
  const other = planOf([], { files: [{ ...because, path: host(".dockerignore"), text: "" }] });
  const { diagnostics } = writePlans(
    [...one(joined()), { setup: "builder-script:z.sh", plan: other }],
    memoryProject(tree),
  );
  expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
    [
      '"builder-script:build.sh" and "builder-script:z.sh" change ".dockerignore" in different ways',
      "migrate one of them first, for example with --script build.sh --write",
    ],
  ]);
});

test("two edits of the same words collide", () => {
  const other = planOf([], { callerEdits: [edit("docker build -f Dockerfile.build", "podman build")] });
  const { diagnostics } = writePlans(
    [...one(joined()), { setup: "builder-script:z.sh", plan: other }],
    memoryProject(tree),
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["changes-collide"]);
});

test("nothing is written through a symlink", () => {
  const linked = { ...tree, ".dockerignore": { symlink: "build.sh" } };
  const { diagnostics } = writePlans(one(joined()), memoryProject(linked));
  expect(diagnostics.map(({ message }) => message)).toEqual(['".dockerignore" is a symlink or lies behind one']);
});
