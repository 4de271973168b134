/**
 * What the .NET tool makes:
 *
 *     dotnet publish -c Release -o /app     the directory /app
 *     dotnet publish src/Shop               src/Shop/bin/Release/net8.0/publish, whose parts are looked up in the project
 *     dotnet build                          bin and obj beside each project
 *
 * Source: https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-publish. Since .NET 8 `publish` takes the Release configuration by
 * itself (https://learn.microsoft.com/en-us/dotnet/core/compatibility/sdk/8.0/dotnet-publish-config).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { projectFile, targetFramework } from "./projects.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const VALUED =
  "-c --configuration -o --output -f --framework -r --runtime --os -a --arch -v --verbosity --version-suffix -p --property --source -s".split(
    " ",
  );

export function readDotnet(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name !== "dotnet") return undefined;
  const { values, operands, options } = readOperands(command.argv, VALUED);
  const [verb, target] = operands;
  const output = values.get("-o") ?? values.get("--output");
  switch (verb?.text) {
    case "publish": {
      if (output?.known === false) return [unknown("the directory that it publishes into is not known")];
      const selfContained = options.has("--self-contained") && values.get("--self-contained")?.text !== "false";
      const project = projectFile(imagePath(target?.text ?? ".", command.workdir), image);
      if (output !== undefined)
        return [published(imagePath(output.text, command.workdir), project, selfContained, command)];
      const framework =
        values.get("-f")?.text ??
        values.get("--framework")?.text ??
        (project === undefined ? undefined : targetFramework(project, image));
      if (project === undefined || framework === undefined)
        return [unknown("the directory that it publishes into is not known")];
      const major = Number(/^net(\d+)\./.exec(framework)?.[1] ?? "0");
      const configuration =
        values.get("-c")?.text ?? values.get("--configuration")?.text ?? (major >= 8 ? "Release" : "Debug");
      const runtime = values.get("-r")?.text ?? values.get("--runtime")?.text;
      const parts = ["bin", configuration, framework, ...(runtime === undefined ? [] : [runtime]), "publish"];
      return [published(imagePath(parts.join("/"), imagePath("..", project)), project, selfContained, command)];
    }
    case "build":
    case "msbuild":
    case "pack": {
      const project = projectFile(imagePath(target?.text ?? ".", command.workdir), image);
      const directory =
        output === undefined
          ? imagePath("bin", project === undefined ? command.workdir : imagePath("..", project))
          : imagePath(output.text, command.workdir);
      return [published(directory, project, false, command)];
    }
    case "test":
    case "vstest":
      return [{ kind: "check", what: "test" }];
    case "format":
      return [{ kind: "check", what: "lint" }];
    case "tool":
      return [{ kind: "tools", names: operands.slice(2).map(({ text }) => text), paths: [] }];
    case "run":
    case "watch":
    case "ef":
      return [unknown(`it is not known what "dotnet ${verb.text}" writes`)];
    case "restore":
    case "clean":
    case "nuget":
    case "workload":
    case "new":
    case "sln":
    case "add":
    case "dev-certs":
    case undefined:
      return NOTHING;
    default:
      return undefined;
  }
}

function unknown(why: string): Effect {
  return { kind: "unknown", why };
}

/** Framework-dependent output is byte code and runs on the shared framework; a self-contained one links to the system's libc. */
function published(
  path: ImagePath,
  project: ImagePath | undefined,
  selfContained: boolean,
  command: ResolvedCommand,
): Effect {
  const { because, workdir } = command;
  const source = project === undefined ? workdir : imagePath("..", project);
  const linkage = selfContained ? ({ kind: "unknown" } as const) : ({ kind: "none" } as const);
  return {
    kind: "artifact",
    artifact: { path, form: "directory", linkage, ecosystem: "dotnet", source, confidence: "likely", because },
  };
}
