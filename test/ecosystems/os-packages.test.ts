import { describe, expect, it } from "vitest";
import { runtimeHalfOf } from "../../src/ecosystems/os-packages/purposes.ts";

describe("the library behind a package with headers", () => {
  it.each<[string, "apt" | "apk", string | undefined, string | undefined]>([
    ["libpq-dev", "apt", "trixie", "libpq5"],
    ["libssl-dev", "apt", "bullseye", "libssl1.1"],
    ["libssl-dev", "apt", "bookworm", "libssl3"],
    ["libssl-dev", "apt", "trixie", "libssl3t64"],
    ["libssl-dev", "apt", undefined, undefined],
    ["libssl-dev", "apt", "jammy", undefined],
    ["default-libmysqlclient-dev", "apt", "bookworm", "libmariadb3"],
    ["libnothing-dev", "apt", "bookworm", undefined],
    ["openssl-dev", "apk", undefined, "openssl"],
  ])("%s by %s on %s", (name, manager, release, library) => {
    expect(runtimeHalfOf(name, manager, release)).toBe(library);
  });
});
