/**
 * Reads a stage's instructions in order, those of the stages that it stands on first, and says what each does to the image.
 *
 *     FROM golang:1.22
 *     WORKDIR /src                 workdir /src
 *     COPY . .                     files of the context at /src
 *     RUN go build -o /bin/app .   unit 0: artifact /bin/app
 *
 * Nothing runs: commands are told to the ecosystems, whose effects change an abstract image. What is needed at run time is not
 * decided here.
 */

import type { CopyInstruction, DockerfileDocument, Instruction, RunInstruction } from "../../dockerfile/syntax.ts";
import { describeBase } from "../../ecosystems/base-images.ts";
import { inEnvironment, isConda, runIn } from "../../ecosystems/conda/commands.ts";
import type { Effect, Environment, ImageView, ResolvedCommand } from "../../ecosystems/ecosystem.ts";
import { ECOSYSTEMS } from "../../ecosystems/registry.ts";
import { readInstaller, readVersionManager } from "../../ecosystems/system/installers.ts";
import type { EvidenceNeed, SetupEvidence } from "../../model/evidence.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type ChainUnit, chainUnits } from "../../shell/chain.ts";
import { parseShell } from "../../shell/parse.ts";
import { type HostPath, imagePath } from "../../text/paths.ts";
import { AbstractImage } from "./abstract-image.ts";
import { applyCopy, flagValue } from "./apply-copy.ts";
import { applyEffect, touchWorkdir } from "./apply-effect.ts";
import { functionNames, type ShellState, walkNode } from "./commands.ts";
import { copyFromStage } from "./copy-from-stage.ts";
import type { Origin } from "./image-tree.ts";
import { copiedStage, type StageChain, stageChain } from "./stage-chain.ts";
import { expandText } from "./variables.ts";

/** A command and its effects, those of the scripts that it runs included. */
export interface CommandReading {
  readonly command: ResolvedCommand;
  readonly effects: readonly Effect[];
  /** Instructions that brought the files which its arguments name, when it ran. */
  readonly reads: readonly Origin[];
}

/** A unit of a RUN that can be kept or left out by itself. */
export interface UnitReading {
  readonly commands: readonly CommandReading[];
  readonly effects: readonly Effect[];
  readonly before: ShellState;
  readonly because: Provenance;
}

export interface InstructionReading {
  readonly index: number;
  readonly instruction: Instruction;
  readonly before: ShellState;
  readonly because: Provenance;
  /** Of a RUN: one for each unit of its chain, or one for the whole where it cannot be cut. */
  readonly units: readonly UnitReading[];
  /** Of a RUN whose text a shell cannot read. */
  readonly problem?: string;
  /** Of a RUN whose text can be cut. */
  readonly chain?: readonly ChainUnit[];
}

export interface ImageReading extends Omit<StageChain, "instructions"> {
  readonly document: DockerfileDocument;
  readonly instructions: readonly InstructionReading[];
  readonly image: AbstractImage;
  readonly state: ShellState;
  /** What an engine saw that the image needs. */
  readonly evidence: readonly EvidenceNeed[];
  /** Whether the evidence names every library of the system that the image's programs load. */
  readonly librariesSeen: boolean;
}

/** What all stages of a Dockerfile are read with. */
export interface Surroundings {
  readonly project: ProjectFiles;
  readonly context: HostPath;
  /** The values of the ARGs before the first FROM. */
  readonly globals: Environment;
  readonly isIgnored: (path: HostPath) => boolean;
}

/** Reads the last stage, which is what a build makes; `undefined` for a file without stages. */
export function readImage(
  document: DockerfileDocument,
  around: Surroundings,
  evidence: SetupEvidence = { needs: [] },
): ImageReading | undefined {
  const read = new StageReadings(document, around).at(document.stages.length - 1);
  return read && { ...read, evidence: evidence.needs, librariesSeen: evidence.librariesSeen === true };
}

type StageReading = Omit<ImageReading, "evidence" | "librariesSeen">;

/** The stages of a file, each read once and only where something asks for it. */
class StageReadings {
  readonly #read = new Map<number, StageReading | undefined>();
  readonly #document: DockerfileDocument;
  readonly #around: Surroundings;

  constructor(document: DockerfileDocument, around: Surroundings) {
    this.#document = document;
    this.#around = around;
  }

  at(index: number): StageReading | undefined {
    if (!this.#read.has(index)) this.#read.set(index, this.#readStage(index));
    return this.#read.get(index);
  }

  #readStage(index: number): StageReading | undefined {
    const document = this.#document;
    const { project, context, globals } = this.#around;
    const chain = stageChain(document, index, globals);
    if (chain === undefined) return undefined;
    const base = describeBase(expandText(chain.root.from.image.text, globals).text);
    const image = new AbstractImage(project, context, base);
    const stageOf = (reference: string): AbstractImage | undefined => {
      const at = copiedStage(document, reference, index);
      return at === undefined ? undefined : this.at(at)?.image;
    };
    const reader = new StageReader(document, image, this.#around, stageOf);
    const instructions = chain.instructions.map((instruction, at) => reader.read(instruction, at));
    return { ...chain, document, instructions, image, state: reader.state };
  }
}

const DEEPEST = 6;

class StageReader {
  state: ShellState;
  /** The words of the last SHELL. */
  #shell: readonly string[] = [];
  readonly #document: DockerfileDocument;
  readonly #image: AbstractImage;
  readonly #around: Surroundings;
  readonly #stageOf: (reference: string) => AbstractImage | undefined;

  /** `stageOf`: the image of a stage above, by what `--from` says. */
  constructor(
    document: DockerfileDocument,
    image: AbstractImage,
    around: Surroundings,
    stageOf: (reference: string) => AbstractImage | undefined,
  ) {
    this.#document = document;
    this.#image = image;
    this.#around = around;
    this.#stageOf = stageOf;
    const environment = new Map(
      Object.entries(image.base.environment).map(([name, text]) => [name, { text, known: true }]),
    );
    this.state = { workdir: imagePath(image.base.workdir ?? "/"), environment };
  }

  read(instruction: Instruction, index: number): InstructionReading {
    const before = this.state;
    const because = provenance(this.#document.source, instruction.range);
    if (instruction.kind === "run") return this.#readRun(instruction, index, because);
    this.#apply(instruction, index);
    return { index, instruction, before, because, units: [] };
  }

  #apply(instruction: Instruction, index: number): void {
    switch (instruction.kind) {
      case "env":
      case "arg":
        this.#setVariables(instruction.kind, instruction.pairs);
        return;
      case "workdir": {
        const path = expandText(instruction.value, this.state.environment);
        const workdir = imagePath(path.text, this.state.workdir);
        this.state = { ...this.state, workdir };
        this.#image.tree.put(workdir, { kind: "directory", origin: { kind: "made", at: index } });
        return;
      }
      case "user":
        this.state = { ...this.state, user: expandText(instruction.value, this.state.environment).text };
        return;
      case "shell":
        this.#shell = instruction.words;
        return;
      case "copy":
      case "add":
        this.#copy(instruction, index);
        return;
      default:
        return;
    }
  }

  #copy(instruction: CopyInstruction, index: number): void {
    const from = flagValue(instruction.flags, "from");
    const stage = from === undefined ? undefined : this.#stageOf(expandText(from, this.#around.globals).text);
    if (stage === undefined) applyCopy(instruction, index, this.state, this.#image, this.#around.isIgnored);
    else copyFromStage(instruction, index, this.state, stage, this.#image);
  }

  #setVariables(kind: "env" | "arg", pairs: readonly { readonly key: string; readonly value?: string }[]): void {
    const environment = new Map(this.state.environment);
    for (const { key, value } of pairs) {
      const known = environment.get(key);
      // An ARG never replaces an ENV of the same name.
      if (kind === "arg" && known !== undefined) continue;
      const text = value === undefined ? this.#around.globals.get(key) : expandText(value, this.state.environment);
      environment.set(key, text ?? { text: `$${key}`, known: false });
    }
    this.state = { ...this.state, environment };
  }

  #readRun(instruction: RunInstruction, index: number, because: Provenance): InstructionReading {
    const before = this.state;
    const start = this.#inShell(before);
    if (instruction.command.form === "exec") {
      const unit = this.#readExec(instruction.command.words, start, index, because);
      return { index, instruction, before, because, units: [unit] };
    }
    const heredoc = instruction.heredocs[0];
    const whole =
      heredoc === undefined || !instruction.command.command.startsWith("<<")
        ? instruction.command.command
        : heredoc.body;
    const script = parseShell(whole);
    const chain = chainUnits(script);
    const units = this.#readUnits(chain, start, index, because);
    const [problem] = script.problems;
    if (problem !== undefined)
      return { index, instruction, before, because, units: [joined(units, start, because)], problem: problem.message };
    if (instruction.heredocs.length === 0) return { index, instruction, before, because, units, chain };
    return { index, instruction, before, because, units: [joined(units, start, because)] };
  }

  /** `SHELL ["conda", "run", "-n", "app", "/bin/bash", "-c"]`: what RUN starts is in that environment. */
  #inShell(state: ShellState): ShellState {
    const [name = ""] = this.#shell;
    const argv = this.#shell.map((text) => ({ text, known: true, glob: false }));
    const { workdir, environment } = state;
    const because = provenance(this.#document.source, { start: 0, end: 0 });
    const run = isConda(name) ? runIn({ name, argv, workdir, environment, because }, this.#image) : undefined;
    return run === undefined ? { ...state } : { ...state, environment: inEnvironment(environment, run.directory) };
  }

  #readUnits(
    chain: readonly ChainUnit[],
    start: ShellState,
    index: number,
    because: Provenance,
  ): readonly UnitReading[] {
    let state = start;
    return chain.map((unit) => {
      const before = state;
      const commands: CommandReading[] = [];
      for (const node of unit.nodes)
        state = walkNode(node, state, because, (command, current) => {
          commands.push(this.#readCommand(command, index, 0));
          return current;
        });
      return { commands, effects: commands.flatMap((one) => one.effects), before, because };
    });
  }

  #readExec(words: readonly string[], before: ShellState, index: number, because: Provenance): UnitReading {
    const argv = words.map((text) => ({ text, known: true, glob: false }));
    const name = words[0]?.split("/").at(-1) ?? "";
    if (/^(?:ba|da|a)?sh$/.test(name) && words[1] === "-c") {
      return joined(this.#readUnits(chainUnits(parseShell(words[2] ?? "")), before, index, because), before, because);
    }
    const { workdir, environment } = before;
    const commands =
      argv.length === 0 ? [] : [this.#readCommand({ name, argv, workdir, environment, because }, index, 0)];
    return { commands, effects: commands.flatMap((one) => one.effects), before, because };
  }

  #readCommand(command: ResolvedCommand, at: number, depth: number): CommandReading {
    const reads = readsOf(command, this.#image);
    const own = interpret(command, this.#image);
    const effects = own.flatMap((effect): readonly Effect[] => {
      if (effect.kind === "runs") return this.#readNested(effect, at, depth);
      // What is run for what it prints changes nothing, unless it is known to.
      if (effect.kind === "unknown" && command.captured === true) return [];
      if (effect.kind === "unknown") {
        touchWorkdir(command.workdir, at, this.#image);
        // Variables of a script are the script's own, and tell nothing of the image.
        return [depth > 0 ? { kind: "unknown", why: effect.why } : effect];
      }
      applyEffect(effect, at, this.#image);
      return [effect];
    });
    return { command, effects, reads };
  }

  #readNested(effect: Extract<Effect, { kind: "runs" }>, at: number, depth: number): readonly Effect[] {
    if (depth >= DEEPEST) return [{ kind: "unknown", why: "its scripts call one another too deeply" }];
    const effects: Effect[] = [];
    let state: ShellState = { workdir: effect.workdir, environment: effect.environment ?? this.state.environment };
    const script = parseShell(effect.script);
    if (script.problems.length > 0) {
      touchWorkdir(effect.workdir, at, this.#image);
      return [{ kind: "unknown", why: "a script that it runs cannot be read" }];
    }
    const functions = functionNames(script);
    for (const node of script.statements)
      state = walkNode(node, state, effect.because, (command, current) => {
        // Bodies of functions are walked where they are defined.
        if (!functions.has(command.name)) effects.push(...this.#readCommand(command, at, depth + 1).effects);
        return current;
      });
    return effects;
  }
}

function joined(units: readonly UnitReading[], before: ShellState, because: Provenance): UnitReading {
  const commands = units.flatMap((unit) => unit.commands);
  return { commands, effects: commands.flatMap((one) => one.effects), before, because };
}

/** Where the files come from that a command's words name: `sh setup.sh`, `pip install -r /tmp/list.txt`. */
function readsOf(command: ResolvedCommand, image: AbstractImage): readonly Origin[] {
  return command.argv.flatMap((field) => {
    if (!field.known || field.text.startsWith("-")) return [];
    const path = imagePath(field.text.replace(/\/?\*+$/, "") || ".", command.workdir);
    return path === "/" || path === command.workdir ? [] : image.tree.below(path).map(([, node]) => node.origin);
  });
}

/** What a command does, by the first ecosystem that knows it. */
export function interpret(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  if (command.name === "cd") return [{ kind: "nothing" }];
  const fetched = readInstaller(command, image) ?? readVersionManager(command);
  if (fetched !== undefined) return fetched;
  for (const ecosystem of ECOSYSTEMS) {
    const effects = ecosystem.interpret(command, image);
    if (effects !== undefined) return effects;
  }
  return (
    runsArtifact(command, image) ?? [
      { kind: "unknown", why: `it is not known what "${command.argv[0]?.text ?? ""}" writes` },
    ]
  );
}

/** `./app --version` after the build: it only shows that the artifact starts. */
function runsArtifact(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const [first, ...rest] = command.argv;
  const path = first?.known === true ? image.which(first.text, command.workdir, command.environment) : undefined;
  const made = image.artifacts.some((artifact) => artifact.path === path);
  const shows = rest.length > 0 && rest.every((field) => /^-{0,2}(?:version|help|[vVh])$/.test(field.text));
  if (made && shows) return [{ kind: "check", what: "test" }];
  return shows ? [{ kind: "nothing" }] : undefined;
}
