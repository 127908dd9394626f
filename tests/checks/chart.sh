#!/usr/bin/env bash
# The Helm chart: helm finds nothing to complain of; what each values file in ci/ renders is what Kubernetes' own types and
# its restricted Pod Security standard take; a value that does not exist or does not fit is refused with its name.
# TSUNAGU_TEST_CHART_TOOLS is the folder of helm and judge (tests/chart); without them this says so and is skipped.
#
#   tests/checks/chart.sh [TREE]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}/helm/tsunagu"
helm=${TSUNAGU_TEST_CHART_TOOLS-}/helm judge=${TSUNAGU_TEST_CHART_TOOLS-}/judge
[[ -x $helm && -x $judge ]] || { echo "skipped: there is no helm; ./test builds it where there is Go 1.26" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0
wrong() {
  printf '%s\n' "$@" >&2
  failed=1
}
# The oldest Kubernetes that the chart is for.
render() { "$helm" template "${release:-tsunagu}" . --kube-version 1.30.0 "$@" 2>&1; }

for values in ci/*-values.yaml; do
  said=$("$helm" lint --strict --quiet --values "$values" . 2>&1) || wrong "$values: $said"
  render --values "$values" >"$work/rendered.yaml" || wrong "$values: $(<"$work/rendered.yaml")"
  said=$("$judge" "$work/rendered.yaml") || wrong "$values: $said"
done

# condemns <sed script> <what it has to say>: the judge, of a chart that has become worse.
condemns() {
  local said
  sed "$1" "$work/rendered.yaml" >"$work/worse.yaml"
  if said=$("$judge" "$work/worse.yaml"); then
    wrong "nothing is said against $1"
  elif ! grep -q -- "$2" <<<"$said"; then
    wrong "against $1 it does not say $2: $said"
  fi
}
condemns s/readOnlyRootFilesystem/readOnlyRootFileSystem/ 'unknown field.*readOnlyRootFileSystem'
condemns 's/runAsNonRoot: true/runAsNonRoot: "true"/' 'cannot unmarshal string'
condemns 's/\(allowPrivilegeEscalation\):.*/\1: true/' allowPrivilegeEscalation=false
condemns 's/drop: \[ALL\]/add: [NET_ADMIN]/' 'unrestricted capabilities'
condemns 's/automountServiceAccountToken: false//' 'a token of the cluster'
condemns 's/name: tls, mountPath/name: tsl, mountPath/' 'no volume for the mount tsl'
condemns 's/^kind: Service$/kind: Secret/' 'v1 Secret'
condemns 's/^  name: tsunagu-suite$/&-with-a-name-of-53-characters-where-52-may-stand/' 'StatefulSet: its name is'

# Names that fit stay as they are; longer ones are cut, and no two become the same. Helm takes 53 characters for a release.
named() { awk '$1 == "kind:" {kind = $2} /^  name:/ {print kind, $2}' "$@"; }
grep -qx 'StatefulSet tsunagu-suite' <(named "$work/rendered.yaml") || wrong "the names are $(named "$work/rendered.yaml")"
long=an-office-with-quite-a-long-name-for-trials-in-house
for values in apart-mysql apart-sqlite; do
  for release in "${long}1" "${long}2"; do
    render --values "ci/$values-values.yaml" --set "workloads[0].name=registry-and-nothing-besides-a" \
      --set "workloads[1].name=registry-and-nothing-besides-b" >"$work/$release.yaml" || wrong "$(<"$work/$release.yaml")"
    said=$("$judge" "$work/$release.yaml") || wrong "$values as $release: $said"
    called=$(sed -n 's/^ *value: registry=\(.*\):443$/\1/p' "$work/$release.yaml" | sort -u)
    grep -qx "Service $called" <(named "$work/$release.yaml") || wrong "$values as $release: no Service $called"
  done
  twice=$(named "$work/$long"{1,2}.yaml | sort | uniq -d)
  [[ -z $twice ]] || wrong "$values: two are called $twice"
done
unset release

# makes <values file> <flags> <kind>=<count>...: how many there are of each kind.
makes() {
  local rendered wanted got
  # shellcheck disable=SC2086  # flags are words
  rendered=$(render --values "ci/$1-values.yaml" $2) || wrong "$1 $2: $rendered"
  for wanted in "${@:3}"; do
    got=$(grep -c "^kind: ${wanted%=*}\$" <<<"$rendered" || true)
    [[ $got == "${wanted#*=}" ]] || wrong "$1 $2: $got times ${wanted%=*}, wanted ${wanted#*=}"
  done
}
makes suite '' StatefulSet=1 Deployment=0 Job=0 PodDisruptionBudget=0 NetworkPolicy=1 Service=1 ServiceAccount=1 Secret=0
makes suite-mysql '' StatefulSet=0 Deployment=1 Job=1 PodDisruptionBudget=1 NetworkPolicy=1 Secret=0
makes apart-mysql '' Deployment=4 Job=1 PodDisruptionBudget=3 NetworkPolicy=1 Service=4 ServiceAccount=4
makes apart-sqlite '' StatefulSet=2 Deployment=0 Job=0 PodDisruptionBudget=0
makes subsidy '' StatefulSet=1 NetworkPolicy=0
makes suite '--set networkPolicy.enabled=false' NetworkPolicy=0

grep -qx '  externalTrafficPolicy: Local' <(render --values ci/suite-mysql-values.yaml) || wrong "suite-mysql: no externalTrafficPolicy"
! grep externalTrafficPolicy <(render --values ci/suite-values.yaml) || wrong "suite has an externalTrafficPolicy"

# Tokens and web pages, which no file in ci/ has.
render --values ci/suite-values.yaml --set jwt.configMap=tsunagu-issuers \
  --set settings.web-origins=https://console.example.jp \
  --set 'networkPolicy.issuers[0].ipBlock.cidr=192.0.2.0/24' --set 'networkPolicy.issuers[1].port=8443' \
  --set 'networkPolicy.issuers[1].ipBlock.cidr=198.51.100.0/24' >"$work/tokens.yaml" || wrong "$(<"$work/tokens.yaml")"
said=$("$judge" "$work/tokens.yaml") || wrong "tokens: $said"
for wanted in 'TSUNAGU_JWT_ISSUERS, value: /run/tsunagu/jwt/issuers.yaml' 'configMap: {name: tsunagu-issuers}' \
  'TSUNAGU_WEB_ORIGINS, value: "https://console.example.jp"' 'cidr: 192.0.2.0/24'; do
  grep -qF -- "$wanted" "$work/tokens.yaml" || wrong "tokens: no $wanted"
done
# Each of them by its port, and no other.
reaches=$(sed -n '/^  egress:/,/^---/p' "$work/tokens.yaml" | grep -E 'port:|cidr:' | tr -d ' \n')
[[ $reaches == *'-ports:[{port:443}]cidr:192.0.2.0/24-ports:[{port:8443}]cidr:198.51.100.0/24' ]] ||
  wrong "tokens: the pods reach $reaches"

# refuses <values file> <flags> <what it has to say>
refuses() {
  local said
  # shellcheck disable=SC2086
  if said=$(render --values "ci/$1-values.yaml" $2); then
    wrong "$1 takes $2"
  elif ! grep -q -- "$3" <<<"$said"; then
    wrong "$1 refuses $2 without saying $3: $said"
  fi
}
release=2026-suite refuses suite '' 'release name 2026-suite'
release=suite.example refuses suite '' 'release name suite.example'
refuses suite '--set replica=2' replica
refuses suite '--set image.version=1' version
refuses suite '--set workloads[0].name=a,workloads[0].services={registry},workloads[0].cpu=1' cpu
refuses suite '--set workloads[0].name=a,workloads[0].services={payroll}' services
refuses suite '--set workloads[0].name=A,workloads[0].services={registry}' name
refuses suite '--set workloads[0].name=a,workloads[0].services={registry},workloads[0].replicas=2' replicas
refuses suite '--set masterKey.secret=' masterKey
refuses suite '--set tls.secret=' tls
refuses suite '--set masterKey=null' masterKey
refuses suite '--set database.kind=postgres' kind
refuses suite '--set database.password=hush' password
refuses suite '--set database.kind=mysql' host
refuses suite-mysql '--set database.mysql.password.secret=' password
refuses suite-mysql '--set database.mysql.password.value=hush' value
refuses suite-mysql '--set settings.workers=0' workers
refuses suite-mysql '--set settings.listen=0.0.0.0:1' listen
refuses suite-mysql '--set service.port=https' port
refuses suite-mysql '--set service.externalTrafficPolicy=Remote' externalTrafficPolicy
refuses suite-mysql '--set service.type=ClusterIP' 'service.externalTrafficPolicy: only with'
refuses suite '--set jwt.secret=hush' secret
refuses suite '--set settings.web-origins=*' web-origins
refuses suite '--set networkPolicy.issuers[0].port=https' port
refuses suite '--set networkPolicy.issuers[0].port=8443' ipBlock
refuses suite-mysql '--set networkPolicy.callers[0].pods=all' callers
refuses suite-mysql '--set metrics.port=8443' 'metrics.port: the server listens on 8443 already'
refuses suite-mysql '--set metrics.port=50051' 'metrics.port: the server listens on 50051 already'
refuses apart-mysql '--set peer.key.secret=' peer.key.secret
refuses apart-mysql '--set workloads[1].services={registry},workloads[1].name=training' 'registry is in two'
refuses apart-mysql '--set workloads[1].services={training},workloads[1].name=registry' 'two are called registry'

# null takes a default away. Each value is then refused by its name or means none; nothing is half made.
paths=$(node -e '
  const walk = (schema, path) => Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    [[...path, key].join("."), ...walk(inner, [...path, key])]);
  console.log(walk(JSON.parse(fs.readFileSync("values.schema.json")), []).join("\n"));')
grep -qx tls.clientCa <<<"$paths" || wrong "the schema has these values: $paths"
for path in $paths; do
  if [[ $path == database.sqlite* ]]; then values=apart-sqlite; else values=apart-mysql; fi
  if render --values "ci/$values-values.yaml" --set metrics.enabled=true --set "$path=null" >"$work/null.yaml"; then
    said=$("$judge" "$work/null.yaml") && ! grep '<nil>\|: *null$' "$work/null.yaml" || wrong "$values with $path=null: $said"
  elif ! grep -q -- "${path##*.}" "$work/null.yaml" || grep -q 'nil pointer' "$work/null.yaml"; then
    wrong "$values refuses $path=null with $(<"$work/null.yaml")"
  fi
done
exit "$failed"
