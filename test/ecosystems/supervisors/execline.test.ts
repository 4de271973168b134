import { describe, expect, it } from "vitest";
import { executed } from "../../../src/ecosystems/supervisors/execline.ts";

describe("execline", () => {
  it.each([
    ["a program", "#!/bin/execlineb -P\n/opt/x --all\n", "/opt/x --all"],
    ["prefixes with options", "#!/command/with-contenv x\nfdmove -c 2 1\nexec -c -a name s6-setuidgid web ./x", "./x"],
    ["a directory", "cd /app ./serve", "cd /app\n./serve"],
    ["blocks", "foreground { mkdir -p /run/x }\nif -n { test -e /x } /opt/x", "mkdir -p /run/x\ntest -e /x\n/opt/x"],
    ["blocks in blocks", "ifelse { test -e /a } { foreground { a } b } c", "test -e /a\na\nb\nc"],
    ["quotes and comments", '# first\nx "a b" # last', "x 'a b'"],
  ])("is read: %s", (_, script, programs) => {
    expect(executed(script)).toBe(programs);
  });

  it.each([
    ["a substitution", "importas A A x $A"],
    ["a block of a program that is not known", "unknown { a } b"],
    ["a quote that does not end", 'x "a'],
  ])("is not: %s", (_, script) => {
    expect(executed(script)).toBeUndefined();
  });
});
