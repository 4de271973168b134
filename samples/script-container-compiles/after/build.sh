#!/bin/sh
set -e

SIDES=${SIDES:-20}

docker build --build-arg SIDES="$SIDES" -t dice .
docker run --rm dice
