import { expect, test } from "vitest";
import { imagePath } from "../../src/text/paths.ts";
import { standingPackages } from "../../src/verify/standing-packages.ts";

function names(path: string, text: string): readonly string[] {
  return [...standingPackages({ texts: new Map([[imagePath(path), text]]) })].sort();
}

test("Debian: what is essential, apt, and what they depend on", () => {
  const status = `Package: dash
Essential: yes
Pre-Depends: libc6 (>= 2.34)

Package: apt
Depends: libstdc++6 (>= 11), gpgv | gpgv2, awk

Package: libc6

Package: libstdc++6
Depends: libgcc-s1 (= 12)

Package: libgcc-s1

Package: mawk
Provides: awk

Package: libpq5
Depends: libc6
`;
  expect(names("/var/lib/dpkg/status", status)).toEqual(["apt", "dash", "libc6", "libgcc-s1", "libstdc++6", "mawk"]);
});

test("Alpine: the base's packages, and who provides what they ask for", () => {
  const installed = `P:busybox
D:so:libc.musl-x86_64.so.1

P:musl
p:so:libc.musl-x86_64.so.1=1

P:libpq
D:musl
`;
  expect(names("/lib/apk/db/installed", installed)).toEqual(["busybox", "musl"]);
});

test("nothing where there is no database", () => {
  expect(names("/etc/passwd", "root:x:0:0")).toEqual([]);
});
