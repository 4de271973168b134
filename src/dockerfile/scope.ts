/**
 * What the builder knows at each instruction of a stage: environment, build arguments, working directory, user and shell.
 *
 *     ARG VERSION=20                     global: FROM lines see it, stages only once they declare it again
 *     FROM node:$VERSION AS base         base: "node:20"
 *     ENV HOME=/srv                      from here on $HOME is "/srv", in stages built FROM base too
 *     WORKDIR app                        relative to the base image's, which `baseImage` may know
 *
 *     const [base] = readScopes(document, { baseImage: (reference) => table.get(reference) });
 *     base.before(1).lookup("HOME")      // "/srv"
 *
 * It is a pure fold over the syntax; what a RUN does to the image is not seen. Values that nobody here can know (the
 * environment of an unknown base image, an argument that the caller may pass) are UNKNOWN, never guessed.
 * Sources: https://docs.docker.com/reference/dockerfile/#scope and #using-arg-variables; `dispatchArg` and `dispatchEnv` in
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import { type EscapeCharacter, type Expansion, expandWord } from "./expand.ts";
import { type Lookup, UNKNOWN } from "./lex.ts";
import type { DockerfileDocument, EnvInstruction, FromInstruction, Instruction, StageSyntax } from "./syntax.ts";

/** A value, or the certainty that there is none (`undefined`), or neither. */
export type Known = ReturnType<Lookup>;

/** What an image's configuration brings to a stage that is built from it. */
export interface ImageDefaults {
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: ImagePath;
  readonly user: string;
  readonly shell?: readonly string[];
}

export interface ScopeOptions {
  /** What is known of a base image, by its expanded reference. */
  readonly baseImage?: (reference: string) => ImageDefaults | undefined;
  /** What the caller passes by `--build-arg`; UNKNOWN where it passes a value that nobody knows. */
  readonly buildArgs?: Readonly<Record<string, string | typeof UNKNOWN>>;
  /** Whether `buildArgs` is all that the caller passes: an argument without default is then certainly unset. */
  readonly allBuildArgs?: boolean;
}

/** The state before an instruction. */
export interface StageScope {
  /** The value of a variable, as COPY, ENV and their like expand it. */
  readonly lookup: Lookup;
  /** Where a relative path counts from; `undefined` where the base image decides. */
  readonly workdir: ImagePath | undefined;
  /** As USER says it, variables expanded; `undefined` where the base image decides. */
  readonly user: string | undefined;
  /** What runs the shell form. */
  readonly shell: readonly string[];
  /** Expands one operand here. */
  readonly expand: (text: string) => Expansion;
  /** The variables that the user's own ENV instructions have set so far, by name. */
  readonly environment: () => ReadonlyMap<string, string | typeof UNKNOWN>;
  /** The build arguments declared so far in this stage, by name. */
  readonly buildArguments: () => ReadonlyMap<string, Known>;
}

/** What a stage is built from. */
export type ScopeBase =
  | { readonly kind: "stage"; readonly index: number }
  | { readonly kind: "image"; readonly reference: Expansion };

export interface StageScopes {
  readonly stage: StageSyntax;
  readonly base: ScopeBase;
  /** The state before instruction `index` of the stage; `stage.instructions.length` gives the state at its end. */
  readonly before: (index: number) => StageScope;
}

/** The scopes of all stages of a file, in file order. */
export function readScopes(document: DockerfileDocument, options: ScopeOptions = {}): readonly StageScopes[] {
  const context: Context = { escape: document.escape, options, globals: readGlobals(document, options) };
  const folds: StageFold[] = [];
  for (const stage of document.stages) folds.push(foldStage(stage, folds, context));
  return folds.map(({ stage, base, before }) => ({ stage, base, before }));
}

interface Context {
  readonly escape: EscapeCharacter;
  readonly options: ScopeOptions;
  readonly globals: ReadonlyMap<string, Known>;
}

/**
 * Values over time: `set` at an instruction, read as of any later one. So the state before each instruction costs no copy.
 */
class Timeline<Value> {
  readonly #entries = new Map<string, { at: number; value: Value }[]>();

  set(name: string, at: number, value: Value): void {
    const entries = this.#entries.get(name);
    if (entries === undefined) this.#entries.set(name, [{ at, value }]);
    else entries.push({ at, value });
  }

  /** The last value that was set before instruction `index`. */
  before(name: string, index: number): { readonly at: number; readonly value: Value } | undefined {
    const entries = this.#entries.get(name) ?? [];
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.at ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return entries[low - 1];
  }

  all(index: number): ReadonlyMap<string, Value> {
    const result = new Map<string, Value>();
    for (const name of this.#entries.keys()) {
      const entry = this.before(name, index);
      if (entry !== undefined) result.set(name, entry.value);
    }
    return result;
  }
}

/** Where a stage is set before its first instruction. */
const INHERITED = -1;
const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];
/** Where nothing else is said, `FROM scratch` on Linux has the search path that the builder gives every image. */
const SCRATCH: ImageDefaults = {
  env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  workdir: imagePath("/"),
  user: "",
};

class StageFold {
  readonly env = new Timeline<string | typeof UNKNOWN>();
  readonly args = new Timeline<Known>();
  readonly stage: StageSyntax;
  readonly base: ScopeBase;
  readonly #context: Context;
  /** Set where the stage's image is built on one whose environment is unknown. */
  #openEnvironment = false;
  readonly #imageEnv = new Map<string, string>();
  readonly #workdirs: (ImagePath | undefined)[] = [];
  readonly #users: (string | undefined)[] = [];
  readonly #shells: (readonly string[])[] = [];

  constructor(stage: StageSyntax, base: ScopeBase, context: Context) {
    this.stage = stage;
    this.base = base;
    this.#context = context;
  }

  startFromStage(parent: StageFold): void {
    const end = parent.stage.instructions.length;
    const scope = parent.before(end);
    for (const [name, value] of parent.env.all(end)) this.env.set(name, INHERITED, value);
    for (const [name, value] of parent.#imageEnv) this.#imageEnv.set(name, value);
    this.#openEnvironment = parent.#openEnvironment;
    this.#enter(scope.workdir, scope.user, scope.shell);
  }

  startFromImage(image: ImageDefaults | undefined): void {
    this.#openEnvironment = image === undefined;
    for (const [name, value] of Object.entries(image?.env ?? {})) this.#imageEnv.set(name, value);
    this.#enter(image?.workdir, image?.user, image?.shell ?? DEFAULT_SHELL);
  }

  #enter(workdir: ImagePath | undefined, user: string | undefined, shell: readonly string[]): void {
    this.#workdirs.push(workdir);
    this.#users.push(user);
    this.#shells.push(shell);
  }

  /** Applies every instruction once; afterwards each state can be asked for. */
  run(): void {
    this.stage.instructions.forEach((instruction, index) => {
      const scope = this.before(index);
      if (instruction.kind === "env") this.#setEnv(instruction, index, scope);
      if (instruction.kind === "arg") this.#declareArgs(instruction, index);
      this.#enter(workdirAfter(instruction, scope), userAfter(instruction, scope), shellAfter(instruction, scope));
    });
  }

  /** All pairs of one ENV are expanded with the state before it. */
  #setEnv({ pairs }: EnvInstruction, index: number, scope: StageScope): void {
    for (const { key, value = "" } of pairs) {
      const name = scope.expand(key);
      if (name.unknown.length === 0) this.env.set(name.value, index, certain(scope.expand(value)));
    }
  }

  /** The arguments of one ARG are expanded one after the other: `ARG A=1 B=$A` works. */
  #declareArgs({ pairs }: EnvInstruction, index: number): void {
    for (const { key, value } of pairs) {
      const lookup: Lookup = (name) => this.#lookup(name, index + 1);
      this.args.set(key, index, this.#argument(key, value, lookup));
    }
  }

  #argument(name: string, value: string | undefined, lookup: Lookup): Known {
    const { options, globals, escape: escapeWith } = this.#context;
    const passed = passedArgument(name, options);
    if (passed !== undefined) return passed;
    if (value !== undefined) return certain(expandWord(value, lookup, escapeWith));
    const global = globals.get(name);
    if (global !== undefined || globals.has(name)) return global;
    return options.allBuildArgs === true && !PLATFORM_ARGUMENTS.has(name) ? undefined : UNKNOWN;
  }

  readonly before = (index: number): StageScope => {
    const lookup: Lookup = (name) => this.#lookup(name, index);
    return {
      lookup,
      workdir: this.#workdirs[index],
      user: this.#users[index],
      shell: this.#shells[index] ?? DEFAULT_SHELL,
      expand: (text) => expandWord(text, lookup, this.#context.escape),
      environment: () => this.env.all(index),
      buildArguments: () => this.args.all(index),
    };
  };

  /**
   * ENV wins over ARG; an ARG without a value leaves what the image has. That an unknown image has a variable of the same
   * name as an argument is rare: the argument's value is taken.
   */
  #lookup(name: string, index: number): Known {
    const env = this.env.before(name, index);
    const arg = this.args.before(name, index);
    if (env !== undefined) return arg !== undefined && arg.at > env.at ? agreed(env.value, arg.value) : env.value;
    const image = this.#imageEnv.get(name);
    if (arg?.value !== undefined) return image === undefined ? arg.value : agreed(image, arg.value);
    if (image !== undefined) return image;
    return this.#openEnvironment ? UNKNOWN : undefined;
  }
}

/**
 * `ENV A=1` and then `ARG A=2`: the documentation lets ENV win (https://docs.docker.com/reference/dockerfile/#using-arg-variables),
 * `dispatchArg` of BuildKit as of August 2026 the later one. So the value is known only where both say the same.
 */
function agreed(env: string | typeof UNKNOWN, arg: Known): Known {
  return arg === undefined || arg === env ? env : UNKNOWN;
}

function certain(expansion: Expansion): string | typeof UNKNOWN {
  return expansion.unknown.length > 0 || expansion.problem !== undefined ? UNKNOWN : expansion.value;
}

function workdirAfter(instruction: Instruction, scope: StageScope): ImagePath | undefined {
  if (instruction.kind !== "workdir") return scope.workdir;
  const path = certain(scope.expand(instruction.value));
  if (path === UNKNOWN) return undefined;
  if (path.startsWith("/")) return imagePath(path);
  return scope.workdir === undefined ? undefined : imagePath(path, scope.workdir);
}

function userAfter(instruction: Instruction, scope: StageScope): string | undefined {
  if (instruction.kind !== "user") return scope.user;
  const user = certain(scope.expand(instruction.value));
  return user === UNKNOWN ? undefined : user;
}

function shellAfter(instruction: Instruction, scope: StageScope): readonly string[] {
  return instruction.kind === "shell" ? instruction.words : scope.shell;
}

function foldStage(stage: StageSyntax, earlier: readonly StageFold[], context: Context): StageFold {
  const base = baseOf(stage.from, earlier, context);
  const fold = new StageFold(stage, base, context);
  const parent = base.kind === "stage" ? earlier[base.index] : undefined;
  if (parent !== undefined) fold.startFromStage(parent);
  else if (base.kind === "image") fold.startFromImage(imageDefaults(base.reference, context.options));
  fold.run();
  return fold;
}

function imageDefaults(reference: Expansion, options: ScopeOptions): ImageDefaults | undefined {
  const name = certain(reference);
  if (name === UNKNOWN) return undefined;
  return name === "scratch" ? SCRATCH : options.baseImage?.(name);
}

/** A name that an earlier stage has is that stage, the last one of that name; compared without case. */
function baseOf(from: FromInstruction, earlier: readonly StageFold[], context: Context): ScopeBase {
  const lookup: Lookup = (name) => globalValue(name, context.globals);
  const reference = expandWord(from.image.text, lookup, context.escape);
  const name = reference.value.toLowerCase();
  const index = earlier.findLastIndex(({ stage }) => stage.from.name?.text.toLowerCase() === name);
  return index >= 0 && reference.unknown.length === 0 ? { kind: "stage", index } : { kind: "image", reference };
}

/**
 * Arguments that BuildKit sets by itself, for FROM lines and for stages that declare them; their values depend on the machine.
 * https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
const PLATFORM_ARGUMENTS: ReadonlySet<string> = new Set(
  ["BUILD", "TARGET"].flatMap((side) => ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].map((part) => side + part)),
);

function globalValue(name: string, globals: ReadonlyMap<string, Known>): Known {
  if (globals.has(name)) return globals.get(name);
  return PLATFORM_ARGUMENTS.has(name) || name === "TARGETSTAGE" ? UNKNOWN : undefined;
}

/** The arguments before the first FROM, expanded in order. */
function readGlobals(document: DockerfileDocument, options: ScopeOptions): ReadonlyMap<string, Known> {
  const globals = new Map<string, Known>();
  for (const instruction of document.preamble) {
    if (instruction.kind !== "arg") continue;
    for (const { key, value } of instruction.pairs) {
      const lookup: Lookup = (name) => globalValue(name, globals);
      globals.set(key, globalArgument(key, value, lookup, document.escape, options));
    }
  }
  return globals;
}

function globalArgument(
  name: string,
  value: string | undefined,
  lookup: Lookup,
  escapeWith: EscapeCharacter,
  options: ScopeOptions,
): Known {
  const passed = passedArgument(name, options);
  if (passed !== undefined) return passed;
  if (value !== undefined) return certain(expandWord(value, lookup, escapeWith));
  return options.allBuildArgs === true && !PLATFORM_ARGUMENTS.has(name) ? undefined : UNKNOWN;
}

function passedArgument(name: string, { buildArgs = {} }: ScopeOptions): string | typeof UNKNOWN | undefined {
  return Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
}

/** Proxy settings that `--build-arg` may pass without any ARG; RUN sees them, and no image or history keeps them. */
export const PREDEFINED_ARGUMENTS: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);
