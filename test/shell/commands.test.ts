// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import { describe, expect, test } from "vitest";
import { listCommands, substitutionsIn } from "../../src/shell/commands.ts";
import { parseShell } from "../../src/shell/parse.ts";

describe("listing commands", () => {
  test("connectors and constructs", () => {
    const script = parseShell("a && b | c || d; if e; then f & else g; fi; for x in 1; do h; i; done > log\nj");
    const rows = listCommands(script).map(({ command, connector, enclosing, background }) =>
      [
        connector,
        command.words[0]?.text,
        ...enclosing.map(({ node, part }) => `${node.kind}.${part}`),
        ...(background ? ["background"] : []),
      ].join(" "),
    );
    expect(rows).toEqual([
      "start a",
      "&& b pipeline.item",
      "| c pipeline.item",
      "|| d",
      "start e if.condition",
      "start f if.body background",
      "start g if.otherwise",
      "start h group.body for.body",
      "; i group.body for.body",
      "; j",
    ]);
  });

  test("substitutions are found in words, and in the operands of expansions", () => {
    const [listed] = listCommands(parseShell("a $(b) \"${X:-$(c)}\" '$(d)' $(e $(f))"));
    const scripts = substitutionsIn(listed?.command.words ?? []);
    expect(scripts.map((script) => listCommands(script)[0]?.command.words[0]?.text)).toEqual(["b", "c", "e"]);
  });
});
