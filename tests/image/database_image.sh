# shellcheck shell=bash
# A stand-in for MariaDB's own image, which is on a registry that a site may not reach: Debian's packages, and of the
# image's scripts what the compose file needs. Sourced.

# make_database_image <folder> <tag>
make_database_image() {
  # shellcheck disable=SC2016  # mmdebstrap expands $1, the folder of the system
  mmdebstrap --quiet --variant=essential --include=mariadb-server-core,mariadb-client-core \
    --dpkgopt=path-exclude=/usr/share/man/* --dpkgopt=path-exclude=/usr/share/locale/* \
    --customize-hook='useradd --root "$1" --system --no-create-home mysql' \
    --customize-hook='copy-in tests/image/database_entry.sh /usr/local/bin' \
    --customize-hook='chmod 755 "$1/usr/local/bin/database_entry.sh"' \
    --customize-hook='ln -s database_entry.sh "$1/usr/local/bin/healthcheck.sh"' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$1/database.tar" 2>/dev/null
  podman import --quiet --change 'ENTRYPOINT ["/usr/local/bin/database_entry.sh"]' "$1/database.tar" "$2" >/dev/null
  rm "$1/database.tar"
}
