#!/bin/sh
set -e
gunzip -c organ-build.tar.gz | docker load
rm organ-build.tar.gz

id=$(docker create organ-build)
mkdir -p rootfs
docker cp "$id:/opt/organ" - | tar -x -C rootfs
docker rm -v "$id"

docker build -t organ .
