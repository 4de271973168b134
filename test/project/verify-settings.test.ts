import { describe, expect, test } from "vitest";
import { parseAnswers } from "../../src/project/config.ts";
import { hostPath, ROOT } from "../../src/text/paths.ts";
import { positionAt, sourceFile } from "../../src/text/source.ts";

const read = (text: string) => parseAnswers(sourceFile(hostPath(".restage.yml") ?? ROOT, text));

describe("what a verification builds and runs with", () => {
  test("stands beside the answers", () => {
    expect(
      read(`answers: { "*": { tests: gate } }
verify:
  build-network: host
  run-network: none
  budget: 60%
  timeout: 900
  probe: { port: 8080, path: /health, status: 204, contains: "ok" }
  probes:
    "fat-dockerfile:Dockerfile":
      args: [--version, 1.10]
      env: { MODE: test, LEVEL: 3 }
`),
    ).toEqual({
      answers: { "*": { tests: "gate" } },
      verify: {
        "build-network": "host",
        "run-network": "none",
        budget: "60%",
        timeout: "900",
        probe: { port: 8080, path: "/health", status: 204, contains: "ok" },
        probes: { "fat-dockerfile:Dockerfile": { args: ["--version", "1.10"], env: { MODE: "test", LEVEL: "3" } } },
      },
      diagnostics: [],
    });
  });

  test.each([
    ["verify: [a]\n", '1:9 "verify" is not a mapping'],
    ["verify:\n  networks: host\n", '2:3 "networks" is not known here'],
    ["verify:\n  budget: [1]\n", '2:3 "budget" is not a single value'],
    ["verify:\n  probe:\n    port: http\n", '3:5 "port" is not a number from 1 to 65535'],
    ["verify:\n  probe:\n    status: 600\n", '3:5 "status" is not a number from 1 to 599'],
    ["verify:\n  probe:\n    args: --help\n", '3:5 "args" is not a list'],
    ["verify:\n  probes:\n    a:b: { url: x }\n", '3:12 "url" is not known here'],
  ])("%j is wrong at its place", (text, expected) => {
    const source = sourceFile(ROOT, text);
    const said = read(text).diagnostics.map(({ message, span }) => {
      const { line, column } = positionAt(source, span?.start ?? -1);
      return `${line}:${column} ${message}`;
    });
    expect(said).toEqual([expected]);
  });
});
