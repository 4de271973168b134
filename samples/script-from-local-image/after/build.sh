#!/bin/sh
set -e

registry=${REGISTRY:-local}
tag=$(date +%Y%m%d)

docker build \
  --build-arg FLAGS="${FLAGS:--O2}" -f Dockerfile.final \
  -t roman .
