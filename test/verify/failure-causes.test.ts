import { describe, expect, test } from "vitest";
import type { FailureCause } from "../../src/model/verification.ts";
import { causeInWords } from "../../src/verify/causes-in-words.ts";
import { failureCauses } from "../../src/verify/failure-causes.ts";

describe("what programs print", () => {
  test.each<[string, FailureCause]>([
    [
      "/app/x: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory",
      { kind: "library-missing", library: "libpq.so.5", neededBy: "/app/x" },
    ],
    [
      "OSError: libmagic.so.1: cannot open shared object file: No such file or directory",
      { kind: "library-missing", library: "libmagic.so.1", neededBy: "a program that loads it by name" },
    ],
    [
      "Error loading shared library libz.so.1: No such file or directory (needed by /app/x)",
      { kind: "library-missing", library: "libz.so.1", neededBy: "/app/x" },
    ],
    [
      "/app/x: /lib/libc.so.6: version `GLIBC_2.34' not found (required by /app/x)",
      { kind: "libc-mismatch", file: "/app/x", wants: "GLIBC_2.34", has: "/app/x" },
    ],
    [
      "Error: Cannot find module 'express'\nRequire stack:\n- /app/server.js",
      { kind: "module-missing", module: "express", importedBy: "/app/server.js" },
    ],
    [
      "Error: Cannot find module 'express'",
      { kind: "module-missing", module: "express", importedBy: "the entry point" },
    ],
    [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'pino' imported from /app/a.mjs",
      { kind: "module-missing", module: "pino", importedBy: "/app/a.mjs" },
    ],
    [
      "Error: ENOENT: no such file or directory, open '/app/views/a.html'",
      { kind: "file-missing", path: "/app/views/a.html" },
    ],
    ["Error: spawn curl ENOENT", { kind: "executable-missing", name: "curl" }],
    ["EACCES: permission denied, mkdir '/data/x'", { kind: "permission", path: "/data/x", user: "" }],
    ['Error: Failed to lookup view "a" in views directory "/app/views"', { kind: "file-missing", path: "/app/views" }],
    ["panic: open /etc/app.yml: no such file or directory", { kind: "file-missing", path: "/etc/app.yml" }],
    ['exec: "git": executable file not found in $PATH', { kind: "executable-missing", name: "git" }],
    ["exec /app/run.sh: no such file or directory", { kind: "executable-missing", name: "/app/run.sh" }],
    ["/bin/sh: 1: curl: not found", { kind: "executable-missing", name: "curl" }],
    ["bash: line 3: jq: command not found", { kind: "executable-missing", name: "jq" }],
    ["env: 'python3': No such file or directory", { kind: "executable-missing", name: "python3" }],
    ["unable to find user app: no matching entries in passwd file", { kind: "user-missing", name: "app" }],
    ["user: unknown user deploy", { kind: "user-missing", name: "deploy" }],
    ["chown: invalid user: 'app'", { kind: "user-missing", name: "app" }],
    ["tls: failed to verify: x509: certificate signed by unknown authority", { kind: "certificates-missing" }],
    ["Error: unable to get local issuer certificate", { kind: "certificates-missing" }],
    ["unknown time zone Europe/Berlin", { kind: "time-zone-missing", zone: "Europe/Berlin" }],
    [
      "exec /app/x: exec format error",
      { kind: "architecture", file: "/app/x", wants: "another architecture", has: "this one" },
    ],
    [
      "ModuleNotFoundError: No module named 'flask'",
      { kind: "module-missing", module: "flask", importedBy: "a Python program" },
    ],
  ])("%s", (output, cause) => {
    const found = failureCauses(`starting\n${output}\n`);
    expect(found.map(({ kind }) => kind)).toEqual([cause.kind]);
    if (cause.kind !== "libc-mismatch") expect(found).toEqual([cause]);
    expect(causeInWords(cause)).toMatch(/^\S.*[^.]$/);
  });

  test.each(["hello", "GET / 404 not found", "error: something odd", "0 errors found"])("%j has no cause", (output) =>
    expect(failureCauses(output)).toEqual([]),
  );

  test("each cause is said once, in the order of the text", () => {
    const text = "spawn jq ENOENT\nspawn curl ENOENT\nspawn jq ENOENT\n";
    expect(failureCauses(text)).toEqual([
      { kind: "executable-missing", name: "jq" },
      { kind: "executable-missing", name: "curl" },
    ]);
  });

  test("a line of a megabyte is read in no time", () => {
    expect(failureCauses(`${"a".repeat(1e6)}: x509: ${"'".repeat(1e6)}`)).toEqual([]);
  });
});

test("a cause in words names what is missing and where the old image has it", () => {
  expect(causeInWords({ kind: "library-missing", library: "a.so", neededBy: "/x", foundAt: "/lib/a.so" })).toBe(
    'the library "a.so" that "/x" needs is missing (the old image has it at "/lib/a.so")',
  );
  expect(causeInWords({ kind: "environment-missing", name: "A", value: "s" })).toBe('the variable "A" is not set');
  expect(causeInWords({ kind: "shebang-missing", script: "/a", interpreter: "/b" })).toBe(
    'the interpreter "/b" of "/a" is missing',
  );
});
