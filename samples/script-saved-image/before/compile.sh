#!/bin/sh
# Compiles and saves the image, for the machine that packs.
set -e
docker build -t organ-build -f Dockerfile.build .
docker save organ-build | gzip > organ-build.tar.gz
