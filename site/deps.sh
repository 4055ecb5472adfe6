#!/usr/bin/env bash
# What building and testing Ordinal needs, for site/serve and tests/run.
#
#   site/deps.sh build         compilers, Emscripten, library sources, fonts
#   site/deps.sh browser       … and Chromium and the test runner's node modules
#   site/deps.sh print         where the library sources are kept
#   site/deps.sh explain LOG   shows why configuring failed
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
  if ! command -v apt-get >/dev/null 2>&1; then
    say "please install these first (the names are Debian's packages): ${missing[*]}"
    return 1
  elif [ "$(id -u)" -ne 0 ]; then
    say "missing programs; please run: sudo apt-get install --no-install-recommends ${missing[*]}"
    return 1
  fi
  say "installing ${missing[*]}"
  install_packages "${missing[@]}" && return 0
  say "they could not be installed (${log#"$root/"} has all of it); when the package mirror can be reached, run this again"
  return 1
}

# Installs Debian packages, as root. Tells how far it is; all that apt and dpkg say is in the log.
log=$root/build/deps.log
install_packages() {
  local apt=(env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0)
  mkdir -p "${log%/*}"
  "${apt[@]}" update >"$log" 2>&1 || say "apt-get update reported errors; going on"
  "${apt[@]}" install -y --no-install-recommends "$@" 2>&1 | tee -a "$log" | awk '
    function tell(what, n) { if (n == total || n % 40 == 0) printf "deps: %d of %d packages %s\n", n, total, what }
    /newly installed/ { total = $1 + $3 }
    /^Need to get/ { sub(/^Need to get /, ""); sub(/ of archives.*/, ""); print "deps: downloading " $0 " for " total " packages" }
    /^Unpacking/ { tell("unpacked", ++unpacked) }
    /^Setting up/ { tell("set up", ++ready) }
    /^[EW]:/ { print "deps: " $0 }
    { fflush() }' >&2
}

# The mirror this machine already uses for Debian itself.
mirror() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -n 1; }

# unpack NAME TARBALL: as $cache/NAME, in one move, so that two builds at once do not disturb each other.
unpack() {
  local work
  work=$(mktemp -d "$cache/.unpack.XXXXXX")
  chmod 755 "$work"
  tar -xf "$2" -C "$work" --strip-components=1 && mv -T "$work" "$cache/$1" 2>/dev/null || rm -rf "$work"
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
    (cd "$work" && apt-get -qq -o APT::Sandbox::User= download nlohmann-json3-dev && dpkg-deb -x nlohmann-json3-dev_*.deb deb) >&2 ||
      { rm -rf "$work"; return 1; }
    cp -r "$work/deb/usr/include/nlohmann" "$work/tree/include/"
  fi
  mv -T "$work/tree" "$cache/json-3.11" 2>/dev/null || true
  rm -rf "$work"
}

# Whichever of Debian's releases has the version that is wanted.
debian_sources() {
  local site work options wanted name version full
  command -v apt-get >/dev/null 2>&1 || return 1
  site=$(mirror)
  [ -n "$site" ] || return 1
  work=$(mktemp -d "$cache/.apt.XXXXXX")
  chmod 755 "$work"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  for suite in trixie forky sid; do
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main"
  done >"$work/sources.list"
  options=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Dir::State::status=/dev/null -o "APT::Sandbox::User=")
  say "fetching the sources of Dear ImGui, yaml-cpp and Catch2"
  apt-get "${options[@]}" update >"$work/log" 2>&1 || true
  if ! compgen -G "$work/lists/*Sources*" >/dev/null; then
    say "the package mirror cannot be reached: $(grep '^[EW]:' "$work/log" | head -n 1)"
    rm -rf "$work"
    return 1
  fi
  for wanted in imgui=1.92.2b yaml-cpp=0.8.0 catch2=3.7.1; do
    name=${wanted%=*} version=${wanted#*=}
    [ ! -e "$cache/$name-$version" ] || continue
    full=$(apt-cache "${options[@]}" madison "$name" 2>>"$work/log" | awk -F '[| ]+' -v v="$version" 'index($3, v) == 1 { print $3; exit }')
    if [ -n "$full" ] && (cd "$work" && apt-get "${options[@]}" source --download-only "$name=$full") >>"$work/log" 2>&1; then
      unpack "$name-$version" "$work/${name}_$version"*.orig.tar.*
    else
      say "no $name $version from Debian: $(grep '^[EW]:' "$work/log" | tail -n 1)"
    fi
  done
  rm -rf "$work"
}

sources() {
  sources_complete && return 0
  mkdir -p "$cache"
  debian_sources || true
  json_headers || true
  sources_complete || say "not all libraries could be had from Debian; CMake will fetch their upstream releases (from GitHub)"
}

case ${1:-build} in
  print) echo "$cache" ;;
  explain)
    cat "$2" >&2
    ! grep -q 'Build step for .* failed' "$2" ||
      say "a library could not be fetched. The network is needed the first time only: connect, and run this again"
    ;;
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
