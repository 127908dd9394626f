# shellcheck shell=bash
# The StatefulSet of one, as helm/README.md installs it. One process has the file: callers wait while it changes.

# A volume for the claim of the StatefulSet, on the disk of the node.
make_volume() {
  mkdir -p "$work/volume"
  kubectl apply --filename - >/dev/null <<YAML
apiVersion: v1
kind: PersistentVolume
metadata: {name: data}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteOnce]
  local: {path: $work/volume}
  nodeAffinity:
    required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node1]}]}]}
YAML
}

# fail_to_start: an upgrade to an image that is not there, taken back. The pod that never got ready must not stay.
fail_to_start() {
  if helm upgrade tsunagu "$chart" --namespace "$namespace" "$@" --set image.tag=absent \
    --wait --timeout 25s >"$work/said" 2>&1; then
    wrong "helm upgrades to an image that is not there"
  fi
  release rollback
}

case_sqlite() {
  local values=(--set masterKey.secret=tsunagu-master --set tls.secret=tsunagu-tls)
  new_namespace sqlite
  make_volume
  make_secrets tsunagu-suite
  local began=$SECONDS
  release install "$chart" "${values[@]}"
  first_key
  [[ $(ask suite /readyz) == ok ]] || wrong "/readyz: $(ask suite /readyz)"
  first_call
  echo "ok: installed on SQLite, and the first call answered over TLS, in $((SECONDS - began)) s"

  containers images tag localhost/tsunagu:0.1.0 localhost/tsunagu:next >/dev/null
  under_load sqlite-upgrade --patient release upgrade "$chart" "${values[@]}" --set image.tag=next
  [[ $(kube get pod tsunagu-suite-0 -o jsonpath='{.spec.containers[0].image}') == localhost/tsunagu:next ]] || wrong "not upgraded"
  waited sqlite-upgrade
  under_load sqlite-rollback --patient release rollback
  [[ $(kube get pod tsunagu-suite-0 -o jsonpath='{.spec.containers[0].image}') == localhost/tsunagu:0.1.0 ]] || wrong "not rolled back"
  waited sqlite-rollback
  under_load sqlite-broken --patient fail_to_start "${values[@]}"
  waited sqlite-broken
  under_load sqlite-kill --patient kill_server
  waited sqlite-kill
  nothing_lost "$work"/{first,sqlite-upgrade,sqlite-rollback,sqlite-broken,sqlite-kill}
  helm uninstall tsunagu --namespace sqlite --wait >/dev/null
  [[ $(kube get persistentvolumeclaims -o name) == */data-tsunagu-suite-0 ]] ||
    wrong "helm uninstall takes the data away"
  echo "ok: after helm uninstall the claim with the data is still there"
}
