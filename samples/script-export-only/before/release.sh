#!/bin/sh
set -e

docker build -t almanac .

# The web server has the pages only.
rm -rf pages
id=$(docker create almanac)
docker cp "$id:/srv/almanac/pages" pages
docker rm "$id" > /dev/null

tar -czf pages.tar.gz pages
echo "pages.tar.gz is ready for the web server"
