#!/usr/bin/env bash
# A database server of one's own for tests: in a folder, on a free port of 127.0.0.1, for user root without password.
# Nothing of the system's configuration or service is read or touched.
#
#   database.sh create FOLDER [mariadb|mysql]   makes FOLDER and starts the server
#   FOLDER/control start | kill | stop | cont   starts it again; SIGKILL; SIGSTOP; SIGCONT. Each returns when it is so.
#
# FOLDER holds: port, server.pid, server.sock, server.log, server.cnf, data/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() {
  echo "database.sh: $*" >&2
  exit 1
}

# Ours and not yet gone: a process id alone could by now be somebody else's.
alive() {
  [[ -n ${pid:=$(cat "$folder/server.pid" 2>/dev/null)} ]] &&
    grep -qzF -- "--defaults-file=$folder/server.cnf" "/proc/$pid/cmdline" 2>/dev/null
}

# A killed process holds its port and locks until its last thread is gone; then it is absent, or a zombie of one
# thread where nobody collects it.
gone() {
  [[ ! -d /proc/$pid ]] || { grep -q '^State:.*Z' "/proc/$pid/status" && (($(ls "/proc/$pid/task" | wc -l) == 1)); } 2>/dev/null
}

# wait_until <command>...: at most 60 seconds, more than recovery after a kill needs on a slow machine.
wait_until() {
  local deadline=$((SECONDS + 60))
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

stopped() {
  # The whole process stops with its last thread.
  ! grep -hL '^State:.*T' /proc/"$pid"/task/*/status 2>/dev/null | grep -q .
}

ready_or_dead() {
  # From where this start began: the log also holds earlier ones.
  tail -c "+$((log_start + 1))" "$folder/server.log" | grep -q 'ready for connections' || gone
}

start() {
  alive && return 0
  # MySQL takes the lock of a killed server for a live one while its zombie still has the process id.
  rm -f "$folder/server.sock" "$folder/server.sock.lock"
  touch "$folder/server.log"
  log_start=$(wc -c <"$folder/server.log")
  # Its own session: it has to outlive the test that starts it, and Ctrl-C on the terminal.
  setsid "${server[@]}" --defaults-file="$folder/server.cnf" </dev/null >>"$folder/server.log" 2>&1 &
  pid=$!
  echo "$pid" >"$folder/server.pid"
  wait_until ready_or_dead && ! gone
}

# The server's program and how its tables are made, by engine.
choose_engine() {
  case $engine in
    mariadb)
      server=(/usr/sbin/mariadbd)
      ;;
    mysql)
      # shellcheck source=deploy/build/mysql.sh
      source "$here/mysql.sh"
      [[ -n $mysql_linker ]] || die "no MySQL in $mysql_folder: ./test --mysql puts it there"
      server=("${mysql_server[@]}")
      ;;
    *) die "no engine $engine: mariadb or mysql" ;;
  esac
}

write_configuration() {
  # A commit is written before it is answered, but not forced to the disk: kill -9 does not lose what the kernel has,
  # and the tests do not cut the power. That keeps thousands of small commits quick without making any test easier.
  cat >"$folder/server.cnf" <<CNF
[mysqld]
datadir=$folder/data
# A server that starts clears its folder for temporary tables: a shared one would lose those of the others.
tmpdir=$folder/tmp
socket=$folder/server.sock
pid-file=$folder/data/own.pid
bind-address=127.0.0.1
port=$(cat "$folder/port")
init-file=$folder/grants.sql
skip-name-resolve
character-set-server=utf8mb4
max-connections=200
innodb-buffer-pool-size=64M
# One test program makes 273 tables, and two run at once: the default holds 400 and opens the others again and again.
table-definition-cache=4000
innodb-flush-log-at-trx-commit=1
innodb-flush-method=nosync
performance-schema=OFF
CNF
  # Both refuse to run as root unless told that this is meant.
  [[ $EUID -ne 0 ]] || echo "user=root" >>"$folder/server.cnf"
  if [[ $engine == mysql ]]; then
    printf '%s\n' "basedir=$mysql_folder/usr" secure-file-priv= mysqlx=OFF skip-log-bin >>"$folder/server.cnf"
  fi
  # Run at each start: the account of the engines' own first start is root@localhost, which a numeric address is not.
  printf '%s\n' "CREATE USER IF NOT EXISTS root@'127.0.0.1';" \
    "GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;" >"$folder/grants.sql"
}

make_tables() {
  if [[ $engine == mariadb ]]; then
    mariadb-install-db --defaults-file="$folder/server.cnf" --auth-root-authentication-method=normal \
      --skip-test-db >>"$folder/server.log" 2>&1
  else
    "${server[@]}" --defaults-file="$folder/server.cnf" --initialize-insecure >>"$folder/server.log" 2>&1
  fi || { tail -n 20 "$folder/server.log" >&2 && die "$engine could not make its tables"; }
}

create() {
  mkdir -p "$folder" "$folder/tmp"
  echo "$engine" >"$folder/engine"
  choose_engine
  printf '#!/bin/sh\nexec "%s/database.sh" "$1" "%s"\n' "$here" "$folder" >"$folder/control"
  chmod +x "$folder/control"
  local tries
  for ((tries = 0; tries < 10; ++tries)); do
    # Below the range from which the kernel gives ports to clients: none of those can take it while we are killed.
    echo $((RANDOM % 12000 + 20000)) >"$folder/port"
    write_configuration
    [[ -d $folder/data ]] || make_tables
    start && return 0
    grep -qi 'address already in use' "$folder/server.log" || break
  done
  tail -n 20 "$folder/server.log" >&2
  die "$engine does not start"
}

[[ $# -ge 2 ]] || die "usage: database.sh create FOLDER [mariadb|mysql], or FOLDER/control start|kill|stop|cont"
folder=$(realpath -m "$2")
pid=
if [[ $1 == create ]]; then
  engine=${3:-mariadb}
  create
  exit 0
fi
engine=$(cat "$folder/engine")
choose_engine
case $1 in
  start) start || { tail -n 20 "$folder/server.log" >&2 && die "$engine does not start"; } ;;
  kill)
    alive || exit 0
    kill -KILL "$pid"
    wait_until gone || die "process $pid does not go"
    ;;
  stop)
    alive || die "is not running"
    kill -STOP "$pid"
    wait_until stopped || die "process $pid does not stop"
    ;;
  cont)
    alive || die "is not running"
    kill -CONT "$pid"
    ;;
  *) die "no command $1: start, kill, stop or cont" ;;
esac
