# shellcheck shell=bash
# Programs in Go that test what we serve (./test --clients), from modules of fixed versions. Sourced.

go_clients=(
  github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4
  github.com/grpc-ecosystem/grpc-health-probe@v0.4.63
  github.com/bojand/ghz/cmd/ghz@v0.120.0
)

# build_ours <program> <file>: one of tests/clients/foreign/go.
build_ours() {
  [[ -x $(go_program) ]] || fail "Go がないので実行できません。https://go.dev/dl/ から入れてください。" \
    "This needs Go, which is not here. Install it from https://go.dev/dl/."
  nice "$(go_program)" build -C tests/clients/foreign/go -o "$2" "./$1"
}

# build_go_clients <folder>
build_go_clients() {
  local module program
  tell "Go のクライアントを構築します（初回は時間がかかります）。" "Building clients in Go (the first time takes a while)."
  build_ours caller "$1/caller"
  for module in "${go_clients[@]}"; do
    program=${module%@*} program=${program##*/}
    [[ $(cat "$1/$program.version" 2>/dev/null) == "$module" ]] && continue
    GOBIN=$1 nice "$(go_program)" install "$module"
    echo "$module" >"$1/$program.version"
  done
}
