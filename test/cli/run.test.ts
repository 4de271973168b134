import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkout } from "../project/checkout.ts";
import { BEFORE } from "./example-migration.ts";
import { restage } from "./run-restage.ts";

describe("wrong usage", () => {
  test.each([
    [
      [],
      "no command is given, and there is no terminal to ask on",
      'type "restage migrate" to see what would change here, or "restage --help" for all commands',
    ],
    [["migrate", "--bogus"], 'the option "--bogus" is unknown', 'type "restage migrate --help" for the options'],
    [["bogus"], 'the command "bogus" is unknown', 'type "restage --help" for the commands'],
    [
      ["migrate", "--write", "--check"],
      'the options "--write" and "--check" exclude each other',
      'type "restage migrate --help" for the options',
    ],
    [
      ["migrate", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["migrate", "Dockerfile"],
      '"Dockerfile" is not a directory',
      `give the project's directory, and the file by an option: "restage migrate . --dockerfile Dockerfile"`,
    ],
    [
      ["undo", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["explain", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["scan", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
  ])("%j ends with 2 and says how to go on", async (argv, message, help) => {
    const ran = await restage(argv, { cwd: checkout(BEFORE) });
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(`error: ${message} [`);
    expect(ran.stderr.endsWith(`  help: ${help}\n`)).toBe(true);
  });

  test("shows no control character of an argument", async () => {
    const ran = await restage(["migrate", "a\u001b[2Jb"], { cwd: "/", terminal: true, env: { NO_COLOR: "1" } });
    expect(ran.stderr).toContain('the directory "a\\x1b[2Jb" does not exist');
  });
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await restage(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});
