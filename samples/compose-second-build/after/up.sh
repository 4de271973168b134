#!/bin/sh
# Compiles the page, builds the server around it and starts everything.
set -eu
cd "$(dirname "$0")"

docker compose build --pull
docker compose up -d
