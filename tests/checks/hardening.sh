#!/usr/bin/env bash
# What ships was compiled and linked against overflows: stack protector, _FORTIFY_SOURCE, full RELRO, any address.
#
#   tests/checks/hardening.sh PROGRAM...
set -euo pipefail

failed=0
for program in "$@"; do
  symbols=$(readelf --wide --dyn-syms "$program")
  for symbol in __stack_chk_fail __snprintf_chk; do
    grep -q "$symbol" <<<"$symbols" || { echo "$program does not use $symbol" && failed=1; }
  done
  readelf --wide --dynamic "$program" | grep -q BIND_NOW || { echo "$program binds late" && failed=1; }
  readelf --wide --program-headers "$program" | grep -q GNU_RELRO || { echo "$program has no RELRO" && failed=1; }
  readelf --wide --file-header "$program" | grep -q 'Type: *DYN' || { echo "$program has a fixed address" && failed=1; }
done
exit "$failed"
