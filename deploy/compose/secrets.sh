#!/usr/bin/env bash
# Makes what the compose files ask for into ./secrets: a master key, passwords, and a certificate for a trial. What is
# there already stays.
#
#   deploy/compose/secrets.sh [HOST...]     names and addresses for the certificate, besides localhost
#
# Keep a copy of secrets/master_key elsewhere: without it nobody can read personal data again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/build/prepare.sh
source deploy/build/prepare.sh
cd deploy/compose

[[ ${1-} != -h && ${1-} != --help ]] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' secrets.sh && exit 0; }

# The folder keeps others on this machine out. The files have to be readable by the user within the container, who is
# somebody else here.
mkdir -p -m 700 secrets
chmod 700 secrets
umask 022
chmod a+rx schemas.sh

# make <file> <command>...: what the command prints, unless there is such a file.
make() {
  local file=secrets/$1
  [[ ! -e $file ]] || return 0
  "${@:2}" >"$file.part"
  mv "$file.part" "$file"
  tell "作りました: deploy/compose/$file" "Made: deploy/compose/$file"
}

# names <host>...: as a certificate lists them.
names() {
  local host list=DNS:localhost,IP:127.0.0.1
  for host in "$@"; do
    if [[ $host =~ ^[0-9.]+$|: ]]; then list+=,IP:$host; else list+=,DNS:$host; fi
  done
  echo "$list"
}

make master_key openssl rand -base64 32
make database_root_password openssl rand -hex 32
make database_password openssl rand -hex 32
if [[ ! -e secrets/tls.crt ]]; then
  [[ ! -e secrets/tls.key ]] || fail "secrets/tls.key はありますが、secrets/tls.crt がありません。両方を置いてください。" \
    "There is secrets/tls.key, but no secrets/tls.crt. Put both there."
  make tls.key openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
  make tls.crt openssl req -x509 -key secrets/tls.key -days 90 -subj /CN=tsunagu-trial -addext "subjectAltName=$(names "$@")" \
    -addext basicConstraints=critical,CA:false
  tell "この証明書は試用のためのもので、90日で切れます。本番では secrets/tls.crt と secrets/tls.key を置き換えてください。" \
    "This certificate is for a trial and ends after 90 days. For real work replace secrets/tls.crt and secrets/tls.key."
fi
