/**
 * Files of commands that build a Dockerfile without being a builder setup themselves: scripts, Makefiles, CI files, and the
 * fenced blocks of documentation.
 *
 *     scripts/lint.sh:   docker build -f Dockerfile.build -t lint .      → docker build --target builder -t lint .
 *
 * They are run by the one interpreter, so that variables and `cd` count. A file that takes files out of containers is a setup
 * of its own, whose edits are for its own import, and a command that is reached in more than one way is left alone.
 */
import type { Driver } from "../../../drivers/driver.ts";
import { driverReader, readDriver } from "../../../drivers/registry.ts";
import type { ProjectFiles } from "../../../model/project-files.ts";
import type { TextEdit } from "../../../text/edits.ts";
import type { HostPath } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { cacheOf } from "../build-cache.ts";
import { callEdits } from "../call-edits.ts";
import { toCheckout } from "../host-tree.ts";
import { runDriver } from "../run-script.ts";
import type { Build, Creation, Visit } from "../trace.ts";
import { fencedCommands } from "./fenced-commands.ts";
import type { BuildReference, CallerReader } from "./reference.ts";

const DOCUMENTATION = /\.(?:md|markdown|mdx)$/i;
const SCRIPT_NAME = /(?:^|\/)(?:[^/]+\.(?:sh|bash|ash|dash|ksh|zsh|command)|[^./][^./]*)$/i;
/** What takes files out of images: such a file is read as a setup. */
const WAY_OUT =
  /\b(?:docker|podman|nerdctl|\$\{?[A-Z_]*(?:DOCKER|ENGINE)\w*\}?)\s+(?:container\s+)?(?:cp|create|export|commit)\b/i;

/**
 * Where a file may call an engine itself: by its name, or as a variable that has a value elsewhere and `build` behind it. Large
 * `configure` scripts, which say "build" all the time, need no reading.
 */
const MAY_CALL =
  /docker|podman|nerdctl|buildah|(?:oci|container)_?(?:bin|cli|cmd|command|engine|exe|program|runtime|tool)/i;
const CALLS_BY_VARIABLE =
  /[$%][^\s;|&$%]*(?:[ \t]|[\\^`]\r?\n)+(?:(?:-\S+(?:[ \t]+[^\s-]\S*)?|builder|buildx|image)(?:[ \t]|[\\^`]\r?\n)+){0,6}["']?(?:build|bud)(?![\w-])/;

export const commandFiles: CallerReader = {
  name: "command-files",
  accepts: (path: HostPath) => DOCUMENTATION.test(path) || driverReader(path) !== undefined || SCRIPT_NAME.test(path),
  read: (files, source) => {
    if (!/\b(?:build|bud)\b/.test(source.text) || WAY_OUT.test(source.text)) return [];
    if (!MAY_CALL.test(source.text) && !CALLS_BY_VARIABLE.test(source.text)) return [];
    const driver = driverOf(files, source);
    return driver === undefined ? [] : buildCalls(files, driver, source);
  },
};

function driverOf(files: ProjectFiles, source: SourceFile): Driver | undefined {
  if (DOCUMENTATION.test(source.path)) return fencedCommands(source);
  if (driverReader(source.path) !== undefined) return readDriver(files, source);
  const isShell = /\.\w+$/.test(source.path) || /^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(source.text.slice(0, 200));
  return isShell ? readDriver(files, source) : undefined;
}

function buildCalls(files: ProjectFiles, driver: Driver, source: SourceFile): readonly BuildReference[] {
  const { visits } = runDriver(files, driver);
  const own = visits.filter((visit) => visit.script.source.path === source.path);
  const started = new Set(
    visits.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === "create" && startsOwn(effect) ? [effect.image] : [])),
    ),
  );
  const counts = new Map<number, number>();
  for (const { range } of own) counts.set(range.start, (counts.get(range.start) ?? 0) + 1);
  return own.flatMap((visit) =>
    visit.effects.flatMap((effect) =>
      effect.kind === "build"
        ? reference(effect.build, visit, counts.get(visit.range.start) === 1).map((one) => ({
            ...one,
            starts: driver.runs && started.has(effect.build.id),
          }))
        : [],
    ),
  );
}

/** Whether a container runs the image's own CMD or ENTRYPOINT. */
function startsOwn({ runs, command, entrypoint }: Creation): boolean {
  return runs && (command.length === 0 || entrypoint === undefined);
}

function reference(build: Build, visit: Visit, once: boolean): readonly BuildReference[] {
  // What compose or a step's inputs build is written there, and found by a reader of its own.
  if (build.file.kind !== "found" || build.composedIn !== undefined || build.described !== undefined) return [];
  const context = build.context === undefined ? undefined : toCheckout(build.context);
  const cache = cacheOf(build.call);
  return [
    {
      dockerfile: build.file.path,
      context,
      target: build.target,
      range: visit.range,
      rewrite: (next) => {
        if (!once || context === undefined || (next.target === undefined && build.target !== undefined))
          return undefined;
        if (build.target === undefined || build.target === next.target)
          return withoutBlanks(
            visit.script.source.text,
            callEdits(build, visit.script.source.text, { ...next, options: [], retired: new Set<string>() }),
          );
        return undefined;
      },
      ...(cache === undefined ? {} : { cache }),
    },
  ];
}

/** What is taken out goes with the blank behind it, where blanks stand on both sides. */
function withoutBlanks(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.map((edit) =>
    edit.text === "" && text[edit.start - 1] === " " && text[edit.end] === " " ? { ...edit, end: edit.end + 1 } : edit,
  );
}
