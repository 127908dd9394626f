#!/usr/bin/env bash
# The contracts are clean under buf lint. Works offline: what they import comes from node_modules.
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

readonly google=$PWD/node_modules/google-proto-files
readonly links=build/buf/third_party # as buf.yaml names it
readonly buf=node_modules/.bin/buf

if [[ ! -x $buf ]]; then
  echo "node_modules/.bin/buf is missing: run ./test, or 'npm ci --ignore-scripts' here" >&2
  exit 1
fi

# google_imports <proto>...: what they import from Google. buf itself carries google/protobuf.
google_imports() {
  sed -nE 's/^[[:space:]]*import[[:space:]]+(public[[:space:]]+)?"(google\/[^"]+)".*/\2/p' "$@" |
    grep -v '^google/protobuf/' | sort -u
}

# Links a file and what it imports in turn. Not the whole package: buf would insist on every import in it.
link() {
  local next
  [[ ! -e $links/$1 && -f $google/$1 ]] || return 0
  mkdir -p "$links/$(dirname "$1")"
  ln -s "$google/$1" "$links/$1"
  for next in $(google_imports "$google/$1"); do link "$next"; done
}

rm -rf "$links"
mkdir -p "$links"
mapfile -t protos < <(find protos -name '*.proto' | sort)
# One in any case: buf insists that a folder it is told of holds a proto.
link google/api/annotations.proto
for import in $(google_imports "${protos[@]}"); do link "$import"; done

# It prints file:line:column:what for each fault. Its exit code for faults is 100, for its own trouble 1.
"$buf" lint || exit 1
