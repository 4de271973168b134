# Builds the image on a developer's machine.
param([string]$Tag = "dev")

$ErrorActionPreference = "Stop"

Write-Host "Building sundial:$Tag"
docker build -t "sundial:$Tag" .
