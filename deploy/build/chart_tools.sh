# shellcheck shell=bash
# What checks our Helm chart: helm, which Debian does not carry, and judge (tests/chart), which knows Kubernetes' types.
# Both are built from Go modules, once, into a folder of their own. That takes a Go newer than Debian 12's. Sourced.

helm_version=v3.19.2
chart_tools=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/chart-helm-$helm_version

# Builds them where they are missing or old; says why where that cannot be, and goes on: what needs them is skipped.
fetch_chart_tools() {
  [[ ! -x $chart_tools/helm || ! $chart_tools/judge -nt tests/chart/main.go || ! $chart_tools/judge -nt tests/chart/go.mod ]] ||
    return 0
  local go said
  go=$(go_program)
  if ! "$go" version >/dev/null 2>&1; then
    tell "Go がないため helm を作れません。チャートの検査は省かれます。" \
      "There is no Go to build helm with. The chart is not checked."
    return 0
  fi
  tell "チャートの検査に使う helm などを構築します（一度だけ）。" "Building helm and what else checks the chart (once)."
  mkdir -p "$chart_tools"
  if ! said=$({ GOBIN=$chart_tools nice "$go" install "helm.sh/helm/v3/cmd/helm@$helm_version" &&
    nice "$go" build -C tests/chart -o "$chart_tools/judge" .; } 2>&1); then
    tell "作れませんでした。チャートの検査は省かれます: $(tail -n 1 <<<"$said")" \
      "They cannot be built. The chart is not checked: $(tail -n 1 <<<"$said")"
  fi
}
