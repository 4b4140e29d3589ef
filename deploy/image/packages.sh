#!/bin/sh
# Make a Python environment of exactly what a lock names: packages.sh LOCK FOLDER
# Wheels alone, each by its hash; without pip in the end, which nothing needs any more.
set -eu
lock="$1"
folder="$2"

python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --require-hashes --no-deps --only-binary :all: -r "$lock"
"$folder/bin/pip" check
"$folder/bin/pip" uninstall --quiet --yes pip setuptools 2>/dev/null || "$folder/bin/pip" uninstall --quiet --yes pip
