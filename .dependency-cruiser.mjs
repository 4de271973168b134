/**
 * Which folder may import which, and why. Folders show the pipeline:
 *
 *     text, diagnostics  <-  dockerfile, shell  <-  model  <-  ecosystems, drivers  <-  importers | synth  <-  migrate  <-  cli
 *
 * Importers and synth never meet but in `model`. Between reading a project and writing the result everything is a pure function.
 */

/** Node modules through which a function could see or change the world, or answer differently the next time. */
const IMPURE =
  "^(node:)?(fs|fs/promises|child_process|net|http|https|http2|dgram|dns|tls|os|crypto|worker_threads|cluster|timers|timers/promises|process|readline|tty)$";
/** Folders that are named for touching the world. */
const WORLDLY = "^src/(project|engine|batch|review|cli)/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    rule(
      "no-cycles",
      "A cycle means that two files are one idea in two places, or that a contract sits too high.",
      {},
      { circular: true },
    ),
    rule(
      "no-orphans",
      "A file that nothing imports is dead or was forgotten in a registry.",
      { orphan: true, pathNot: "^src/(index|cli/main)\\.ts$" },
      {},
    ),
    rule(
      "nothing-unresolved",
      "An import that does not resolve fails for the user, not for us.",
      {},
      { couldNotResolve: true },
    ),
    rule(
      "only-declared-packages",
      "The published package installs `dependencies` only.",
      { path: "^src/" },
      { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    ),
    rule(
      "text-below-all",
      "Paths, spans and edits know nothing of Docker, so that everything may use them.",
      { path: "^src/text/" },
      { path: "^src/", pathNot: "^src/text/" },
    ),
    rule(
      "diagnostics-below-all",
      "Every phase reports; a catalog that imported a phase would tie all phases together.",
      { path: "^src/diagnostics/" },
      { path: "^src/", pathNot: "^src/(diagnostics|text)/" },
    ),
    rule(
      "dockerfile-is-syntax",
      "The Dockerfile parser can be tested against BuildKit's own cases only while it knows no meaning.",
      { path: "^src/dockerfile/" },
      { path: "^src/", pathNot: "^src/(dockerfile|diagnostics|text)/" },
    ),
    rule(
      "shell-is-syntax",
      "The shell reader serves scripts, RUN lines and package scripts alike only while it knows no model.",
      { path: "^src/shell/" },
      { path: "^src/", pathNot: "^src/(shell|diagnostics|text)/" },
    ),
    rule(
      "unbash-behind-one-file",
      "The shell parser is pinned and has traps: one file knows them, and can change the library.",
      { path: "^src/", pathNot: "^src/shell/grammar\\.ts$" },
      { path: "node_modules/unbash/" },
    ),
    rule(
      "model-below-phases",
      "The model is what the phases agree on; it must not depend on one of them.",
      { path: "^src/model/" },
      { path: "^src/", pathNot: "^src/(model|dockerfile|shell|diagnostics|text)/" },
    ),
    rule(
      "ecosystems-serve-importers",
      "Knowledge of a toolchain is asked for by importers, and asks nobody who imports or writes.",
      { path: "^src/ecosystems/" },
      { path: "^src/(importers|synth|project|engine|verify|batch|review|cli|migrate|index)" },
    ),
    rule(
      "drivers-find-commands",
      "A reader of Makefiles or CI files finds commands and their places; what they do is for the importer that runs them.",
      { path: "^src/drivers/" },
      { path: "^src/", pathNot: "^src/(drivers|model|shell|diagnostics|text)/" },
    ),
    rule(
      "importers-apart",
      "An importer that used another could not be understood, tested or removed alone.",
      { path: "^src/importers/([^/]+)/" },
      { path: "^src/importers/([^/]+)/", pathNot: "^src/importers/$1/" },
    ),
    rule(
      "importers-do-not-write",
      "Importers say what the result holds, synth says how it looks; they meet in the model.",
      { path: "^src/importers/" },
      { path: "^src/(synth|engine|verify|batch|review|cli|migrate|index)" },
    ),
    rule(
      "synth-does-not-read-setups",
      "Synth works from the plan alone, so that every importer gets the same output.",
      { path: "^src/synth/" },
      { path: "^src/(importers|ecosystems|project|engine|verify|batch|review|cli|migrate|index)" },
    ),
    rule(
      "engine-knows-no-plans",
      "Only this folder talks to an engine; what is built and what it means is for those who ask.",
      { path: "^src/engine/" },
      { path: "^src/", pathNot: "^src/(engine|model|text)/" },
    ),
    rule(
      "nothing-imports-the-command-line",
      "The library must not drag in argument parsing and terminal output.",
      { path: "^src/", pathNot: "^src/cli/" },
      { path: "^src/cli/" },
    ),
    rule(
      "pure-core",
      "Files, processes, network, clock and randomness stay in the folders that are named for them, so that a run can be repeated and tested in memory.",
      { path: "^src/", pathNot: WORLDLY },
      { path: IMPURE },
    ),
    rule(
      "migrate-is-pure",
      "The heart of the library reaches no file system through any import.",
      { path: "^src/migrate\\.ts$" },
      { path: IMPURE, reachable: true },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
