/** GitHub Actions workflows as drivers: what a job's steps come to, and what is left of them. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: 'FROM alpine:3.15\nCOPY app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
  "main.go": "package main\n",
};
const PATH = ".github/workflows/image.yml";

function after(workflow: string) {
  const { migrations } = migrate(memoryProject({ ...FILES, [PATH]: workflow }));
  const found = migrations.find(({ id }) => id === `builder-script:${PATH}`);
  return { found, text: found?.changes.find(({ path }) => path === PATH)?.after };
}

describe("steps", () => {
  it("go when all their commands do, comments and all", () => {
    const { found, text } = after(`name: image
on: push
env:
  BUILDER: app-build
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v3
      # The compiler is in this one.
      - name: Builder
        run: docker build -t $BUILDER:\${{ github.sha }} -f Dockerfile.build .
      - name: Take the binary out
        run: |
          docker create --name x \${{ env.BUILDER }}:\${{ github.sha }}
          docker cp x:/out/app app
          docker rm x
      - name: Image
        run: |
          docker build -t app:\${{ github.sha }} .
          docker push app:\${{ github.sha }}
`);
    expect(found?.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(text).toBe(`name: image
on: push
env:
  BUILDER: app-build
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v3
      - name: Image
        run: |
          docker build -t app:\${{ github.sha }} .
          docker push app:\${{ github.sha }}
`);
  });
});
