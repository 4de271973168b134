/** PowerShell and batch files as drivers: what is left of them, and what is taken out of an image and put where. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  "Dockerfile.prod": 'FROM alpine:3.15\nCOPY bin/app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
  "main.go": "package main\n",
};

function after(path: string, text: string) {
  const { migrations } = migrate(memoryProject({ ...FILES, [path]: text }));
  const found = migrations.find(({ id }) => id === `builder-script:${path}`);
  const errors = found?.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return { errors, text: found?.changes.find((change) => change.path === path)?.after };
}

describe("what is left of a Windows script", () => {
  it.each([
    [
      "batch: plain commands, with a comment",
      "build.bat",
      '@echo off\r\nREM the compiler\r\nrmdir "bin" /s /q\r\ndocker build -f Dockerfile.build -t b .\r\ndocker rm x 2> nul\r\ndocker create --name x b\r\nmd bin\r\ndocker cp x:/out/app .\\bin\\app\r\ndocker build -f Dockerfile.prod -t app .\r\n',
      "@echo off\r\nREM the compiler\r\ndocker build -t app .\r\n",
    ],
    [
      "batch: variables, conditions, ids and line continuations",
      "build.cmd",
      `cd /d %~dp0
set TAG=v1
docker build ^
  -f Dockerfile.build ^
  -t b:%TAG% .
if errorlevel 1 exit /b 1
for /f %%i in ('docker create b:%tag%') do set ID=%%i
if not exist bin mkdir bin
docker cp %ID%:/out/app bin\\ && docker rm %ID%
docker build ^
  -f Dockerfile.prod ^
  -t app:%TAG% .
docker push app:%TAG%
`,
      `cd /d %~dp0
set TAG=v1
docker build ^
  -t app:%TAG% . || exit /b
docker push app:%TAG%
`,
    ],
    [
      "PowerShell: ids, conditions, aliases and blocks",
      "build.ps1",
      `<#
  Builds the image: docker build.
#>
param([string]$Tag = "v1")
$ErrorActionPreference = "Stop"
# The compiler
docker build -f Dockerfile.build -t "b:$Tag" $PSScriptRoot
if ($LASTEXITCODE -ne 0) {
  Write-Host "it does not build"
  exit 1
}
$id = docker create "b:$tag"
New-Item -ItemType Directory -Force -Path .\\bin | Out-Null
docker cp "\${id}:/out/app" $PSScriptRoot\\bin\\app
docker rm -f $id | Out-Null
docker build \`
  -f "$PSScriptRoot\\Dockerfile.prod" \`
  -t "app:$Tag" .
Get-Date | ForEach-Object { $_.Year }
`,
      `<#
  Builds the image: docker build.
#>
param([string]$Tag = "v1")
$ErrorActionPreference = "Stop"
# The compiler
docker build \`
  -t "app:$Tag" .; if ($LASTEXITCODE -ne 0) { exit 1 }
Get-Date | ForEach-Object { $_.Year }
`,
    ],
    [
      "PowerShell: try and finally",
      "build.ps1",
      `try {
    docker build -f Dockerfile.build -t b .
    docker create --name x b
    docker cp x:/out/app bin/app
} catch {
    Write-Error "no"
}
docker build -f Dockerfile.prod -t app .
`,
      undefined,
    ],
  ])("%s", (_name, path, before, wanted) => {
    const result = after(path, before);
    if (wanted !== undefined) expect(result).toEqual({ errors: [], text: wanted });
    else expect(result.errors).toEqual([]);
  });
});
