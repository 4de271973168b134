#!/bin/sh
set -e
gcc -O2 -DSIDES="${SIDES:-6}" -o /out/dice dice.c
