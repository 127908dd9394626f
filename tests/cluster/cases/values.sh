# shellcheck shell=bash
# Each values file of the chart, held against a real API server that is strict.

# taken <file>: everything in it is taken; nothing is warned of. Said: what is wrong.
taken() {
  local said
  said=$(kube apply --server-side --dry-run=server --validate=strict --filename "$1" 2>&1) || { echo "$said" && return 1; }
  ! grep '^Warning:' <<<"$said"
}

# pods_of <file>: the pods that its templates would become, since Pod Security judges only those.
pods_of() {
  kubectl create --dry-run=client --filename "$1" --output json |
    jq -s '[.[] | (.items // [.])[]] | {apiVersion: "v1", kind: "List", items: [.[] | select(.spec.template) |
      {apiVersion: "v1", kind: "Pod", metadata: {name: .metadata.name, labels: .spec.template.metadata.labels},
       spec: (.spec.template.spec | .restartPolicy //= "Always")}]}'
}

# A volume of a StatefulSet comes from its claim; a pod alone needs one.
with_volumes() {
  jq '.items[].spec |= (if any(.volumes[]; .name == "data") then . else
    .volumes += [{name: "data", emptyDir: {}}] end)'
}

# refused <file> <sed script> <what has to be said>: a rendering that has become worse.
refused() {
  local said
  sed "$2" "$1" >"$work/worse"
  ! cmp --quiet "$1" "$work/worse" || wrong "$2 changes nothing"
  if said=$(taken "$work/worse"); then wrong "the API server takes $2"; fi
  grep -q -- "$3" <<<"$said" || wrong "the API server refuses $2 without saying $3: $said"
}

case_values() {
  local values name said version
  version=$(kubectl version -o json | jq -r .serverVersion.gitVersion)
  new_namespace values
  # What the values files name and a cluster would have.
  kubectl create priorityclass important --value 1000 >/dev/null
  for values in "$chart"/ci/*-values.yaml; do
    name=$(basename "$values" -values.yaml)
    helm template tsunagu "$chart" --namespace values --kube-version "$version" --values "$values" >"$work/$name.yaml"
    said=$(taken "$work/$name.yaml") || wrong "$values: $said"
    pods_of "$work/$name.yaml" | with_volumes >"$work/$name.pods"
    for account in $(jq -r '.items[].spec.serviceAccountName // empty' "$work/$name.pods"); do
      kube get serviceaccount "$account" >/dev/null 2>&1 || kube create serviceaccount "$account" >/dev/null
    done
    said=$(taken "$work/$name.pods") || wrong "$values, its pods: $said"
    echo "ok: the API server takes all $(grep -c '^kind:' "$work/$name.yaml") objects and all $(jq '.items | length' "$work/$name.pods") pods of $values"
  done
  refused "$work/suite.yaml" s/readOnlyRootFilesystem/readOnlyRootFileSystem/ 'readOnlyRootFileSystem'
  refused "$work/suite.yaml" 's/runAsNonRoot: true/runAsNonRoot: "true"/' 'expected bool'
  refused "$work/suite.yaml" 's/{name: tls, mountPath/{name: tsl, mountPath/' 'Not found: "tsl"'
  refused "$work/suite.yaml" 's/cpu: 100m/cpu: much/' 'quantities must match'
  refused "$work/suite.pods" 's/"allowPrivilegeEscalation": false/"allowPrivilegeEscalation": true/' \
    'violates PodSecurity "restricted.*allowPrivilegeEscalation'
  refused "$work/suite.pods" 's/"runAsNonRoot": true/"runAsNonRoot": false/' 'violates PodSecurity "restricted.*runAsNonRoot'
  if said=$(kube run bare --image localhost/tsunagu:0.1.0 --dry-run=server 2>&1); then wrong "a bare pod is taken"; fi
  grep -q 'violates PodSecurity "restricted' <<<"$said" || wrong "a bare pod is refused otherwise: $said"
  echo "ok: a typo, a wrong type, a mount of nothing and pods with more rights are refused"
}
