import { describe, expect, test } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";

const MIGRATE = { name: "migrate", directory: ".", write: false, force: false, check: false, json: false };

describe("a command line is understood:", () => {
  test.each([
    ["migrate", MIGRATE],
    ["migrate shop --write --force", { ...MIGRATE, directory: "shop", write: true, force: true }],
    ["migrate --json shop", { ...MIGRATE, directory: "shop", json: true }],
    ["migrate --json --json", { ...MIGRATE, json: true }],
    ["migrate --json=false", MIGRATE],
    ["migrate --patch -", { ...MIGRATE, patch: "-" }],
    ["migrate --patch=a.patch --check", { ...MIGRATE, patch: "a.patch", check: true }],
    [
      "migrate --dockerfile a/Dockerfile --script b.sh --answers c.yml",
      { ...MIGRATE, dockerfile: "a/Dockerfile", script: "b.sh", answers: "c.yml" },
    ],
    ["migrate 007", { ...MIGRATE, directory: "007" }],
    ["migrate -- -x", { ...MIGRATE, directory: "-x" }],
    ["scan", { name: "scan", directories: ["."], json: false }],
    ["scan a 1e3 --json", { name: "scan", directories: ["a", "1e3"], json: true }],
    ["scan a -- -b", { name: "scan", directories: ["a", "-b"], json: false }],
    ["explain shop --script b.sh", { name: "explain", directory: "shop", script: "b.sh" }],
    ["undo shop", { name: "undo", directory: "shop" }],
  ])("%s", async (line, command) => {
    expect(await parseArguments(line.split(" "))).toEqual({ kind: "command", command });
  });
});

describe("a command line is wrong:", () => {
  test.each([
    ["bogus", 'the command "bogus" is unknown', ""],
    ["migrat", 'the command "migrat" is unknown; did you mean "migrate"?', ""],
    ["--json migrate", '"--json" stands before the command', ""],
    ["migrate --jsno", 'the option "--jsno" is unknown', "migrate"],
    ["migrate -w", 'the option "-w" is unknown', "migrate"],
    ["migrate --no-json", 'the option "--no-json" is unknown', "migrate"],
    ["migrate --write=maybe", 'the option "--write" takes no value', "migrate"],
    ["migrate a b", '"b" is one operand too many', "migrate"],
    ["migrate a -- b", '"b" is one operand too many', "migrate"],
    ["migrate --dockerfile", 'the option "--dockerfile" needs a value', "migrate"],
    ["migrate --dockerfile=", 'the option "--dockerfile" needs a value', "migrate"],
    ["migrate --dockerfile a --dockerfile b", 'the option "--dockerfile" is given twice', "migrate"],
    ["migrate --dockerfile a --dockerfile a", 'the option "--dockerfile" is given twice', "migrate"],
    ["migrate --patch a --patch b", 'the option "--patch" is given twice', "migrate"],
    ["explain --json", 'the option "--json" is unknown', "explain"],
  ])("%s", async (line, problem, command) => {
    expect(await parseArguments(line.split(" "))).toEqual({ kind: "usage", problem, command });
  });
});

describe("help", () => {
  test("lists every command", async () => {
    const help = await parseArguments(["--help"]);
    for (const command of ["migrate", "scan", "explain", "undo", "completion"]) {
      expect(help.kind === "text" && help.text).toContain(`restage ${command}`);
    }
  });

  test.each(["migrate", "scan", "explain", "undo"])("of %s has an example", async (command) => {
    const help = await parseArguments([command, "--help"]);
    expect(help.kind === "text" && help.text).toContain("Examples:");
  });

  test("does not depend on the language of the user", async () => {
    const help = await parseArguments(["migrate", "-h"]);
    expect(help.kind === "text" && help.text).toContain("Options:");
  });
});

test("the script for completion asks restage", async () => {
  const script = await parseArguments(["completion"]);
  expect(script.kind === "text" && script.text).toContain("restage --get-yargs-completions");
});

test.each([
  [["--get-yargs-completions", "restage", "mi"], "migrate\n"],
  [["--get-yargs-completions", "restage", "migrate", "--"], "--dockerfile\n"],
])("completion answers %j", async (argv, expected) => {
  const answer = await parseArguments(argv);
  expect(answer.kind === "text" && answer.text).toContain(expected);
});
