/**
 * What has to hold for a change set that is offered, whatever the project:
 *
 *     build.sh      bash still reads it, and it calls no Dockerfile that is gone
 *     Makefile      make still reads it
 *     compose.yaml  it still is YAML
 *     Dockerfile    it parses without a problem
 *
 * A file that was broken before may stay so. Nothing of the project is run: `bash -n` only reads, and of a Makefile only the
 * skeleton goes to make, without recipes, included files and functions that run or write anything.
 */
import { spawnSync } from "node:child_process";
import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import { syntaxDiagnostics } from "../src/dockerfile/diagnose.ts";
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import { mentionsOf } from "../src/importers/builder-script/other-callers/mentions.ts";
import type { FileChange, Migration } from "../src/model/migration.ts";
import { hostPath, ROOT } from "../src/text/paths.ts";
import type { Range } from "../src/text/source.ts";

/** What is wrong with the files that a migration writes; empty where all is well. */
export function problemsOf(migration: Migration): readonly string[] {
  const dockerfiles = new Set(migration.outputs.map(({ dockerfile }) => dockerfile));
  const deleted = migration.changes.filter(({ action }) => action === "delete").map(({ path }) => path);
  return migration.changes.flatMap((change) => {
    if (change.after === undefined) return [];
    if (dockerfiles.has(change.path)) return dockerfileProblems(change.path, change.after);
    return [...readingProblems(change), ...goneCalls(change, deleted)];
  });
}

function dockerfileProblems(path: string, text: string): readonly string[] {
  const problems = syntaxDiagnostics(parseDockerfile({ path: hostPath(path) ?? ROOT, text }));
  return problems.map(({ message }) => `${path}: ${message}`);
}

/** Says what reads a file of this name and kind, and what it objects to. */
export function readerOf(path: string, text: string): ((text: string) => string | undefined) | undefined {
  if (/(?:^|\/)(?:GNUmakefile|[Mm]akefile)$|\.mk$/.test(path)) return makeProblem;
  if (/\.ya?ml$|\.json$/.test(path)) return dataProblem;
  if (/\.(?:sh|bash)$/.test(path) || /^#!.*\b(?:ba|da|k)?sh\b/.test(text.slice(0, 200))) return shellProblem;
  return undefined;
}

function readingProblems({ path, before = "", after = "" }: FileChange): readonly string[] {
  const read = readerOf(path, after);
  const problem = read?.(after);
  return problem === undefined || read?.(before) !== undefined ? [] : [`${path}: ${problem}`];
}

/** Old Dockerfiles that a file still names outside its comments. */
export function goneCalls({ path, after = "" }: FileChange, deleted: readonly string[]): readonly string[] {
  if (/\.(?:md|markdown|txt|rst)$|ignore$/i.test(path)) return [];
  return deleted.flatMap((gone) => {
    const called = mentionsOf(after, hostPath(posix.basename(gone)) ?? ROOT).filter(
      ({ comment, range }) => !comment && mayMean(path, writtenPath(after, range), gone),
    );
    return called.length === 0 ? [] : [`${path}: still names "${gone}", which is deleted`];
  });
}

/** The path that a text writes around a name, with what stands right before it. */
function writtenPath(text: string, { start, end }: Range): string {
  const [before = ""] = /[\w./${}()%-]*$/.exec(text.slice(Math.max(0, start - 200), start)) ?? [];
  return before + text.slice(start, end);
}

/** Whether a path in a file may be that of a deleted one: from the root, from the file's folder, or from one below. */
function mayMean(file: string, written: string, gone: string): boolean {
  // Many folders have a `Dockerfile`: by itself the name tells none of them.
  if (written === "Dockerfile") return gone === written;
  if (!written.includes("/") || /[${}()%]|^\//.test(written)) return true;
  const plain = posix.normalize(written).replace(/^(?:\.\.\/)+/, "");
  return plain === gone || gone.endsWith(`/${plain}`) || posix.join(posix.dirname(file), written) === gone;
}

function shellProblem(text: string): string | undefined {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8", env: {} });
  return status === 0 ? undefined : stderr.trim();
}

function dataProblem(text: string): string | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
  return Array.isArray(documents) ? documents.flatMap(({ errors }) => errors)[0]?.message : undefined;
}

function makeProblem(text: string): string | undefined {
  const input = `${makeSkeleton(text)}\n.PHONY: restage-reads-this\nrestage-reads-this: ;\n`;
  const { status, stderr } = spawnSync("make", ["-rRn", "-f", "-", "restage-reads-this"], {
    input,
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  return status === 0 ? undefined : stderr.trim();
}

/** A Makefile without anything that make could run, read or write: recipes, included files, and functions that do so. */
export function makeSkeleton(text: string): string {
  const kept: string[] = [];
  let continues = false;
  for (const line of text.split(/\r?\n/)) {
    const dropped: boolean =
      continues || /^ *(?:-?include|sinclude|-?load|override\s+SHELL|SHELL|MAKEFLAGS|\.RECIPEPREFIX)\b/.test(line);
    if (line.startsWith("\t")) kept.push("\t@:");
    else if (!dropped) kept.push(line.replace(/!=/g, ":="));
    continues = (dropped || line.startsWith("\t")) && /\\$/.test(line);
  }
  return withoutFunctions(kept.join("\n"));
}

const RUNS = /\$+[({](?:shell|file|guile|eval|call|foreach|wildcard)[\s,]/g;

function withoutFunctions(text: string): string {
  let rest = text;
  let out = "";
  for (let match = RUNS.exec(rest); match !== null; match = RUNS.exec(rest)) {
    out += rest.slice(0, match.index);
    rest = rest.slice(closingOf(rest, match.index + match[0].search(/[({]/)));
    RUNS.lastIndex = 0;
  }
  return out + rest;
}

/** The offset behind the bracket that closes the one at `open`; the text's end where none does. */
function closingOf(text: string, open: number): number {
  const [opens, closes] = text[open] === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === opens) depth += 1;
    if (text[at] === closes) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
