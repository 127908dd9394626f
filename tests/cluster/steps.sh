# shellcheck shell=bash
# What the cases have in common: the secrets of an installation, callers, load. Sourced by within.

readonly chart=helm/tsunagu

# kube <argument>...: in the namespace of the case.
kube() { kubectl --namespace "$namespace" "$@"; }

# new_namespace <name>: one that takes restricted pods only.
new_namespace() {
  namespace=$1
  kubectl create namespace "$namespace" >/dev/null
  kubectl label namespace "$namespace" pod-security.kubernetes.io/{enforce,warn}=restricted >/dev/null
  until_so 30 "$namespace has its account" kube get serviceaccount default
}

# make_secrets <host>...: as helm/README.md says; a certificate for these names, signed by itself.
make_secrets() {
  local names
  names=$(printf ',DNS:%s' "$@")
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" -out "$work/tls.crt" \
    -days 2 -subj /CN=tsunagu -addext "subjectAltName=${names#,}" -addext basicConstraints=critical,CA:false 2>/dev/null
  rm -f "$work/master.key"
  build/bin/tsunagu keys master --add-to "$work/master.key" >/dev/null
  kube create secret generic tsunagu-master --from-file "$work/master.key" >/dev/null
  kube create secret generic tsunagu-tls --type kubernetes.io/tls --from-file "$work/tls.crt" --from-file "$work/tls.key" \
    --from-file ca.crt="$work/tls.crt" >/dev/null
}

# release install|upgrade|rollback <argument>...: waits until all pods are ready.
release() {
  local said
  said=$(helm "$1" tsunagu --namespace "$namespace" --wait --timeout 300s "${@:2}" 2>&1) || {
    kube get pods,events >&2
    kube logs --all-containers --selector app.kubernetes.io/name=tsunagu --tail 20 --prefix >&2 || true
    wrong "helm $1: $said"
  }
}

# start_database: a MariaDB on this machine, outside the cluster, that pods reach.
start_database() {
  deploy/build/database.sh create "$work/database"
  sed -i 's/^bind-address=.*/bind-address=0.0.0.0/' "$work/database/server.cnf"
  "$work/database/control" kill
  "$work/database/control" start
  openssl rand -hex 16 >"$work/password"
  # Where Debian's clients look for it; /run is our own.
  mkdir -p /run/mysqld
  ln -s "$work/database/server.sock" /run/mysqld/mysqld.sock
}

# make_database <prefix>: its schemas and user, by the script that compose uses, and the secret.
make_database() {
  [[ -e $work/database/port ]] || start_database
  MARIADB_ROOT_PASSWORD='' TSUNAGU_DATABASE_PASSWORD_FILE=$work/password bash <(sed "s/\"tsunagu_/\"$1_/g" deploy/compose/schemas.sh)
  kube create secret generic tsunagu-database --from-file "$work/password" >/dev/null
}

# What the chart tells to do for the first key, done.
first_key() {
  local command
  command=$(helm get notes tsunagu --namespace "$namespace" | sed -n 's/^ *\(kubectl exec .*\)/\1/p')
  [[ -n $command ]] || wrong "the notes of the chart tell no command for the first key"
  bash -c "$command" >"$work/key" 2>"$work/said" || wrong "$command: $(<"$work/said")"
}

# address <workload>: of its service, by the number that only the cluster knows.
address() { kube get service "tsunagu-$1" -o jsonpath='{.spec.clusterIP}'; }

# tell_names: lets pods find the services by name.
tell_names() {
  kubectl get services --all-namespaces -o json |
    jq -r '.items[] | select(.spec.clusterIP != "None") | .metadata as $m |
      "\(.spec.clusterIP) \($m.name).\($m.namespace).svc.cluster.local"' >"$work/services"
  mv "$work/services" "$work/names/services"
}

# ask <workload> <path> [curl argument]...: over TLS, through the Service, with the key.
ask() {
  curl --silent --show-error --max-time 10 --cacert "$work/tls.crt" --header "Authorization: Bearer $(<"$work/key")" \
    --connect-to "tsunagu-$1:443:$(address "$1"):443" "https://tsunagu-$1$2" "${@:3}"
}

# first_call: by REST, a record that is there from then on.
first_call() {
  ask suite '/registry/v1/regions?region_id=first' --header 'Content-Type: application/json' \
    --data '{"display_name": "見本圏域", "kind": "REGION_KIND_OTHER"}' >"$work/said"
  jq -e '.name == "regions/first"' "$work/said" >/dev/null || wrong "the first call: $(<"$work/said")"
  echo regions/first >"$work/first.written"
}

# under_load <name> <flags of load.mjs> <command>...: the command, while calls are made; what became of them is in
# $work/NAME.json, what was written in $work/NAME.written.
under_load() {
  local loader
  # shellcheck disable=SC2086  # flags are words
  node tests/cluster/load.mjs --address "$(address suite):443" --host tsunagu-suite --ca "$work/tls.crt" \
    --key "$work/key" --written "$work/$1.written" $2 >"$work/$1.json" 2>"$work/logs/load-$1" &
  loader=$!
  until_so 30 "calls are made, see logs/load-$1" test -s "$work/$1.written"
  "${@:3}"
  sleep 3  # and a while after
  kill -TERM "$loader"
  wait "$loader" || wrong "load $1: $(<"$work/logs/load-$1")"
}

# of_load <name> <jq expression>
of_load() { jq -r "$2" "$work/$1.json"; }

# none_failed <name>
none_failed() {
  [[ $(of_load "$1" .failed) == 0 ]] || wrong "$1: calls failed: $(<"$work/$1.json")"
  (($(of_load "$1" .calls) > 250)) || wrong "$1: hardly any calls: $(<"$work/$1.json")"
  echo "ok: $1: none of $(of_load "$1" .calls) calls failed, the slowest took $(of_load "$1" .slowest_ms) ms"
}

# waited <name>: what callers notice of a change that interrupts. All are answered in the end.
waited() {
  [[ $(of_load "$1" .failed) == 0 ]] || wrong "$1: calls that were repeated failed: $(<"$work/$1.json")"
  echo "ok: $1: all of $(of_load "$1" .calls) calls were answered, $(of_load "$1" .repeated) times at another try, the last after $(of_load "$1" .slowest_ms) ms"
}

# nothing_lost <name>...: each region whose creation was answered is there.
nothing_lost() {
  local token="" written lost
  : >"$work/there"
  while :; do
    ask suite "/registry/v1/regions?page_size=1000&page_token=$token" >"$work/page"
    jq -r '.regions[].name' "$work/page" >>"$work/there" || wrong "no list of regions: $(<"$work/page")"
    token=$(jq -r '.next_page_token // ""' "$work/page")
    [[ -n $token ]] || break
  done
  written=$(cat "${@/%/.written}" | sort -u)
  lost=$(comm -23 <(echo "$written") <(sort -u "$work/there"))
  [[ -z $lost ]] || wrong "lost: $lost"
  echo "ok: all $(wc -l <<<"$written") regions are there that were said to be written"
}

# pods_that_stay: those of the suite as a list in JSON, without those that are on their way out, which helm does not wait for.
pods_that_stay() {
  kube get pods --selector app.kubernetes.io/component=suite -o json |
    jq '[.items[] | select(.metadata.deletionTimestamp == null)]'
}

# kill_server: SIGKILL to one server, and until all are ready again.
kill_server() {
  local pod id
  pod=$(pods_that_stay | jq -r '.[0].metadata.name')
  id=$(kube get pod "$pod" -o jsonpath='{.status.containerStatuses[0].containerID}')
  containers tasks kill --signal SIGKILL "${id#containerd://}"
  until_so 60 "$pod has been started again" restarted "$pod"
  kube wait --for=condition=Ready "pod/$pod" --timeout=90s >/dev/null || wrong "$pod is not ready again"
}
restarted() { (($(kube get pod "$1" -o jsonpath='{.status.containerStatuses[0].restartCount}') > 0)); }
