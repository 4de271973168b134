import { describe, expect, test } from "vitest";
import type { FailureCause } from "../../src/model/verification.ts";
import { needInWords, needsOfCauses } from "../../src/verify/needs-of-causes.ts";
import { readImageOf } from "./images.ts";

const BEFORE = readImageOf({
  files: {
    "/app/views": { kind: "directory" },
    "/app/views/a.html": "a",
    "/app/words.txt": "w",
    "/etc/base.conf": { layer: 0 },
    "/etc/ssl/certs/ca-certificates.crt": { layer: 0 },
    "/app/node_modules/left-pad": { kind: "directory" },
    "/app/node_modules/@a/b": { kind: "directory" },
    "/usr/lib/libpq.so.5": {},
    "/opt/lib/libown.so": {},
    "/usr/bin/curl": { mode: 0o755 },
  },
  texts: {
    "/var/lib/dpkg/status":
      "Package: libpq5\nStatus: install ok installed\nVersion: 15\n\nPackage: curl\nStatus: install ok installed\nVersion: 7\n\nPackage: ca-certificates\nStatus: install ok installed\nVersion: 1\n",
    "/var/lib/dpkg/info/libpq5.list": "/usr/lib/libpq.so.5\n",
    "/var/lib/dpkg/info/curl.list": "/usr/bin/curl\n",
    "/etc/passwd": "root:x:0:0::/:/bin/sh\ndeploy:x:1001:1002::/:/bin/sh\n",
    "/etc/group": "root:x:0:\nstaff:x:1002:\n",
  },
});
const IMAGES = [{ before: BEFORE, after: readImageOf({ files: { "/app": { kind: "directory" } } }) }];

describe("what a cause leads to", () => {
  test.each<[string, FailureCause, string | undefined]>([
    [
      "a library of a package",
      { kind: "library-missing", library: "libpq.so.5", neededBy: "/x" },
      'the package "libpq5" is installed in the runtime stage',
    ],
    [
      "a library of no package",
      { kind: "library-missing", library: "libown.so", neededBy: "/x" },
      '"/opt/lib/libown.so" is copied into the runtime stage',
    ],
    ["a library that nobody has", { kind: "library-missing", library: "libz.so", neededBy: "/x" }, undefined],
    [
      "a module",
      { kind: "module-missing", module: "left-pad", importedBy: "/x" },
      'all dependencies of "/app" stay, those for development too',
    ],
    [
      "a file of a scoped module",
      { kind: "module-missing", module: "@a/b/lib/x", importedBy: "/x" },
      'all dependencies of "/app" stay, those for development too',
    ],
    ["a module that nobody has", { kind: "module-missing", module: "nothing", importedBy: "/x" }, undefined],
    [
      "a part of a library",
      { kind: "file-missing", path: "/app/node_modules/left-pad/x.json" },
      'all dependencies of "/app" stay, those for development too',
    ],
    ["a program", { kind: "executable-missing", name: "curl" }, 'the package "curl" is installed in the runtime stage'],
    ["a program that nobody has", { kind: "executable-missing", name: "jq" }, undefined],
    ["a file", { kind: "file-missing", path: "/app/views/a.html" }, '"/app/views" is copied into the runtime stage'],
    [
      "a file in a directory that is there",
      { kind: "file-missing", path: "/app/words.txt" },
      '"/app/words.txt" is copied into the runtime stage',
    ],
    [
      "the certificates' bundle, which no package owns",
      { kind: "file-missing", path: "/etc/ssl/certs/ca-certificates.crt" },
      'the package "ca-certificates" is installed in the runtime stage',
    ],
    [
      "a file of the base",
      { kind: "file-missing", path: "/etc/base.conf" },
      "the runtime stage starts from a base that has what the old one had",
    ],
    ["a file that the old image has not either", { kind: "file-missing", path: "/nothing" }, undefined],
    [
      "a user",
      { kind: "user-missing", name: "deploy" },
      'the runtime stage starts from a base that has the user "deploy"',
    ],
    [
      "certificates",
      { kind: "certificates-missing" },
      'the package "ca-certificates" is installed in the runtime stage',
    ],
    ["a time zone that the old image has no package for", { kind: "time-zone-missing", zone: "x" }, undefined],
    [
      "another libc",
      { kind: "libc-mismatch", file: "/x", wants: "a", has: "b" },
      "the runtime stage starts from a base that has the C library of the old one",
    ],
    ["another architecture", { kind: "architecture", file: "/x", wants: "a", has: "b" }, undefined],
    ["a right", { kind: "permission", path: "/x", user: "a" }, undefined],
  ])("%s", (_, cause, words) => {
    expect(needsOfCauses([cause], IMAGES).map(needInWords)).toEqual(words === undefined ? [] : [words]);
  });

  test("is said once, however many causes lead there", () => {
    const causes = ["left-pad", "@a/b"].map(
      (module) => ({ kind: "module-missing", module, importedBy: "/x" }) as const,
    );
    expect(needsOfCauses(causes, IMAGES)).toHaveLength(1);
  });
});
