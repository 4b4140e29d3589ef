#!/bin/sh
# Take out of this system's Python what installs or builds anything.
set -eu
for place in $(python3 -c 'import sys, sysconfig; print(sysconfig.get_path("stdlib"), *sys.path[1:])'); do
  rm -rf "$place"/ensurepip "$place"/pip "$place"/pip-* "$place"/setuptools "$place"/setuptools-* \
    "$place"/wheel "$place"/wheel-* "$place"/pkg_resources "$place"/_distutils_hack "$place"/distutils-precedence.pth
done
rm -rf /usr/share/python-wheels /usr/local/bin/pip* /usr/bin/pip* /usr/local/bin/wheel ~/.cache
