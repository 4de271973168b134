# Builds the image on a developer's machine.
param([string]$Tag = "dev")

$ErrorActionPreference = "Stop"

Write-Host "Compiling"
docker build -t sundial-build -f Dockerfile.build .
docker create --name sundial-files sundial-build | Out-Null
docker cp sundial-files:/src/sundial ./sundial
docker rm -f sundial-files | Out-Null

Write-Host "Building sundial:$Tag"
docker build -t "sundial:$Tag" -f Dockerfile.run .
Remove-Item ./sundial
