#!/usr/bin/env bash
# Usage: build.sh [-t tag] [-n] [-h]
#   -n  without the build cache
set -euo pipefail

tag=latest
options=()
programs=(tock chime)

usage() {
  sed -n 's/^# \{0,1\}//p' "$0" | sed -n 2,3p
}

log() {
  printf '==> %s\n' "$*" >&2
}

while getopts "t:nh" option; do
  case $option in
    t) tag=$OPTARG ;;
    n) options+=(--no-cache) ;;
    h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done

# Takes a file out of an image that is not running.
extract() {
  local image=$1 from=$2 to=$3
  local container
  container=$(docker create "$image")
  docker cp "$container:$from" "$to"
  docker rm "$container" > /dev/null
}

cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p stage
trap 'rm -rf stage' EXIT

log "compiling"
docker build "${options[@]}" -t clock-build -f Dockerfile.build .

for program in "${programs[@]}"; do
  log "taking $program"
  extract clock-build "/src/$program" "stage/$program"
done

log "building clock:$tag"
docker build "${options[@]}" -t "clock:$tag" .
