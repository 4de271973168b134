#!/bin/sh
# Compiles the page, builds the server around it and starts everything.
set -eu
cd "$(dirname "$0")"

docker build -t harbour-assets ./assets
docker run --name harbour-assets harbour-assets true
rm -rf web/public
docker cp harbour-assets:/assets/public web/public
docker rm harbour-assets

docker compose build --pull
docker compose up -d
