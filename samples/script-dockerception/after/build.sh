#!/bin/sh
docker build -f Dockerfile.site -t almanac .
