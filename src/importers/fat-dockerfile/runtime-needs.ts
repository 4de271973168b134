/**
 * What the image needs when it runs, followed from what starts:
 *
 *     CMD ["./run.sh"]          needs /app/run.sh, the shell of its `#!` line, and what its commands need
 *     run.sh: exec ./server     needs /app/server and the templates that its ecosystem finds
 *
 * Ecosystems say what their programs need; what none of them knows is found by path or by name.
 */
import { developmentServer } from "../../ecosystems/development-servers.ts";
import type {
  Artifact,
  DependencyTree,
  ResolvedCommand,
  RuntimeNeed,
  RuntimeRoot,
} from "../../ecosystems/ecosystem.ts";
import { executablesOf } from "../../ecosystems/os-packages/purposes.ts";
import { ECOSYSTEMS } from "../../ecosystems/registry.ts";
import { supervisedNeeds } from "../../ecosystems/supervisors/supervised.ts";
import type { Confidence } from "../../model/decision.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Span } from "../../text/source.ts";
import type { AbstractImage } from "./abstract-image.ts";
import type { ShellState } from "./commands.ts";
import { observedNeeds, unreadTrees, withAll } from "./observed-needs.ts";
import { offeredPrograms } from "./offered-programs.ts";
import { type ImageReading, interpret } from "./read-image.ts";
import {
  projectScript,
  type StartText,
  startTexts,
  type Unwrapped,
  unwrapForm,
  unwrapScript,
} from "./runtime-roots.ts";

type DependencyNeed = Extract<RuntimeNeed, { readonly kind: "dependencies" }>;
type PathNeed = Extract<RuntimeNeed, { readonly kind: "path" }>;

export interface RuntimeNeeds {
  /** All needs, for choosing a base. */
  readonly all: readonly RuntimeNeed[];
  readonly paths: readonly PathNeed[];
  readonly dependencies: readonly DependencyNeed[];
  readonly everything: readonly ImagePath[];
  /** Names to be found on PATH. */
  readonly executables: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
  readonly shell: boolean;
  /** Programs that the image starts by a path where nothing is known to stand. */
  readonly missing: readonly { readonly program: string; readonly span: Span }[];
  /** Files of the image that are started by their name alone, and so are found along PATH. */
  readonly byName: ReadonlySet<ImagePath>;
  /** Every command that is seen to run when the image does, but for its health check. */
  readonly started: readonly ResolvedCommand[];
  /** False when nothing says what the image runs. */
  readonly starts: boolean;
  /** Programs that are there for whoever starts the image, where it says nothing itself. */
  readonly offered: readonly Artifact[];
}

const MOST_ROOTS = 400;

/** Follows everything that starts when the image runs, and `more` that others start in it. */
export function readNeeds(reading: ImageReading, more: readonly StartText[] = []): RuntimeNeeds {
  const own = startTexts(reading);
  const texts = [...own, ...more];
  // What a CMD gives to an entrypoint script may be a program, or any other argument.
  const operands = own.some(({ origin }) => origin === "entrypoint")
    ? own.filter(({ origin }) => origin === "cmd").map(({ because }) => because.span)
    : [];
  const collector = new NeedCollector(reading, operands);
  for (const need of observedNeeds(reading)) collector.add(need);
  for (const text of texts) {
    if (text.form.form === "shell") collector.add(shellNeed("The command is in shell form.", text.because));
    collector.follow(unwrapForm(text.form, reading.state, text.because), text.origin, text.because);
  }
  const told = own.some((text) => text.origin !== "healthcheck");
  const offered = told ? [] : offeredPrograms(reading);
  for (const program of offered) collector.offer(program);
  const starts = told || offered.length > 0;
  if (reading.evidence.length === 0) return { ...collector.result(starts), offered };
  for (const need of unreadTrees(reading, collector.result(starts).dependencies)) collector.add(need);
  const needs = collector.result(starts);
  return { ...needs, offered, dependencies: needs.dependencies.map((need) => withAll(need, reading)) };
}

/** Whether a command that somebody else starts in the image compiles its sources, or watches them. */
export function worksOnSources(command: string, reading: ImageReading): boolean {
  const collector = new NeedCollector(reading, []);
  const because = provenance(reading.document.source, reading.stage.from.range);
  collector.follow(unwrapScript(command, reading.state, because), "cmd", because);
  return collector
    .result(true)
    .all.some((need) => need.kind === "everything" && (need.developmentServer ?? need.worksOnSources) !== undefined);
}

function shellNeed(reason: string, because: Provenance): RuntimeNeed {
  return { kind: "shell", reason, confidence: "certain", because: [because] };
}

class NeedCollector {
  readonly #needs: RuntimeNeed[] = [];
  readonly #seen = new Set<string>();
  readonly #started: ResolvedCommand[] = [];
  readonly #byName = new Set<ImagePath>();
  readonly #missing: { readonly program: string; readonly span: Span }[] = [];
  /** Places of words that need not be programs. */
  readonly #operands: readonly Span[];
  readonly #reading: ImageReading;
  readonly #image: AbstractImage;

  constructor(reading: ImageReading, operands: readonly Span[]) {
    this.#operands = operands;
    this.#reading = reading;
    this.#image = reading.image;
  }

  add(need: RuntimeNeed): void {
    this.#needs.push(need);
  }

  /** A program for whoever starts the image, beside the shell that the old image starts by itself. */
  offer({ path, because }: Artifact): void {
    const { workdir, environment } = this.#reading.state;
    const argv = [{ text: path, known: true, glob: false }];
    this.add(shellNeed("The image starts a shell, as it says nothing else.", because));
    this.#byName.add(path);
    this.#followCommand({ origin: "cmd", command: { name: baseName(path), argv, workdir, environment, because } });
  }

  follow(unwrapped: Unwrapped, origin: RuntimeRoot["origin"], because: Provenance): void {
    if (unwrapped.shell) this.add(shellNeed("A shell starts it.", because));
    if (unwrapped.unread === true) this.#unread(because);
    for (const wrapper of unwrapped.wrappers)
      this.#executable(wrapper.text, this.#reading.state, "certain", `"${wrapper.text}" starts the program.`, because);
    for (const command of unwrapped.commands) this.#followCommand({ origin, command });
  }

  /** What a text starts that cannot be read may need all that the image holds of the project. */
  #unread(because: Provenance): void {
    const { workdir } = this.#reading.state;
    const reason = "What starts cannot be read, so all that it may need stays.";
    this.add({ kind: "everything", directory: workdir, reason, confidence: "likely", because: [because] });
  }

  #executable(name: string, state: ShellState, confidence: Confidence, reason: string, because: Provenance): void {
    const path = this.#image.which(name, state.workdir, state.environment);
    if (path !== undefined && this.#image.kindOf(path) !== undefined) {
      if (!name.includes("/")) this.#byName.add(path);
      this.add({ kind: "path", path, reason, confidence, because: [because] });
      this.#followFile(path, [], state, because);
    } else if (path !== undefined && name.includes("/") && this.#image.tree.isBelowTouched(path)) {
      // A build wrote there without saying what.
      this.add({ kind: "path", path, reason, confidence, because: [because] });
    } else {
      const absent = path !== undefined && (name.includes("/") ? this.#isAbsent(path, name) : this.#isMissing(path));
      if (absent && confidence === "certain") this.#missing.push({ program: name, span: because.span });
      this.add({ kind: "executable", name: baseName(name), reason, confidence, because: [because] });
    }
  }

  /** A script of the working directory, which an official image keeps none in. */
  #isAbsent(path: ImagePath, written: string): boolean {
    if (this.#image.kindOf(path) !== undefined || this.#image.tree.isBelowTouched(path)) return false;
    return this.#isMissing(path) || (!written.startsWith("/") && this.#image.base.known);
  }

  /** Base images keep their programs among the system's own, and so do packages, but for s6-overlay's `/init`. */
  #isMissing(path: ImagePath): boolean {
    if (this.#image.packages.some((name) => executablesOf(name).includes(baseName(path)))) return false;
    return (
      !/^\/(?:usr(?!\/src\/)|bin|sbin|lib|opt|etc|docker-entrypoint)\b/.test(path) &&
      !this.#image.tree.isBelowTouched(path)
    );
  }

  #followCommand(root: RuntimeRoot): void {
    const { command } = root;
    const key = `${command.workdir} ${command.argv.map((field) => field.text).join("\u0001")}`;
    if (this.#seen.has(key) || this.#seen.size > MOST_ROOTS) return;
    this.#seen.add(key);
    this.#argumentPaths(command);
    this.#noteName(command);
    this.#followOperand(command);
    if (root.origin !== "healthcheck") {
      this.#started.push(command);
      this.#developmentServer(command);
    }
    for (const need of supervisedNeeds(command, this.#image)) this.#take(need, command);
    if (this.#fromEcosystems(root)) return;
    if (root.origin === "script" && isHarmless(command, this.#image)) return;
    const [first] = command.argv;
    if (first === undefined || !first.known) return;
    const state = stateOf(command);
    const path = this.#image.which(first.text, command.workdir, command.environment);
    if (path !== undefined && this.#image.read(path) !== undefined) {
      this.add({
        kind: "path",
        path,
        reason: `The image starts "${path}".`,
        confidence: "certain",
        because: [command.because],
      });
      this.#followFile(
        path,
        command.argv.slice(1).map((field) => field.text),
        state,
        command.because,
      );
    } else this.#executable(first.text, state, "certain", `The image starts "${first.text}".`, command.because);
  }

  #developmentServer(command: ResolvedCommand): void {
    const words = developmentServer(command);
    // A program of the project may be called like one.
    const path = this.#image.which(command.argv[0]?.text ?? "", command.workdir, command.environment);
    const own = this.#image.artifacts.some((artifact) => artifact.path === path && artifact.source !== undefined);
    if (words === undefined || own) return;
    const reason = `"${words}" is for development: it works on the sources when it runs.`;
    const { workdir: directory, because } = command;
    const frame = { reason, confidence: "certain", because: [because] } as const;
    this.add({ kind: "everything", directory, developmentServer: words, ...frame });
  }

  /** `sh entrypoint.sh`, `. ./settings.sh`: the commands of a script that a shell is given as a file. */
  #followOperand(command: ResolvedCommand): void {
    const operand = /^(?:(?:ba|da|a|z|k)?sh|source|\.)$/.test(command.name)
      ? command.argv.slice(1).find((field) => !/^[-+]/.test(field.text))
      : undefined;
    if (operand === undefined || !operand.known || command.argv.some((field) => /^-\w*c$/.test(field.text))) return;
    const path = imagePath(operand.text, command.workdir);
    const text = this.#image.read(path);
    if (command.name !== "." && command.name !== "source" && this.#isAbsent(path, operand.text))
      this.#missing.push({ program: operand.text, span: command.because.span });
    if (text === undefined || this.#seen.has(`file ${path}`)) return;
    this.#seen.add(`file ${path}`);
    this.follow(
      unwrapScript(projectScript(this.#image.project, text), stateOf(command), command.because),
      "script",
      command.because,
    );
  }

  #noteName(command: ResolvedCommand): void {
    const [first] = command.argv;
    if (first === undefined || !first.known || first.text.includes("/")) return;
    const path = this.#image.which(first.text, command.workdir, command.environment);
    if (path !== undefined) this.#byName.add(path);
  }

  #fromEcosystems(root: RuntimeRoot): boolean {
    for (const ecosystem of ECOSYSTEMS) {
      const needs = ecosystem.needs(root, this.#image);
      if (needs === undefined) continue;
      for (const need of needs) this.#take(need, root.command);
      return true;
    }
    return false;
  }

  #take(need: RuntimeNeed, command: ResolvedCommand): void {
    if (need.kind === "runs") {
      const state = { workdir: need.workdir, environment: need.environment ?? command.environment };
      this.follow(unwrapScript(need.script, state, need.because[0] ?? command.because), "script", command.because);
    } else if (need.kind === "executable") {
      this.#executable(need.name, stateOf(command), need.confidence, need.reason, command.because);
    } else {
      if (need.kind === "path" && need.confidence === "certain" && this.#isUnmade(need.path))
        this.#missing.push({ program: need.path, span: command.because.span });
      this.add(need);
    }
  }

  /** Nothing of the context stands there, and no command is known to write there. */
  #isUnmade(path: ImagePath): boolean {
    const { tree } = this.#image;
    return tree.kindOf(path) === undefined && tree.writtenAbove(path) === undefined && this.#isMissing(path);
  }

  /** A script of the project: its interpreter, and for a shell script its commands. */
  #followFile(path: ImagePath, rest: readonly string[], state: ShellState, because: Provenance): void {
    const text = this.#image.read(path);
    const shebang = /^#!\s*(\S+)[ \t]*(.*)/.exec(text ?? "");
    if (text === undefined || shebang === null || this.#seen.has(`file ${path}`)) return;
    this.#seen.add(`file ${path}`);
    const words = [shebang[1] ?? "", ...(shebang[2] ?? "").split(/\s+/).filter((word) => word !== "" && word !== "-S")];
    // s6-overlay's `#!/command/with-contenv bash` starts Bash with the container's environment.
    const starter = words.findIndex((word) => !/^(?:env|with-contenv)$/.test(baseName(word)));
    const interpreter = baseName(words[starter] ?? "");
    if (/^(?:ba|da|a|z|k)?sh$/.test(interpreter)) {
      this.add(shellNeed(`"${path}" is a shell script.`, because));
      if (interpreter !== "sh")
        this.#executable(interpreter, state, "certain", `"${path}" is written for it.`, because);
      this.follow(unwrapScript(projectScript(this.#image.project, text), state, because), "script", because);
    } else {
      const argv = [interpreter, path, ...rest].map((word) => ({ text: word, known: true, glob: false }));
      const { workdir, environment } = state;
      this.#followCommand({ origin: "script", command: { name: interpreter, argv, workdir, environment, because } });
    }
  }

  /** Arguments that name files which the image holds: `--config config.yml`, `-c=/etc/app.conf`. */
  #argumentPaths(command: ResolvedCommand): void {
    for (const field of command.argv.slice(1)) {
      const value = /^--?[\w-]+=(.+)$/.exec(field.text)?.[1] ?? field.text;
      if (!field.known || value.startsWith("-") || value.includes("://")) continue;
      const path = imagePath(value, command.workdir);
      if (path === "/" || path === command.workdir || this.#image.kindOf(path) === undefined) continue;
      const reason = `"${value}" is an argument of what the image starts.`;
      this.add({ kind: "path", path, reason, confidence: "likely", because: [command.because] });
    }
  }

  result(starts: boolean): RuntimeNeeds {
    const needs = this.#needs;
    const pick = <Kind extends RuntimeNeed["kind"]>(kind: Kind): readonly Extract<RuntimeNeed, { kind: Kind }>[] =>
      needs.filter((need): need is Extract<RuntimeNeed, { kind: Kind }> => need.kind === kind);
    return {
      all: needs,
      paths: uniquePaths(pick("path")),
      dependencies: uniqueTrees(pick("dependencies")),
      everything: [...new Set(pick("everything").map((need) => need.directory))],
      executables: new Set(pick("executable").map((need) => need.name)),
      packages: new Set(pick("package").map((need) => need.name)),
      shell: pick("shell").length > 0,
      missing: this.#missing.filter(({ span }) => !this.#operands.some((one) => one.start === span.start)),
      byName: this.#byName,
      started: this.#started,
      starts,
      offered: [],
    };
  }
}

function stateOf(command: ResolvedCommand): ShellState {
  return {
    workdir: command.workdir,
    environment: command.environment,
    ...(command.user === undefined ? {} : { user: command.user }),
  };
}

/** Commands of an entrypoint script that only every system has, or that are the shell's own. */
function isHarmless(command: ResolvedCommand, image: AbstractImage): boolean {
  if (/^(?:\[\[?|:|\.|source|if|then|fi|return|function|cd|exit)$/.test(command.name) || command.name === "")
    return true;
  const effects = interpret(command, image);
  const fetches = ["curl", "wget", "git", "tar", "unzip", "jq", "envsubst", "find", "gpg"].includes(command.name);
  return (
    !fetches &&
    effects.every((effect) => ["nothing", "writes", "removes", "copies", "attributes", "user"].includes(effect.kind))
  );
}

const RANK: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, guess: 2 };

/** One need for each path, the surest. */
function uniquePaths(needs: readonly PathNeed[]): readonly PathNeed[] {
  const best = new Map<ImagePath, PathNeed>();
  for (const need of needs) {
    const known = best.get(need.path);
    if (known === undefined || RANK[need.confidence] < RANK[known.confidence]) best.set(need.path, need);
  }
  return [...best.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function uniqueTrees(needs: readonly DependencyNeed[]): readonly DependencyNeed[] {
  const seen = new Map<DependencyTree["directory"], DependencyNeed>();
  for (const need of needs) {
    const known = seen.get(need.tree.directory);
    // Two programs share the libraries: only what serves both is a choice.
    const fewer = known === undefined || need.choices.length < known.choices.length;
    if (fewer) seen.set(need.tree.directory, need);
  }
  return [...seen.values()];
}
