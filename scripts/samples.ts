/**
 * The samples as data. A sample is a folder:
 *
 *     samples/script-go/README.md      what is legacy, what changes and why
 *                      /before/        a small, complete project that really builds
 *                      /after/         what restage makes of it: changed files, changes.diff, migration.json
 *                      /sample.json    how to build and start it, and what it answers
 *
 * What is not decided here: whether a golden is right. Read the diff when it changes.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { toDocument } from "../src/model/json.ts";
import type { FileChange, Migration } from "../src/model/migration.ts";
import type { FailureCause, VerificationVerdict } from "../src/model/verification.ts";

/** What a started image does: prints and ends, or answers a request. */
export type Behaviour =
  | { readonly stdout: string }
  | {
      readonly port: number;
      readonly path: string;
      readonly status: number;
      /** The whole answer, or a part of it. */
      readonly body?: string;
      readonly contains?: string;
    };

/** `sample.json`. `after` is absent where nothing is written, `before` where only engines of another system could build it. */
export interface SampleFacts {
  readonly build: { readonly before?: string; readonly after?: string };
  readonly image: string;
  /** The ecosystem whose build a fat Dockerfile shows. */
  readonly ecosystem?: string;
  readonly run: Behaviour;
  /** What `restage verify` says of it, where that is not "verified" or takes more than one plan. */
  readonly verify?: {
    readonly verdict?: VerificationVerdict;
    /** Causes that a first run shows and a repair takes away; the plan without an engine is known not to work. */
    readonly repairs?: readonly FailureCause["kind"][];
    /** The new image's share of the old one's size, at most. */
    readonly share?: number;
  };
}

/** A file as git knows it. */
export interface TreeFile {
  readonly text: string;
  readonly mode: "100644" | "100755";
}

/** Files by their path. */
export type FileTree = Readonly<Record<string, TreeFile>>;

export interface Sample {
  readonly name: string;
  readonly directory: string;
  readonly facts: SampleFacts;
}

/** Every sample below `samples`, by name. */
export function readSamples(samples: string = resolve("samples")): readonly Sample[] {
  const folders = readdirSync(samples).filter((name) => statSync(join(samples, name)).isDirectory());
  return folders.sort().map((name) => {
    const directory = join(samples, name);
    return { name, directory, facts: JSON.parse(readFileSync(join(directory, "sample.json"), "utf8")) as SampleFacts };
  });
}

/** The files below a folder: path and text with mode, sorted by path. */
export function readTree(folder: string): FileTree {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileEntry(join(folder, path))]));
}

function readFileEntry(path: string): TreeFile {
  const executable = (statSync(path).mode & 0o100) !== 0;
  return { text: readFileSync(path, "utf8"), mode: executable ? "100755" : "100644" };
}

/** What the command line says of a refused sample stands beside its golden. */
export const TERMINAL = "terminal.txt";

/** The files of a sample's `after` folder, made from its migrations. */
export function goldenFiles(migrations: readonly Migration[]): FileTree {
  const plain = (text: string): TreeFile => ({ text, mode: "100644" });
  return {
    ...applyChanges(
      {},
      migrations.flatMap((migration) => migration.changes),
    ),
    "changes.diff": plain(migrations.map((migration) => migration.diff).join("")),
    "migration.json": plain(
      `${JSON.stringify(toDocument({ migrations, diagnostics: [] }, "").migrations, undefined, 2)}\n`,
    ),
  };
}

/** A project's files with a change set applied. */
export function applyChanges<File>(
  tree: Readonly<Record<string, File>>,
  changes: readonly FileChange[],
): Readonly<Record<string, File | TreeFile>> {
  const gone = new Set(changes.filter((change) => change.after === undefined).map((change) => change.path));
  const kept = Object.entries(tree).filter(([path]) => !gone.has(path));
  const written = changes.flatMap((change) =>
    change.after === undefined ? [] : [[change.path, { text: change.after, mode: change.mode }] as const],
  );
  return Object.fromEntries<File | TreeFile>([...kept, ...written]);
}
