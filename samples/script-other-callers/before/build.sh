#!/bin/sh
set -e

docker build -f Dockerfile.build -t lamp-builder .
id=$(docker create lamp-builder)
docker cp "$id":/build/lamp deploy/lamp
docker rm "$id"
docker build -t lamp deploy
rm deploy/lamp
