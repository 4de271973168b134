// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseShell } from "../../src/shell/parse.ts";
import { quoteField } from "../../src/shell/quote.ts";
import {
  describeField,
  fieldText,
  knownText,
  type SymbolicList,
  type SymbolicValue,
  text,
  unknownVariable,
  withFallbacks,
} from "../../src/shell/symbolic.ts";
import type { SimpleCommand } from "../../src/shell/syntax.ts";
import { evaluateValue, evaluateWords, type Scope } from "../../src/shell/values.ts";

function commandIn(script: string): SimpleCommand {
  const [node] = parseShell(script).statements;
  if (node?.kind !== "command") throw new Error(`no command: ${script}`);
  return node;
}

function scopeWith(
  variables: Readonly<Record<string, SymbolicValue | "unset">>,
  positional?: readonly string[],
): Scope {
  return {
    lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    ...(positional === undefined ? {} : { positional: positional.map(text) }),
    substitute: (script) => {
      const [node] = script.statements;
      const [name, word] = node?.kind === "command" ? node.words : [];
      return name?.text === "echo" && word !== undefined ? text(`${word.text}\n\n`) : undefined;
    },
  };
}

/** Fields as text, with unknown parts as they are written and `?` after those that may split. */
function fields(words: string, scope: Scope): readonly string[] {
  return evaluateWords(commandIn(`cmd ${words}`).words.slice(1), scope).map((field) =>
    field.parts
      .map((part) => (part.kind === "unknown" ? `‹${part.source}${part.splits ? "?" : ""}›` : part.text))
      .join(""),
  );
}

describe("words whose variables are known come to what a real sh makes of them", () => {
  const VARIABLES = { x: "a b/c.d", y: "", z: " lead  and  trail ", p: "one.two.tar.gz", star: "a*", colon: ":a::b:" };
  const fragment = fc.constantFrom(
    ...`a ¦ = ¦ / ¦ '' ¦ "" ¦ 'q  q' ¦ \\  ¦ \\$x ¦ $x ¦ "$x" ¦ \${x} ¦ $y ¦ "$y" ¦ $z ¦ "$z" ¦ $u ¦ "$u"`.split(" ¦ "),
    ...'"$star" ¦ $1 ¦ $2 ¦ "$2" ¦ ${3} ¦ $# ¦ $(echo q) ¦ "$(echo q)" ¦ `echo q`'.split(" ¦ "),
    ...'${u:-d e} ¦ "${u:-d e}" ¦ ${u:-"d e"} ¦ ${y:-$x} ¦ ${y-$x} ¦ ${x:+alt  t} ¦ "${x:+alt  t}"'.split(" ¦ "),
    ..."${u+no} ¦ ${y:+no} ¦ ${y+yes} ¦ ${#p} ¦ ${#y} ¦ ${x%/*} ¦ ${x##*/} ¦ ${p%[a-z]z} ¦ ${p#?n}".split(" ¦ "),
    ..."${p%.*} ¦ ${p%%.*} ¦ ${p#*.} ¦ ${p##*.} ¦ ${p%.tar.gz} ¦ ${p#one} ¦ ${p%${x#*/}} ¦ ${p%'.gz'}".split(" ¦ "),
    '"${p%"$y"}"',
  );
  // Words of their own: dash and bash differ where another expansion follows these at once.
  const all = fc.constantFrom("$colon", "x$colon", "$@", '"$@"', "$*", '"$*"', '"<$@>"', 'a"$@"b');
  const joined = fc.array(fragment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const word = fc.oneof({ weight: 5, arbitrary: joined }, { weight: 1, arbitrary: all });
  const setUp = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" ")),
    ifs: fc.constantFrom(undefined, ":", " :", ""),
    positional: fc.constantFrom([], ["1"], ["1 1", ""], ["x", "y z", "w"]),
  });

  test("fields, with their number", () => {
    fc.assert(
      fc.property(fc.array(setUp, { minLength: 20, maxLength: 20 }), (cases) => {
        const script = cases.map(({ words, ifs, positional }) => {
          const separators = ifs === undefined ? "unset IFS" : `IFS='${ifs}'`;
          const arguments_ = positional.map((value) => `'${value}'`).join(" ");
          return `${separators}; set -- ${arguments_}; show ${words}; printf '\\1'`;
        });
        const show = "set -f; show() { for w do printf '%s\\0' \"$w\"; done; }\n";
        const out = execFileSync("/bin/sh", ["-c", show + script.join("\n")], { env: VARIABLES, encoding: "utf8" });
        const expected = out
          .split("\u0001")
          .slice(0, -1)
          .map((part) => part.split("\0").slice(0, -1));
        const actual = cases.map(({ words, ifs, positional }) => {
          const values = Object.fromEntries(Object.entries(VARIABLES).map(([name, value]) => [name, text(value)]));
          const separators = ifs === undefined ? "unset" : text(ifs);
          const scope = scopeWith({ ...values, IFS: separators }, positional);
          // All that is not set here is not set there.
          const closed: Scope = { ...scope, lookup: (name) => scope.lookup(name) ?? "unset" };
          return evaluateWords(commandIn(`show ${words}`).words.slice(1), closed).map(describeField);
        });
        for (const [index, { words }] of cases.entries())
          expect([words, actual[index]]).toEqual([words, expected[index]]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("words known in part", () => {
  const scope = scopeWith({
    HOME: text("/root"),
    PWD: text("/w"),
    empty: [],
    jars: text("a*.jar b.jar"),
    path: [unknownVariable("DIR"), ...text("/app-1.tar.gz")],
    id: [{ kind: "unknown", source: "$(docker create x)", tag: "container 1" }],
    gone: "unset",
  });

  test.each([
    ["$TAG", ["‹$TAG?›"]],
    ['"app:$TAG"', ["app:‹$TAG›"]],
    ["${TAG:-latest}", ["‹${TAG:-latest}?›"]],
    ['"${TAG:?no tag}"', ["‹${TAG:?no tag}›"]],
    ["$jars", ["a*.jar", "b.jar"]],
    ['"$jars"', ["a*.jar b.jar"]],
    ["*.jar", ["*.jar"]],
    ["$empty", []],
    ['"$empty"', [""]],
    ["$gone", []],
    ["~/x ~ ~joe/y '~' a~", ["/root/x", "/root", "‹~joe›/y", "~", "a~"]],
    ["$PWD/x", ["/w/x"]],
    ["$path", ["‹$DIR?›/app-1.tar.gz"]],
    ['"${path##*/}"', ["app-1.tar.gz"]],
    ['"${path%.tar.gz}"', ["‹$DIR›/app-1"]],
    ['"${path%-*}"', ["‹$DIR›/app"]],
    ['"${path#*/}"', ["‹${path#*/}›"]],
    ['"${path%%.*}"', ["‹${path%%.*}›"]],
    ['"${path#/x}"', ["‹${path#/x}›"]],
    ['"${path%.zip}"', ["‹$DIR›/app-1.tar.gz"]],
    ['"${path##*-}"', ["1.tar.gz"]],
    ['"${path%?z}"', ["‹${path%?z}›"]],
    ['"${path%/*}"', ["‹$DIR›"]],
    ['"${PWD/#\\//x}" "${PWD/%w/x}" "${PWD/%z/x}"', ["xw", "/x", "/w"]],
    ['"${#path}"', ["‹${#path}›"]],
    ["$id", ["‹$id›"]],
    ["$(echo hi) `echo ho`", ["hi", "ho"]],
    ["$(git rev-parse HEAD)", ["‹$(git rev-parse HEAD)?›"]],
    ['"`git describe`"', ["‹$(git describe)›"]],
    ["$((1 + 2)) {a,b}", ["3", "‹{a,b}?›"]],
    [
      '"$((N + 1))" ${a[0]} "${a[@]}" "${a[*]}" "${#a[@]}"',
      ["‹$((N + 1))›", "‹${a[0]}?›", "‹${a[@]}?›", "‹${a[*]}›", "‹${#a[@]}›"],
    ],
    ['$@ "$@" "$*" $1', ["‹$@?›", "‹$@?›", "‹$*›", "‹$1?›"]],
    ["${empty:=new}", ["new"]],
    ["${gone/a/b}x", ["x"]],
    ['"${jars/a/b}" "${jars//a/}"', ["b*.jar b.jar", "*.jr b.jr"]],
    ['"${jars:2:4}" "${jars: -3}" "${PWD^^}"', [".jar", "jar", "/W"]],
  ])("%s", (words, expected) => {
    expect(fields(words, scope)).toEqual(expected);
  });

  test("a default is what an unknown variable falls back to", () => {
    const value = evaluateValue(
      commandIn('"app:${TAG:-${VERSION:-1}}"').words[0] ?? { range: { start: 0, end: 0 }, text: "", pieces: [] },
      scope,
    );
    expect(knownText(value)).toBeUndefined();
    expect(knownText(withFallbacks(value))).toBe("app:1");
  });

  test("`:=` assigns where the variable is empty", () => {
    const assigned: string[] = [];
    const assigning: Scope = { ...scope, assign: (name, value) => assigned.push(`${name}=${knownText(value)}`) };
    fields("${empty:=new} ${HOME:=old}", assigning);
    expect(assigned).toEqual(["empty=new"]);
  });

  test("an assignment's value neither splits nor matches files", () => {
    const [assignment] = commandIn('X=$jars:*:"$@"').assignments;
    const value =
      assignment?.value === undefined
        ? []
        : evaluateValue(assignment.value, scopeWith({ jars: text("a  b") }, ["1", "2"]));
    expect(knownText(value)).toBe("a  b:*:1 2");
  });

  test("a here-document is one value, without the tabs of <<-", () => {
    const [redirection] = commandIn("cat <<-END\n\tFROM $BASE\n\t\tRUN x\n\tEND\n").redirections;
    const word = redirection?.body?.word;
    const value = word === undefined ? [] : evaluateValue(word, scopeWith({ BASE: text("alpine") }));
    expect(knownText(value)).toBe("FROM alpine\nRUN x\n");
  });

  test("what is evaluated prints back as shell text", () => {
    const [field] = evaluateWords(commandIn('"${path%.gz}".$id').words, scope);
    expect(field === undefined ? "" : quoteField(field)).toBe('"$DIR/app-1.tar.$id"');
  });

  test("patterns stay apart from text", () => {
    const [field] = evaluateWords(commandIn("'*'*").words, scope);
    expect(field?.parts).toEqual([
      { kind: "text", text: "*" },
      { kind: "glob", text: "*" },
    ]);
    expect(field === undefined ? "" : fieldText(field)).toBeUndefined();
  });
});

describe("arrays", () => {
  const list = (...elements: readonly (readonly [string, string])[]): SymbolicList => ({
    associative: elements.some(([key]) => !/^\d+$/.test(key)),
    elements: new Map(elements.map(([key, value]) => [key, text(value)])),
  });
  const lists: Readonly<Record<string, SymbolicList>> = {
    a: list(["0", "api/"], ["1", "web app/"], ["4", "db/"]),
    none: list(),
    m: list(["x", "1"], ["y z", "2"]),
  };
  const scope: Scope = {
    ...scopeWith({ i: text("1"), one: text("1 2"), a: text("api/") }, ["p", "q r", "s"]),
    list: (name) => lists[name],
    expandsBraces: true,
  };

  test.each<[string, readonly string[]]>([
    ['"${a[@]}"', ["api/", "web app/", "db/"]],
    ["${a[@]}", ["api/", "web", "app/", "db/"]],
    ['"${a[*]}"', ["api/ web app/ db/"]],
    ['"${a[@]%/}"', ["api", "web app", "db"]],
    ['"x${a[@]#*p}y"', ["xi/", "p/", "db/y"]],
    ['"${#a[@]}" "${#a[1]}"', ["3", "8"]],
    ['"${a[$i]}" "${a[i]}" "${a[-1]}" "${a[2]}" "$a"', ["web app/", "web app/", "db/", "", "api/"]],
    ['"${a[@]:1}" "${a[@]:0:1}"', ["web app/", "db/", "api/"]],
    ['"${!a[@]}"', ["0", "1", "4"]],
    ['"${none[@]}" "${none[@]:-x}" ${none[@]+y} "${a[@]+"${a[@]}"}"', ["x", "api/", "web app/", "db/"]],
    ['"${m[x]}" "${m["y z"]}" "${!m[@]}" "${m[gone]-none}"', ["1", "2", "x", "y z", "none"]],
    ['"${one[0]}" "${one[@]}"', ["1 2", "1 2"]],
    ['"${@:2}" "${@:1:1}" "${#@}" "$#" "${*%r}"', ["q r", "s", "p", "3", "3", "p q  s"]],
    ['"${unknown[@]}" "${unknown[0]}"', ["‹${unknown[@]}?›", "‹${unknown[0]}›"]],
    ["{api,web}/Dockerfile x{1..3} {b,}", ["api/Dockerfile", "web/Dockerfile", "x1", "x2", "x3", "b"]],
  ])("%s", (words, expected) => {
    expect(fields(words, scope)).toEqual(expected);
  });
});

describe("arithmetic", () => {
  test.each<[string, string]>([
    ["1 + 2 * 3", "7"],
    ["(1 + 2) * 3 % 5", "4"],
    ["7 / 2", "3"],
    ["2 ** 10", "1024"],
    ["i + $i + ${i}", "6"],
    ["i == 2 && gone == 0", "1"],
    ["i > 2 ? 10 : 20", "20"],
    ["!i", "0"],
    ["i++ + ++i", "6"],
    ["010", "8"],
    ["1 / 0", "‹$((1 / 0))›"],
    ["$UNKNOWN + 1", "‹$(($UNKNOWN + 1))›"],
    ["0 && $UNKNOWN", "0"],
    ["9007199254740991 + 1", "‹$((9007199254740991 + 1))›"],
  ])("%s", (expression, expected) => {
    const variables = new Map<string, SymbolicValue | "unset">([
      ["i", text("2")],
      ["gone", "unset"],
    ]);
    const scope: Scope = {
      lookup: (name) => variables.get(name),
      substitute: () => undefined,
      assign: (name, value) => variables.set(name, value),
    };
    expect(fields(`"$((${expression}))"`, scope)).toEqual([expected]);
  });
});
