#!/bin/sh
set -e
./compile.sh
./pack.sh
