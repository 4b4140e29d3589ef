#!/bin/sh
# Write the bill of materials of a Python environment as CycloneDX: sbom.sh LOCK FOLDER FILE
# LOCK names the tool that writes it, which goes into an environment of its own.
set -eu
lock="$1"
folder="$2"
file="$3"

tool="$(mktemp -d)"
sh "$(dirname "$0")/packages.sh" "$lock" "$tool"
"$tool/bin/cyclonedx-py" environment "$folder/bin/python" --output-reproducible --of JSON -o "$file"
rm -rf "$tool"
