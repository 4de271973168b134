/**
 * Makefiles end to end: the Makefile that goes in and the one that comes out. `Dockerfile.build` makes /out/app and `Dockerfile`
 * copies app, unless a row has other files.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n";
const FINAL = "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n";

function run(makefile: string, files: Readonly<Record<string, string>> = {}): Migration {
  const tree = {
    "Dockerfile.build": BUILDER,
    Dockerfile: FINAL,
    "main.go": "package main\n",
    Makefile: makefile,
    ...files,
  };
  const found = migrate(memoryProject(tree)).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const makefileOf = (migration: Migration): string | undefined =>
  migration.changes.find((change) => change.path === "Makefile")?.after;

const BUILD = "\tdocker build -f Dockerfile.build -t app:build .\n";
const EXTRACT = "\tdocker create --name x app:build\n\tdocker cp x:/out/app .\n\tdocker rm x\n";

interface Case {
  readonly name: string;
  readonly makefile: string;
  readonly becomes: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly codes?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "one goal, with messages and prefixes",
    makefile: `.PHONY: image\nimage:\n\t@echo "builder"\n\t@${BUILD.slice(1)}\t@echo "copy"\n${EXTRACT}\t-docker rmi app:build\n\t@echo "image"\n\t@docker build -t app .\n`,
    becomes: '.PHONY: image\nimage:\n\t@echo "image"\n\t@docker build -t app .\n',
  },
  {
    name: "a prerequisite whose recipe is gone keeps its name; a Dockerfile that is gone is no prerequisite any more",
    makefile: `.PHONY: all app\nall: app Dockerfile\n\tdocker build -t app .\n\tdocker push app\n\n# takes the binary out\napp: Dockerfile.build main.go\n${BUILD}${EXTRACT}\nlint:\n\tgo vet\n`,
    becomes:
      ".PHONY: all app\nall: app Dockerfile\n\tdocker build -t app .\n\tdocker push app\n\n# takes the binary out\napp: Dockerfile main.go\n\nlint:\n\tgo vet\n",
  },
  {
    name: "a file target that is not made any more is named",
    makefile: `image: app\n\tdocker build -t app .\napp: main.go\n${BUILD}${EXTRACT}`,
    becomes: "image: app\n\tdocker build -t app .\napp: main.go\n",
    codes: ["target-not-made"],
  },
  {
    name: "goals that people run one after the other",
    makefile: `image:\n\tdocker build -t app .\nbinary:\n${BUILD}${EXTRACT}`,
    becomes: "image:\n\tdocker build -t app .\nbinary:\n",
  },
  {
    name: "goals that only a file connects, which no rule makes",
    makefile: `binary: main.go\n${BUILD}\tdocker run --rm app:build cat /out/app > app\nimage: app Dockerfile\n\tdocker build -t app .\n`,
    becomes: "binary: main.go\nimage: Dockerfile\n\tdocker build -t app .\n",
  },
  {
    name: "a prerequisite that a container put into its mount, and that no rule makes",
    makefile: `all: binary app.conf image\nbinary:\n${BUILD}\tdocker run --rm -v $(CURDIR):/work -w /work app:build ./make-all\napp.conf: gen/etc/app.conf\n\tcp gen/etc/app.conf .\nimage:\n\tdocker build -t app .\n`,
    becomes: "all: binary app.conf image\nbinary:\napp.conf:\nimage:\n\tdocker build -t app .\n",
    files: {
      "Dockerfile.build": "FROM golang:1.22\nRUN apt-get update\n",
      Dockerfile: "FROM alpine:3.19\nCOPY gen/bin/app /usr/local/bin/app\nCOPY app.conf /etc/app.conf\n",
      "make-all": "#!/bin/sh\ngo generate && go build -o gen/bin/app .\n",
    },
    codes: ["target-not-made"],
  },
  {
    name: "a staging directory that is still entered is removed before it is made, and the Dockerfile is not in it any more",
    makefile: `image:\n${BUILD}\tdocker run --rm app:build cat /out/app > app\n\trm -rf deploy\n\tmkdir deploy\n\tcp Dockerfile.run deploy\n\tmv app deploy\n\tcd deploy; docker build -f Dockerfile.run -t app .\n`,
    becomes: "image:\n\trm -rf deploy\n\tmkdir deploy\n\tcd deploy; docker build -f ../Dockerfile.run -t app ..\n",
    files: { "Dockerfile.run": FINAL, Dockerfile: "FROM alpine:3.19\n" },
  },
  {
    name: "targets by their whole paths, and by names that only a run knows",
    makefile: `ROOT := $(shell cd . && pwd)\nHERE := $(shell cd $(ROOT) && pwd)\nV := $(shell git describe)\nBIN := $(HERE)/app\nimage: done-$(V)\ndone-$(V): $(BIN)\n\tdocker build -t app .\n$(BIN): main.go\n${BUILD}${EXTRACT}`,
    becomes: `ROOT := $(shell cd . && pwd)\nHERE := $(shell cd $(ROOT) && pwd)\nV := $(shell git describe)\nBIN := $(HERE)/app\nimage: done-$(V)\ndone-$(V): $(BIN)\n\tdocker build -t app .\n$(BIN): main.go\n`,
    codes: ["target-not-made"],
  },
  {
    name: "lines that a backslash continues",
    makefile: `image:\n\t@docker build -f Dockerfile.build -t app:build . ; \\\n\tdocker create --name x app:build ; \\\n\tdocker cp x:/out/app . ; \\\n\tdocker build -t app . ; \\\n\tdocker rm x\n\npush:\n\tdocker push app\n`,
    becomes: "image:\n\t@docker build -t app . ;\n\npush:\n\tdocker push app\n",
  },
  {
    name: "a chain over several lines",
    makefile: `image:\n\tdocker build -f Dockerfile.build -t app:build . && \\\n\t  docker create --name x app:build && \\\n\t  docker cp x:/out/app . && \\\n\t  docker build -t app . && \\\n\t  docker rm x\n`,
    becomes: "image:\n\tdocker build -t app .\n",
  },
  {
    name: "variables in names, and a build argument that moves",
    makefile: `NAME := app\nV = 1.0\nimage:\n\tdocker build --build-arg V=$(V) -f Dockerfile.build -t $(NAME):build .\n\tdocker create --name $(NAME)-x $(NAME):build\n\tdocker cp $(NAME)-x:/out/$(NAME) .\n\tdocker rm $(NAME)-x\n\tdocker build -t $(NAME):$(V) .\n`,
    becomes: "NAME := app\nV = 1.0\nimage:\n\tdocker build --build-arg V=$(V) -t $(NAME):$(V) .\n",
    files: { "Dockerfile.build": BUILDER.replace("WORKDIR", "ARG V\nWORKDIR") },
  },
  {
    name: "make that starts make",
    makefile: `all:\n\t$(MAKE) binary OUT=x\n\t$(MAKE) image\nbinary:\n${BUILD}\tdocker create --name $(OUT) app:build\n\tdocker cp $(OUT):/out/app .\nimage:\n\tdocker build -t app .\n`,
    becomes: "all:\n\t$(MAKE) binary OUT=x\n\t$(MAKE) image\nbinary:\nimage:\n\tdocker build -t app .\n",
  },
  {
    name: "a builder that another goal runs is still built",
    makefile: `image: binary\n\tdocker build -t app .\nbinary: builder\n${EXTRACT}builder:\n${BUILD}shell:\n\tdocker run --rm -it --entrypoint sh app:build\n`,
    becomes:
      "image: binary\n\tdocker build -t app .\nbinary: builder\nbuilder:\n\tdocker build --target builder -t app:build .\nshell:\n\tdocker run --rm -it --entrypoint sh app:build\n",
  },
];

describe("the Makefile afterwards", () => {
  it.each(CASES)("$name", ({ makefile, becomes, files, codes = [] }) => {
    const migration = run(makefile, files);
    expect([migration.verdict, makefileOf(migration) ?? makefile]).toEqual(["migrated", becomes]);
    expect(migration.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(migration.id).toBe("builder-script:Makefile");
  });
});

describe("what is refused", () => {
  it("a variable that holds an artifact and other names, in a rule that no other makes it for", () => {
    const migration = run(
      `PARTS := app Dockerfile\nbinary:\n${BUILD}${EXTRACT}image: $(PARTS)\n\tdocker build -t app .\n`,
    );
    expect([migration.verdict, ...migration.diagnostics.map(({ code }) => code)]).toEqual([
      "refused",
      "artifact-in-rule",
    ]);
  });

  it("a variable that holds commands of which not all go", () => {
    const commands = "docker cp x:/out/app . && docker push other";
    const migration = run(
      `C = ${commands}\nimage:\n${BUILD}\tdocker create --name x app:build\n\t$(C)\n\tdocker build -t app .\n`,
    );
    expect(migration.verdict).toBe("refused");
    expect(migration.diagnostics.map(({ message }) => message)).toContain(
      '"$(C)" is needed for one build and in the way of another',
    );
  });
});

describe("Makefiles of other names", () => {
  const goals = `image:\n${BUILD}${EXTRACT}\tdocker build -t app .\n`;
  const tree = { "Dockerfile.build": BUILDER, Dockerfile: FINAL, "main.go": "package main\n" };
  const setups = (files: Readonly<Record<string, string>>): readonly string[] =>
    migrate(memoryProject(files))
      .migrations.filter(({ kind }) => kind === "builder-script")
      .map(({ id }) => id);

  it.each(["Makefile.docker", "Makefile_release", "makefile-image", "GNUmakefile.ci"])("%s is one", (name) => {
    expect(setups({ ...tree, [name]: goals })).toEqual([`builder-script:${name}`]);
  });

  it("is run where it stands", () => {
    const nested = Object.fromEntries(Object.entries(tree).map(([path, text]) => [`api/${path}`, text]));
    expect(setups({ ...nested, "api/Makefile.docker": goals })).toEqual(["builder-script:api/Makefile.docker"]);
  });

  it.each(["Makefile.am", "Makefile.in", "Makefile.bak", "Makefile.docker.j2"])("%s is none", (name) => {
    expect(setups({ ...tree, [name]: goals })).toEqual([]);
  });

  it("is part of the Makefile that includes it", () => {
    expect(setups({ ...tree, Makefile: "include Makefile.docker\n", "Makefile.docker": goals })).toEqual([
      "builder-script:Makefile",
    ]);
  });

  it("is part of the Makefile that calls it", () => {
    const caller = "all:\n\t$(MAKE) -f Makefile.docker image\n";
    expect(setups({ ...tree, Makefile: caller, "Makefile.docker": goals })).toHaveLength(1);
  });
});
