#!/usr/bin/env bash
# What is between the marks of a .proto is as tools/standard_block.mjs writes it.
set -euo pipefail
tool=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/tools/standard_block.mjs
# shellcheck source=tests/checks/sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
enter_tree "$@"

# It names each file, its first line that differs, and the command that mends it.
node "$tool" --check .
