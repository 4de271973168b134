/**
 * A shell script as a driver: one entry, started in a directory that its commands tell.
 *
 *     docker build -f Dockerfile.build -t app:build .
 */
import { parseShell } from "../shell/parse.ts";
import type { SourceFile } from "../text/source.ts";
import type { Driver } from "./driver.ts";

export function shellScript(source: SourceFile): Driver {
  const { statements, problems } = parseShell(source.text);
  return { source, entries: [{ name: "", units: [{ source, statements, problems }] }], runs: true };
}
