#!/usr/bin/env bash
# C++ stands as .clang-format says.
#
#   tests/checks/format.sh [--write] [TREE]   --write formats what does not
set -euo pipefail
how=(--dry-run -Werror)
if [[ ${1-} == --write ]]; then
  how=(-i)
  shift
fi
# shellcheck source=tests/checks/sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
enter_tree "$@"

if ! sources | xargs -0 -r -P "$(nproc)" -n 50 clang-format-14 "${how[@]}"; then
  printf 'Run tests/checks/format.sh --write\n' >&2
  exit 1
fi
