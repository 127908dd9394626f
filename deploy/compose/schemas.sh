#!/usr/bin/env bash
# Run by the MariaDB image at its first start: a schema for each service, and a user who may do everything in those and
# nothing elsewhere.
set -euo pipefail
password=$(<"${TSUNAGU_DATABASE_PASSWORD_FILE:-/run/secrets/database_password}")
[[ $password =~ ^[0-9A-Za-z]+$ ]] || { echo "schemas.sh: database_password: letters and digits only" >&2 && exit 1; }
{
  for service in registry training subsidy matching; do
    for schema in "tsunagu_$service" "tsunagu_${service}_keys"; do
      echo "CREATE DATABASE IF NOT EXISTS $schema CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
    done
  done
  echo "CREATE USER IF NOT EXISTS tsunagu@'%' IDENTIFIED BY '$password';"
  # _ stands for any character here, unless escaped.
  echo "GRANT ALL PRIVILEGES ON \`tsunagu\\_%\`.* TO tsunagu@'%';"
} | MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb --user=root
