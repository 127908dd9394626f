# shellcheck shell=bash
# The Deployment of three on a MariaDB outside the cluster: no call fails while it changes.

# images_of_suite: what its pods run, each image once.
images_of_suite() { pods_that_stay | jq -r '[.[].spec.containers[0].image] | unique[]'; }

# drain_one: a pod is told to go, as when a node is emptied; the budget lets one go at a time.
drain_one() {
  local pod
  pod=$(pods_that_stay | jq -r '.[0].metadata.name')
  kubectl create --raw "/api/v1/namespaces/$namespace/pods/$pod/eviction" --filename - >/dev/null <<JSON
{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "$pod", "namespace": "$namespace"}}
JSON
  kube wait --for=delete "pod/$pod" --timeout=90s >/dev/null
  kube rollout status deployment/tsunagu-suite --timeout=90s >/dev/null
}

# fail_to_upgrade: the migration cannot reach its database. Helm says so, and the servers go on.
fail_to_upgrade() {
  if helm upgrade tsunagu "$chart" --namespace "$namespace" --values "$work/values.yaml" --set database.mysql.port=3999 \
    --wait --timeout 25s >"$work/said" 2>&1; then
    wrong "helm upgrades without a database"
  fi
  grep -q 'pre-upgrade hooks failed' "$work/said" || wrong "helm fails otherwise: $(<"$work/said")"
  [[ $(images_of_suite) == localhost/tsunagu:0.1.0 ]] || wrong "an upgrade without a migration changes the servers"
}

case_mysql() {
  new_namespace mysql
  make_secrets tsunagu-suite
  make_database tsunagu
  cat >"$work/values.yaml" <<YAML
workloads: [{name: suite, services: [registry, training, subsidy, matching], replicas: 3}]
database:
  kind: mysql
  mysql: {host: $node, port: $(<"$work/database/port"), password: {secret: tsunagu-database}}
masterKey: {secret: tsunagu-master}
tls: {secret: tsunagu-tls}
YAML
  local began=$SECONDS
  release install "$chart" --values "$work/values.yaml"
  first_key
  first_call
  echo "ok: migrated and installed on MariaDB, three pods, and the first call answered over TLS, in $((SECONDS - began)) s"

  containers images tag localhost/tsunagu:0.1.0 localhost/tsunagu:next-mysql >/dev/null
  under_load mysql-upgrade '' release upgrade "$chart" --values "$work/values.yaml" --set image.tag=next-mysql
  [[ $(images_of_suite) == localhost/tsunagu:next-mysql ]] || wrong "not upgraded: $(images_of_suite)"
  none_failed mysql-upgrade
  under_load mysql-rollback '' release rollback
  [[ $(images_of_suite) == localhost/tsunagu:0.1.0 ]] || wrong "not rolled back: $(images_of_suite)"
  none_failed mysql-rollback
  under_load mysql-evict '' drain_one
  none_failed mysql-evict
  under_load mysql-unmigrated '' fail_to_upgrade
  none_failed mysql-unmigrated
  release upgrade "$chart" --values "$work/values.yaml"
  echo "ok: an upgrade whose migration fails changes nothing, and the next one goes through"
  # What was on its way to the pod is lost with it; a caller who repeats it gets its answer.
  under_load mysql-kill --patient kill_server
  waited mysql-kill
  nothing_lost "$work"/{first,mysql-upgrade,mysql-rollback,mysql-evict,mysql-unmigrated,mysql-kill}
  helm uninstall tsunagu --namespace mysql --wait >/dev/null
}
