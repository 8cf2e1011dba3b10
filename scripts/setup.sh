#!/bin/sh
# Makes .venv and installs a lock file into it: scripts/setup.sh requirements.lock
# Does nothing when that lock file is already installed. Needs Python 3.11 or newer; nothing else.
set -eu
lock=$1
python=${PYTHON:-python3}
stamp=.venv/.installed-$(basename "$lock")
cmp -s "$lock" "$stamp" 2>/dev/null && exit 0

say() { printf '%s\n' "$*" >&2; }
command -v "$python" >/dev/null || { say "setup: $python not found; install Python 3.11 or newer, or set PYTHON=/path/to/python3"; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "setup: $("$python" --version) is too old; Python 3.11 or newer is needed (set PYTHON=...)"; exit 2; }

if ! [ -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "setup: making .venv"
  rm -rf .venv
  if ! "$python" -m venv .venv 2>/dev/null; then
    # Debian's python3 comes without ensurepip.
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      say "setup: installing Debian's python3-venv"
      apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >&2
      "$python" -m venv .venv
    else
      say "setup: $python cannot make a virtual environment; install it (Debian: apt-get install python3-venv) and try again"
      exit 2
    fi
  fi
fi

say "setup: installing $(grep -c '^[a-z].*==' "$lock") pinned packages from $lock (about a minute)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
cp "$lock" "$stamp"
