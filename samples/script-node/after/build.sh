#!/bin/bash
# Builds the image that we ship: compile in one container, copy the result out, build a small image around it.
set -e

docker build -t weather:prod .
