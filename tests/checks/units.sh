#!/usr/bin/env bash
# The systemd units leave little open: an exposure of 1.5 or less by systemd-analyze, alone and with each drop-in.
#
#   tests/checks/units.sh [TREE]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0
# exposed <name> <file>...: what systemd-analyze says, where it is too much. Drop-ins come after the unit.
exposed() {
  local said
  # Merged into one file: --offline looks for drop-ins in the folders of the system only where it is told another root.
  cat "${@:2}" >"$work/tsunagu.service"
  if ! said=$(systemd-analyze security --no-pager --offline=true --threshold=15 "$work/tsunagu.service" 2>&1) ||
    grep -q 'Unknown key\|Failed to parse\|Invalid' <<<"$said"; then
    printf '%s: %s\n' "$1" "$(grep -v '^✓' <<<"$said")" >&2
    failed=1
  fi
}

shopt -s nullglob
for unit in deploy/systemd/*.service; do
  exposed "$unit" "$unit"
  for drop_in in deploy/systemd/*.conf; do exposed "$unit with $drop_in" "$unit" "$drop_in"; done
done
exit "$failed"
