#!/bin/sh
set -eu
cd "$(dirname "$0")"

docker build -f release/Dockerfile -t convert .
