/**
 * .NET: what `dotnet publish` makes, what it needs where it runs, and which images it runs on.
 *
 *     RUN dotnet publish -c Release -o /app
 *     ENTRYPOINT ["dotnet", "/app/Shop.dll"]     needs /app; mcr.microsoft.com/dotnet/aspnet of the SDK's version
 *
 * Left alone: Native AOT, .NET Framework and Mono.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Artifact, Ecosystem, ImageView, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { dotnetBases } from "./bases.ts";
import { readDotnet } from "./commands.ts";

export const dotnet: Ecosystem = { name: "dotnet", interpret: readDotnet, needs, runtimeBases: dotnetBases };

function needs({ command }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const because = [command.because];
  if (command.name === "dotnet") {
    const word = command.argv.slice(1).find(({ text }) => !text.startsWith("-"));
    const host: RuntimeNeed = {
      kind: "executable",
      name: "dotnet",
      reason: "The image starts .NET.",
      confidence: "certain",
      because,
    };
    if (word !== undefined && /^(?:run|watch|test|build|ef)$/.test(word.text)) {
      const words = command.argv.map(({ text }) => text).join(" ");
      const reason = `"${words}" compiles the sources when the image runs.`;
      return [
        {
          kind: "everything",
          directory: command.workdir,
          worksOnSources: words,
          reason,
          confidence: "certain",
          because,
        },
      ];
    }
    if (word === undefined || !word.known) return [host];
    return [host, ...outputNeeds(imagePath(word.text, command.workdir), command.workdir, image, because)];
  }
  const [first] = command.argv;
  if (first === undefined || !first.known || !first.text.includes("/")) return undefined;
  const program = imagePath(first.text, command.workdir);
  return outputAround(program, image) === undefined ? undefined : outputNeeds(program, command.workdir, image, because);
}

function outputAround(program: ImagePath, image: ImageView): Artifact | undefined {
  return image.artifacts.find(
    (one) => one.ecosystem === "dotnet" && one.form === "directory" && isWithin(program, one.path),
  );
}

/** The output as a whole: the program finds its settings and libraries beside itself. */
function outputNeeds(
  program: ImagePath,
  workdir: ImagePath,
  image: ImageView,
  because: RuntimeNeed["because"],
): readonly RuntimeNeed[] {
  const output = outputAround(program, image);
  const directory = imagePath("..", program);
  const path =
    output === undefined
      ? directory
      : isWithin(directory, output.path) && directory !== output.path && output.path.endsWith("/bin")
        ? directory
        : output.path;
  const frame = { confidence: "certain", because } as const;
  const whole: RuntimeNeed = {
    kind: "path",
    path,
    reason: `The image starts "${program}", which is published with what it needs.`,
    ...frame,
  };
  // The content root is the working directory (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/#content-root).
  const settings = ["appsettings.json", "appsettings.Production.json", "wwwroot"]
    .map((name) => imagePath(name, workdir))
    .filter((one) => !isWithin(one, path) && image.kindOf(one) !== undefined);
  const beside = settings.map(
    (one): RuntimeNeed => ({
      kind: "path",
      path: one,
      reason: `The program reads "${one}" on its working directory.`,
      confidence: "likely",
      because,
    }),
  );
  return path === "/" ? [] : [whole, ...beside];
}
