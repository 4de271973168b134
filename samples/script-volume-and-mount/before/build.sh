#!/bin/sh
set -e

docker build -t relay-tools tools

# The compiler works in a volume of its own; the sources are only shown to it.
docker volume create relay-objects
docker run --rm -v "$PWD/src":/src:ro -v relay-objects:/objects relay-tools \
  gcc -static -O2 -o /objects/relay /src/relay.c

# Only what ships leaves the volume.
mkdir -p out
docker run --rm -v relay-objects:/objects:ro -v "$PWD/out":/out relay-tools cp /objects/relay /out/relay
docker volume rm relay-objects

docker build -t relay .
docker run --rm relay --version
