#!/usr/bin/env bash
set -euo pipefail

APP=tide
VERSION=${VERSION:-1.0.0}

echo "building $APP $VERSION"

docker build --build-arg VERSION="$VERSION" -t "$APP:$VERSION" .
docker tag "$APP:$VERSION" "$APP:latest"
echo "built $APP:$VERSION"
