# shellcheck shell=bash
# Each service in pods of its own, on MariaDB, calling the registry through its Service and over TLS: first the registry
# alone, which makes the key for the others, then all, as helm/README.md says.

# asks_registry: matching looks a facility up before it takes an opening.
asks_registry() {
  ask matching /matching/v1/openings --header 'Content-Type: application/json' \
    --data '{"facility": "facilities/none", "posts": 1, "weekly_minutes": 600}' >"$work/said"
  grep -q REFERENCE_NOT_FOUND "$work/said"
}

case_apart() {
  new_namespace apart
  make_secrets tsunagu-{registry,training,subsidy,matching}
  make_database tsunagu_apart
  sed 's/^ *mysql: .*/  mysql: {host: '"$node, port: $(<"$work/database/port")"', prefix: tsunagu_apart, password: {secret: tsunagu-database}}/' \
    "$chart/ci/apart-mysql-values.yaml" >"$work/apart.yaml"
  local registry_alone='workloads=[{"name": "registry", "services": ["registry"], "replicas": 2}]'
  release install "$chart" --values "$work/apart.yaml" --set peer.key.secret=,peer.ca.secret= --set-json "$registry_alone"
  tell_names
  kube exec deploy/tsunagu-registry -- \
    /usr/bin/tsunagu keys create --services registry --principal services --role service >"$work/registry.key"
  kube create secret generic tsunagu-peer --from-file "$work/registry.key" >/dev/null
  release upgrade "$chart" --values "$work/apart.yaml"
  tell_names
  local workload
  for workload in registry matching; do
    kube exec "deploy/tsunagu-$workload" -- /usr/bin/tsunagu keys create --principal chief --role admin >"$work/key"
  done
  until_so 30 "matching asks the registry" asks_registry
  echo "ok: eight pods of four services; matching asks the registry over TLS"
  helm uninstall tsunagu --namespace apart --wait >/dev/null
}
