# shellcheck shell=bash
# The test vectors of project Wycheproof, a Go module of which only the files are used. Sourced.

wycheproof_module=github.com/c2sp/wycheproof@v0.0.0-20260902155932-3fa63dd0344a
wycheproof=  # the folder with the vectors; empty where there is none

# Fetches them where they are missing; says why where that cannot be, and goes on: their tests are skipped.
fetch_wycheproof() {
  local go said
  go=$(go_program)
  if ! "$go" version >/dev/null 2>&1; then
    tell "Go がないため Wycheproof を取得できません。その試験は省かれます。" \
      "There is no Go to fetch Wycheproof with. Its tests are skipped."
    return 0
  fi
  # Go compares it with the public log of checksums.
  if said=$(cd / && "$go" mod download -json "$wycheproof_module" 2>&1); then
    wycheproof=$(sed -nE 's/^\t"Dir": "(.*)",?$/\1/p' <<<"$said")
  else
    said=$(sed -nE 's/^\t"Error": "(.*)",?$/\1/p' <<<"$said")
    tell "Wycheproof を取得できません。その試験は省かれます: $said" "Wycheproof cannot be fetched. Its tests are skipped: $said"
  fi
}
