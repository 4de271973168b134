import { describe, expect, test } from "vitest";
import type { ImageConfiguration, InspectedImage } from "../../src/model/image.ts";
import { compareConfiguration } from "../../src/verify/compare-configuration.ts";

const EMPTY: ImageConfiguration = { env: {}, workdir: "", user: "", ports: [], volumes: [], labels: {}, onbuild: [] };

function image(configuration: Partial<ImageConfiguration>, architecture = "amd64"): InspectedImage {
  const whole = { ...EMPTY, ...configuration };
  return { id: "sha256:1", configuration: whole, architecture, os: "linux", size: 1, layers: [] };
}

function base(configuration: Partial<ImageConfiguration>): ImageConfiguration {
  return { ...EMPTY, ...configuration };
}

function compare(
  before: Partial<ImageConfiguration>,
  after: Partial<ImageConfiguration>,
  bases: { before?: Partial<ImageConfiguration>; after?: Partial<ImageConfiguration> } | undefined = {},
  leftOut: ReadonlyMap<string, string> = new Map(),
) {
  return compareConfiguration({
    before: image(before),
    after: image(after),
    ...(bases && { beforeBase: base(bases.before ?? {}), afterBase: base(bases.after ?? {}) }),
    leftOut,
  });
}

describe("what the user's instructions set", () => {
  test.each<[string, Partial<ImageConfiguration>, Partial<ImageConfiguration>, string]>([
    ["ENTRYPOINT", { entrypoint: ["/a"] }, { entrypoint: ["/b"] }, 'ENTRYPOINT differs (it was ["/a"], and is ["/b"])'],
    ["CMD", { cmd: ["x"] }, {}, 'CMD is gone (it was ["x"])'],
    ["ENV", { env: { A: "1" } }, {}, "ENV A is gone"],
    ["ENV by value", { env: { TOKEN: "s3cret" } }, { env: { TOKEN: "other" } }, "ENV TOKEN differs"],
    ["WORKDIR", { workdir: "/app" }, { workdir: "/" }, "WORKDIR is gone (it was /app)"],
    ["USER", { user: "node" }, {}, "USER is gone (it was node)"],
    ["a new USER", {}, { user: "65532" }, "USER is new (65532)"],
    ["EXPOSE", { ports: ["80/tcp"] }, {}, "EXPOSE 80/tcp is gone (it was 80/tcp)"],
    ["VOLUME", { volumes: ["/data"] }, {}, "VOLUME /data is gone (it was /data)"],
    ["LABEL", { labels: { a: "b" } }, { labels: { a: "c" } }, "LABEL a differs"],
    ["STOPSIGNAL", { stopSignal: "SIGINT" }, {}, "STOPSIGNAL is gone (it was SIGINT)"],
    ["SHELL", { shell: ["/bin/bash", "-c"] }, {}, 'SHELL is gone (it was ["/bin/bash","-c"])'],
    ["ONBUILD", { onbuild: ["RUN a"] }, {}, "ONBUILD is gone (it was RUN a)"],
  ])("has to be the same: %s", (_, before, after, what) => {
    const check = compare(before, after);
    expect(check).toMatchObject({ ok: false, summary: "1 setting differs" });
    expect(check.findings).toMatchObject([{ level: "problem", what }]);
  });

  test("a health check with another interval is another one", () => {
    const one = { test: ["CMD", "a"], interval: 1e9, timeout: 0, startPeriod: 0, retries: 3 };
    expect(compare({ healthcheck: one }, { healthcheck: one }).ok).toBe(true);
    expect(compare({ healthcheck: one }, { healthcheck: { ...one, interval: 2e9 } }).ok).toBe(false);
  });

  test("a variable that is gone is a cause to start a repair from", () => {
    const { findings } = compare({ env: { A: "1" } }, {});
    expect(findings[0]?.cause).toEqual({ kind: "environment-missing", name: "A", value: "1" });
  });

  test("root by any name is root", () => {
    expect(compare({ user: "root" }, { user: "0:0" })).toEqual({ ok: true, summary: "equal", findings: [] });
  });

  test("the value of a variable is never shown", () => {
    expect(JSON.stringify(compare({ env: { T: "hunter2" } }, { env: { T: "x" } }).findings)).not.toContain("hunter2");
  });
});

describe("what base images bring", () => {
  test("may be gone, new or other, and is listed", () => {
    const check = compare(
      { env: { NODE_VERSION: "20", A: "1", YARN: "1" }, cmd: ["node"] },
      { env: { NODE_VERSION: "22", A: "1", SSL: "x" }, cmd: ["node"] },
      {
        before: { env: { NODE_VERSION: "20", YARN: "1" }, cmd: ["node"] },
        after: { env: { NODE_VERSION: "22", SSL: "x" } },
      },
    );
    expect(check).toMatchObject({ ok: true, summary: "equal but for 3 expected changes" });
    expect(check.findings.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "ENV NODE_VERSION differs: Each base image sets it to its own value.",
      "ENV YARN is gone: Only the old base image set it.",
      "ENV SSL is new: The new base image sets it.",
    ]);
  });

  test("is no excuse for what the new build changes", () => {
    const check = compare({ env: { A: "1" } }, { env: { A: "2" } }, { before: { env: { A: "1" } }, after: {} });
    expect(check.ok).toBe(false);
  });

  test("excuses nothing where the bases are not known", () => {
    const check = compareConfiguration({ before: image({ env: { A: "1" } }), after: image({}) });
    expect(check.findings[0]?.why).toBe("The base images are not known, so that every difference counts.");
  });
});

describe("PATH", () => {
  const bases = { before: { env: { PATH: "/usr/local/go/bin:/usr/bin" } }, after: { env: { PATH: "/usr/bin" } } };

  test("keeps the directories that instructions added", () => {
    const check = compare(
      { env: { PATH: "/app/bin:/usr/local/go/bin:/usr/bin" } },
      { env: { PATH: "/app/bin:/usr/bin" } },
      bases,
    );
    expect(check.ok).toBe(true);
  });

  test("without one of them, programs are not found", () => {
    const check = compare(
      { env: { PATH: "/app/bin:/usr/local/go/bin:/usr/bin" } },
      { env: { PATH: "/usr/bin" } },
      bases,
    );
    expect(check.findings).toMatchObject([{ level: "problem", what: "ENV PATH lacks /app/bin" }]);
  });

  test("with one more, another program may be found first", () => {
    const check = compare(
      { env: { PATH: "/usr/bin" } },
      { env: { PATH: "/opt/bin:/usr/bin" } },
      { before: { env: { PATH: "/usr/bin" } }, after: { env: { PATH: "/usr/bin" } } },
    );
    expect(check.findings).toMatchObject([{ level: "problem", what: "ENV PATH has /opt/bin besides" }]);
  });
});

test("what the migration lists as left out is expected, with its reason", () => {
  const check = compare(
    { env: { CGO_ENABLED: "0" } },
    {},
    {},
    new Map([["ENV CGO_ENABLED", "only the build reads it."]]),
  );
  expect(check).toMatchObject({ ok: true });
  expect(check.findings).toEqual([
    { level: "expected", what: "ENV CGO_ENABLED is gone", why: "Left out: only the build reads it." },
  ]);
});

test("another platform is a problem", () => {
  const check = compareConfiguration({ before: image({}, "amd64"), after: image({}, "arm64") });
  expect(check.findings).toMatchObject([{ what: "the platform was linux/amd64, and is linux/arm64" }]);
});
