#!/bin/bash
# Builds the server and the worker around what one builder makes.
set -e
VERSION=${VERSION:-dev}

for image in server worker; do
  docker build --target "$image" --build-arg VERSION -t "post-$image:$VERSION" .
done

docker push "registry.example.com/post-server:$VERSION" || true
