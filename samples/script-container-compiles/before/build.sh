#!/bin/sh
set -e

SIDES=${SIDES:-20}

docker build -t dice-tools -f Dockerfile.tools .
docker run --rm \
  -v "$PWD:/src" -v "$PWD/out:/out" -v "$HOME/.cache:/root/.cache" \
  -e SIDES="$SIDES" \
  dice-tools sh ./compile.sh
docker build -t dice .
docker run --rm dice
