/**
 * Imports a script that builds one image, takes files out of it, and builds a second one around them.
 *
 *     docker build -f Dockerfile.build -t app:build .
 *     docker create --name x app:build
 *     docker cp x:/app/dist ./dist                      one Dockerfile with the stages "builder" and "production",
 *     docker rm -f x                                    and a script with the last line alone
 *     docker build -f Dockerfile.prod -t app .
 *
 * The script is read, never run. `undefined`: it is no such setup. What is left alone: containers that are run to compile, bind
 * mounts, `docker run … > file`, and contexts on standard input, all of which are refused by name.
 */
import { driverReader, readDriver } from "../../drivers/registry.ts";
import type { Answers } from "../../model/decision.ts";
import type { Aside, ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { importDriver } from "./import-driver.ts";

/** Words that every such script has; saves the walk over all others. */
const LIKELY =
  /\b(?:build|bud)\b[\s\S]*\b(?:build|bud|cp|run|create|export)\b|\b(?:cp|run|create|export)\b[\s\S]*\b(?:build|bud)\b/;

/** A script that may call an engine in a way that is not followed, which is then said. */
const CALLS_ENGINE = /\b(?:docker|podman|nerdctl|buildah|kaniko|buildctl)\b/i;

/** A script that may call others, which then do it. */
const CALLS = /\.(?:sh|bash)\b|^\s*(?:\.|source|exec|sh|bash)\s|^\s*"?[\w${}./-]*\//m;

export function importBuilderScript(
  files: ProjectFiles,
  path: HostPath,
  options: { readonly answers: Answers; readonly companions?: readonly HostPath[] },
): ImportResult | Aside | undefined {
  const read = files.read(path);
  // Files of other kinds may have their commands in files that they include.
  const likely =
    read.ok &&
    (driverReader(path) !== undefined ||
      LIKELY.test(read.text) ||
      CALLS.test(read.text) ||
      CALLS_ENGINE.test(read.text));
  const driver = likely ? readDriver(files, sourceFile(path, read.text)) : undefined;
  return driver && importDriver(files, path, driver, options);
}
