/**
 * Puts a patch into the file that `--patch` names.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Migration } from "../model/migration.ts";
import { errorCode } from "../project/read.ts";
import { explainedPatch, PATCH_START, PATCH_WIDTH } from "./explained-patch.ts";

/** `given` is seen from `cwd`. Where nothing changes no file is made: an empty patch is an error to git. */
export function savePatch(cwd: string, given: string, migrations: readonly Migration[]): readonly Diagnostic[] {
  const changing = migrations.filter(({ changes }) => changes.length > 0);
  if (changing.length === 0) return [];
  const file = resolve(cwd, given);
  try {
    if (!mayReplace(file)) return [diagnostic("patch-not-replaced", { path: given })];
    writeFileSync(file, explainedPatch(changing, { color: false, safe: false, width: PATCH_WIDTH }));
    return [];
  } catch (error) {
    const code = errorCode(error);
    if (code === "") throw error;
    return [diagnostic("write-denied", { path: given, detail: code })];
  }
}

/**
 * `--patch Dockerfile` is a slip of the hand: only what is not there, is empty or is a patch is written over. What is no regular
 * file (a pipe that nobody reads) is left alone without opening it.
 */
function mayReplace(file: string): boolean {
  try {
    const stats = statSync(file);
    if (!stats.isFile() && !stats.isDirectory()) return false;
    const text = readFileSync(file, "utf8");
    return text === "" || text.startsWith(PATCH_START) || text.startsWith("diff --git ");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return true;
    throw error;
  }
}
