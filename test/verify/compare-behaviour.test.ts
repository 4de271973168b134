import { describe, expect, test } from "vitest";
import type { Observation, ProbeAnswer } from "../../src/model/verification.ts";
import { compareBehaviour, shapeOf } from "../../src/verify/compare-behaviour.ts";
import type { Observed } from "../../src/verify/observe.ts";

interface Run extends Partial<Observation> {
  readonly body?: string;
  readonly status?: number;
}

const REQUEST = "GET http://:80/";

function ran({ body, status = 200, ...given }: Run = {}): Observed {
  const answer: ProbeAnswer = {
    port: 80,
    request: REQUEST,
    status,
    contentType: "text/html",
    bytes: 1,
    digest: `${body}`,
  };
  const answers = body === undefined ? [] : [answer];
  const observation = {
    staysUp: true,
    ports: body === undefined ? [] : [80],
    answers,
    stdout: "",
    stderr: "",
    ...given,
  };
  const bodies = new Map(body === undefined ? [] : [[REQUEST, body]]);
  return { observation, bodies, state: undefined };
}

const GONE = ran({ staysUp: false, exitCode: 1 });

function compare(
  before: Run,
  after: Run,
  {
    again = before,
    wanted = {},
    control = GONE,
  }: {
    readonly again?: Run;
    readonly wanted?: { readonly status?: number; readonly contains?: string };
    readonly control?: Observed | undefined;
  } = {},
) {
  return compareBehaviour({
    before: [ran(before), ran(again)],
    after: ran(after),
    control,
    wanted,
    causes: [],
    modules: [],
  });
}

const problems = (check: ReturnType<typeof compare>): readonly string[] =>
  check.findings.filter(({ level }) => level === "problem").map(({ what }) => what);

describe("a server", () => {
  test("that answers the same is the same, and the control run shows that the probe means something", () => {
    expect(compare({ body: "a" }, { body: "a" })).toMatchObject({
      ok: true,
      proves: true,
      probes: ["started as configured", REQUEST],
    });
  });

  test.each<[string, Run, Run, readonly string[]]>([
    ["another status", { body: "a" }, { body: "a", status: 500 }, [`${REQUEST}: status: it was 200, and is 500`]],
    ["another body", { body: "a" }, { body: "b" }, [`${REQUEST}: body: it was 1 bytes, and is 1 others`]],
    ["no answer", { body: "a" }, { ports: [80] }, [`${REQUEST}: it was 200, and is not answered`]],
    ["another port", { body: "a" }, { body: "a", ports: [81] }, ["open ports: it was 80, and is 81"]],
    [
      "another health",
      { health: "healthy" },
      { health: "unhealthy" },
      ["the health: it was healthy, and is unhealthy"],
    ],
    ["a new error in the log", {}, { stderr: "Error: no views\n" }, ['it logs "Error: no views"']],
    ["its end", {}, { staysUp: false, exitCode: 1 }, ["stays up: it was yes, and is no"]],
  ])("is another one by %s", (_, before, after, what) => {
    expect(problems(compare(before, after)).slice(0, 2)).toEqual(what);
  });

  test("may answer with what changes from run to run", () => {
    const at = (time: string): Run => ({ body: `<p>${time}</p>` });
    expect(compare(at("12:01"), at("12:03"), { again: at("12:02") }).ok).toBe(true);
    expect(compare(at("12:01"), { body: "<h1>12:03</h1>" }, { again: at("12:02") }).ok).toBe(false);
    expect(compare(at("12:01"), at("12:03")).ok).toBe(false);
  });

  test("may log an error that the old one logs, too, at another time", () => {
    const line = (second: number): Run => ({ stderr: `12:00:0${second} error: no cache\n` });
    expect(compare(line(1), line(2)).ok).toBe(true);
  });
});

describe("a program", () => {
  const ends = (stdout: string, exitCode = 0): Run => ({ staysUp: false, exitCode, stdout });

  test("prints the same and ends the same", () => {
    expect(compare(ends("a\n"), ends("a\n")).ok).toBe(true);
    expect(problems(compare(ends("a\nb\n"), ends("a\nc\n")))).toEqual([
      'the output is another one: line 2 was "b", and is "c"',
    ]);
    expect(problems(compare(ends("a"), ends("a", 2)))).toEqual(["the exit code: it was 0, and is 2"]);
  });
});

describe("a probe that is given", () => {
  test("has to hold for the new image", () => {
    expect(problems(compare({ body: "ok" }, { body: "ok" }, { wanted: { status: 204 } }))).toEqual([
      "the old image answers 200, and not 204",
      "the new image answers 200, and not 204",
    ]);
    expect(compare({ body: "all ok" }, { body: "all ok" }, { wanted: { status: 200, contains: "ok" } }).ok).toBe(true);
  });

  test("looks at the output of a program", () => {
    const run: Run = { staysUp: false, exitCode: 0, stdout: "version 1\n" };
    expect(compare(run, run, { wanted: { contains: "version" } }).ok).toBe(true);
    expect(problems(compare(run, run, { wanted: { contains: "usage" } }))).toHaveLength(2);
  });
});

test.each([[ran({ body: "a" })], [undefined]])(
  "a probe that passes without the artifacts proves nothing",
  (control) => {
    const runs = {
      before: [ran({ body: "a" }), ran({ body: "a" })],
      after: ran({ body: "a" }),
      control,
      causes: [],
      modules: [],
    } as const;
    const check = compareBehaviour(runs);
    expect(check).toMatchObject({ ok: true, proves: false });
    expect(check.findings.map(({ what }) => what)).toEqual(["the probe proves nothing"]);
  },
);

test("a port that could not be asked proves nothing, although it is the same for both", () => {
  const silent = { status: 0, body: "" };
  const check = compare(silent, silent);
  expect(check).toMatchObject({ ok: true, proves: false });
  expect(check.findings[0]?.why).toMatch(/^A port is open that could not be asked from here/);
});

test("causes stand below what is different", () => {
  const cause = { kind: "user-missing", name: "app" } as const;
  const runs = { before: [ran(), ran()], after: GONE, causes: [cause], modules: [] } as const;
  expect(compareBehaviour(runs).findings.at(-1)).toMatchObject({ level: "problem", cause });
});

test("a shape is what is left without numbers, times and ids", () => {
  expect(shapeOf("id 6f1c2f9e-1b2a-4c3d-9e8f-001122334455 at 12:30:01")).toBe(
    shapeOf("id 00000000-0000-0000-0000-000000000000 at 1"),
  );
  expect(shapeOf("a 1")).not.toBe(shapeOf("b 1"));
});
