#!/bin/sh
# Compiles and saves the image, for the machine that packs.
set -e
