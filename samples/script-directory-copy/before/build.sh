#!/bin/sh
set -e
rm -rf out
mkdir -p out

docker build -f Dockerfile.render -t museum-render .
id=$(docker create museum-render)
docker cp "$id:/site/public" out
docker rm "$id"

docker build -t museum .
