#!/bin/sh
set -e

docker build -t anchor-build -f Dockerfile.build .
mkdir -p bin lib
id=$(docker create anchor-build)
docker cp "$id:/src/lib/libanchor.a" lib/libanchor.a
docker cp "$id:/src/chain" bin/chain
docker rm "$id"

# The release machine has a compiler of its own.
gcc -static -O2 -o bin/anchor main.c lib/libanchor.a
docker build -t anchor .
