/**
 * What a split project runs, before a driver puts it into its own syntax:
 *
 *     variables   FINAL_IMAGE=example/final
 *     steps       docker build -t part0 .  ·  docker create --name extract0 part0  ·  docker cp extract0:/out/app00 .
 *
 * Lines are plain shell; what a driver can't say (a function in a Makefile) it has to refuse by its abilities.
 */
import type { GeneratedStage, MadePath } from "./graph.ts";

/** What a driver must be able to say for an idiom. `shell` stands for POSIX words beyond plain calls of docker and mkdir. */
export type Ability = "shell" | "bash" | "functions";

export interface Variable {
  readonly name: string;
  readonly value: string;
  /** Whether the environment may set it: `NAME=${NAME:-value}`. */
  readonly defaulted: boolean;
}

/** Lines that belong together; they share a shell where a variable or the directory has to last. */
export interface Step {
  readonly title: string;
  readonly lines: readonly string[];
  /** Host paths that the lines make, and what they need. */
  readonly makes: readonly string[];
}

export interface Script {
  readonly variables: readonly Variable[];
  readonly functions: readonly string[];
  readonly steps: readonly Step[];
  /** Host paths and containers that may be removed in the end. */
  readonly leftovers: readonly string[];
  readonly header: string;
  readonly comments: boolean;
  /** Whether lines of a step are joined by `&&`. */
  readonly joined: boolean;
}

/** An artifact on its way: where it has to stand on the host when the next build looks for it. Paths count from the project's root. */
export interface Take {
  readonly id: string;
  readonly artifact: MadePath;
  /** The directory whose build needs it. */
  readonly context: string;
  /** Where the container hands it over; `Between` brings it on from there. */
  readonly lands: string;
  /** A number that picks among equal ways to say the same. */
  readonly style: number;
}

/** A stage whose artifacts are taken out of its image. */
export interface Job {
  readonly id: string;
  readonly stage: GeneratedStage;
  /** The word for the image in the script. */
  readonly image: string;
  readonly takes: readonly Take[];
  /** The value of every build argument. */
  readonly argumentValue: string;
}

/** How the builder's Dockerfile differs from the stage of the graph. */
export interface BuilderChange {
  /** What the container runs and RUN does not any more. */
  readonly withoutRuns?: boolean;
  readonly withoutArgs?: boolean;
  /** Sources that are mounted and not copied any more. */
  readonly withoutCopies?: boolean;
  /** Lines after everything else. */
  readonly ends?: readonly string[];
}

export interface Emission {
  readonly lines: readonly string[];
  /** Where the takes stand now, when not where they should land. */
  readonly lands?: readonly string[];
  readonly functions?: readonly string[];
  readonly builder?: BuilderChange;
  /** ADD unpacks what was handed over: the takes are archives of directories. */
  readonly archived?: boolean;
  /** Containers that are left. */
  readonly leftovers?: readonly string[];
}

/** One way to hand artifacts over. */
export interface ExtractionIdiom {
  readonly name: string;
  readonly needs: readonly Ability[];
  readonly applies: (job: Job) => boolean;
  readonly emit: (job: Job) => Emission;
}

export const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("there is nothing to pick from");
  return value;
};

/** A word in single quotes. The generated texts hold none. */
export const quoted = (text: string): string => `'${text}'`;

export const exec = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
