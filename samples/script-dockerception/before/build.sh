#!/bin/sh
docker build -t almanac-builder -f Dockerfile.builder . && docker run --rm almanac-builder | docker build -t almanac -
