#!/usr/bin/env bash
# What the MariaDB image does at its start, as far as deploy/compose asks for it: at the first start tables, a password
# for root and the scripts of /docker-entrypoint-initdb.d; then the server. As healthcheck.sh: whether it takes calls.
set -euo pipefail
MARIADB_ROOT_PASSWORD=$(<"$MARIADB_ROOT_PASSWORD_FILE")
export MARIADB_ROOT_PASSWORD

if [[ ${0##*/} == healthcheck.sh ]]; then
  exec mariadb --user=health --protocol=tcp --host=127.0.0.1 --execute 'SELECT 1'
fi
mkdir -p /run/mysqld /var/lib/mysql
chown mysql /run/mysqld /var/lib/mysql
if [[ ! -d /var/lib/mysql/mysql ]]; then
  mariadb-install-db --user=mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null
  mariadbd --user=mysql --skip-networking &
  until mariadb --user=root --execute 'SELECT 1' >/dev/null 2>&1; do sleep 0.2; done
  mariadb --user=root <<SQL
CREATE USER health@'127.0.0.1';
ALTER USER root@localhost IDENTIFIED BY '$MARIADB_ROOT_PASSWORD';
SQL
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  kill %1
  wait
fi
# As in that image, no name is looked up for a caller's address: the networks of containers may leave that unanswered.
exec mariadbd --user=mysql --bind-address=0.0.0.0 --skip-name-resolve "$@"
