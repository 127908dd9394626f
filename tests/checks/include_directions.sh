#!/usr/bin/env bash
# Who may include whom (DESIGN.md, section 3). All headers of all libraries lie in one folder, so CMake cannot tell.
set -euo pipefail
# shellcheck source=tests/checks/sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
enter_tree "$@"

# What decisions are made of: values and text. No clock, no I/O, no threads, no chance, and no <cmath>, which is
# floating point.
values='algorithm|array|bit|bitset|cctype|charconv|climits|compare|concepts|cstddef|cstdint|cstdlib|cstring|deque'
values+='|functional|initializer_list|iterator|limits|list|map|memory|numeric|optional|queue|ranges|set|span|string'
values+='|tuple|type_traits|unordered_map|unordered_set|utility|variant|vector'
values+='|absl/(algorithm|base|container|functional|hash|memory|meta|numeric|status|strings|types|utility)/.*'
values+='|absl/time/(civil_time|time)\.h|google/protobuf/.*'
# Headers of common/base that are values; add a new one here.
values+='|common/base/(digest|error|status_macros|utf8)\.h|common/contract/own_id\.h|common/jp/.*'

# Each include of the tree, as <file:line> <included>.
includes=$(code | sed -nE 's/^([^:]+:[0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]([^>"]+)[>"].*/\1 \2/p')

# within <regex of folders>: includes by their files. outside: of those on standard input, the files elsewhere.
within() { grep -E "^($1)" <<<"$includes" || true; }
outside() { grep -vE "^($1)" || true; }
# matching <regex> / other_than <regex>: of the includes on standard input, those (not) of that header.
matching() { grep -E "^[^ ]+ ($1)\$" || true; }
other_than() { grep -vE "^[^ ]+ ($1)\$" || true; }

# Files that only tests are built from.
readonly tests='[^ ]*(_test\.(cc|h)|/testing/[^ ]*):'

within '' | matching '(.*/)?\.\./.*' | report "Include by the path from the root of the tree:"
within common/ | matching 'services/.*' | report "common includes no service:"
within common/ | outside "$tests" | matching 'tsunagu/.*/.*' | other_than 'tsunagu/platform/.*' |
  report "common knows no service, nor its contract (only its tests may use one as an example):"

# The floors of common, the lowest first: a folder includes those in front of it and itself. testing stands beside them.
readonly floors=(base jp jose print contract text identity db keys journal records rpc web access work service platform host)
# The messages of the platform's own services begin with access. Below it, only REST knows one: that of an upload.
readonly no_platform='base|jp|jose|print|contract|text|identity|db|keys|journal|records|rpc|web'
within "common/($no_platform)/" | outside "$tests" | outside 'common/web/rest/rest\.cc:' | matching 'tsunagu/platform/.*' |
  report "What stands below common/access knows none of the platform's services:"
below=testing
for floor in "${floors[@]}"; do
  below+="|$floor"
  within "common/$floor/" | outside "$tests" | matching 'common/.*' | other_than "common/($below)/.*" |
    report "common/$floor stands below what it includes (the floors are in tests/checks/include_directions.sh):"
done
for folder in common/*/; do
  name=$(basename "$folder")
  [[ " ${floors[*]} testing " == *" $name "* ]] || echo "$folder" | report "Say on which floor this folder stands:"
done

within services/ | matching 'common/db/.*' |
  report "A service knows records, not the database below them:"
for folder in services/*/; do
  service=$(basename "$folder")
  # These two are made of the others.
  if [[ $service != suite && $service != console ]]; then
    # What those share that call the registry is in services/peers.
    within "services/$service/" | matching 'services/.*' | other_than "services/($service|peers)/.*" |
      report "services/$service includes no other service (call it through its contract):"
  fi
  for rules in "services/$service"/{rules,market,coverage,objectives}; do
    [[ -d $rules ]] || continue
    own="$values|$rules/.*|.*\.pb\.h"
    # What is worked out on a market, with LEMON's flows; the rules make one.
    case $rules in */rules) own+="|services/$service/market/.*" ;; esac
    case $rules in */coverage | */objectives) own+="|services/$service/market/.*|lemon/.*" ;; esac
    within "$rules/" | matching '.*\.grpc\.pb\.h' | report "$rules knows messages, not their services:"
    within "$rules/" | outside "$tests" | other_than "$own" |
      report "$rules includes only values, messages and its own rules:"
    # Tests also have the test tools and the whole standard library, and still no store, rpc or network.
    within "$rules/$tests" | other_than "$own|common/testing/.*|g(test|mock)/.*|[a-z_]+" |
      report "Tests of $rules include what rules may, and test tools:"
  done
done

# A tool is a client: it sees what a client of the suite sees, and only its tests start a suite.
readonly client='services/suite/(call|client|contracts|export|import|input|new_file|operation|print_error|progress|text_table)\.h'
within tools/ | outside "$tests" | matching 'services/.*' | other_than "$client" |
  report "A tool includes only common and the client files of services/suite:"
within "tools/$tests" | matching 'services/.*' | other_than "$client|services/suite/suite_fixture\.h" |
  report "The test of a tool includes what the tool may, and services/suite/suite_fixture.h:"
within '' | outside 'tools/' | matching 'tools/.*' | report "Nothing includes a tool but the tool itself:"

exit "$found"
