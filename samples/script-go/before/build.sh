#!/usr/bin/env bash
set -euo pipefail

APP=tide
VERSION=${VERSION:-1.0.0}
BUILDER="$APP-builder:$VERSION"

# Takes one path out of an image.
extract() {
  local id
  id=$(docker create "$1")
  docker cp "$id:$2" "$3"
  docker rm "$id" >/dev/null
}

echo "building $APP $VERSION"
docker build --build-arg VERSION="$VERSION" -f Dockerfile.build -t "$BUILDER" .
extract "$BUILDER" "/out/$APP" "./$APP"

docker build -t "$APP:$VERSION" .
docker tag "$APP:$VERSION" "$APP:latest"
rm -f "./$APP"
echo "built $APP:$VERSION"
