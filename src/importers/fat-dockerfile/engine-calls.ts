/**
 * Calls of a container engine in scripts, makefiles, CI files and package scripts, as far as commands in images are concerned:
 *
 *     docker build -t shop -f api/Dockerfile .     "shop" is the image of api/Dockerfile
 *     docker run --rm shop npm test                runs "npm test" in "shop"
 *
 * Images and files whose names hold a variable are left alone.
 */
import type { ScriptText } from "../../drivers/driver.ts";
import { readDriver } from "../../drivers/registry.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { listCommands } from "../../shell/commands.ts";
import { type ContainerCall, optionValue, optionValues, recognizeContainerCall } from "../../shell/container-cli.ts";
import type { Field } from "../../shell/symbolic.ts";
import { evaluateWords } from "../../shell/values.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import { argument } from "./commands.ts";

export interface RunCall {
  readonly image: string;
  readonly entrypoint?: string;
  readonly words: readonly string[];
  readonly range: Range;
}

export interface BuildCall {
  readonly dockerfile: HostPath;
  readonly name: string;
}

/** The calls of a file; none where it drives nothing, or only tells people what to type. */
export function engineCalls(
  files: ProjectFiles,
  source: SourceFile,
): { readonly runs: readonly RunCall[]; readonly builds: readonly BuildCall[] } {
  const driver = readDriver(files, source);
  if (driver === undefined || !driver.runs) return { runs: [], builds: [] };
  const calls = driver.entries.flatMap(({ units, cwd }) =>
    units.flatMap((unit) => callsOf(unit).map((call) => ({ call, cwd: cwd ?? ROOT }))),
  );
  const unique = calls.filter(
    ({ call }, at) => calls.findIndex((other) => other.call.callSpan.start === call.callSpan.start) === at,
  );
  return {
    runs: unique.flatMap(({ call }) => runOf(call) ?? []),
    builds: unique.flatMap(({ call, cwd }) => buildsOf(call, [cwd, hostDirectory(source.path), ROOT], files)),
  };
}

function callsOf({ statements }: ScriptText): readonly ContainerCall[] {
  return listCommands({ text: "", statements, problems: [] }).flatMap(({ command }) => {
    const fields = evaluateWords(command.words, { lookup: () => undefined, substitute: () => undefined });
    return recognizeContainerCall(fields) ?? [];
  });
}

function known(field: Field | undefined): string | undefined {
  const one = field === undefined ? undefined : argument(field);
  return one?.known === true ? one.text : undefined;
}

function runOf(call: ContainerCall): RunCall | undefined {
  if (call.verb !== "run" || call.unresolved.length > 0 || call.program === "docker-compose") return undefined;
  const [first, ...rest] = call.operands;
  const image = known(first);
  const entrypoint = known(optionValue(call, "entrypoint"));
  if (image === undefined || (rest.length === 0 && entrypoint === undefined)) return undefined;
  const words = rest.map((field) => argument(field).text);
  return { image, words, range: call.callSpan, ...(entrypoint === undefined ? {} : { entrypoint }) };
}

/** A relative file counts from where the command runs: there, beside the script, or in the project's root, where it is. */
function buildsOf(call: ContainerCall, starts: readonly HostPath[], files: ProjectFiles): readonly BuildCall[] {
  const context = known(call.operands.at(-1));
  if (call.verb !== "build" || context === undefined || /^(?:-|https?:|git@)/.test(context)) return [];
  const written = optionValue(call, "file");
  const file = known(written);
  if (written !== undefined && file === undefined) return [];
  const dockerfile = starts
    .flatMap((start) => joinHost(start, file ?? `${context}/Dockerfile`) ?? [])
    .find((path) => files.entry(path)?.kind === "file");
  const names = optionValues(call, "tag").flatMap((field) => known(field) ?? []);
  return dockerfile === undefined ? [] : names.map((name) => ({ dockerfile, name }));
}
