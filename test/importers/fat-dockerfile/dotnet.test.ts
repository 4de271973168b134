import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const WEB =
  '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>\n';
const TOOL =
  '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net6.0</TargetFramework></PropertyGroup></Project>\n';
const SDK = "mcr.microsoft.com/dotnet/sdk:8.0";

function seen(base: string, publish: string, start: string, project = WEB) {
  const dockerfile = `FROM ${base}\nWORKDIR /src\nCOPY . .\nRUN ${publish}\n${start}\n`;
  const result = migrated({
    Dockerfile: dockerfile,
    "Shop.csproj": project,
    "Program.cs": "",
    "appsettings.json": "{}",
  });
  return { ...result, base: /^FROM (\S+)/.exec(result.production)?.[1] };
}

describe("what is published", () => {
  it.each([
    ["-o", "dotnet publish -c Release -o /app", 'ENTRYPOINT ["dotnet", "/app/Shop.dll"]', WEB, "/app"],
    [
      "the default of .NET 8",
      "dotnet publish",
      'CMD ["dotnet", "bin/Release/net8.0/publish/Shop.dll"]',
      WEB,
      "/src/bin/Release/net8.0/publish",
    ],
    [
      "the default before",
      "dotnet publish",
      'CMD ["dotnet", "bin/Debug/net6.0/publish/Shop.dll"]',
      TOOL,
      "/src/bin/Debug/net6.0/publish",
    ],
    [
      "a configuration and a runtime",
      "dotnet publish -c Release -r linux-x64 --self-contained",
      'CMD ["bin/Release/net8.0/linux-x64/publish/Shop"]',
      WEB,
      "/src/bin/Release/net8.0/linux-x64/publish",
    ],
    [
      "the output of a build",
      "dotnet build -c Release",
      'CMD ["dotnet", "bin/Release/net8.0/Shop.dll"]',
      WEB,
      "/src/bin/Release",
    ],
  ])("by %s", (_, publish, start, project, path) => {
    expect(seen(SDK, publish, start, project).flows).toEqual([`builder:${path} -> ${path}`]);
  });
});

it.each([
  [SDK, WEB, "mcr.microsoft.com/dotnet/aspnet:8.0"],
  ["mcr.microsoft.com/dotnet/sdk:8.0.404-alpine3.20", WEB, "mcr.microsoft.com/dotnet/aspnet:8.0-alpine3.20"],
  ["mcr.microsoft.com/dotnet/sdk:6.0-jammy", TOOL, "mcr.microsoft.com/dotnet/runtime:6.0-jammy"],
  ["mcr.microsoft.com/dotnet/core/sdk:3.1", WEB, "mcr.microsoft.com/dotnet/core/aspnet:3.1"],
  ["microsoft/dotnet:2.1-sdk", WEB, "microsoft/dotnet:2.1-aspnetcore-runtime"],
  ["example/dotnet-sdk:8", WEB, "example/dotnet-sdk:8"],
])("%s runs on the shared framework", (base, project, wanted) => {
  expect(seen(base, "dotnet publish -o /app", 'CMD ["dotnet", "/app/Shop.dll"]', project).base).toBe(wanted);
});

it("keeps the settings that the working directory holds", () => {
  const { production } = seen(SDK, "dotnet publish -o /app", 'CMD ["dotnet", "/app/Shop.dll"]');
  expect(production).toContain("appsettings.json");
  expect(production).not.toContain("COPY . .");
});

it("keeps the old image for a program that brings its framework", () => {
  expect(seen(SDK, "dotnet publish -r linux-x64 --self-contained -o /app", 'CMD ["/app/Shop"]').base).toBe(SDK);
});

it.each([
  ["no-benefit", "dotnet build", "CMD dotnet run"],
  ["no-benefit", "dotnet restore", "CMD dotnet watch run"],
])("answers %s where the image compiles when it runs", (verdict, publish, start) => {
  expect(seen(SDK, publish, start).verdict).toBe(verdict);
});
