# shellcheck shell=bash
# helm, which checks and renders our chart. Debian does not carry it; it is built from its Go module, once, into a folder
# of its own. That takes a Go newer than Debian 12's. Sourced.

helm_version=v3.19.2
helm_folder=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/helm-$helm_version
# shellcheck disable=SC2034  # for who sources this
helm=$helm_folder/helm

# Builds it where it is missing; says why where that cannot be, and goes on: what needs it is skipped.
fetch_helm() {
  [[ ! -x $helm_folder/helm ]] || return 0
  local go said
  go=$(command -v go || echo /usr/local/go/bin/go)
  if ! said=$("$go" version 2>&1); then
    tell "Go がないため、helm を作れません。チャートの検査は省かれます。" \
      "There is no Go to build helm with. The chart is not checked."
    return 0
  fi
  tell "helm を構築します（一度だけ）。" "Building helm (once)."
  mkdir -p "$helm_folder"
  if ! said=$(GOBIN=$helm_folder nice "$go" install "helm.sh/helm/v3/cmd/helm@$helm_version" 2>&1); then
    tell "helm を作れません。チャートの検査は省かれます: $(tail -n 1 <<<"$said")" \
      "helm cannot be built. The chart is not checked: $(tail -n 1 <<<"$said")"
  fi
}
