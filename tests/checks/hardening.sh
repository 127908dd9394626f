#!/usr/bin/env bash
# What ships was compiled and linked against overflows: stack protector, _FORTIFY_SOURCE, full RELRO, any address.
#
#   tests/checks/hardening.sh PROGRAM...
set -euo pipefail

# holds <what readelf is asked> <pattern>: reads all that readelf prints, since grep -q leaves at its first hit, and with
# pipefail a readelf that is still writing would count as a failure.
holds() {
  local printed
  printed=$(readelf --wide "$1" "$program")
  grep -q "$2" <<<"$printed"
}

failed=0
for program in "$@"; do
  for symbol in __stack_chk_fail __snprintf_chk; do
    holds --dyn-syms "$symbol" || { echo "$program does not use $symbol" && failed=1; }
  done
  holds --dynamic BIND_NOW || { echo "$program binds late" && failed=1; }
  holds --program-headers GNU_RELRO || { echo "$program has no RELRO" && failed=1; }
  holds --file-header 'Type: *DYN' || { echo "$program has a fixed address" && failed=1; }
done
exit "$failed"
