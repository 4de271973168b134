import { describe, expect, test } from "vitest";
import { parseArguments, type VerifyArguments } from "../../src/cli/arguments.ts";
import { optionConflict, verifyChoices } from "../../src/cli/verify-options.ts";

function parse(...argv: readonly string[]): VerifyArguments {
  const parsed = parseArguments(["verify", ...argv]);
  if (parsed.kind !== "command" || parsed.command.name !== "verify") throw new Error(JSON.stringify(parsed));
  return parsed.command;
}

describe("options that exclude each other", () => {
  test.each([
    [["--write"], 'the option "--write" goes with "--repair": only a repaired plan is applied here'],
    [["--prune", "--repair"], 'the option "--prune" removes leftovers and does nothing else'],
    [["--prune", "--budget", "1MB"], 'the option "--prune" removes leftovers and does nothing else'],
    [["--json"], 'the option "--json" leaves nowhere to ask: give "--yes" too'],
    [
      ["--yes", "--repair", "--before", "HEAD"],
      'the option "--repair" makes a new plan, so it does not go with "--before" and "--after"',
    ],
  ])("%j", (argv, problem) => expect(optionConflict(parse(...argv))).toBe(problem));

  test.each([[["--yes", "--json"]], [["--repair", "--write"]], [["--prune", "--json"]], [[]]])("%j do not", (argv) =>
    expect(optionConflict(parse(...argv))).toBeUndefined(),
  );
});

describe("values", () => {
  test.each([
    [["--build-network", "bridge"], 'the network "bridge" is none of default, host and none'],
    [["--run-network", "container:x"], 'the network "container:x" is none of default, host and none'],
    [["--timeout", "soon"], 'the timeout "soon" is no number of seconds up to 86400'],
    [["--timeout", "0"], 'the timeout "0" is no number of seconds up to 86400'],
    [["--budget", "huge"], 'the budget "huge" is no size (120MB) and no share of the old image (60%)'],
    [["--port", "99999"], 'the port "99999" is no number from 1 to 65535'],
    [["--request", "health"], 'the request "health" does not begin with "/"'],
  ])("%j are wrong", (argv, problem) => expect(verifyChoices(parse(...argv), {})).toBe(problem));

  test("what nobody says has a default", () => {
    expect(verifyChoices(parse(), {})).toMatchObject({
      buildNetwork: "default",
      runNetwork: "default",
      timeout: 1_800_000,
    });
  });

  test("the command line wins over the configuration", () => {
    const settings = { "build-network": "host", "run-network": "host", budget: "10%", timeout: "60" };
    const choices = verifyChoices(parse("--run-network", "none", "--budget", "20%"), settings);
    expect(choices).toMatchObject({
      buildNetwork: "host",
      runNetwork: "none",
      budget: { kind: "share", share: 0.2 },
      timeout: 60_000,
    });
  });

  test("a probe is that of the setup, of all, and of the command line, in this order of strength", () => {
    const settings = { probe: { port: 1, path: "/a", status: 200 }, probes: { "a:b": { port: 2, path: "/b" } } };
    const choices = verifyChoices(parse("--port", "3"), settings);
    if (typeof choices === "string") throw new Error(choices);
    expect(choices.probeOf("a:b")).toEqual({ port: 3, path: "/b", status: 200 });
    expect(choices.probeOf("c:d")).toEqual({ port: 3, path: "/a", status: 200 });
  });
});
