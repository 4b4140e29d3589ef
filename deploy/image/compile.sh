#!/bin/sh
# Compile all Python files in a folder: compile.sh FOLDER
# Nothing can be compiled at the start where the file system cannot be written. By hash and not by time,
# so that the same sources make the same files.
set -eu
find "$1" -name __pycache__ -type d -prune -exec rm -rf {} +
python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash "$1"
