# shellcheck shell=bash
# Programs in Go that test what we serve: Vanguard, the oracle of REST, which ./test uses where there is a Go new enough, and
# the clients of ./test --clients. Built from Go modules of fixed versions. Sourced.

go_clients=(
  github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4
  github.com/grpc-ecosystem/grpc-health-probe@v0.4.63
  github.com/bojand/ghz/cmd/ghz@v0.120.0
)
vanguard=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/clients/vanguard

go_program() { command -v go || echo /usr/local/go/bin/go; }

# build_ours <program> <file>: one of tests/clients/foreign/go.
build_ours() {
  nice "$(go_program)" build -C tests/clients/foreign/go -o "$2" "./$1"
}

# Builds it where it is missing or old; says why where that cannot be, and goes on: what needs it is skipped.
fetch_vanguard() {
  local source=tests/clients/foreign/go said
  [[ ! $vanguard -nt $source/vanguard/main.go || ! $vanguard -nt $source/go.mod ]] || return 0
  mkdir -p "${vanguard%/*}"
  if ! said=$(build_ours vanguard "$vanguard" 2>&1); then
    rm -f "$vanguard"
    tell "Vanguard を作れないため、RESTとの比較は省かれます: $(tail -n 1 <<<"$said")" \
      "Vanguard cannot be built, so REST is not compared with it: $(tail -n 1 <<<"$said")"
  fi
}

# build_go_clients <folder>
build_go_clients() {
  local module program
  [[ -x $(go_program) ]] || fail "Go がないので実行できません。https://go.dev/dl/ から入れてください。" \
    "This needs Go, which is not here. Install it from https://go.dev/dl/."
  tell "Go のクライアントを構築します（初回は時間がかかります）。" "Building clients in Go (the first time takes a while)."
  build_ours caller "$1/caller"
  for module in "${go_clients[@]}"; do
    program=${module%@*} program=${program##*/}
    [[ $(cat "$1/$program.version" 2>/dev/null) == "$module" ]] && continue
    GOBIN=$1 nice "$(go_program)" install "$module"
    echo "$module" >"$1/$program.version"
  done
}
