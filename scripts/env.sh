# Sourced by every script here, from the project's folder: paths, messages, a usable HOME.
# shellcheck shell=sh

CACHE="$PWD/.cache"
# shellcheck disable=SC2034  # used by the scripts that source this
PY="$PWD/.venv/bin/python"
PATH="$CACHE/bin:$CACHE/node/bin:$CACHE/prometheus/bin:$CACHE/chromium:$CACHE/redis:$PATH"
mkdir -p "$CACHE"
export CACHE PATH

# Downloads stay inside the project: a second run is quick, and deleting the folder undoes all of it.
export PIP_CACHE_DIR="$CACHE/pip" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
export npm_config_cache="$CACHE/npm" npm_config_update_notifier=false npm_config_fund=false
export npm_config_audit=false NODE_COMPILE_CACHE="$CACHE/node-compile"

# Containers and build users often have no home, or one that cannot be written.
if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
  mkdir -p "$CACHE/home"
  export HOME="$CACHE/home"
fi

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
  printf '\033[1;31m!!\033[0m  %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

# What a step was made from, and whether it is already there: `is_stamped FILE HASH`.
hash_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
is_stamped() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

# Run a command, keep its output for the case that it fails: `quietly LOGNAME COMMAND...`.
quietly() {
  log="$CACHE/$1.log"
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 30 "$log" >&2
  return 1
}
