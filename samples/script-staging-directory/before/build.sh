#!/bin/sh
set -e

docker build -t chimes-build .

rm -rf deploy
mkdir -p deploy/conf
docker create --name chimes-out chimes-build
docker cp chimes-out:/src/dist/server.js deploy/
docker rm chimes-out
cp conf/hours.json deploy/conf/bells.json
cp package.json deploy/
cp Dockerfile.run deploy/Dockerfile

docker build -t chimes deploy
rm -rf deploy
