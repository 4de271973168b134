import { describe, expect, it } from "vitest";
import { extractionElsewhere } from "../../../src/importers/fat-dockerfile/extracted-elsewhere.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import type { HostPath } from "../../../src/text/paths.ts";

/** Which line of which file takes files out of the image of `Dockerfile.build`. */
function found(files: Record<string, string>): string | undefined {
  const project = memoryProject({ "Dockerfile.build": "FROM golang\n", ...files });
  const span = extractionElsewhere(project, "Dockerfile.build" as HostPath);
  return span && `${span.path}: ${files[span.path]?.slice(span.start, span.end).replaceAll(/\s+/g, " ")}`;
}

describe("an image that another driver takes files out of", () => {
  it.each([
    [
      "a container that is only copied from",
      {
        Makefile:
          "bin:\n\tdocker build -t $(NAME)-dev -f Dockerfile.build .\n\tdocker create --name tmp $(NAME)-dev\n\tdocker cp tmp:/out ./out\n",
      },
      "Makefile: docker create --name tmp $(NAME)-dev",
    ],
    [
      "a context on standard input",
      {
        Makefile:
          "image:\n\t@docker build -t app-build -f Dockerfile.build .\n\t@docker run --rm app-build | docker build -t app -\n",
      },
      "Makefile: @docker run --rm app-build | docker build -t app -",
    ],
    [
      "standard output in a file",
      {
        "ci/build.yml":
          "script:\n  - docker build --tag=app-build --file=../Dockerfile.build ..\n  - docker run app-build cat /bin/app > app\n",
      },
      "ci/build.yml: - docker run app-build cat /bin/app > app",
    ],
    [
      "a mounted folder before a second build",
      {
        Makefile:
          "all:\n\tdocker build -t dev:latest -f Dockerfile.build . && \\\n\t  docker run -v $(PWD)/bin:/out dev && \\\n\t  docker build -t app .\n",
      },
      "Makefile: docker run -v $(PWD)/bin:/out dev",
    ],
  ])("%s", (_, files, expected) => {
    expect(found(files)).toBe(expected);
  });

  it.each([
    [
      "the image is only run",
      { Makefile: "run:\n\tdocker build -t app -f Dockerfile.build .\n\tdocker run -v $(PWD):/data app\n" },
    ],
    [
      "another image is copied from",
      {
        Makefile:
          "x:\n\tdocker build -t app -f Dockerfile.build .\n\tdocker create --name t other\n\tdocker cp t:/x .\n",
      },
    ],
    [
      "another Dockerfile is built",
      { Makefile: "x:\n\tdocker build -t app -f Dockerfile.run .\n\tdocker create --name t app\n\tdocker cp t:/x .\n" },
    ],
    ["output is thrown away", { Makefile: "x:\n\tdocker build -t app -f Dockerfile.build .\n\tdocker run app\n" }],
    ["no driver at all", { "main.go": "package main\n" }],
  ])("is not seen where %s", (_, files) => {
    expect(found(files as Record<string, string>)).toBeUndefined();
  });
});
