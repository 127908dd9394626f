# shellcheck shell=bash
# What a Kubernetes of our own is made of, in a folder of its own: Kubernetes from its Go modules (go.mod, at 20 minutes
# and 4 GB of Go's caches the first time), etcd, containerd and the network plugins from Debian. Debian's packages are
# unpacked and not installed, because the first two would start services on this machine. Sourced.

cluster_tools=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/cluster-$(sha256sum tests/cluster/go.mod | cut -c1-12)
kubernetes_programs=(kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl)
unpacked_packages=(etcd-server containerd containernetworking-plugins)

build_kubernetes() {
  local program version
  # Told to the linker, because a module knows its version and its programs do not.
  version=$("$go" list -C tests/cluster -m -f '{{.Version}}' k8s.io/kubernetes)
  local flags="-s -w -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/client-go/pkg/version.gitVersion=$version"
  for program in "${kubernetes_programs[@]}"; do
    [[ ! -x $cluster_tools/bin/$program ]] || continue
    tell "$program を構築します（一度だけ。時間がかかります）。" "Building $program (once; it takes its time)."
    CGO_ENABLED=0 nice "$go" build -C tests/cluster -trimpath -ldflags "$flags" -o "$cluster_tools/bin/$program.part" \
      "k8s.io/kubernetes/cmd/$program"
    mv "$cluster_tools/bin/$program.part" "$cluster_tools/bin/$program"
  done
}

unpack_debian() {
  [[ ! -d $cluster_tools/debian ]] || return 0
  local work
  work=$(mktemp -d)
  # apt gives up its rights for a download, and has to be able to write here.
  chmod 777 "$work"
  (cd "$work" && apt-get -q=2 download "${unpacked_packages[@]}")
  for package in "$work"/*.deb; do dpkg -x "$package" "$work/debian"; done
  mv "$work/debian" "$cluster_tools/debian"
  rm -rf "$work"
}

# The image of a pod's first container, which does nothing, as docker save writes one.
make_pause_image() {
  [[ ! -e $cluster_tools/pause.tar ]] || return 0
  local work
  work=$(mktemp -d)
  cc -static -O2 -x c -o "$work/pause" - <<'C'
#include <signal.h>
int main(void) {
  sigset_t end;
  int which;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  sigprocmask(SIG_BLOCK, &end, 0);
  return sigwait(&end, &which);
}
C
  tar -C "$work" -cf "$work/layer.tar" pause
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(dpkg --print-architecture)" "$(sha256sum "$work/layer.tar" | cut -d' ' -f1)" >"$work/config.json"
  echo '[{"Config":"config.json","RepoTags":["localhost/pause:1"],"Layers":["layer.tar"]}]' >"$work/manifest.json"
  tar -C "$work" -cf "$cluster_tools/pause.tar" manifest.json config.json layer.tar
  rm -rf "$work"
}

fetch_cluster_tools() {
  go=$(go_program)
  [[ -x $go ]] || fail "Go がないので実行できません。https://go.dev/dl/ から入れてください。" \
    "This needs Go, which is not here. Install it from https://go.dev/dl/."
  mkdir -p "$cluster_tools/bin"
  unpack_debian
  make_pause_image
  build_kubernetes
}
