import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Instruction } from "../../src/dockerfile/syntax.ts";
import type { HostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const parse = (text: string) => parseDockerfile(sourceFile("Dockerfile" as HostPath, text));
const messages = (text: string) => parse(text).problems.map(({ message }) => message);

/** An instruction on one line: kind, flags, and what it holds. */
function shown(instruction: Instruction): string {
  const flags = instruction.flags.map(({ name, value }) => `--${name}${value === undefined ? "" : `=${value}`}`);
  return [instruction.kind, ...flags, ...contents(instruction).map((text) => JSON.stringify(text))].join(" ");
}

function contents(instruction: Instruction): readonly string[] {
  switch (instruction.kind) {
    case "from":
      return [instruction.image.text, ...(instruction.name === undefined ? [] : ["as", instruction.name.text])];
    case "run":
    case "cmd":
    case "entrypoint":
    case "healthcheck":
      if (instruction.command === undefined) return ["none"];
      return instruction.command.form === "exec" ? instruction.command.words : [`$ ${instruction.command.command}`];
    case "shell":
      return instruction.words;
    case "copy":
    case "add":
      return [...instruction.sources, instruction.destination].map(({ text }) => text);
    case "env":
    case "arg":
    case "label":
      return instruction.pairs.map(({ key, value }) => (value === undefined ? key : `${key} = ${value}`));
    case "expose":
    case "volume":
      return instruction.operands.map(({ text }) => text);
    case "onbuild":
      return [shown(instruction.trigger)];
    default:
      return [instruction.value];
  }
}

const split = (text: string) => parse(text).instructions.map(shown);

describe("logical lines", () => {
  test.each([
    ["a continuation joins lines and keeps indentation", "RUN a \\\n  b", ['run "$ a   b"']],
    ["blanks may follow the escape character", "RUN a \\ \t\n b", ['run "$ a  b"']],
    ["a doubled escape at the end continues nothing", "RUN a \\\\\nUSER b", ['run "$ a \\\\\\\\"', 'user "b"']],
    [
      "three escapes at the end continue nothing either",
      "RUN a \\\\\\\nUSER b",
      ['run "$ a \\\\\\\\\\\\"', 'user "b"'],
    ],
    ["a blank line does not end a continuation", "RUN a \\\n\nFROM b", ['run "$ a FROM b"']],
    ["a comment line inside a continuation is skipped", "RUN a \\\n  # no\n# no\\\n  b", ['run "$ a   b"']],
    ["a hash inside a line is text", "RUN a # b", ['run "$ a # b"']],
    ["a continuation at the end of the file", "RUN a \\", ['run "$ a"']],
    ["an escape on a line of its own", "RUN a \\\n\\\nb", ['run "$ a b"']],
    ["CRLF is a line end", "RUN a \\\r\n  b\r\nUSER c\r\n", ['run "$ a   b"', 'user "c"']],
    ["a lone carriage return is not", "RUN a\rUSER b\n", ['run "$ a\\rUSER b"']],
    ["a keyword may be continued", "RU\\\nN a", ['run "$ a"']],
    ["lower case and leading blanks", "  run   a  ", ['run "$ a"']],
    [
      "the backtick continues once it is the escape character",
      "# escape=`\nRUN a `\n b \\\nUSER c",
      ['run "$ a  b \\\\"', 'user "c"'],
    ],
    ["a byte-order mark is no part of the first keyword", "\uFEFFUSER a", ['user "a"']],
  ])("%s", (_what, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test("ranges span from the keyword to the end of the last line", () => {
    const text = "FROM a\n# why\n\nRUN x \\\n  y  \nUSER z\n";
    const [, run, user] = parse(text).instructions;
    expect(text.slice(run?.range.start, run?.range.end)).toBe("RUN x \\\n  y  ");
    expect(text.slice(run?.leading.start, run?.leading.end)).toBe("# why\n\n");
    expect(user?.leading).toEqual({ start: user?.range.start, end: user?.range.start });
  });

  test("a continuation that the end of the file cuts off is no part of the instruction", () => {
    const text = "FROM a\nRUN x \\\n# end\n\n";
    const [, run] = parse(text).instructions;
    expect(text.slice(run?.range.start, run?.range.end)).toBe("RUN x ");
  });

  test("logical text maps back over continuations", () => {
    const text = "RUN ab \\\n# no\n  cd";
    const [run] = parse(text).instructions;
    const at = run?.logical.text.indexOf("cd") ?? -1;
    expect(run?.logical.toSource(at)).toBe(text.indexOf("cd"));
    expect(run?.logical.toSource(run.logical.text.length)).toBe(text.length);
  });
});

describe("parser directives", () => {
  test.each([
    [
      "the first lines",
      "# syntax=docker/dockerfile:1\n#escape = `\nFROM a",
      ["syntax=docker/dockerfile:1", "escape=`"],
    ],
    ["not behind a comment", "# hello\n# escape=`\nFROM a", []],
    ["not behind a blank line", "\n# escape=`\nFROM a", []],
    ["an unknown one is a comment and ends them", "# lang=x\n# escape=`\nFROM a", []],
    ["their names have no case", "# ESCAPE=`\nFROM a", ["escape=`"]],
  ])("%s", (_what, text, expected) => {
    expect(parse(text).directives.map(({ name, value }) => `${name}=${value}`)).toEqual(expected);
  });

  test("are no part of the comments that lead to the first instruction", () => {
    const text = "# syntax=docker/dockerfile:1\n# about this file\n\nFROM a\n";
    const [from] = parse(text).instructions;
    expect(text.slice(from?.leading.start, from?.leading.end)).toBe("# about this file\n\n");
  });
});

describe("operands", () => {
  test.each([
    ["FROM with a name", "from  a:1 As B", 'from "a:1" "as" "B"'],
    ["exec form", 'CMD [ "a", "b c" ]', 'cmd "a" "b c"'],
    ["exec form with a comment behind it is shell form", 'CMD ["a"] # x', 'cmd "$ [\\"a\\"] # x"'],
    ["single quotes are no JSON", "CMD ['a']", "cmd \"$ ['a']\""],
    ["an empty array is exec form", "ENTRYPOINT []", "entrypoint"],
    [
      "flags lose quotes and escapes",
      'COPY --from="a b" --link --chown=a\\:b x y',
      'copy --from=a b --link --chown=a:b "x" "y"',
    ],
    ["two dashes end the flags", "COPY --link -- --x /y", 'copy --link "--x" "/y"'],
    ["COPY in exec form", 'COPY ["a b", "/c/"]', 'copy "a b" "/c/"'],
    ["COPY splits at blanks, quoted or not", 'COPY "a b" /c', 'copy "\\"a" "b\\"" "/c"'],
    [
      "ENV with several pairs",
      "ENV A=1 B=\"x y\" C='q r' D=s\\ t",
      'env "A = 1" "B = \\"x y\\"" "C = \'q r\'" "D = s\\\\ t"',
    ],
    ["ENV in the old form", "ENV A x  y=z", 'env "A = x  y=z"'],
    ["an empty value", "ENV A=", 'env "A = "'],
    ["ARG with and without default", "ARG A B=1", 'arg "A" "B = 1"'],
    ["LABEL with dots", 'LABEL a.b="c" d=e', 'label "a.b = \\"c\\"" "d = e"'],
    [
      "HEALTHCHECK CMD in shell form",
      "HEALTHCHECK --interval=5m CMD curl -f x",
      'healthcheck --interval=5m "$ curl -f x"',
    ],
    ["HEALTHCHECK CMD in exec form", 'HEALTHCHECK cmd ["a"]', 'healthcheck "a"'],
    ["HEALTHCHECK NONE", "HEALTHCHECK NONE", 'healthcheck "none"'],
    ["VOLUME in both forms", 'VOLUME ["/a", "/b"]', 'volume "/a" "/b"'],
    ["EXPOSE", "EXPOSE 80  443/tcp", 'expose "80" "443/tcp"'],
    ["SHELL", 'SHELL ["/bin/bash", "-c"]', 'shell "/bin/bash" "-c"'],
    ["ONBUILD holds an instruction", "ONBUILD COPY --link a b", 'onbuild "copy --link \\"a\\" \\"b\\""'],
    ["WORKDIR keeps its blanks", "WORKDIR /a b", 'workdir "/a b"'],
  ])("%s", (_what, text, expected) => {
    expect(split(`FROM x\n${text}`).at(-1)).toBe(expected);
  });

  test("know their places, over continuations and in JSON", () => {
    const text = 'FROM a\nCOPY --from=b x \\\n  yy /z\nCOPY ["p q", "/r"]\nENV A=1 \\\n  B="2 3"\n';
    const [, copy, exec, env] = parse(text).instructions;
    const at = (range: { start: number; end: number } | undefined) => text.slice(range?.start, range?.end);
    if (copy?.kind !== "copy" || exec?.kind !== "copy" || env?.kind !== "env") throw new Error("other kinds");
    expect(copy.sources.map(({ range }) => at(range))).toEqual(["x", "yy"]);
    expect(at(copy.destination.range)).toBe("/z");
    expect(at(copy.flags[0]?.range)).toBe("--from=b");
    expect(exec.sources.map(({ range }) => at(range))).toEqual(['"p q"']);
    expect(env.pairs.map(({ range }) => at(range))).toEqual(["A=1", 'B="2 3"']);
  });

  test("a trigger of ONBUILD knows its places in the file", () => {
    const text = "FROM a\nONBUILD \\\n RUN x y\n";
    const [, onbuild] = parse(text).instructions;
    if (onbuild?.kind !== "onbuild") throw new Error("other kind");
    const { range, rest, logical } = onbuild.trigger;
    expect(text.slice(range.start, range.end)).toBe("RUN x y");
    expect(logical.toSource(rest.offset)).toBe(text.indexOf("x y"));
  });
});

describe("heredocs", () => {
  const heredocs = (text: string) =>
    parse(`FROM a\n${text}`)
      .instructions.flatMap((instruction) => instruction.heredocs)
      .map(({ name, body, chomp, expand, fileDescriptor }) => [name, body, chomp, expand, fileDescriptor]);

  test.each([
    ["a word of its own", "RUN cat <<EOF\nx\nEOF\n", [["EOF", "x\n", false, true, 0]]],
    ["blanks between operator and word", "RUN cat << 'EOF'\nx\nEOF\n", [["EOF", "x\n", false, false, 0]]],
    ["a descriptor", "RUN a 3<<X\nX\n", [["X", "", false, true, 3]]],
    ["leading tabs with a dash", "RUN <<-E\n\tx\n\tE\n", [["E", "\tx\n", true, true, 0]]],
    [
      "several, in order",
      'COPY <<A <<"B" /d\n1\nA\n2\nB\n',
      [
        ["A", "1\n", false, true, 0],
        ["B", "2\n", false, false, 0],
      ],
    ],
    ["part of a word is none", "RUN cat<<EOF", []],
    ["quoted is none", 'RUN echo "<<EOF"', []],
    ["a here-string is none", "RUN cat <<<EOF", []],
    ["unbalanced quotes: none at all", "RUN echo it's <<EOF", []],
    ["exec form has none", 'RUN ["a", " <<EOF "]', []],
    ["CMD has none", "CMD cat <<EOF", []],
    ["ONBUILD RUN has", "ONBUILD RUN <<E\nx\nE\n", [["E", "x\n", false, true, 0]]],
    ["the backslash escapes, whatever the directive says", "RUN \\<<E", []],
    ["CRLF stays in the body and not in the terminator", "RUN <<E\r\nx\r\nE\r\n", [["E", "x\r\n", false, true, 0]]],
    [
      "a body is no place for comments or continuations",
      "RUN <<E\n# a\nb \\\n\nE\n",
      [["E", "# a\nb \\\n\n", false, true, 0]],
    ],
  ])("%s", (_what, text, expected) => {
    expect(heredocs(text)).toEqual(expected);
    expect(messages(`FROM a\n${text}`)).toEqual([]);
  });

  test("a shift in arithmetic is read as one, as BuildKit does", () => {
    expect(messages("FROM a\nRUN echo $(( 1 << 2 ))\n")).toEqual(['the heredoc "2" is not closed']);
  });

  test("the instruction ends with the terminator", () => {
    const text = "FROM a\nRUN <<E\nx\nE\nUSER b\n";
    const [, run, user] = parse(text).instructions;
    expect(text.slice(run?.range.start, run?.range.end)).toBe("RUN <<E\nx\nE");
    expect(user?.kind).toBe("user");
  });
});

describe("what BuildKit rejects", () => {
  test("a FROM with words too many still begins its stage", () => {
    const { stages, problems } = parse("FROM a AS one # first\nRUN b\nFROM c d\nRUN e\n");
    expect(stages.map(({ from, instructions }) => [from.image.text, from.name?.text, instructions.length])).toEqual([
      ["a", "one", 1],
      ["c", undefined, 1],
    ]);
    expect(problems).toHaveLength(2);
  });

  test.each([
    ["", "the file has no instruction"],
    ["# only a comment\n", "the file has no instruction"],
    ["ARG A\n", "the file has no FROM"],
    ["FROM a\nFOO b\n", '"FOO" is no Dockerfile instruction'],
    ["RUN a\nFROM b\n", '"RUN" stands before the first FROM'],
    ["FROM\n", "FROM has no argument"],
    ["FROM a b\n", 'FROM takes an image, or an image, "AS" and a name'],
    ["FROM a AS 1b\n", '"1b" is no name for a build stage'],
    ["FROM a\nENV A\n", 'ENV "A" has no value'],
    ["FROM a\nENV A=1 B\n", '"B" has no "="'],
    ["FROM a\nENV =1\n", 'ENV "=1" has no name'],
    ["FROM a\nCOPY a\n", "COPY needs a source and a destination"],
    ["FROM a\nCOPY a <<E\nE\n", "COPY cannot have a heredoc as its destination"],
    ["FROM a\nCMD [1]\n", "the array of CMD holds something other than strings"],
    ['FROM a\nCMD ["a", ["b"]]\n', "the array of CMD holds something other than strings"],
    ["FROM a\nSHELL /bin/sh\n", "SHELL takes a JSON array of strings only"],
    ["FROM a\nRUN <<E\n", 'the heredoc "E" is not closed'],
    ["FROM a\nCOPY --form=b a c\n", '"--form" is no flag of COPY'],
    ["FROM a\nCOPY --from a c\n", '"--from" has no value'],
    ["FROM a\nCOPY --link=maybe a c\n", '"--link" takes "true" or "false", not "maybe"'],
    ["FROM a\nCOPY --from=a --from=b c d\n", '"--from" is given twice'],
    ["FROM a\nHEALTHCHECK CMD\n", "HEALTHCHECK CMD has no command"],
    ["FROM a\nHEALTHCHECK --interval=soon CMD a\n", '"--interval" takes a duration such as "30s", not "soon"'],
    ["FROM a\nHEALTHCHECK NONE a\n", "HEALTHCHECK NONE takes no argument"],
    ["FROM a\nONBUILD ONBUILD RUN b\n", "ONBUILD cannot trigger ONBUILD"],
    ["# escape=x\nFROM a\n", 'the escape character "x" is neither a backslash nor a backtick'],
    ["# escape=`\n# escape=`\nFROM a\n", 'the parser directive "escape" is given twice'],
    ["FROM a\nWORKDIR\n", "WORKDIR has no argument"],
  ])("%j: %s", (text, message) => {
    expect(messages(text)).toContain(message);
  });

  test("a rejected line does not hide what follows", () => {
    expect(split("FROM a\nFOO b \\\n c\nUSER d\n")).toEqual(['from "a"', 'user "d"']);
  });

  test("the range is the smallest word to change", () => {
    const text = "FROM a\nCOPY --link --form=b x y\n";
    const [problem] = parse(text).problems;
    expect(text.slice(problem?.range.start, problem?.range.end)).toBe("--form=b");
  });
});

describe("huge input", () => {
  test.each([
    ["a line of 10 MB", `FROM a\nRUN ${"x".repeat(1e7)}\n`],
    ["blanks", `FROM a\nRUN ${" ".repeat(1e7)}\n`],
    ["escapes", `FROM a\nRUN ${"\\".repeat(1e7)}\n`],
    ["nested variables with a heredoc", `FROM a\nRUN <<E ${"${a:-".repeat(1e6)}\n`],
    ["nested ONBUILD", `FROM a\n${"ONBUILD ".repeat(1e6)}\n`],
    ["nested arrays", `FROM a\nCMD ${"[".repeat(1e6)}\n`],
    ["words", `FROM a\nCOPY ${"a ".repeat(5e5)}\n`],
    ["comments in one continuation", `FROM a\nRUN x \\\n${"# c\n\n".repeat(5e5)}y\n`],
  ])("%s is read in a moment", (_what, text) => {
    const start = performance.now();
    expect(parse(text).stages).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
