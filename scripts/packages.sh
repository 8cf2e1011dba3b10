#!/bin/sh
# Installs the Debian programs the extras use: LibreOffice opens DOC and WPS files, Chromium reads columns marked `javascript`
# and draws the pages of tests; the fonts let it draw Chinese. Does nothing where they are there already.
set -eu
missing=
need() { command -v "$1" >/dev/null || missing="$missing $2"; }
need soffice libreoffice-writer-nogui
need chromium chromium
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0

say() { printf '%s\n' "$*" >&2; }
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "setup: please install$missing (Debian: sudo apt-get install --no-install-recommends$missing) and try again"
  exit 2
fi
say "setup: installing Debian's$missing (a minute or two)"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of names
apt-get install -y -qq --no-install-recommends $missing >&2
