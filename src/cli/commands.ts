/**
 * Every command with its options, as data: arguments.ts reads command lines by it, help.ts writes help and completion from it.
 */

export interface OptionRow {
  readonly name: string;
  /** One letter or digit for it. */
  readonly short?: string;
  /** A `value` must be given with the option, once. */
  readonly kind: "flag" | "value";
  readonly describe: string;
}

export interface CommandRow {
  readonly name: string;
  readonly describe: string;
  /** `dir`: one directory at most; `dirs`: any number; `input` and `run`: exactly one. */
  readonly operands: "dir" | "dirs" | "none" | "input" | "run";
  readonly options: readonly OptionRow[];
  readonly examples: readonly (readonly [line: string, describe: string])[];
}

const JSON_OPTION: OptionRow = { name: "json", kind: "flag", describe: "print one JSON document instead" };

const SETUP_OPTIONS: readonly OptionRow[] = [
  { name: "dockerfile", kind: "value", describe: "only the build of this Dockerfile" },
  { name: "script", kind: "value", describe: "only the build that this script runs" },
  { name: "answers", kind: "value", describe: "a YAML file with answers to decisions" },
  { name: "smallest", kind: "flag", describe: "where no answer is given, take the option with the smallest image" },
];

const NETWORK_OPTIONS: readonly OptionRow[] = [
  { name: "build-network", kind: "value", describe: "network of builds: default, host or none" },
  { name: "run-network", kind: "value", describe: "network of containers: default, host or none" },
];

export const COMMANDS = [
  {
    name: "completion",
    describe: "print a script that completes commands and options in bash or zsh",
    operands: "none",
    options: [],
    examples: [["completion >> ~/.bashrc", "complete in each new shell"]],
  },
  {
    name: "explain",
    describe: "show each line of the result with the reason why it is there",
    operands: "dir",
    options: [
      { name: "markdown", kind: "flag", describe: "print the text of a pull request instead" },
      ...SETUP_OPTIONS,
    ],
    examples: [
      ["explain shop", "explain what would change in shop"],
      ["explain --dockerfile Dockerfile", "explain the result for one file"],
      ["explain --markdown > body.md", "what, why, the stages as a graph, and how to undo"],
    ],
  },
  {
    name: "migrate",
    describe: "print, or write, the migration as an explained diff",
    operands: "dir",
    options: [
      { name: "write", kind: "flag", describe: "change the files, all or none" },
      { name: "force", kind: "flag", describe: "write files with uncommitted changes too" },
      { name: "patch", kind: "value", describe: "put the patch into this file; - is the standard output" },
      JSON_OPTION,
      { name: "check", kind: "flag", describe: "exit with 1 when there is something to migrate" },
      {
        name: "observe",
        kind: "flag",
        describe: "build and run the old images first, to be certain of what they need",
      },
      { name: "yes", kind: "flag", describe: "with --observe: do not ask before building and running" },
      ...NETWORK_OPTIONS,
      ...SETUP_OPTIONS,
    ],
    examples: [
      ["migrate | git apply", "apply it with git, at a repository's top"],
      ["migrate --write", "apply it without git"],
      ["migrate --script build.sh", "only the build that build.sh runs"],
      ["migrate --answers ci.yml", "with the decisions that ci.yml makes"],
      ["migrate --check", "for CI: fails while a build is left"],
      ["migrate --observe", "with an engine: sure of libraries and packages"],
      ["migrate --json", "for programs; see schema/migration.v1.json"],
    ],
  },
  {
    name: "batch",
    describe: "migrate many repositories into a directory, to be looked at; changes none of them",
    operands: "input",
    options: [
      { name: "out", kind: "value", describe: "the directory of the run: empty, or not there yet" },
      {
        name: "null",
        short: "0",
        kind: "flag",
        describe: "paths of the list end at NUL bytes, as find -print0 writes them",
      },
      { name: "answers", kind: "value", describe: "a YAML file with answers to decisions" },
      { name: "smallest", kind: "flag", describe: "where no answer is given, take the option with the smallest image" },
      { name: "json", kind: "flag", describe: "print a JSON document for each repository, one in a line" },
    ],
    examples: [
      ["batch repos.txt --out run", "the repositories that repos.txt names, a path in each line"],
      ["batch . --out ../run", "this repository alone"],
    ],
  },
  {
    name: "review",
    describe: "put a run of batch into a page for reviewers",
    operands: "run",
    options: [{ name: "html", kind: "value", describe: "the file of the page" }],
    examples: [["review run --html report.html", "one page without scripts, to be opened or sent"]],
  },
  {
    name: "scan",
    describe: "list the builds that are there, and what they would gain",
    operands: "dirs",
    options: [JSON_OPTION],
    examples: [
      ["scan", "this directory"],
      ["scan repos/*", "look through many projects"],
    ],
  },
  {
    name: "undo",
    describe: "restore what was last written, byte for byte",
    operands: "dir",
    options: [],
    examples: [
      ["undo", "take the last migrate --write back"],
      ["undo shop", "the same in shop"],
    ],
  },
  {
    name: "verify",
    describe: "build before and after with a container engine, compare them, and run both",
    operands: "dir",
    options: [
      { name: "yes", kind: "flag", describe: "do not ask before building and running" },
      { name: "repair", kind: "flag", describe: "learn from what fails, and try again, at most five times" },
      { name: "write", kind: "flag", describe: "with --repair: apply the plan once it is verified" },
      { name: "run-script", kind: "flag", describe: "run the real script for the old images, in a scratch copy" },
      ...NETWORK_OPTIONS,
      { name: "before", kind: "value", describe: "the old state: a commit, branch or tag of git" },
      { name: "after", kind: "value", describe: "the new state: a directory that holds the migrated project" },
      { name: "budget", kind: "value", describe: "fail when the new image is larger: 120MB, or 60% of the old one" },
      { name: "port", kind: "value", describe: "the port to ask, instead of those that are found open" },
      { name: "request", kind: "value", describe: "the path to ask for over HTTP" },
      { name: "timeout", kind: "value", describe: "most seconds for one build (default: 1800)" },
      { name: "cached", kind: "flag", describe: "build with the engine's cache, and measure no build times" },
      { name: "html", kind: "value", describe: "also put a report into this HTML file" },
      {
        name: "prune",
        kind: "flag",
        describe: "remove what interrupted verifications left in the engine, and do nothing else",
      },
      JSON_OPTION,
      ...SETUP_OPTIONS,
    ],
    examples: [
      ["verify", "say what would be built and run, and ask"],
      ["verify --yes --json", "for CI; exit code 0 only when everything is equal and works"],
      ["verify --repair --write", "repair what is missing, and apply the repaired plan"],
      ["verify --before HEAD~1", "after a migration was committed"],
      ["verify --budget 50%", "fail unless the new image is half as large at most"],
      ["verify --prune", "find and remove leftovers of earlier runs"],
    ],
  },
] as const satisfies readonly CommandRow[];

export type CommandName = (typeof COMMANDS)[number]["name"];
