#!/usr/bin/env bash
# What building and testing Ordinal needs, for site/serve and tests/run.
#
#   site/deps.sh build     compilers, Emscripten, library sources, fonts
#   site/deps.sh browser   … and Chromium and the test runner's node modules
#   site/deps.sh print     where the library sources are kept
#
# Programs come as Debian packages (installed where we are root, otherwise named in a clear message). Library sources
# (Dear ImGui, yaml-cpp, Catch2, nlohmann/json) go into a cache outside the tree that CMakeLists.txt finds by itself.
# Where Debian's source packages cannot be had, CMake fetches the pinned upstream releases instead.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ORDINAL_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/ordinal/deps}

say() { printf 'deps: %s\n' "$*" >&2; }

# program:package pairs; a path in place of a program is tested as a file.
build_programs="cmake:cmake ninja:ninja-build g++:g++ ccache:ccache em++:emscripten node:nodejs python3:python3
  brotli:brotli xz:xz-utils dpkg-deb:dpkg git:git clang-format:clang-format
  /usr/share/fonts/opentype/inter/Inter-Regular.otf:fonts-inter
  /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf:fonts-jetbrains-mono
  /usr/lib/python3/dist-packages/fontTools/__init__.py:python3-fonttools"
browser_programs="chromium:chromium npm:npm /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk"

have() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null 2>&1 ;; esac; }

programs() {
  local missing=() pair
  for pair in "$@"; do have "${pair%%:*}" || missing+=("${pair#*:}"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || say "apt-get update reported errors; going on"
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2
  else
    say "please install these Debian packages (or their like) first: ${missing[*]}"
    return 1
  fi
}

# The mirror this machine already uses for Debian itself.
mirror() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -n 1; }

# unpack NAME TARBALL: as $cache/NAME, in one move, so that two builds at once do not disturb each other.
unpack() {
  local work
  work=$(mktemp -d "$cache/.unpack.XXXXXX")
  tar -xf "$2" -C "$work" --strip-components=1
  mv -T "$work" "$cache/$1" 2>/dev/null || rm -rf "$work"
}

sources_complete() {
  [ -e "$cache/imgui-1.92.2b/imgui.cpp" ] && [ -e "$cache/yaml-cpp-0.8.0/src/parser.cpp" ] &&
    [ -e "$cache/catch2-3.7.1/extras/catch_amalgamated.cpp" ] && [ -e "$cache/json-3.11/include/nlohmann/json.hpp" ]
}

# json's headers: the installed package's, or the same package unpacked without installing it.
json_headers() {
  [ -e "$cache/json-3.11/include/nlohmann/json.hpp" ] && return 0
  local work
  work=$(mktemp -d "$cache/.json.XXXXXX")
  mkdir -p "$work/tree/include"
  if [ -e /usr/include/nlohmann/json.hpp ]; then
    cp -r /usr/include/nlohmann "$work/tree/include/"
  else
    (cd "$work" && apt-get -qq download nlohmann-json3-dev >&2 && dpkg-deb -x nlohmann-json3-dev_*.deb deb) || return 1
    cp -r "$work/deb/usr/include/nlohmann" "$work/tree/include/"
  fi
  mv -T "$work/tree" "$cache/json-3.11" 2>/dev/null || true
  rm -rf "$work"
}

debian_sources() {
  local site work options
  command -v apt-get >/dev/null 2>&1 || return 1
  site=$(mirror)
  [ -n "$site" ] || return 1
  work=$(mktemp -d "$cache/.apt.XXXXXX")
  chmod 755 "$work"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  for suite in trixie sid; do
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main"
  done >"$work/sources.list"
  options=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Dir::State::status=/dev/null -o "APT::Sandbox::User=")
  say "fetching the sources of Dear ImGui, yaml-cpp and Catch2"
  if (cd "$work" && apt-get "${options[@]}" update && apt-get "${options[@]}" source --download-only imgui/sid yaml-cpp/trixie catch2/trixie) >"$work/log" 2>&1; then
    unpack imgui-1.92.2b "$work"/imgui_1.92.2b*.orig.tar.*
    unpack yaml-cpp-0.8.0 "$work"/yaml-cpp_0.8.0*.orig.tar.*
    unpack catch2-3.7.1 "$work"/catch2_3.7.1*.orig.tar.*
  else
    tail -n 5 "$work/log" >&2
  fi
  rm -rf "$work"
  json_headers
}

sources() {
  sources_complete && return 0
  mkdir -p "$cache"
  debian_sources || true
  sources_complete || say "no Debian sources for all libraries; CMake will fetch the upstream releases"
}

case ${1:-build} in
  print) echo "$cache" ;;
  build)
    # shellcheck disable=SC2086
    programs $build_programs
    sources
    ;;
  browser)
    # shellcheck disable=SC2086
    programs $build_programs $browser_programs
    sources
    if [ -e "$root/tests/browser/package-lock.json" ] &&
      ! cmp -s "$root/tests/browser/package-lock.json" "$root/tests/browser/node_modules/.lock"; then
      say "installing the browser tests' node modules"
      (cd "$root/tests/browser" && npm ci --no-audit --no-fund --loglevel=error >&2 && cp package-lock.json node_modules/.lock)
    fi
    ;;
  *) say "unknown part '$1'"; exit 2 ;;
esac
