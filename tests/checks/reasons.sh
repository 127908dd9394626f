#!/usr/bin/env bash
# Words and contracts fit together: every "WORD"_reason of the code is declared by an enum of reasons, and every declared
# reason is used somewhere, in code or in a contract.
set -euo pipefail
# shellcheck source=tests/checks/sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
enter_tree "$@"

declared=$(find protos common -name '*.proto' -exec grep -hoP '^\s*REASON_\K[A-Z0-9_]+(?= = [1-9])' {} + | sort -u)
used=$(code | grep -oP '"\K[A-Z0-9_]+(?="_reason)' | sort -u || true)
# Texts by which protobuf-free code names a reason, as base/error.cc does.
named=$(code | grep -oP 'set_reason\("\K[A-Z0-9_]+(?=")' | sort -u || true)
in_contracts=$(find protos -name '*.proto' -exec grep -hoP 'reason: "\K[A-Z0-9_]+(?=")' {} + | sort -u || true)

comm -13 <(echo "$declared") <(sort -u <(echo "$used") <(echo "$in_contracts") | sed '/^$/d') |
  report "No contract declares these reasons (add them to a reason.proto, with both texts):"
comm -23 <(echo "$declared" | sed '/^$/d') <(sort -u <(echo "$used") <(echo "$named") <(echo "$in_contracts")) |
  report "Nobody gives these reasons: take them out and reserve their numbers and names:"

exit "$found"
