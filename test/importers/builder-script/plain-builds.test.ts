/** What a plain `docker build` makes where a stage for exports is added, and builds that are made twice on purpose. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const NAMED = BUILDER.replace("1.22", "1.22 AS builder");
const EXPORT = "\nFROM scratch AS export\nCOPY --from=builder /out/app /app\n";
const SCRIPT =
  'docker build -t tmp/build .\nid=$(docker create tmp/build)\ndocker cp "$id:/out/app" app\ndocker rm "$id"\n';

function changed(tree: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  const { migrations } = migrate(memoryProject({ "main.go": "", "build.sh": SCRIPT, ...tree }));
  const migration = migrations.find((one) => one.kind === "builder-script");
  return Object.fromEntries((migration?.changes ?? []).map((change) => [change.path, change.after]));
}

describe("a plain build makes the image that it made", () => {
  it.each([
    ["which starts something", { Dockerfile: `${BUILDER}ENTRYPOINT ["/out/app"]\n` }, 'ENTRYPOINT ["/out/app"]\n'],
    ["of which the documentation tells", { Dockerfile: BUILDER, "README.md": "```\ndocker build -t app .\n```\n" }, ""],
  ])("%s", (_, tree, end) => {
    expect(changed(tree).Dockerfile).toBe(`${NAMED}${end}${EXPORT}\nFROM builder AS production\n`);
  });

  it.each([
    ["documentation that builds a target", { "README.md": "docker build --target export --output . .\n" }],
    ["documentation that builds another file", { "README.md": "docker build -f Dockerfile.dev -t dev .\n" }],
    ["documentation of another folder", { "docs/guide.md": "docker build -t app .\n" }],
  ])("not for %s", (_, extra) => {
    expect(changed({ Dockerfile: BUILDER, ...extra }).Dockerfile).toBe(`${NAMED}${EXPORT}`);
  });
});

it("makes a build again that the script makes again without the cache", () => {
  const again = (n: number): string =>
    `docker build --no-cache -t rep:${n} .\ndocker cp "$(docker create rep:${n})":/out ./out${n}\n`;
  const files = changed({ Dockerfile: BUILDER, "build.sh": again(1) + again(2) });
  expect(files["build.sh"]).toBe(
    "docker build --target export --output . --no-cache .\ndocker build --target export-2 --output . --no-cache .\n",
  );
  expect(files.Dockerfile).toBe(
    `${NAMED}\nFROM scratch AS export\nCOPY --from=builder /out /out1\n\nFROM scratch AS export-2\nCOPY --from=builder /out /out2\n`,
  );
});
