# shellcheck shell=bash
# promtool, which checks what we show to Prometheus. Debian ships it in one package with the server, whose installation
# would start a service: so it is only unpacked, once, into a folder of its own. Sourced.

promtool_folder=${XDG_CACHE_HOME:-$HOME/.cache}/tsunagu/promtool
# shellcheck disable=SC2034  # for who sources this
promtool=$promtool_folder/usr/bin/promtool

# Unpacks it where it is missing.
fetch_promtool() {
  [[ ! -x $promtool ]] || return 0
  mkdir -p "${promtool_folder%/*}"
  local unfinished said
  unfinished=$(mktemp -d "${promtool_folder}.XXXXXX")
  if ! said=$(cd "$unfinished" && apt-get -q=2 download prometheus 2>&1 && dpkg-deb -x ./*.deb . 2>&1); then
    rm -rf "$unfinished"
    fail "promtool を取得できません（apt-get download prometheus）: $said" \
      "promtool cannot be fetched (apt-get download prometheus): $said"
  fi
  rm "$unfinished"/*.deb
  # Only whole: an interrupted unpacking must not pass for the real thing.
  rm -rf "$promtool_folder"
  mv "$unfinished" "$promtool_folder"
}
