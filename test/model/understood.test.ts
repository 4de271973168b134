import { expect, test } from "vitest";
import { stagesOf } from "../../src/model/understood.ts";
import { documentOf } from "../plans.ts";

const rows: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "a builder and what ships, by names and by numbers",
    "FROM golang AS builder\nFROM alpine\nCOPY --from=0 /a /a\n",
    ["builder build image golang", "1 runtime image alpine"],
  ],
  [
    "names say what a stage is for",
    "FROM node AS deps\nFROM node AS test\nFROM node AS development\nFROM nginx AS web\n",
    [
      "deps dependencies image node",
      "test test image node",
      "development development image node",
      "web runtime image nginx",
    ],
  ],
  [
    "a stage that others are only built from is a base",
    "FROM node AS common\nFROM Common AS app\nCMD x\n",
    ["common base image node", "app runtime stage common"],
  ],
  [
    "files alone on scratch are an export",
    "FROM golang AS builder\nFROM scratch\nCOPY --from=builder /a /\n",
    ["builder build image golang", "1 export image scratch"],
  ],
  [
    "a program on scratch is what runs",
    'FROM golang AS builder\nFROM scratch\nCOPY --from=builder /a /\nENTRYPOINT ["/a"]\n',
    ["builder build image golang", "1 runtime image scratch"],
  ],
];

test.each(rows)("%s", (_name, text, expected) => {
  const stages = stagesOf(documentOf(text));
  expect(stages.map(({ name, role, fromKind, from }) => [name, role, fromKind, from].join(" "))).toEqual(expected);
});
