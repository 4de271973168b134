#!/bin/sh
set -e

docker build -t courier-builder -f Dockerfile.build .
docker rm -f courier-extract 2>/dev/null || true
docker create --name courier-extract courier-builder
docker cp courier-extract:/src/courier.bin ./courier.bin
docker rm courier-extract

curl --fail --upload-file courier.bin "$RELEASES/courier.bin"
docker build --network host --build-arg COURIER_URL="$RELEASES/courier.bin" -t courier .
