import { describe, expect, it } from "vitest";
import { makeRecipe, readMakefile } from "../../src/ecosystems/make/makefile.ts";

const none: ReadonlyMap<string, string> = new Map();
const recipe = (text: string, targets: readonly string[] = [], given = none): readonly string[] | undefined =>
  makeRecipe(readMakefile(text, given, none), targets);

describe("makefiles", () => {
  it.each([
    ["the first target", "all: a\na:\n\t@echo a\n", [], ["echo a"]],
    ["prerequisites once, before their target", "b: a a\n\tb\na:\n\ta\n", ["b"], ["a", "b"]],
    ["variables", "X := one\nY = $(X)/two\nt:\n\tgo build -o \u0024{Y}\n", ["t"], ["go build -o one/two"]],
    ["a default", "X ?= one\nt:\n\techo $(X)\n", ["t"], ["echo one"]],
    ["shell variables and automatic ones", "t: p\n\techo $$HOME $@ $<\n", ["t"], ["echo $HOME t p"]],
    ["shell calls", "V := $(shell git describe)\nt:\n\techo $(V)\n", ["t"], ["echo $(git describe)"]],
    ["special targets are not first", ".PHONY: t\nt:\n\tx\n", [], ["x"]],
    ["no rule", "t:\n\tx\n", ["u"], undefined],
    ["comments", "t: # what\n\tx\n# done\n", ["t"], ["x"]],
  ])("reads %s", (_, text, targets, lines) => {
    expect(recipe(text, targets)).toEqual(lines);
  });

  it("takes variables from the command line first", () => {
    expect(recipe("X = one\nt:\n\techo $(X)\n", ["t"], new Map([["X", "two"]]))).toEqual(["echo two"]);
  });

  it("knows no value that a conditional decides", () => {
    expect(recipe("ifeq ($(A),b)\nX = one\nendif\nt:\n\techo $(X)\n", ["t"])?.[0]).toContain("$(");
  });
});
