/** Makefiles as drivers: which commands each goal runs, and where they stand. */
import { describe, expect, it } from "vitest";
import type { DriverEntry } from "../../../src/drivers/driver.ts";
import { makefile } from "../../../src/drivers/makefile/makefile.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import type { ShellNode } from "../../../src/shell/syntax.ts";
import { hostPath, ROOT } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";

function read(text: string, files: Readonly<Record<string, string>> = {}, path = "Makefile") {
  const source = sourceFile(hostPath(path) ?? ROOT, text);
  return makefile.read(memoryProject({ [path]: text, ...files }), source);
}

function words(node: ShellNode): string {
  switch (node.kind) {
    case "command":
      return node.words.map((word) => word.text).join(" ");
    case "subshell":
      return node.body.map(words).join("; ");
    case "and-or":
      return node.items.map(words).join(" && ");
    case "pipeline":
      return node.commands.map(words).join(" | ");
    default:
      return node.kind;
  }
}

const commandsOf = (entry: DriverEntry | undefined): readonly string[] =>
  (entry?.units ?? []).flatMap((unit) => unit.statements.map(words));

const goal = (recipe: string, before = ""): string => `${before}image:\n\tdocker ${recipe}\n`;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: text of a Makefile
const EXPANSIONS: readonly (readonly [name: string, text: string, command: string])[] = [
  ["a recursive variable, set later", `A = $(B):1\nB = app\n${goal("build -t $(A) .")}`, "docker build -t app:1 ."],
  [
    "a simple variable, set before",
    `B = app\nA := $(B):1\nB = web\n${goal("build -t $(A) .")}`,
    "docker build -t app:1 .",
  ],
  ["::= and :::= are simple too", `A ::= app\n${goal("build -t $A .")}`, "docker build -t app ."],
  ["a default", `A ?= app\nA ?= web\n${goal("build -t ${A} .")}`, "docker build -t app ."],
  ["an addition", `A = a\nA += b\n${goal("run x $(A)")}`, "docker run x a b"],
  ["a value over two lines", `A = a \\\n    b\n${goal("run x $(A)")}`, "docker run x a b"],
  ["a comment behind a value", `A = app# the name\n${goal("build -t $(A) .")}`, "docker build -t app ."],
  ["a variable that nobody sets", goal("build -t $(ORG)/app ."), "docker build -t ${ORG}/app ."],
  [
    "the output of a command goes by the variable's name",
    `V := $(shell git describe)\n${goal("build -t app:$(V) .")}`,
    "docker build -t app:${V} .",
  ],
  [
    "backticks stay for the shell",
    `V = \`git describe\`\n${goal("build -t app:$(V) .")}`,
    "docker build -t app:`git describe` .",
  ],
  ["a shell variable", goal("build -t $$TAG ."), "docker build -t $TAG ."],
  ["the working directory", goal("run -v $(CURDIR)/out:/out x"), "docker run -v ${CURDIR}/out:/out x"],
  [
    "a hole between single quotes steps out of them",
    goal("run x sh -c 'ls $(DIR)'"),
    "docker run x sh -c 'ls '\"${DIR}\"''",
  ],
  ["a substitution reference", `S = a.c b.c\n${goal("run x $(S:.c=.o)")}`, "docker run x a.o b.o"],
  ["patsubst", goal("run x $(patsubst %.c,%.o,a.c b.h)"), "docker run x a.o b.h"],
  ["addprefix, sort and strip", goal("run x $(addprefix b/,$(sort z  a z))"), "docker run x b/a b/z"],
  ["filter, word and words", goal("run x $(filter %.c,a.c b.h) $(word 2,p q) $(words p q)"), "docker run x a.c q 2"],
  ["if, or and and", goal("run x $(if $(NO),a,b) $(or $(NO),c) $(and d,$(NO),e)"), "docker run x b c"],
  ["foreach and call", `f = <$(1)>\n${goal("run x '$(foreach i,a b,$(call f,$i))'")}`, "docker run x '<a> <b>'"],
  ["a function that cannot see a hole", goal("run x $(subst a,b,$(NO))"), "docker run x ${make_subst_a_b_NO_}"],
  ["a condition", `ifeq ($(A),)\nB = empty\nelse\nB = full\nendif\n${goal("run x $(B)")}`, "docker run x empty"],
  [
    "else ifeq",
    `A = 2\nifeq ($(A),1)\nB = one\nelse ifeq "$(A)" "2"\nB = two\nelse\nB = more\nendif\n${goal("run x $(B)")}`,
    "docker run x two",
  ],
  ["a tab before a rule starts no recipe", `ifndef A\n\tB = tab\nendif\n${goal("run x $(B)")}`, "docker run x tab"],
  [
    "Linux, until a run says otherwise",
    `ifeq ($(shell uname),Linux)\nB = linux\nendif\n${goal("run x $(B)")}`,
    "docker run x linux",
  ],
  ["a prefix from a variable", `Q = @\nimage:\n\t$(Q)docker build .\n`, "docker build ."],
  ["a prefix that nobody sets", "image:\n\t@$(SUDO) docker build .\n", "docker build ."],
  ["all prefixes", "image:\n\t-@ + docker build .\n", "docker build ."],
  ["a recipe on the rule's line", "image: ; docker build . # now\n", "docker build ."],
  ["a line that goes on", "image:\n\tdocker build \\\n\t  -t app .\n", "docker build -t app ."],
  ["line ends of Windows", "A = app\r\nimage:\r\n\tdocker build \\\r\n\t  -t $(A) .\r\n", "docker build -t app ."],
  ["another recipe prefix", ".RECIPEPREFIX = >\nimage:\n>docker build .\n", "docker build ."],
  [
    "automatic variables",
    "image: Dockerfile.dev src/x | out\n\tdocker build -f $< -t $@ $(^D) $|\n",
    "docker build -f Dockerfile.dev -t image . src out",
  ],
  ["a variable of the target", "image: T = dev\nT = prod\nimage:\n\tdocker build -t $(T) .\n", "docker build -t dev ."],
  ["a static pattern rule", "all: a-image\na-image b-image: %-image:\n\tdocker build -t $* .\n", "docker build -t a ."],
  [
    "a pattern rule",
    "all: web.image\n%.image: %.docker\n\tdocker build -f $< -t $* .\nweb.docker: ;\n",
    "docker build -f web.docker -t web .",
  ],
  ["an environment that is handed on", `export T = dev\n${goal("build -t $$T .")}`, "docker build -t $T ."],
];

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: text of a Makefile

describe("what a recipe's line comes to", () => {
  it.each(EXPANSIONS)("%s", (_, text, command) => {
    expect(commandsOf(read(text)?.entries[0])).toEqual([command]);
  });
});

describe("which goals run what", () => {
  it("runs prerequisites first, each once, and names the goals that nothing else makes", () => {
    const driver = read(
      "all: app image\nimage: base\n\tdocker build .\napp: base\n\tdocker run app\nbase:\n\tdocker build b\nlint:\n\tgo vet\nclean:\n\tdocker rmi x\n",
    );
    expect(driver?.entries.map(({ name }) => name)).toEqual(["all", "clean"]);
    expect(commandsOf(driver?.entries[0])).toEqual(["docker build b", "docker run app", "docker build ."]);
    expect(driver?.parts?.map(({ name }) => name)).toEqual(["image", "app", "base"]);
  });

  it("lets one of two goals that need each other stand for both", () => {
    const driver = read("a: b\n\tdocker build a\nb: a\n\tdocker build b\n");
    expect(commandsOf(driver?.entries[0])).toEqual(["docker build b", "docker build a"]);
  });

  it("reads double-colon rules one by one", () => {
    expect(commandsOf(read("a::\n\tdocker build 1\na::\n\tdocker build 2\n")?.entries[0])).toEqual([
      "docker build 1",
      "docker build 2",
    ]);
  });

  it("reads what is included, and points into the file that has the command", () => {
    const driver = read("include build/*.mk\n-include none.mk\nall: image\n", {
      "build/images.mk": "image:\n\t@docker build .\n",
    });
    const [unit] = driver?.entries[0]?.units ?? [];
    const [line] = unit?.statements ?? [];
    expect([unit?.source.path, line?.range]).toEqual(["build/images.mk", { start: 8, end: 23 }]);
  });

  it("makes the lines of a recipe one script with .ONESHELL", () => {
    expect(commandsOf(read(".ONESHELL:\nimage:\n\tcd api\n\t@docker build .\n")?.entries[0])).toEqual([
      "cd api",
      "docker build .",
    ]);
  });

  it("shares the commands of a recipe between goals, and not between expansions", () => {
    const driver = read("a: x\nb: x\nx:\n\tdocker build .\n");
    expect(driver?.entries[0]?.units[0]).toBe(driver?.entries[1]?.units[0]);
    const apart = read("p q:\n\tdocker build -t $@ .\n");
    expect(apart?.entries.flatMap(commandsOf)).toEqual(["docker build -t p .", "docker build -t q ."]);
  });

  it("drives nothing without an engine, from a program that is no shell, or where another file includes it", () => {
    expect(read("all:\n\tgo build\n")).toBeUndefined();
    expect(read("SHELL = /usr/bin/python3\nall:\n\tdocker build .\n")?.entries).toEqual([]);
    expect(read("all:\n\tdocker build .\n", { Makefile: "include images.mk\n" }, "images.mk")).toBeUndefined();
    expect(read("all:\n\tdocker build .\n", {}, "images.mk")?.entries[0]?.name).toBe("all");
  });

  it("says which conditions the environment decides", () => {
    const text =
      "ifdef CI\nTAG = ci\nelse\nTAG = dev\nendif\nifdef OTHER\nX = 1\nendif\nimage:\n\tdocker build -t $(TAG) .\n";
    expect(read(text)?.assumed?.map(({ range }) => text.slice(range.start, range.end))).toEqual(["ifdef CI"]);
  });

  it.each([
    ["itself", "A = $(A)\nimage:\n\tdocker build -t $(A) .\n"],
    [
      "doubling",
      `A0 = xx\n${Array.from({ length: 60 }, (_, at) => `A${at + 1} = $(A${at})$(A${at})`).join("\n")}\nimage:\n\tdocker build $(A60)\n`,
    ],
    ["deep brackets", `image:\n\tdocker build ${"$(".repeat(20000)}\n`],
    ["including itself", "include Makefile\nimage:\n\tdocker build .\n"],
  ])("ends with a Makefile that refers to %s", (_, text) => {
    expect(read(text)?.entries).toHaveLength(1);
  });
});
