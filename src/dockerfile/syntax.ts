/**
 * The tree of a Dockerfile: typed instructions over the exact text.
 *
 *     # the build                       comment lines belong to the instruction below them (`leading`)
 *     FROM golang:1.22 AS builder       { kind: "from", image, name, flags }
 *     RUN make \                        { kind: "run", form: "shell", logical: "make   all" }
 *       all
 *
 * Offsets are UTF-16 code units in the file's own text. Every instruction says where it is and keeps its logical text (what
 * the builder sees once comments are removed and continuations joined) with a map back. Nothing here knows what an
 * instruction means for an image: see expand.ts for variables and importers for effects.
 */
import type { Range, SourceFile } from "../text/source.ts";

/** A parser directive such as `# escape=\``; only on the first lines of a file. */
export interface Directive {
  readonly name: "syntax" | "escape" | "check";
  readonly value: string;
  readonly range: Range;
}

/** A run of logical characters that stand together in the file: `length` of them from `start` on. */
export interface Segment {
  /** Where the run begins in the logical text. */
  readonly offset: number;
  readonly start: number;
  readonly length: number;
}

/** The text that the builder sees, with the place in the file of each of its characters. */
export interface LogicalText {
  readonly text: string;
  /** The runs that make up `text`, in order; between two of them stand continuations, comments and blank lines. */
  readonly segments: readonly Segment[];
  /** The file offset of the logical character at `offset`; `offset === text.length` gives the end of the last one. */
  readonly toSource: (offset: number) => number;
}

/** `--name=value` after the keyword. `value` has quotes and escapes removed; absent for a bare `--link`. */
export interface InstructionFlag {
  readonly name: string;
  readonly value?: string;
  readonly range: Range;
}

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  /** The word after `<<`, without quotes. */
  readonly name: string;
  /** Whether `<<-` strips leading tabs from the lines. */
  readonly chomp: boolean;
  /** False when the word was quoted: the body is then taken as it is. */
  readonly expand: boolean;
  /** The file descriptor before `<<`, 0 when absent. */
  readonly fileDescriptor: number;
  /** The body with line ends, as it stands in the file, before chomping. */
  readonly body: string;
  readonly bodyRange: Range;
}

/** One operand as it stands in the logical text. */
export interface Operand {
  /** Without the quotes of the JSON form; in shell form as written, quotes and variables included. */
  readonly text: string;
  readonly range: Range;
}

interface InstructionBase {
  /** The keyword as it is written, in its own case. */
  readonly keyword: string;
  /** From the keyword to the end of the last line, heredoc bodies included, without the final line end. */
  readonly range: Range;
  /** Comment and blank lines above that belong to this instruction: from there to `range.start`; empty range if none. */
  readonly leading: Range;
  readonly flags: readonly InstructionFlag[];
  readonly logical: LogicalText;
  /** What follows keyword and flags in the logical text, trimmed; the offset is that in `logical.text`. */
  readonly rest: { readonly text: string; readonly offset: number };
  readonly heredocs: readonly Heredoc[];
}

/** `[ "a", "b" ]` or a shell line. In exec form `words` are the array's strings. */
export type CommandForm =
  | { readonly form: "exec"; readonly words: readonly string[] }
  | { readonly form: "shell"; readonly command: string };

export interface KeyValue {
  readonly key: string;
  /** As written, quotes and variables included; absent for `ARG name`. */
  readonly value?: string;
  readonly range: Range;
}

export type FromInstruction = InstructionBase & {
  readonly kind: "from";
  /** The image or stage name as written, variables included. */
  readonly image: Operand;
  readonly name?: Operand;
};
export type RunInstruction = InstructionBase & { readonly kind: "run"; readonly command: CommandForm };
export type CmdInstruction = InstructionBase & { readonly kind: "cmd" | "entrypoint"; readonly command: CommandForm };
export type HealthcheckInstruction = InstructionBase & {
  readonly kind: "healthcheck";
  /** Absent for `HEALTHCHECK NONE`. */
  readonly command?: CommandForm;
};
export type ShellInstruction = InstructionBase & { readonly kind: "shell"; readonly words: readonly string[] };
export type CopyInstruction = InstructionBase & {
  readonly kind: "copy" | "add";
  readonly form: "exec" | "shell";
  /** Sources without the destination; a heredoc source is its `<<NAME` word. */
  readonly sources: readonly Operand[];
  readonly destination: Operand;
};
export type EnvInstruction = InstructionBase & {
  readonly kind: "env" | "arg" | "label";
  readonly pairs: readonly KeyValue[];
};
/** EXPOSE, VOLUME (either form): a list of words. */
export type ListInstruction = InstructionBase & {
  readonly kind: "expose" | "volume";
  readonly operands: readonly Operand[];
};
/** WORKDIR, USER, STOPSIGNAL, MAINTAINER: one value, as written. */
export type ValueInstruction = InstructionBase & {
  readonly kind: "workdir" | "user" | "stopsignal" | "maintainer";
  readonly value: string;
};
export type OnbuildInstruction = InstructionBase & { readonly kind: "onbuild"; readonly trigger: Instruction };

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CmdInstruction
  | HealthcheckInstruction
  | ShellInstruction
  | CopyInstruction
  | EnvInstruction
  | ListInstruction
  | ValueInstruction
  | OnbuildInstruction;

/** One FROM and what follows it. */
export interface StageSyntax {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
}

/** A problem that BuildKit's parser would also reject. */
export interface SyntaxProblem {
  readonly message: string;
  readonly range: Range;
}

/** A parsed file. `print(document)` gives back `source.text` byte for byte, always. */
export interface DockerfileDocument {
  readonly source: SourceFile;
  readonly directives: readonly Directive[];
  readonly escape: "\\" | "`";
  readonly bom: boolean;
  /** Where the first line begins: behind a byte-order mark, or behind what else the text has before the Dockerfile. */
  readonly start: number;
  readonly lineEnd: "\n" | "\r\n";
  /** All instructions in file order. */
  readonly instructions: readonly Instruction[];
  /** ARG (and anything else) before the first FROM. */
  readonly preamble: readonly Instruction[];
  readonly stages: readonly StageSyntax[];
  readonly problems: readonly SyntaxProblem[];
}

/** An instruction together with the file it stands in. */
export interface InstructionRef<Kind extends Instruction = Instruction> {
  readonly document: DockerfileDocument;
  readonly instruction: Kind;
}
