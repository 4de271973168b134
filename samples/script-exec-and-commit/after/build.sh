#!/bin/sh
set -e

# What it found ships without Node.
docker build -t orchard .
