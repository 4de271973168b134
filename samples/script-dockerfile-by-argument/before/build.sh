#!/bin/sh
# usage: ./build.sh FLAVOUR
set -eu
flavour=$1

docker build -f images/builder.Dockerfile -t hello-build .
id=$(docker create hello-build)
docker cp "$id:/out/hello" hello
docker rm "$id"
docker build -f "images/$flavour.Dockerfile" -t "hello:$flavour" .
