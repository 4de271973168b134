#!/bin/sh
set -e

docker build -f Dockerfile.run -t chimes .
