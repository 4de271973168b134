#!/bin/sh
set -e

registry=${REGISTRY:-local}
tag=$(date +%Y%m%d)

# Compiles in an image of its own.
docker build \
  --build-arg FLAGS="${FLAGS:--O2}" \
  -t "$registry/roman-toolchain:$tag" .

docker build \
  -f Dockerfile.final \
  --build-arg IMAGE="$registry/roman-toolchain" \
  --build-arg TAG="$tag" \
  -t roman .
docker rmi "$registry/roman-toolchain:$tag"
