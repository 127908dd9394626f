# shellcheck shell=bash
# What the checks of C++ sources share. Sourced.

# The last command of a pipe runs in the script itself, so that `... | report` can remember what it reported.
shopt -s lastpipe

# Goes to the root of the tree: the one given (by trial.sh), or the one this file is in.
enter_tree() {
  cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" || exit
}

# sources: the C++ files of the tree, each ended by a zero byte.
sources() {
  local folders=()
  [[ ! -d common ]] || folders+=(common)
  [[ ! -d services ]] || folders+=(services)
  [[ ! -d tools ]] || folders+=(tools)
  [[ ! -d tests ]] || folders+=(tests)
  find "${folders[@]}" -type f \( -name '*.cc' -o -name '*.h' \) -print0 | sort -z
}

# code: all C++ of the tree, each line as file:line:text, without comments: they may name what code may not use.
code() {
  sources | xargs -0 awk '
    FNR == 1 { block = 0 }
    {
      text = $0
      if (block) {
        if (!match(text, /\*\//)) next
        text = substr(text, RSTART + 2)
        block = 0
      }
      gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", text)
      sub(/\/\/.*/, "", text)
      if (match(text, /\/\*/)) {
        text = substr(text, 1, RSTART - 1)
        block = 1
      }
      if (text ~ /[^ \t]/) print FILENAME ":" FNR ":" text
    }' /dev/null
}

found=0

# report <what is wrong and what to do>: prints it over the places on standard input, if there are any.
report() {
  local places
  places=$(</dev/stdin)
  [[ -n $places ]] || return 0
  printf '%s\n%s\n\n' "$1" "$places" >&2
  # shellcheck disable=SC2034  # the exit code of who sources this
  found=1
}
