/**
 * Where .NET programs run: the shared framework of the SDK's version, for the same distribution.
 *
 *     mcr.microsoft.com/dotnet/sdk:8.0              mcr.microsoft.com/dotnet/aspnet:8.0, or runtime:8.0 for no web application
 *     mcr.microsoft.com/dotnet/sdk:8.0-alpine       mcr.microsoft.com/dotnet/aspnet:8.0-alpine
 *     mcr.microsoft.com/dotnet/core/sdk:3.1         mcr.microsoft.com/dotnet/core/aspnet:3.1
 *     microsoft/dotnet:2.1-sdk                      microsoft/dotnet:2.1-aspnetcore-runtime
 *
 * Tags of sdk, aspnet and runtime are made from one list (https://github.com/dotnet/dotnet-docker/blob/main/README.sdk.md and
 * README.aspnet.md); a full version of the SDK (8.0.404) is another number than the runtime's, so only its first two parts are kept.
 */
import { describeBase } from "../base-images.ts";
import type { BaseRequest, RuntimeBase } from "../ecosystem.ts";
import { isWeb, projectFile } from "./projects.ts";

export function dotnetBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const own = request.artifacts.filter(({ ecosystem }) => ecosystem === "dotnet");
  if (own.length === 0) return undefined;
  // A program that brings its framework links to libraries of the system (https://github.com/dotnet/core/blob/main/Documentation/self-contained-linux-apps.md).
  if (own.some(({ linkage }) => linkage.kind !== "none") || request.packages.length > 0) return [];
  const reference = runtimeReference(request.reference, usesAspNet(request));
  if (reference === undefined) return [];
  const consequence = "The shared framework of the same version, without the SDK and its caches.";
  const base = { ...describeBase(reference), known: true, shell: true, executables: ["dotnet"] };
  return [{ rung: "slim", reference, consequence, base, packages: [] }];
}

/** ASP.NET's image holds the plain framework too, so it is the safe one where the project does not tell. */
function usesAspNet({ artifacts, image }: BaseRequest): boolean {
  const projects = artifacts.flatMap(({ source }) => (source === undefined ? [] : [projectFile(source, image)]));
  return projects.length === 0 || projects.some((project) => project === undefined || isWeb(project, image));
}

function runtimeReference(reference: string, web: boolean): string | undefined {
  if (reference.includes("@") || /windows|nanoserver|preview|aot|\$/.test(reference)) return undefined;
  const current = /^(mcr\.microsoft\.com\/dotnet\/(?:core\/)?)sdk:(\d+\.\d+)(?:\.\d+)?(-[a-z][\w.-]*)?$/.exec(
    reference,
  );
  if (current !== null)
    return `${current[1] ?? ""}${web ? "aspnet" : "runtime"}:${current[2] ?? ""}${current[3] ?? ""}`;
  const old = /^microsoft\/dotnet:(\d+\.\d+)(?:\.\d+)?-sdk(-[a-z][\w.-]*)?$/.exec(reference);
  return old === null
    ? undefined
    : `microsoft/dotnet:${old[1] ?? ""}-${web ? "aspnetcore-runtime" : "runtime"}${old[2] ?? ""}`;
}
