import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { FileChange } from "../../src/model/migration.ts";
import { applyChanges } from "../../src/project/apply.ts";
import { recover } from "../../src/project/transaction.ts";
import { undoLast } from "../../src/project/undo.ts";
import { checkout, commitAll, git, snapshot } from "./checkout.ts";

/** Lets a test make one system call fail, as a full disk or a killed process would. */
const faults = vi.hoisted(() => ({ renames: 0, failing: [] as readonly number[], access: new Set<string>() }));

vi.mock("node:fs", async (importOriginal) => {
  const actual = await importOriginal<typeof import("node:fs")>();
  return {
    ...actual,
    renameSync: (from: string, to: string) => {
      if (!to.endsWith(".json")) faults.renames += 1;
      if (!to.endsWith(".json") && faults.failing.includes(faults.renames)) {
        throw Object.assign(new Error("full"), { code: "ENOSPC", path: from });
      }
      actual.renameSync(from, to);
    },
    accessSync: (path: string, mode: number) => {
      if (faults.access.has(path)) throw Object.assign(new Error("denied"), { code: "EACCES", path });
      actual.accessSync(path, mode);
    },
  };
});

beforeEach(() => {
  faults.renames = 0;
  faults.failing = [];
  faults.access.clear();
});

const BEFORE = {
  Dockerfile: "\uFEFFFROM node\r\nRUN a",
  "Dockerfile.build": "FROM golang\n",
  "build.sh": "#!/bin/sh\ndocker build .\n",
  "README.md": "# shop\n",
};

const CHANGES: readonly FileChange[] = [
  { path: "Dockerfile", action: "modify", mode: "100644", before: BEFORE.Dockerfile, after: "FROM node AS größe\n" },
  { path: "build.sh", action: "modify", mode: "100755", before: BEFORE["build.sh"], after: "#!/bin/sh\n" },
  { path: "Dockerfile.build", action: "delete", mode: "100644", before: BEFORE["Dockerfile.build"] },
  { path: "docker/api/.dockerignore", action: "create", mode: "100644", after: "dist\n" },
  { path: "docker/run", action: "create", mode: "100755", after: "" },
];

const AFTER = {
  Dockerfile: `644 ${Buffer.from("FROM node AS größe\n").toString("latin1")}`,
  "README.md": "644 # shop\n",
  "build.sh": "755 #!/bin/sh\n",
  "docker/": "",
  "docker/api/": "",
  "docker/api/.dockerignore": "644 dist\n",
  "docker/run": "755 ",
};

const apply = (root: string, changes = CHANGES, force = false) => applyChanges(root, changes, { force });
const codes = (result: ReturnType<typeof applyChanges>) =>
  result.ok ? [] : result.diagnostics.map((d) => `${d.code} ${d.span?.path}`);

describe.each([
  ["with git", commitAll, ".git/restage"],
  ["without git", () => {}, ".restage"],
  [
    "in a git worktree, whose .git is a file",
    (root: string) => writeFileSync(join(root, ".git"), "gitdir: /nowhere\n"),
    ".restage",
  ],
])("applyChanges %s", (_, prepare, state) => {
  const project = () => {
    const root = checkout(BEFORE);
    prepare(root);
    return root;
  };

  test("writes, and undo restores byte for byte", () => {
    const root = project();
    const before = snapshot(root);
    expect(apply(root)).toEqual({ ok: true, written: CHANGES });
    expect(snapshot(root)).toEqual(AFTER);
    expect(readdirSync(join(root, state)).filter((name) => name !== ".gitignore")).toEqual(["undo-0001.json"]);
    expect(undoLast(root)).toEqual({ kind: "undone", files: CHANGES.map(({ path }) => path) });
    expect(snapshot(root)).toEqual(before);
    expect(existsSync(join(root, state))).toBe(false);
    expect(undoLast(root)).toEqual({ kind: "nothing" });
  });

  test("keeps one record for each change set", () => {
    const root = project();
    const second: FileChange = { path: "README.md", action: "modify", mode: "100644", before: "# shop\n", after: "x" };
    apply(root);
    const between = snapshot(root);
    apply(root, [second]);
    undoLast(root);
    expect(snapshot(root)).toEqual(between);
    expect(undoLast(root).kind).toBe("undone");
  });

  test("leaves nothing behind that git would show", () => {
    const root = project();
    apply(root, CHANGES.slice(0, 1));
    if (state === ".git/restage") expect(git(root, "status", "--porcelain")).toBe(" M Dockerfile\n");
    else expect(readdirSync(join(root, ".restage"))).toContain(".gitignore");
  });
});

describe("nothing is written, and said is", () => {
  const outside: FileChange = { path: "../outside", action: "create", mode: "100644", after: "" };
  const create = (path: string): FileChange => ({ ...outside, path });

  test.each([
    [
      "file-changed Dockerfile",
      "a file that changed",
      (root: string) => writeFileSync(join(root, "Dockerfile"), "FROM other\n"),
      CHANGES,
    ],
    ["file-changed Dockerfile", "a file that is gone", (root: string) => rmSync(join(root, "Dockerfile")), CHANGES],
    ["file-changed README.md", "a file that came up", () => {}, [create("README.md")]],
    [
      "write-through-link Dockerfile",
      "a symlink",
      (root: string) => {
        rmSync(join(root, "Dockerfile"));
        symlinkSync("README.md", join(root, "Dockerfile"));
      },
      CHANGES,
    ],
    [
      "write-through-link docker/run",
      "a symlink on the way",
      (root: string) => symlinkSync("/tmp", join(root, "docker")),
      CHANGES.slice(4),
    ],
    [
      "write-denied docker/run",
      "a file where a directory should be",
      (root: string) => writeFileSync(join(root, "docker"), ""),
      CHANGES.slice(4),
    ],
    [
      "write-denied docker/run",
      "a directory where a file should be",
      (root: string) => mkdirSync(join(root, "docker/run"), { recursive: true }),
      CHANGES.slice(4),
    ],
    [
      "write-denied Dockerfile",
      "a read-only directory",
      (root: string) => faults.access.add(root),
      CHANGES.slice(0, 1),
    ],
    [
      "write-denied Dockerfile",
      "a read-only file",
      (root: string) => faults.access.add(join(root, "Dockerfile")),
      CHANGES.slice(0, 1),
    ],
    ["write-not-allowed undefined", "a path that leaves the project", () => {}, [outside]],
    ["write-not-allowed undefined", "an absolute path", () => {}, [create("/etc/x")]],
    ["write-not-allowed undefined", "a path that is not normal", () => {}, [create("a/../b")]],
    ["write-not-allowed undefined", "git's own files", () => {}, [create(".git/hooks/x")]],
    ["write-not-allowed undefined", "git's own files in capitals", () => {}, [create("a/.GIT/config")]],
    ["write-not-allowed undefined", "one file twice", () => {}, [create("a"), create("a")]],
  ] as const)("%s for %s", (code, _, prepare, changes) => {
    const root = checkout(BEFORE);
    prepare(root);
    const before = snapshot(root);
    expect(codes(apply(root, changes))).toContain(code);
    expect(snapshot(root)).toEqual(before);
    expect(existsSync(join(root, ".restage"))).toBe(false);
  });

  test.each([
    ["changed", (root: string) => writeFileSync(join(root, "Dockerfile"), "FROM other\n")],
    [
      "staged",
      (root: string) => {
        writeFileSync(join(root, "Dockerfile"), BEFORE.Dockerfile);
        git(root, "add", "Dockerfile");
      },
    ],
    ["new to git", (root: string) => git(root, "rm", "-q", "--cached", "Dockerfile")],
  ])("that git shows a file as %s, unless forced", (_, prepare) => {
    const root = checkout({ ...BEFORE, Dockerfile: "FROM old\n" });
    commitAll(root);
    prepare(root);
    const text = snapshot(root).Dockerfile?.slice(4) ?? "";
    const changes: FileChange[] = [
      { path: "Dockerfile", action: "modify", mode: "100644", before: text, after: "x\n" },
    ];
    const exact = changes.map((change) => ({ ...change, before: Buffer.from(text, "latin1").toString() }));
    expect(codes(apply(root, exact))).toEqual(["file-uncommitted Dockerfile"]);
    expect(snapshot(root).Dockerfile).toBe(`644 ${text}`);
    expect(apply(root, exact, true).ok).toBe(true);
  });

  test("but uncommitted changes elsewhere do not matter, nor does a repository above", () => {
    const above = checkout({ "shop/Dockerfile": "FROM a\n", "other.txt": "1" });
    commitAll(above);
    writeFileSync(join(above, "other.txt"), "2");
    const root = join(above, "shop");
    const change = {
      path: "Dockerfile",
      action: "modify",
      mode: "100644",
      before: "FROM a\n",
      after: "FROM b\n",
    } as const;
    expect(apply(root, [change]).ok).toBe(true);
    expect(codes(apply(root, [{ ...change, before: "FROM b\n", after: "FROM c\n" }]))).toEqual([
      "file-uncommitted Dockerfile",
    ]);
  });
});

describe("when writing fails halfway", () => {
  test.each([1, 2])("at rename %i, all files are as they were", (at) => {
    const root = checkout(BEFORE);
    const before = snapshot(root);
    faults.failing = [at];
    const result = apply(root);
    expect(result.ok ? [] : result.diagnostics.map((d) => d.message)).toEqual(['"." cannot be written (ENOSPC)']);
    expect(snapshot(root)).toEqual(before);
    expect(existsSync(join(root, ".restage"))).toBe(false);
  });
});

test("when even restoring fails, the journal stays for the next run", () => {
  const root = checkout(BEFORE);
  const before = snapshot(root);
  faults.failing = [2, 3];
  const result = apply(root);
  expect(result.ok ? [] : result.diagnostics.map((d) => d.code)).toEqual([
    "write-denied",
    "write-denied",
    "apply-interrupted",
  ]);
  utimesSync(join(root, ".restage/journal.json"), 1, 1);
  expect(recover(root, Date.now())).toEqual({ kind: "restored" });
  expect(snapshot(root)).toEqual(before);
});

describe("an interrupted run", () => {
  const TEMPORARY = ".restage-0.tmp";
  const entry = ({ path, mode, before, after }: FileChange) => ({
    path,
    ...(before === undefined ? {} : { beforeMode: mode === "100755" ? 0o755 : 0o644 }),
    before,
    after,
    temporary: join(dirname(path), TEMPORARY),
  });

  /** As a process leaves it that is killed after its first `swapped` files. */
  function interrupted(swapped: number): string {
    const root = checkout(BEFORE);
    const directories = ["docker", "docker/api"];
    for (const directory of directories) mkdirSync(join(root, directory));
    for (const [index, { path, after }] of CHANGES.entries()) {
      if (index < swapped) after === undefined ? rmSync(join(root, path)) : writeFileSync(join(root, path), after);
      else if (after !== undefined) writeFileSync(join(root, dirname(path), TEMPORARY), after);
    }
    leaveJournal(
      root,
      JSON.stringify({ version: 1, purpose: "apply", process: 1, changes: CHANGES.map(entry), directories }),
    );
    return root;
  }

  function leaveJournal(root: string, text: string): void {
    mkdirSync(join(root, ".restage"));
    writeFileSync(join(root, ".restage/journal.json"), text);
    utimesSync(join(root, ".restage/journal.json"), 1, 1);
  }

  test.each([0, 1, 2, 3, 4, 5])("after %i files is taken back", (swapped) => {
    const root = interrupted(swapped);
    expect(recover(root, Date.now())).toEqual({ kind: "restored" });
    expect(snapshot(root)).toEqual(snapshot(checkout(BEFORE)));
    expect(existsSync(join(root, ".restage"))).toBe(false);
    expect(recover(root, Date.now())).toEqual({ kind: "none" });
  });

  test("is left alone where somebody has changed a file since", () => {
    const root = interrupted(2);
    writeFileSync(join(root, "Dockerfile"), "FROM mine\n");
    const before = snapshot(root);
    const recovery = recover(root, Date.now());
    expect(recovery.kind === "failed" && recovery.diagnostics.map((d) => d.message)).toEqual([
      '"Dockerfile" changed since restage wrote it',
    ]);
    expect(snapshot(root)).toEqual(before);
  });

  test("before its journal was complete has changed nothing", () => {
    const root = checkout(BEFORE);
    leaveJournal(root, '{"version":1,"purp');
    expect(recover(root, Date.now())).toEqual({ kind: "restored" });
    expect(snapshot(root)).toEqual(snapshot(checkout(BEFORE)));
  });

  test("that may still be running is waited for", () => {
    const root = interrupted(2);
    utimesSync(join(root, ".restage/journal.json"), new Date(), new Date());
    const recovery = recover(root, Date.now());
    expect(recovery.kind === "failed" && recovery.diagnostics.map((d) => d.code)).toEqual(["apply-running"]);
    expect(codes(apply(root, [{ path: "new", action: "create", mode: "100644", after: "" }]))).toEqual([
      "apply-running undefined",
    ]);
  });

  test("cannot be used to remove or write files elsewhere", () => {
    const root = checkout({ ...BEFORE, ".restage/x": "" });
    const changes = [{ path: "Dockerfile", before: "x", after: BEFORE.Dockerfile, temporary: "README.md" }];
    const journal = { version: 1, purpose: "apply", process: 1, changes, directories: [] };
    writeFileSync(join(root, ".restage/journal.json"), JSON.stringify(journal));
    utimesSync(join(root, ".restage/journal.json"), 1, 1);
    expect(recover(root, Date.now()).kind).toBe("failed");
    expect(existsSync(join(root, "README.md"))).toBe(true);
  });
});

describe("undoLast", () => {
  test("touches nothing when a file changed since", () => {
    const root = checkout(BEFORE);
    apply(root);
    writeFileSync(join(root, "build.sh"), "mine\n");
    const before = snapshot(root);
    const result = undoLast(root);
    expect(result.kind === "failed" && result.diagnostics.map((d) => d.message)).toEqual([
      '"build.sh" changed since restage wrote it',
    ]);
    expect(snapshot(root)).toEqual(before);
  });

  test("restores modes, and keeps a directory that is in use", () => {
    const root = checkout(BEFORE);
    chmodSync(join(root, "Dockerfile.build"), 0o600);
    apply(root);
    writeFileSync(join(root, "docker/mine"), "1");
    undoLast(root);
    expect(snapshot(root)).toMatchObject({ "Dockerfile.build": "600 FROM golang\n", "docker/mine": "644 1" });
    expect(existsSync(join(root, "docker/api"))).toBe(false);
  });

  test("says when the record is damaged", () => {
    const root = checkout(BEFORE);
    apply(root);
    writeFileSync(join(root, ".restage/undo-0001.json"), "{");
    const result = undoLast(root);
    expect(result.kind === "failed" && result.diagnostics.map((d) => d.message)).toEqual([
      'the record ".restage/undo-0001.json" cannot be read',
    ]);
  });
});
