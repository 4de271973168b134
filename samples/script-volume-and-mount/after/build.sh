#!/bin/sh
set -e

docker build -t relay .
docker run --rm relay --version
