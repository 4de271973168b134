#!/bin/sh
set -e

# A container that stays up, in which one step follows the other.
docker run -d --name orchard-work node:20-slim sleep 3600
docker exec orchard-work mkdir -p /srv/orchard
docker cp harvest.js orchard-work:/srv/orchard/harvest.js
docker cp trees.json orchard-work:/srv/orchard/trees.json
docker exec -w /srv/orchard orchard-work node harvest.js
docker commit orchard-work orchard-data
docker rm -f orchard-work

# What it found ships without Node.
id=$(docker create orchard-data)
docker cp "$id:/srv/orchard/harvest.txt" harvest.txt
docker rm "$id"
docker build -t orchard .
