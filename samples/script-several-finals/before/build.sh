#!/bin/bash
# Builds the server and the worker around what one builder makes.
set -e
VERSION=${VERSION:-dev}

docker build --build-arg VERSION -t post-build -f docker/build.Dockerfile .
id=$(docker create post-build)
docker cp "$id:/src/dist" dist
docker rm "$id"

for image in server worker; do
  docker build -t "post-$image:$VERSION" -f "docker/$image.Dockerfile" .
done

docker push "registry.example.com/post-server:$VERSION" || true
