/**
 * Stages that somebody builds by name, in whichever Dockerfile:
 *
 *     docker build --target runner .       scripts, makefiles, CI files
 *     target: runner                       compose's `build`, build-push-action's `with`, skaffold's `docker`
 *     target = "runner"                    docker-bake.hcl
 *
 * (https://docs.docker.com/reference/cli/docker/buildx/build/#target, https://docs.docker.com/reference/compose-file/build/#target,
 * https://docs.docker.com/build/bake/reference/#targettarget). Too many names cost nothing: a name that is in use stays where it is.
 */
import { oncePerProject } from "../../model/once-per-project.ts";
import { ROOT } from "../../text/paths.ts";

const CALLERS =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile|Jenkinsfile|justfile|package\.json|[\w.-]+\.(?:sh|bash|mk|ya?ml|hcl|json|toml|md|ps1|bat|cmd|tf)|\.env[^/]*|[\w-]+)$/;
const DOCKERFILE = /(?:^|\/)(?:Dockerfile|Containerfile)$/i;
const MOST_FILES = 1000;
const TARGETS =
  /--target(?:[ \t]+|=)["']?([\w.-]+)|^[ \t]*"?target"?[ \t]*[:=][ \t]*["']?([\w.-]+)["']?[ \t]*,?[ \t]*(?:#.*)?$/gm;

/** The texts of files that could call a build; files without an ending may be scripts. */
export const callers = oncePerProject((files): readonly string[] => {
  const found = [...files.walk(ROOT)].filter(
    (path) => CALLERS.test(path) && !DOCKERFILE.test(path) && !/(?:^|\/)node_modules\//.test(path),
  );
  return found.slice(0, MOST_FILES).flatMap((path) => {
    const read = files.read(path);
    return read.ok ? [read.text] : [];
  });
});

/** Their names, in lower case as stages are compared. */
export const buildTargets = oncePerProject((files): ReadonlySet<string> => {
  const texts = callers(files).filter((text) => text.includes("target"));
  const names = texts.flatMap((text) => [...text.matchAll(TARGETS)].map(([, flag, field]) => flag ?? field ?? ""));
  return new Set(names.map((name) => name.toLowerCase()));
});
