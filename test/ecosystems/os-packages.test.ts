import { describe, expect, it } from "vitest";
import { HEADERS } from "../../src/ecosystems/debian-headers.ts";
import { runtimeHalvesOf } from "../../src/ecosystems/os-packages/purposes.ts";

describe("the library behind a package with headers", () => {
  it.each<[string, "apt" | "apk", string | undefined, string | undefined]>([
    ["libpq-dev", "apt", "trixie", "libpq5"],
    ["libssl-dev", "apt", "bullseye", "libssl1.1"],
    ["libssl-dev", "apt", "bookworm", "libssl3"],
    ["libssl-dev", "apt", "trixie", "libssl3t64"],
    ["libssl-dev", "apt", undefined, undefined],
    ["libssl-dev", "apt", "jammy", "libssl3"],
    ["libssl-dev", "apt", "buster", "libssl1.1"],
    ["libcairo2-dev", "apt", "bookworm", "libcairo-gobject2 libcairo-script-interpreter2 libcairo2"],
    ["default-libmysqlclient-dev", "apt", "bookworm", "libmariadb3"],
    ["libnothing-dev", "apt", "bookworm", undefined],
    ["openssl-dev", "apk", undefined, "openssl"],
  ])("%s by %s on %s", (name, manager, release, library) => {
    expect(runtimeHalvesOf(name, manager, release)?.join(" ")).toBe(library);
  });

  it("is given once for each release", () => {
    for (const [name, rows] of Object.entries(HEADERS)) {
      const releases = rows.flatMap(([listed]) => listed.split(" "));
      expect(new Set(releases).size, name).toBe(releases.length);
      expect(rows.every(([, libraries]) => /^[a-z0-9.+ -]+$/.test(libraries) && !/-dev\b/.test(libraries))).toBe(true);
    }
  });
});
