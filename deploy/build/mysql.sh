# shellcheck shell=bash
# Oracle's MySQL, which Debian 12 does not carry: unpacked once from Debian unstable into a folder of its own and run
# with that folder's own dynamic linker and libraries. It needs no chroot, no root and changes nothing else. Sourced.

mysql_folder=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/mysql
mysql_libraries=$mysql_folder/usr/lib/$(uname -m)-linux-gnu
mysql_linker=$(compgen -G "$mysql_libraries/ld-linux-*.so.*" | head -n 1 || true)
# shellcheck disable=SC2034  # for who sources this
mysql_server=("$mysql_linker" --library-path "$mysql_libraries:$mysql_folder/usr/lib/mysql/private"
  "$mysql_folder/usr/sbin/mysqld")

# Unpacks it where it is missing. Needs mmdebstrap.
fetch_mysql() {
  [[ ! -x $mysql_folder/usr/sbin/mysqld ]] || return 0
  mkdir -p "${mysql_folder%/*}"
  local unfinished mode=()
  unfinished=$(mktemp -d "${mysql_folder}.XXXXXX")
  # Without root nothing may be mounted, and unpacking needs no mounts.
  [[ $EUID -eq 0 ]] || mode=(--mode=chrootless)
  # "extract" runs no package's scripts. A mirror's copy of unstable may be some days old, which is no harm here.
  mmdebstrap --quiet --variant=extract "${mode[@]}" --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=mysql-server-core sid "$unfinished" >&2
  # Only whole: an interrupted unpacking must not pass for the real thing.
  rm -rf "$mysql_folder"
  mv "$unfinished" "$mysql_folder"
}
