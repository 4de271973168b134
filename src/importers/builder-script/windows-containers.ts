/**
 * Builds that make Windows containers, which are refused by name.
 *
 *     FROM mcr.microsoft.com/windows/nanoserver:ltsc2022       by the base image
 *     SHELL ["powershell", "-Command"]                         by the shell
 *     COPY app C:/app/                                         by a path with a drive
 *     docker build --isolation hyperv .                        by the call
 *
 * Only builds that would be joined count: a Windows variant that the driver leaves alone speaks against nothing.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import { fieldText } from "../../shell/symbolic.ts";
import type { Range } from "../../text/source.ts";
import type { LinkedBuild } from "./links.ts";
import type { Recognized } from "./recognize.ts";

/**
 * Base images that only Windows runs, by repository or tag
 * (https://learn.microsoft.com/en-us/virtualization/windowscontainers/manage-containers/container-base-images).
 */
const WINDOWS_IMAGE =
  /^(?:mcr\.microsoft\.com|microsoft)\/(?:windows(?:\/|:|$)|nanoserver|windowsservercore|dotnet\/framework\/|dotnet-framework|aspnet(?::|$)|iis)|nanoserver|windowsservercore/i;
const WINDOWS_SHELL = /^(?:cmd|powershell)(?:\.exe)?$/i;

/** Reports the first sign of each build. */
export function checkWindows({ run, groups }: Recognized, reporter: Reporter): void {
  for (const linked of groups.flatMap((group) => [...group.builders, ...group.finals])) {
    const inFile = signIn(linked.document);
    const inCall = signInCall(linked);
    const script = run.visits[linked.build.step]?.script.source.path;
    if (inFile !== undefined)
      reporter.report(
        "windows-container",
        { sign: inFile.text },
        { path: linked.document.source.path, ...inFile.range },
      );
    else if (inCall !== undefined && script !== undefined)
      reporter.report("windows-container", { sign: inCall.text }, { path: script, ...inCall.range });
  }
}

interface Sign {
  readonly text: string;
  readonly range: Range;
}

function signIn(document: DockerfileDocument): Sign | undefined {
  const base = document.stages.find(({ from }) => WINDOWS_IMAGE.test(from.image.text))?.from.image;
  if (base !== undefined) return { text: base.text, range: base.range };
  for (const instruction of document.instructions) {
    const { range } = instruction;
    if (instruction.kind === "shell" && WINDOWS_SHELL.test(instruction.words[0] ?? ""))
      return { text: `SHELL ${instruction.words[0] ?? ""}`, range };
    const [drive] = /(?:^|[\s"'=,[])[A-Za-z]:[\\/][\w\\/. -]*/.exec(pathsOf(document, instruction)) ?? [];
    if (drive !== undefined) return { text: drive.replace(/^[\s"'=,[]/, "").trim(), range };
  }
  const escape = document.directives.find(({ name, value }) => name === "escape" && value === "`");
  return escape === undefined ? undefined : { text: "# escape=`", range: escape.range };
}

/** The text of instructions whose operands are paths in the image. */
function pathsOf(document: DockerfileDocument, { kind, range }: DockerfileDocument["instructions"][number]): string {
  const holdsPaths = kind === "copy" || kind === "add" || kind === "workdir" || kind === "volume";
  return holdsPaths ? document.source.text.slice(range.start, range.end) : "";
}

function signInCall({ build }: LinkedBuild): Sign | undefined {
  const option = build.call.options.find(
    ({ name, value }) =>
      name === "isolation" ||
      (name === "platform" && /^windows\b/.test(value === undefined ? "" : (fieldText(value) ?? ""))),
  );
  if (option === undefined) return undefined;
  const value = option.value === undefined ? "" : ` ${fieldText(option.value) ?? ""}`;
  return { text: `--${option.name}${value}`, range: option.span };
}
