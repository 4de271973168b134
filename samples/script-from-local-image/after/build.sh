#!/bin/sh
set -e

tag=$(date +%Y%m%d)

docker build \
  --build-arg FLAGS="${FLAGS:--O2}" -f Dockerfile.final \
  -t roman .
