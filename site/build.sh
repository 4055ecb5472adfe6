#!/usr/bin/env bash
# Builds the web page into build/site. Used by site/serve and tests/run.
#
# ORDINAL_WEB_TYPE=Dev makes a quicker, larger build with asserts in build/site-dev.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
type=${ORDINAL_WEB_TYPE:-Release}
out=$root/build/site
tree=$root/build/web
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=yes  # clones share compiled objects
if [ "$type" != Release ]; then out=$root/build/site-dev tree=$root/build/web-dev; fi

mkdir -p "$root/build"
emcmake cmake -G Ninja -S "$root" -B "$tree" -DCMAKE_BUILD_TYPE="$type" >"$root/build/web-configure.log" 2>&1 ||
  { "$root/site/deps.sh" explain "$root/build/web-configure.log"; exit 1; }
nice ninja -C "$tree" -j "${ORDINAL_JOBS:-$(nproc)}" playground >&2
python3 "$root/site/assemble.py" --program "$tree/wasm" --out "$out"
