/** Rules of a Makefile that lose their recipe, where make has one of its own. */
import { expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const MAKEFILE =
  "image: hello\n\tdocker build -t app .\n\nhello: builder # from the image\n\tdocker create --name x b\n\tdocker cp x:/src/hello hello\n\tdocker rm x\n\nbuilder:\n\tdocker build -t b -f Dockerfile.build .\n";

it.each([
  ["hello.c", "hello: builder ; # from the image"],
  ["hello.txt", "hello: builder # from the image"],
])("a target without a recipe beside %s stands as %j", (beside, line) => {
  const project = memoryProject({
    "Dockerfile.build": "FROM gcc:12\nWORKDIR /src\nCOPY . .\nRUN make out\n",
    Dockerfile: "FROM alpine:3.19\nCOPY hello /srv/\n",
    Makefile: MAKEFILE,
    [beside]: "",
  });
  const [migration] = migrate(project).migrations;
  const makefile = migration?.changes.find(({ path }) => path === "Makefile")?.after ?? "";
  expect(makefile.split("\n")).toEqual(["image: hello", "\tdocker build -t app .", "", line, "", "builder:", ""]);
});
