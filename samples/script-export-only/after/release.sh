#!/bin/sh
set -e

docker build -t almanac .

# The web server has the pages only.
rm -rf pages
docker build --target export --output . .

tar -czf pages.tar.gz pages
echo "pages.tar.gz is ready for the web server"
