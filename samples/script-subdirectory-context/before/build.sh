#!/bin/sh
set -eu
cd "$(dirname "$0")"

docker build -t convert-build api
docker create --name convert-build convert-build
docker cp convert-build:/build/convert release/convert
docker rm convert-build
docker build -t convert release
