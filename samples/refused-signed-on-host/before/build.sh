#!/bin/sh
# The signing key never leaves this machine.
set -eu

docker build -f Dockerfile.build -t agent-build .
docker create --name agent-build agent-build
docker cp agent-build:/src/agent ./agent
docker rm agent-build
openssl dgst -sha256 -hmac "${SIGNING_KEY:-development}" -out agent.sig agent
docker build -t agent .
