import { describe, expect, it } from "vitest";
import { describeBase, libcServes, splitReference } from "../../src/ecosystems/base-images.ts";

describe("base images", () => {
  it.each([
    ["golang:1.22", "glibc", "bookworm", "apt"],
    ["golang:1.20.3", "glibc", "bullseye", "apt"],
    ["golang", "glibc", "trixie", "apt"],
    ["golang:1.22-bullseye", "glibc", "bullseye", "apt"],
    ["golang:1.22-alpine", "musl", "3.21", "apk"],
    ["golang:1.22-alpine3.19", "musl", "3.19", "apk"],
    ["golang:9.9", "glibc", undefined, "apt"],
    ["docker.io/library/node:20-slim", "glibc", "bookworm", "apt"],
    ["arm32v7/node:8", "glibc", "stretch", "apt"],
    ["registry.example:5000/mirror/node:18.12.0-alpine", "musl", "3.16", "apk"],
    ["debian:12", "glibc", "bookworm", "apt"],
    ["ubuntu:22.04", "glibc", "jammy", "apt"],
    ["alpine:3.18.4", "musl", "3.18", "apk"],
    ["gcr.io/distroless/base-debian12:nonroot", "glibc", "bookworm", undefined],
    ["someone/thing:1", undefined, undefined, undefined],
  ])("%s: %s, %s, %s", (reference, libc, release, manager) => {
    const base = describeBase(reference);
    expect([base.libc, base.distribution?.codename ?? base.distribution?.version, base.packageManager]).toEqual([
      libc,
      release,
      manager,
    ]);
  });

  it("tells a registry's port from a tag", () => {
    expect(splitReference("localhost:5000/a/b:1@sha256:0")).toEqual({
      prefix: "localhost:5000/a/",
      repository: "b",
      tag: "1",
      digest: "sha256:0",
    });
  });

  it.each([
    ["golang:1.22", "debian:bookworm-slim", true],
    ["golang:1.22", "debian:bullseye-slim", false],
    ["golang:1.16", "gcr.io/distroless/base-debian12", true],
    ["golang:1.22-alpine3.19", "alpine:3.20", true],
    ["golang:1.22-alpine3.19", "alpine:3.18", false],
    ["golang:1.22", "alpine:3.20", false],
  ])("what %s links runs on %s: %s", (from, to, runs) => {
    expect(libcServes(describeBase(from), describeBase(to))).toBe(runs);
  });
});
