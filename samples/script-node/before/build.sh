#!/bin/bash
# Builds the image that we ship: compile in one container, copy the result out, build a small image around it.
set -e

docker build -f Dockerfile.build -t weather-build .
docker create --name extract weather-build
docker cp extract:/app/dist ./dist
docker rm -f extract
docker build -f Dockerfile.prod -t weather:prod .
