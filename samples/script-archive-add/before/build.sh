#!/bin/sh
set -e

docker build -f Dockerfile.build -t ferry-build .
docker create --name ferry-out ferry-build
docker cp ferry-out:/site/out out
docker rm ferry-out

# One file is quicker to send to the engine than many.
rm -rf out/drafts
tar czf site.tar.gz -C out .
rm -rf out

docker build -t ferry .
rm site.tar.gz
