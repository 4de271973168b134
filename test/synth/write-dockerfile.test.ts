import { describe, expect, test } from "vitest";
import type { PlannedDockerfile } from "../../src/model/plan.ts";
import { writeDockerfile } from "../../src/synth/write-dockerfile.ts";
import { copy, documentOf, original, ownStage, planned, rewritten, stage, synthesized } from "../plans.ts";

const image = (reference: string) => ({ kind: "image", reference }) as const;

/** A fat file, split: all but the last instruction is the builder, the last is the command that runs. */
function split(text: string, parts: Partial<PlannedDockerfile> = {}): PlannedDockerfile {
  const document = documentOf(text);
  const last = document.instructions.length - 1;
  const steps = document.instructions.slice(1, last).map((_, index) => original(document, index + 1));
  return planned(
    document,
    [
      ownStage(document, 0, "builder", steps),
      stage(document, "production", {
        base: image("alpine"),
        steps: [copy(document, last, { sources: ["/app"], destination: "/app" }), original(document, last)],
      }),
    ],
    parts,
  );
}

const layouts: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    "a name is added, stages stand apart",
    "FROM golang\nRUN make\nCMD /app\n",
    "FROM golang AS builder\nRUN make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n",
  ],
  [
    "comments stay with their instructions, blank lines between them too",
    "# the build\nFROM golang\n\n# compile\nRUN make\n\n\n# run it\nCMD /app\n",
    "# the build\nFROM golang AS builder\n\n# compile\nRUN make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\n\n# run it\nCMD /app\n",
  ],
  [
    "directives, byte-order mark and header stay on top",
    "\uFEFF# syntax=docker/dockerfile:1.4\n# escape=`\n\n# Copyright\n\n# base\nFROM golang\nRUN a `\n  b\nCMD /app\n",
    "\uFEFF# syntax=docker/dockerfile:1.4\n# escape=`\n\n# Copyright\n\n# base\nFROM golang AS builder\nRUN a `\n  b\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n",
  ],
  [
    "CRLF is used throughout",
    "FROM golang\r\nRUN make\r\nCMD /app\r\n",
    "FROM golang AS builder\r\nRUN make\r\n\r\nFROM alpine AS production\r\nCOPY --from=builder /app /app\r\nCMD /app\r\n",
  ],
  [
    "a file without a last line end gets one",
    "FROM golang\nRUN make\nCMD /app",
    "FROM golang AS builder\nRUN make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n",
  ],
  [
    "the case of the user's FROM is kept",
    "from --platform=linux/amd64 golang\nrun make\ncmd /app\n",
    "from --platform=linux/amd64 golang as builder\nrun make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\ncmd /app\n",
  ],
  [
    "the user's own name stays, whatever its case",
    "FROM golang AS Builder\nRUN make\nCMD /app\n",
    "FROM golang AS Builder\nRUN make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n",
  ],
  [
    "comments at the end of the file stay at its end",
    "FROM golang\nRUN make\nCMD /app\n\n# vim: ft=dockerfile\n\n",
    "FROM golang AS builder\nRUN make\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n\n# vim: ft=dockerfile\n",
  ],
  [
    "heredocs and continuations with comments inside stay as they are",
    "FROM golang\nRUN <<EOF\nmake\n\nEOF\nRUN a \\\n  # why\n\n  b\nCMD /app\n",
    "FROM golang AS builder\nRUN <<EOF\nmake\n\nEOF\nRUN a \\\n  # why\n\n  b\n\nFROM alpine AS production\nCOPY --from=builder /app /app\nCMD /app\n",
  ],
];

test.each(layouts)("%s", (_name, before, after) => {
  const { text, diagnostics } = writeDockerfile(split(before));
  expect(text).toBe(after);
  expect(diagnostics).toEqual([]);
});

test("an instruction that stands twice brings its comments once", () => {
  const document = documentOf("FROM a\n# here\nWORKDIR /app\nCMD x\n");
  const { text } = writeDockerfile(
    planned(document, [
      ownStage(document, 0, "builder", [original(document, 1)]),
      stage(document, "production", { base: image("b"), steps: [original(document, 1), original(document, 2)] }),
    ]),
  );
  expect(text).toBe("FROM a AS builder\n# here\nWORKDIR /app\n\nFROM b AS production\nWORKDIR /app\nCMD x\n");
});

test("and best in the stage that is the user's own", () => {
  const document = documentOf("# the build\nFROM a\n# here\nWORKDIR /app\nCMD x\n");
  const { text } = writeDockerfile(
    planned(document, [
      stage(document, "dependencies", { base: image("a"), steps: [original(document, 1)] }),
      ownStage(document, 0, "builder", [original(document, 1)]),
    ]),
  );
  expect(text).toBe("FROM a AS dependencies\nWORKDIR /app\n\n# the build\nFROM a AS builder\n# here\nWORKDIR /app\n");
});

test("a comment about the file stays on top, whatever comes first", () => {
  const document = documentOf("# Dockerfile of the shop\nFROM a\nCMD x\n");
  const { text } = writeDockerfile(
    planned(document, [
      stage(document, "dependencies", { base: image("a"), steps: [synthesized(document, "RUN x")] }),
      ownStage(document, 0, "builder", [original(document, 1)]),
    ]),
  );
  expect(text).toBe("# Dockerfile of the shop\nFROM a AS dependencies\nRUN x\n\nFROM a AS builder\nCMD x\n");
});

test("what takes an instruction's place takes its comments", () => {
  const document = documentOf("FROM a\n\n# the binary\nCOPY app /app\n# go\nCMD x\n", "Dockerfile.prod");
  const steps = [
    copy(document, 1, { sources: ["/out/app"], destination: "/app" }, true),
    rewritten(document, 2, 'CMD ["x"]'),
  ];
  const { text } = writeDockerfile(planned(document, [ownStage(document, 0, "production", steps)]));
  expect(text).toBe('FROM a AS production\n\n# the binary\nCOPY --from=builder /out/app /app\n# go\nCMD ["x"]\n');
});

test("a test stage that a later one copies from says why", () => {
  const document = documentOf("FROM a\nRUN t\nCMD x\n");
  const { text } = writeDockerfile(
    planned(document, [
      stage(document, "tester", { role: "test", base: image("a"), steps: [original(document, 1)] }),
      stage(document, "production", {
        base: image("b"),
        steps: [copy(document, 1, { from: { kind: "stage", stage: "tester" }, sources: ["/x"], destination: "/x" })],
      }),
    ]),
  );
  expect(text).toBe(
    "# production copies from this stage, so that a failing test fails the build.\nFROM a AS tester\nRUN t\n\n" +
      "FROM b AS production\nCOPY --from=tester /x /x\n",
  );
});

describe("two files become one", () => {
  const final = (text: string) => documentOf(text, "Dockerfile.prod");
  const builder = (text: string) => documentOf(text, "Dockerfile.build");
  const joined = (first: string, second: string) => {
    const [from, to] = [builder(first), final(second)];
    return writeDockerfile(
      planned(to, [
        ownStage(from, 0, "builder", [original(from, 1)]),
        ownStage(to, 0, "production", [copy(to, 1, { sources: ["/a"], destination: "/a" }, true)]),
      ]),
    );
  };
  const last = "\nFROM b AS production\nCOPY --from=builder /a /a\n";

  test("the builder's line ends follow the final file's, but for heredoc bodies", () => {
    const { text } = joined("FROM a\r\nRUN <<E\r\nx\r\nE\r\n", "FROM b\nCOPY a /a\n");
    expect(text).toBe(`FROM a AS builder\nRUN <<E\nx\r\nE\n${last}`);
  });

  test("one header for both", () => {
    const { text } = joined("# Copyright\n\nFROM a\nRUN x\n", "# Copyright\n\nFROM b\nCOPY a /a\n");
    expect(text).toBe(`# Copyright\n\nFROM a AS builder\nRUN x\n${last}`);
  });

  test("two headers, each where it belongs", () => {
    const { text } = joined("# Builds\n\nFROM a\nRUN x\n", "# Runs\n\nFROM b\nCOPY a /a\n");
    expect(text).toBe(`# Runs\n\n# Builds\n\nFROM a AS builder\nRUN x\n${last}`);
  });

  test("the newer of two frontends", () => {
    const { text } = joined(
      "# syntax=docker/dockerfile:1.7\nFROM a\nRUN x\n",
      "# syntax=docker/dockerfile:1.4\nFROM b\nCOPY a /a\n",
    );
    expect(text).toBe(`# syntax=docker/dockerfile:1.7\nFROM a AS builder\nRUN x\n${last}`);
  });

  test("the builder's frontend comes along", () => {
    const { text } = joined("# syntax=docker/dockerfile:1\nFROM a\nRUN x\n", "FROM b\nCOPY a /a\n");
    expect(text).toBe(`# syntax=docker/dockerfile:1\nFROM a AS builder\nRUN x\n${last}`);
  });

  test("two frontends of different makers cannot be had", () => {
    const { diagnostics } = joined(
      "# syntax=docker/dockerfile:1\nFROM a\nRUN x\n",
      "# syntax=example/front:2\nFROM b\nCOPY a /a\n",
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '"Dockerfile.prod" is written for the frontend "example/front:2" and "Dockerfile.build" for "docker/dockerfile:1"',
    ]);
  });

  test("continuations follow the final file's escape character", () => {
    const { text } = joined("# escape=`\nFROM a\nRUN x `\n  y\n", "FROM b\nCOPY a /a\n");
    expect(text).toBe(`FROM a AS builder\nRUN x \\\n  y\n${last}`);
  });

  test("any other escape cannot", () => {
    const { diagnostics } = joined("# escape=`\nFROM a\nRUN x `y\n", "FROM b\nCOPY a /a\n");
    expect(diagnostics.map(({ code, span }) => [code, span?.path])).toEqual([
      ["escape-characters-differ", "Dockerfile.build"],
    ]);
  });
});

test("a flag that needs a new frontend names one", () => {
  const document = documentOf("FROM a\nCMD x\n");
  const steps = [copy(document, 1, { sources: ["/d"], destination: "/d", flags: ["--exclude=*.map"] })];
  const { text } = writeDockerfile(planned(document, [stage(document, "production", { base: image("b"), steps })]));
  expect(text).toBe("# syntax=docker/dockerfile:1\nFROM b AS production\nCOPY --from=builder --exclude=*.map /d /d\n");
});

test("paths with blanks take the JSON form", () => {
  const document = documentOf("FROM a\nCMD x\n");
  const steps = [copy(document, 1, { sources: ["/my app"], destination: "/app" })];
  const { text } = writeDockerfile(planned(document, [stage(document, "production", { base: image("b"), steps })]));
  expect(text).toBe('FROM b AS production\nCOPY --from=builder ["/my app", "/app"]\n');
});

test("every line is explained, in order and without gaps", () => {
  const document = documentOf(
    "# syntax=docker/dockerfile:1\n# Header\n\nARG V=1\n\n# base\nFROM golang:$V\nRUN a \\\n  b\nCMD /app\n\n# end\n",
  );
  const { text, pieces } = writeDockerfile(
    planned(document, [ownStage(document, 1, "production", [original(document, 2), original(document, 3)])], {
      globals: [original(document, 0)],
    }),
  );
  expect(text).toBe(document.source.text.replace("$V", "$V AS production"));
  expect(pieces.map(({ firstLine, lastLine, stage: name }) => [firstLine, lastLine, name])).toEqual([
    [1, 1, undefined],
    [2, 3, undefined],
    [4, 4, undefined],
    [5, 7, "production"],
    [8, 9, "production"],
    [10, 12, "production"],
  ]);
});

test("a synthesized instruction follows the file's line ends", () => {
  const document = documentOf("FROM a\r\nCMD x\r\n");
  const { text } = writeDockerfile(
    planned(document, [ownStage(document, 0, "production", [synthesized(document, "RUN x \\\n  y")])]),
  );
  expect(text).toBe("FROM a AS production\r\nRUN x \\\r\n  y\r\n");
});
