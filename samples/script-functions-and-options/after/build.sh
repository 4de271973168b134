#!/usr/bin/env bash
# Usage: build.sh [-t tag] [-n] [-h]
#   -n  without the build cache
set -euo pipefail

tag=latest
options=()

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

cd "$(dirname "${BASH_SOURCE[0]}")"

log "compiling"

log "building clock:$tag"
docker build "${options[@]}" -t "clock:$tag" .
