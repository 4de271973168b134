// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseShell } from "../../src/shell/parse.ts";
import type { ShellNode, ShellScript, Word, WordPiece } from "../../src/shell/syntax.ts";

/** A word as `kind:text` pieces; what is quoted stands in guillemets. */
function pieces(word: Word | undefined): string {
  const show = (piece: WordPiece): string => {
    if (piece.kind === "glob") return `glob:${piece.text}`;
    const quote = (inner: string): string => (piece.quoted ? `«${inner}»` : inner);
    if (piece.kind === "text") return quote(piece.text);
    if (piece.kind === "opaque") return quote(`opaque:${piece.text}`);
    if (piece.kind === "arithmetic") return quote(`arithmetic:${piece.text}`);
    if (piece.kind === "braces") return `braces:${piece.alternatives.length}`;
    if (piece.kind === "substitution") return quote(`script:${piece.script.statements.map(outline).join("; ")}`);
    const operands = [piece.operand, piece.second].filter((operand) => operand !== undefined).map(pieces);
    const index = piece.index === undefined ? "" : `[${pieces(piece.index)}]`;
    return quote(
      `$${[piece.name + index, piece.operator, ...operands].filter((part) => part !== undefined).join(" ")}`,
    );
  };
  return (word?.pieces ?? []).map(show).join("|");
}

/** A node as one line. */
function outline(node: ShellNode): string {
  const list = (nodes: readonly ShellNode[]): string => nodes.map(outline).join("; ");
  const redirected = (node: { redirections: readonly { operator: string; target?: Word }[] }): string =>
    node.redirections.map((redirection) => ` ${redirection.operator}${redirection.target?.text ?? ""}`).join("");
  const inner = (): string => {
    switch (node.kind) {
      case "command":
        return (
          [
            ...node.assignments.map((a) => `${a.name}${a.append ? "+=" : "="}${a.value?.text ?? "()"}`),
            ...node.words.map((word) => word.text),
          ].join(" ") + redirected(node)
        );
      case "pipeline":
        return `${node.negated ? "not " : ""}pipe(${node.commands.map(outline).join(" | ")})`;
      case "and-or":
        return `(${node.items.map((item, index) => (index === 0 ? "" : `${node.operators[index - 1]} `) + outline(item)).join(" ")})`;
      case "if":
        return `if(${node.branches.map((b) => `${list(b.condition)} ? ${list(b.body)}`).join(" : ")}${node.otherwise === undefined ? "" : ` else ${list(node.otherwise)}`})`;
      case "for":
        return `for(${node.variable} in ${node.words?.map((word) => word.text).join(",") ?? "$@"}: ${list(node.body)})`;
      case "while":
        return `${node.until ? "until" : "while"}(${list(node.condition)}: ${list(node.body)})`;
      case "case":
        return `case(${node.subject.text}: ${node.items.map((item) => `${item.patterns.map((p) => p.text).join(",")} => ${list(item.body)}${item.terminator ?? ""}`).join(" / ")})`;
      case "function":
        return `function ${node.name}(${list(node.body)})`;
      case "group":
      case "subshell":
        return `${node.kind}(${list(node.body)})${redirected(node)}`;
      case "opaque":
        return `opaque(${node.text})`;
    }
  };
  return inner() + (node.background === true ? " &" : "");
}

describe("scripts", () => {
  test.each([
    ["a b; c", "a b; c"],
    ["a && b || c", "(a && b || c)"],
    ["! a | b & c", "not pipe(a | b) &; c"],
    ["A=1 B+=2 C=(1 2) d", "A=1 B+=2 C=() d"],
    ["if a; then b; elif c; then d; else e; fi", "if(a ? b : c ? d else e)"],
    ["for x in a $b; do c; done", "for(x in a,$b: c)"],
    ["for x; do c; done", "for(x in $@: c)"],
    ["while a; do b; done", "while(a: b)"],
    ["until a; do b; done > f", "group(until(a: b)) >f"],
    ['case "$x" in a|b) c;; *) d;& e) ;; esac', 'case("$x": a,b => c / * => d;& / e => )'],
    ["f() { a; b; }", "function f(a; b)"],
    ["function f { a; }", "function f(a)"],
    ["f() (a)", "function f(subshell(a))"],
    ["{ a; } 2>&1 | (b; c)", "pipe(group(a) >&1 | subshell(b; c))"],
    ["[[ -f a ]] && (( 1 ))", "(opaque([[ -f a ]]) && opaque((( 1 ))))"],
    ["time -p a", "pipe(a)"],
    ["a 2>/dev/null >>b <<< c", "a >/dev/null >>b <<<c"],
    ["a # b\nc", "a; c"],
    ["a \\\r\n  b\r\nc\r\n", "a b; c"],
    ["export A=b C", "export A=b C"],
    ["", ""],
    ["# only a comment", ""],
  ])("%j", (text, expected) => {
    const script = parseShell(text);
    expect(script.statements.map(outline).join("; ")).toBe(expected);
    expect(script.problems).toEqual([]);
  });
});

describe("words", () => {
  test.each([
    ["a/b-1.tar", "a/b-1.tar"],
    ["'a b'\"c\"d", "«a b»|«c»|d"],
    ["''", "«»"],
    ['""', "«»"],
    ["a\\ b\\*", "a|« »|b|«*»"],
    ["a\\\nb", "a|b"],
    ["*.[ch]?", "glob:*|.|glob:[ch]|glob:?"],
    ['"*"', "«*»"],
    ["$A/x-$B.tar", "$A|/x-|$B|.tar"],
    ['"$A b"', "«$A»|« b»"],
    ["${A:-b c}", "$A :- b c"],
    ['"${A:-$B}"', "«$A :- «$B»»"],
    ["${A##*/}", "$A ## glob:*|/"],
    ["${A/b/c}", "$A / b c"],
    ["${A:1:2}", "$A : 1 2"],
    ["${#A}", "$A length"],
    ["${A^^}", "$A ^^"],
    ["$1$@${10}$?", "$1|$@|$10|$?"],
    ["$(a b)`c`", "script:a b|script:c"],
    ['"$(a "b c")"', '«script:a "b c"»'],
    ["`a \\`b\\``", "script:a \\`b\\`"],
    ["$((1+2)){a,b}${!x}${a[0]}", "arithmetic:$((1+2))|braces:2|opaque:${!x}|$a[0]"],
    ['${a[@]%/}${#a[@]}"${a[$i]}"', "$a[@] % /|$a[@] length|«$a[$i]»"],
    ["{1..3}{a,$b}{a,{b}}", "braces:3|opaque:{a,$b}|opaque:{a,{b}}"],
    ["<(x)", "opaque:<(x)"],
    ["$'a\\tb'", "«a\tb»"],
    ["A=$b", "A=|$b"],
    ["$", "$"],
  ])("%j", (text, expected) => {
    const [node] = parseShell(`cmd ${text}`).statements;
    expect(node?.kind === "command" ? pieces(node.words[1]) : "").toBe(expected);
  });

  test("an argument that looks like an assignment has its value as pieces", () => {
    const [node] = parseShell("export A=b$C").statements;
    expect(node?.kind === "command" ? pieces(node.words[1]) : "").toBe("A=|b|$C");
  });

  test("a here-document knows whether it expands, and where it ends", () => {
    const text = "cat <<A <<'B'\n$x\nA\n$x\nB\n";
    const [node] = parseShell(text).statements;
    const bodies = node?.kind === "command" ? node.redirections.map((redirection) => redirection.body) : [];
    expect(bodies.map((body) => [body?.text, body?.expand, pieces(body?.word)])).toEqual([
      ["$x\n", true, "«$x»|«\n»"],
      ["$x\n", false, "«$x\n»"],
    ]);
    expect(text.slice(bodies[1]?.closing?.start, bodies[1]?.closing?.end)).toBe("B");
  });
});

describe("what a shell would reject", () => {
  test.each([
    ["a ) b\nc", "unexpected token ')'", ")"],
    ["if a; then b", "expected 'fi' to close 'if'", ""],
    ['echo "a', "unterminated double quote", '"'],
    ["a $(b", "unterminated command substitution", "$"],
    ["a && ", "expected command after '&&'", " "],
    ["a\r\n) b", "unexpected token ')'", ")"],
    ["echo $(if a)", "expected 'then'", ")"],
  ])("%j", (text, message, place) => {
    const [problem] = parseShell(text).problems;
    expect([problem?.message, text.slice(problem?.range.start, problem?.range.end)]).toEqual([message, place]);
  });

  const deep = (open: string, close = ""): string => `echo ${open.repeat(5000)}${close.repeat(5000)}`;
  test.each([
    ["$(", deep("$(", ")")],
    ['"$(', deep('"$(', ')"')],
    ['unclosed "$(', deep('"$(')],
    ["(", "(".repeat(5000)],
    ["${x:-", deep("${x:-", "}")],
    ["{", "{ ".repeat(5000)],
    ["if", "if a; then ".repeat(5000)],
    ["function", "f() ".repeat(5000)],
    ["backticks", deep("`a $(")],
  ])("5,000 nested %s are a problem, and soon", (_, text) => {
    const start = performance.now();
    expect(parseShell(text).problems.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

/** Checks the range of everything in a tree: in the text, within what is around it, and equal to the text it claims. */
function checkRanges(script: ShellScript, text: string): void {
  const visit = (value: unknown, start: number, end: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, start, end);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const {
      range,
      text: own,
      kind,
    } = value as { range?: { start: number; end: number }; text?: string; kind?: string };
    // A here-document's body stands behind the command that it belongs to.
    const within = range === undefined || "expand" in value ? { start: 0, end: text.length } : range;
    if (range !== undefined && !("expand" in value)) {
      expect(range.start).toBeGreaterThanOrEqual(start);
      expect(range.end).toBeLessThanOrEqual(end);
      expect(range.start).toBeLessThanOrEqual(range.end);
    }
    if (range !== undefined && own !== undefined && kind !== "text")
      expect(text.slice(range.start, range.end)).toBe(own);
    for (const [key, inner] of Object.entries(value)) {
      if (key !== "range" && key !== "closing") visit(inner, within.start, within.end);
    }
  };
  visit(script.statements, 0, text.length);
}

describe("ranges", () => {
  const token = fc.constantFrom(
    ..."a|make|A=b|\"$A b\"|'q'|\\ |\\\n|\\\r\n|$A|${A:-b}|${A%/*}|*.c|[ab]|~|$((1))|{a,b}|$(|`|\\`|)|(|{|}|\"|'|#|>|>f|<<E|\nE\n|2>&1"
      .split("|")
      .map((text) => text.replaceAll("\\\\", "\\")),
    ...[
      "|",
      "||",
      "&&",
      ";",
      "&",
      "\n",
      "\r\n",
      " ",
      " ",
      " ",
      "if",
      "then",
      "fi",
      "for x in",
      "do",
      "done",
      "case x in",
      "esac",
      "!",
    ],
  );
  const text = fc.array(token, { maxLength: 25 }).map((tokens) => tokens.join(""));

  test("every node slices to its own text, whatever the script", () => {
    fc.assert(
      fc.property(text, (script) => checkRanges(parseShell(script), script)),
      { numRuns: 3000 },
    );
  });

  test("CRLF changes ranges only", () => {
    fc.assert(
      fc.property(text, (script) => {
        const unix = script.replaceAll("\r", "");
        const dos = unix.replaceAll("\n", "\r\n");
        const words = (source: string): readonly string[] => parseShell(source).statements.map(outline);
        expect(words(dos).map((line) => line.replaceAll("\r", ""))).toEqual(words(unix));
      }),
      { numRuns: 1000 },
    );
  });
});
