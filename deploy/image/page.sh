#!/bin/sh
# Build the front end into FOLDER/dist, and write the bill of materials of what is in it: page.sh FOLDER FILE
set -eu
file="$(realpath "$2")"
cd "$1"

# No package's own install script runs.
npm ci --ignore-scripts --no-audit --no-fund --no-progress
npm run build
# What is private has no version, without which npm writes no bill.
npm pkg set version=0.0.0
npm sbom --omit dev --sbom-format cyclonedx --package-lock-only >"$file"
