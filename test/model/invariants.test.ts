import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { CheckedDockerfile } from "../../src/model/checked-dockerfile.ts";
import { violationsOf } from "../../src/model/invariants.ts";
import type { Plan, PlannedDockerfile } from "../../src/model/plan.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { writeDockerfile } from "../../src/synth/write-dockerfile.ts";
import {
  copy,
  documentOf,
  original,
  ownStage,
  planned,
  planOf,
  refOf,
  rewritten,
  stage,
  synthesized,
} from "../plans.ts";

const image = (reference: string) => ({ kind: "image", reference }) as const;
const fromStage = (name: string) => ({ kind: "stage", stage: name }) as const;

function check(dockerfile: PlannedDockerfile, parts: Partial<Plan> = {}, files = {}): readonly string[] {
  return checkWritten(dockerfile, (written) => written, parts, files);
}

/** Checks a plan after what was written of it is tampered with. */
function checkWritten(
  dockerfile: PlannedDockerfile,
  tamper: (written: { text: string; pieces: CheckedDockerfile["pieces"] }) => {
    text: string;
    pieces: CheckedDockerfile["pieces"];
  },
  parts: Partial<Plan> = {},
  files = {},
): readonly string[] {
  const { text, pieces } = tamper(writeDockerfile(dockerfile));
  const document = parseDockerfile({ path: dockerfile.path, text });
  const checked = { planned: dockerfile, document, pieces };
  return violationsOf(checked, planOf([dockerfile], parts), memoryProject(files)).map(
    ({ invariant, detail }) => `${invariant}: ${detail}`,
  );
}

const fat = documentOf("FROM golang\nRUN make\nEXPOSE 80\nCMD /app\n");
const builder = ownStage(fat, 0, "builder", [original(fat, 1)]);

/** `builder` and a stage with these steps and what the old file configured. */
function withProduction(steps: Parameters<typeof stage>[2]["steps"], name = "production"): PlannedDockerfile {
  const all = [...steps, original(fat, 2), original(fat, 3)];
  return planned(fat, [builder, stage(fat, name, { base: image("alpine"), steps: all })]);
}

test("a mount that refers to a stage by number is found", () => {
  const mounting = documentOf("FROM golang\nRUN --mount=type=bind,from=0,target=/s make\nEXPOSE 80\nCMD /app\n");
  const found = check(
    planned(mounting, [
      ownStage(
        mounting,
        0,
        "builder",
        [1, 2, 3].map((n) => original(mounting, n)),
      ),
    ]),
  );
  expect(found).toEqual(['numeric-reference: "--mount=type=bind,from=0,target=/s" refers to a stage by number']);
});

test("a good plan breaks none", () => {
  expect(check(withProduction([copy(fat, 1, { sources: ["/app"], destination: "/app" })]))).toEqual([]);
});

test("a pattern that the user copies to one file may stay one", () => {
  const own = documentOf("FROM alpine\nCOPY libs/app-*.war /srv/ROOT.war\n");
  const planned = copy(own, 1, { sources: ["/src/libs/app-*.war"], destination: "/srv/ROOT.war" }, true);
  expect(check(withProduction([planned]))).toEqual([]);
});

describe("what is planned", () => {
  const rows: readonly (readonly [dockerfile: PlannedDockerfile, expected: readonly string[]])[] = [
    [
      withProduction([copy(fat, 1, { from: fromStage("tester"), sources: ["/a"], destination: "/a" })]),
      ['stage-not-before: "tester" does not stand above "production", which needs it'],
    ],
    [
      withProduction([copy(fat, 1, { from: { kind: "image", image: "builder" }, sources: ["/a"], destination: "/a" })]),
      ['stage-not-before: the image "builder" has the name of a stage above "production"'],
    ],
    [
      withProduction([copy(fat, 1, { from: { kind: "image", image: "0" }, sources: ["/a"], destination: "/a" })]),
      [
        'numeric-reference: "--from=0" refers to a stage by number',
        'stage-not-before: the image "0" has the name of a stage above "production"',
      ],
    ],
    [
      withProduction([copy(fat, 1, { sources: ["app"], destination: "/a" })]),
      ['image-copy-relative: the source "app" is not absolute'],
    ],
    [
      withProduction([copy(fat, 1, { sources: ["/a", "/b"], destination: "/c" })]),
      ['copy-loses-files: several files are copied to "/c", which does not end in "/"'],
    ],
    [
      withProduction([copy(fat, 1, { sources: ["/a/*.js"], destination: "/c" })]),
      ['copy-loses-files: several files are copied to "/c", which does not end in "/"'],
    ],
    [
      withProduction([rewritten(fat, 1, "RUN make all \\")]),
      [
        "instruction-runs-on: the instruction in line 5 takes in what follows",
        "original-changed: the instruction in line 6 does not read back as it was",
      ],
    ],
    [withProduction([], "alpine"), ['stage-name-taken: the stage name "alpine" has another meaning here']],
    [withProduction([], "scratch"), ['stage-name-taken: the stage name "scratch" has another meaning here']],
    [withProduction([], "context"), ['stage-name-taken: the stage name "context" has another meaning here']],
    [withProduction([], "Production"), ['stage-name-taken: "Production" is no name for a stage']],
    [
      planned(fat, [builder, stage(fat, "builder", { base: image("alpine"), steps: [] })], { outputs: [] }),
      ['stage-name-taken: two stages are called "builder"'],
    ],
    [withProduction([synthesized(fat, "ENV")]), ["syntax: ENV has no argument (line 5)"]],
  ];

  test.each(rows)("%#", (dockerfile, expected) => {
    expect(check(dockerfile)).toEqual(expected);
  });
});

describe("what is written", () => {
  const dockerfile = withProduction([copy(fat, 1, { sources: ["/app"], destination: "/app" })]);

  test("a line without a reason", () => {
    const found = checkWritten(dockerfile, ({ text, pieces }) => ({
      text,
      pieces: pieces.map((piece, index) => (index === 1 ? { ...piece, reason: " ", because: [] } : piece)),
    }));
    expect(found).toEqual([
      "line-without-provenance: line 2 has no reason",
      "line-without-provenance: line 2 names no source text",
    ]);
  });

  test("a line that nobody explains", () => {
    const found = checkWritten(dockerfile, ({ text, pieces }) => ({ text, pieces: pieces.slice(0, -1) }));
    expect(found).toEqual(["line-without-provenance: lines 7 to 7 have no reason"]);
  });

  test("an instruction of the user's that reads differently", () => {
    const found = checkWritten(dockerfile, ({ text, pieces }) => ({
      text: text.replace("RUN make", "RUN fake"),
      pieces,
    }));
    expect(found).toEqual(["original-changed: the instruction in line 2 does not read back as it was"]);
  });
});

describe("configuration", () => {
  const old = documentOf(
    'FROM node\nENV A=1 B=2\nWORKDIR /app\nUSER node\nEXPOSE 80 81\nLABEL x=y\nVOLUME /data\nHEALTHCHECK CMD true\nSTOPSIGNAL INT\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT ["a"]\nCMD ["b"]\n',
  );
  const all = old.instructions.map((_, index) => index).slice(1);
  const target = (steps: Parameters<typeof stage>[2]["steps"]) =>
    planned(old, [stage(old, "production", { base: image("node:slim"), steps })]);

  test("all of it kept", () => {
    expect(check(target(all.map((index) => original(old, index))))).toEqual([]);
  });

  test("all of it lost", () => {
    expect(check(target([synthesized(old, "RUN true")]))).toEqual(
      ["ENV A", "ENV B", "WORKDIR", "USER", "EXPOSE 80", "EXPOSE 81", "LABEL x", "VOLUME /data", "HEALTHCHECK"]
        .concat(["STOPSIGNAL", "SHELL", "ENTRYPOINT", "CMD"])
        .map(
          (name) => `configuration-lost: ${name} of Dockerfile is neither in stage "production" nor listed as left out`,
        ),
    );
  });

  test("listed as left out", () => {
    const dropped = all.map((index) => ({
      source: refOf(old, index),
      reason: "Only the build reads it.",
      because: [],
      confidence: "likely" as const,
    }));
    expect(check(target([synthesized(old, "RUN true")]), { dropped })).toEqual([]);
  });

  test("written anew with equal values", () => {
    const small = documentOf("FROM a\nARG D=/srv\nENV HOME=$D\nWORKDIR /srv\nWORKDIR app\nCMD x\n");
    const steps = [synthesized(small, 'ENV HOME="/srv"\nWORKDIR /srv/app\nCMD   x')];
    expect(check(planned(small, [stage(small, "production", { base: image("b"), steps })]))).toEqual([]);
  });

  test("inherited from a stage that the target is built from", () => {
    const small = documentOf("FROM a\nENV X=1\nCMD x\n");
    const stages = [
      stage(small, "common", { base: image("b"), steps: [original(small, 1)] }),
      stage(small, "production", { base: fromStage("common"), steps: [rewritten(small, 2, 'CMD ["x"]')] }),
    ];
    expect(check(planned(small, stages))).toEqual([]);
  });

  test("what the old file itself overrides does not count", () => {
    const small = documentOf("FROM a\nUSER root\nCMD a\nUSER app\nCMD b\n");
    const steps = [original(small, 3), original(small, 4)];
    expect(check(planned(small, [stage(small, "production", { base: image("b"), steps })]))).toEqual([]);
  });

  test("an old file that is not part of the plan is read from the project", () => {
    const small = documentOf("FROM a\nRUN x\n");
    const outputs = [{ target: "production", replaces: "old/Dockerfile" as typeof small.source.path, tags: [] }];
    const dockerfile = planned(small, [stage(small, "production", { base: image("b"), steps: [original(small, 1)] })], {
      outputs,
    });
    expect(check(dockerfile, {}, { "old/Dockerfile": "FROM a\nUSER app\n" })).toEqual([
      'configuration-lost: USER of old/Dockerfile is neither in stage "production" nor listed as left out',
    ]);
  });
});

describe("build arguments", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a Dockerfile
  const old = documentOf("ARG V=1\nFROM a\nARG V\nARG T\nRUN build $T ${V}\nENV W=$V\n");
  const twoStages = (first: readonly number[], second: readonly number[]) =>
    planned(
      old,
      [
        stage(old, "builder", { base: image("a"), steps: first.map((index) => original(old, index)) }),
        stage(old, "production", { base: image("b"), steps: second.map((index) => original(old, index)) }),
      ],
      { globals: [original(old, 0)] },
    );

  test("declared where they are used", () => {
    expect(check(twoStages([2, 3, 4], [2, 5]))).toEqual([]);
  });

  test("not declared again in the next stage", () => {
    expect(check(twoStages([2, 3, 4], [5]))).toEqual([
      'arguments-undeclared: "V" is used in stage "production" and not declared there',
    ]);
  });

  test("declared too late", () => {
    expect(check(twoStages([2, 4, 3], [2, 5]))).toEqual([
      'arguments-undeclared: "T" is used in stage "builder" and not declared there',
    ]);
  });

  test("a shell variable of the same name, and what was unset before", () => {
    const file = documentOf("ARG V=1\nFROM a\nRUN V=2 && echo $V\nRUN echo $V\n");
    const steps = [original(file, 2), original(file, 3)];
    expect(
      check(planned(file, [stage(file, "production", { base: image("a"), steps })], { globals: [original(file, 0)] })),
    ).toEqual([]);
  });
});
