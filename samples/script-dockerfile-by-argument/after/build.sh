#!/bin/sh
# usage: ./build.sh FLAVOUR
set -eu
flavour=$1

docker build -f "images/$flavour.Dockerfile" -t "hello:$flavour" .
