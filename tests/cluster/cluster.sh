# shellcheck shell=bash
# A cluster of one node out of bare programs: no systemd, no registry, nothing to be downloaded. Sourced by within.
# The settings of containerd and kubelet that look odd make it go where root may not do everything, as in a container.

readonly node=10.244.0.1  # this machine, as pods see it
readonly parts=$TSUNAGU_CLUSTER_PARTS
mkdir -p "$work"/{logs,state}

# wrong <what>: the test has failed.
wrong() {
  echo "tests/cluster: $*" >&2
  exit 1
}

# until_so <seconds> <what it waits for> <command>...
until_so() {
  local deadline=$((SECONDS + $1))
  until "${@:3}" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || wrong "after $1 seconds not so: $2"
    sleep 0.3
  done
}

# start <program> <argument>...: in the background, with a log of its name.
start() {
  setsid "$@" >"$work/logs/$1" 2>&1 </dev/null &
}

# Where these programs write whatever they are told: seen by them only.
cover_folders() {
  mount --make-rshared /
  mkdir -p /var/lib/cni
  local folder
  for folder in /run /var/log /var/lib/cni; do mount -t tmpfs tmpfs "$folder"; done
}

start_network() {
  ip link set lo up
  ip link add cni0 type bridge
  ip address add "$node/24" dev cni0
  ip link set cni0 up
  # kubelet and the API server look for the address of the way out; this one leads nowhere.
  ip route add default via 10.244.0.254
  echo 1 >/proc/sys/net/ipv4/ip_forward
  # Names of services, as a cluster's own DNS tells them.
  mkdir -p "$work/names"
  start dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address="$node" --bind-interfaces --user=root \
    --pid-file= --hostsdir="$work/names"
}

start_api_server() {
  local token
  token=$(openssl rand -hex 16)
  echo "$token,admin,admin,system:masters" >"$work/tokens.csv"
  openssl genrsa -out "$work/accounts.key" 2048 2>/dev/null
  start etcd --data-dir "$work/etcd" --listen-client-urls http://127.0.0.1:2379 \
    --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
  start kube-apiserver --etcd-servers=http://127.0.0.1:2379 --bind-address="$node" --advertise-address="$node" \
    --secure-port=6443 --cert-dir="$work/state/apiserver" --token-auth-file="$work/tokens.csv" \
    --kubelet-preferred-address-types=InternalIP \
    --authorization-mode=RBAC --service-cluster-ip-range=10.96.0.0/16 --service-account-key-file="$work/accounts.key" \
    --service-account-signing-key-file="$work/accounts.key" --service-account-issuer=https://kubernetes.default.svc
  until_so 60 "the API server has a certificate" test -s "$work/state/apiserver/apiserver.crt"
  cat >"$KUBECONFIG" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: own, cluster: {server: "https://$node:6443", certificate-authority: "$work/state/apiserver/apiserver.crt"}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: own, context: {cluster: own, user: admin}}]
current-context: own
YAML
  until_so 60 "the API server is ready" kubectl get --raw /readyz
  start kube-controller-manager --kubeconfig "$KUBECONFIG" --leader-elect=false --bind-address 127.0.0.1 \
    --cert-dir "$work/state/controllers" --service-account-private-key-file "$work/accounts.key" \
    --root-ca-file "$work/state/apiserver/apiserver.crt"
}

write_node_settings() {
  mkdir -p "$work"/{cni,containerd,kubelet}
  cat >"$work/cni/10-own.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "own", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$work/cni/addresses", "ranges": [[{"subnet": "10.244.0.0/24"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}}]}
JSON
  cat >"$work/containerd.toml" <<TOML
version = 2
root = "$work/containerd/root"
state = "$work/containerd/state"
[grpc]
  address = "$work/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$work/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$parts/debian/usr/lib/cni"
    conf_dir = "$work/cni"
TOML
  cat >"$work/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$TSUNAGU_CLUSTER_GROUP
cgroupsPerQOS: false
clusterDNS: [$node]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$work/containerd.sock
enforceNodeAllocatable: []
evictionHard: {nodefs.available: "1%", imagefs.available: "1%", memory.available: 10Mi}
failCgroupV1: false
failSwapOn: false
featureGates: {KubeletInUserNamespace: true}
makeIPTablesUtilChains: false
podLogsDir: $work/logs/pods
resolvConf: ""
volumePluginDir: $work/kubelet/plugins
YAML
}

# Once; the cases after the first find it there.
start_node() {
  [[ ! -e $work/containerd.toml ]] || return 0
  write_node_settings
  start kube-scheduler --kubeconfig "$KUBECONFIG" --leader-elect=false --bind-address 127.0.0.1 \
    --cert-dir "$work/state/scheduler"
  start containerd --config "$work/containerd.toml"
  until_so 30 "containerd answers" containers version
  for image in "$parts/pause.tar" "$work"/image/*.tar; do containers images import "$image" >/dev/null; done
  start kubelet --config "$work/kubelet.yaml" --kubeconfig "$KUBECONFIG" --root-dir "$work/kubelet" \
    --cert-dir "$work/state/kubelet" --hostname-override node1 --node-ip "$node"
  until_so 60 "the node is there" kubectl get node node1
  start kube-proxy --kubeconfig "$KUBECONFIG" --hostname-override node1 --proxy-mode nftables --masquerade-all \
    --conntrack-max-per-core 0
  kubectl wait --for=condition=Ready node/node1 --timeout=120s >/dev/null || wrong "the node is not ready"
  echo "ok: a cluster of one node, $(kubectl version -o json | jq -r .serverVersion.gitVersion)"
}

containers() { ctr --address "$work/containerd.sock" --namespace k8s.io "$@"; }
