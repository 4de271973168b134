#!/bin/sh
set -e

docker build -f deploy/Dockerfile -t lamp .
