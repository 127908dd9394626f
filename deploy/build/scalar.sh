# shellcheck shell=bash
# Scalar, which shows /openapi.json at /docs: one file of its npm package. As a dependency the package would bring 209
# others that this file does not need, so its tarball alone is fetched, and kept are that file, packed, and the list of
# packages (name@version) whose code is in it. Sourced.

scalar_version=1.76.0
# Of the tarball, as the registry says it: npm view @scalar/api-reference@VERSION dist.integrity
scalar_integrity=sha512-pjqwnzmA9YK3ZX+IZSICMsywm4qI6HLSngR2py9H6TvFApHHuJjkTAd+gFJfnqJDzJuro8k7ji6JCtJ2U+Byng==
scalar_folder=node_modules/.scalar

# Whether it is there, and this one.
scalar_fits() { [[ $(cat "$scalar_folder/integrity" 2>/dev/null) == "$scalar_integrity" ]]; }

fetch_scalar() {
  tell "Scalar $scalar_version を取得します。" "Fetching Scalar $scalar_version."
  local unfinished found
  mkdir -p node_modules
  unfinished=$(mktemp -d "$scalar_folder.XXXXXX")
  # npm explains a failure on its own.
  if ! npm pack --ignore-scripts --prefer-offline --loglevel=error --pack-destination "$unfinished" \
    "@scalar/api-reference@$scalar_version" >/dev/null; then
    rm -rf "$unfinished"
    fail "Scalar $scalar_version を取得できません。最初の構築には npm のレジストリへの接続が必要です。" \
      "Scalar $scalar_version cannot be fetched. The first build has to reach npm's registry."
  fi
  found=sha512-$(openssl dgst -sha512 -binary "$unfinished"/*.tgz | base64 -w0)
  if [[ $found != "$scalar_integrity" ]]; then
    rm -rf "$unfinished"
    fail "取得した Scalar $scalar_version は期待したものと違います: $found" \
      "The Scalar $scalar_version that came is not the expected one: $found"
  fi
  tar -xzOf "$unfinished"/*.tgz package/dist/browser/standalone.js | gzip -9n >"$unfinished/standalone.js.gz"
  # The map of the file names its sources: .pnpm/@vue+shared@3.5.44_peers/node_modules/…
  tar -xzOf "$unfinished"/*.tgz package/dist/browser/standalone.js.map | grep -oE '\.pnpm/[^/"]+' |
    sed -E 's|^\.pnpm/||; s|^(@?[^@]+@[^_]+).*|\1|; s|^(@[^+@]+)\+|\1/|' | LC_ALL=C sort -u >"$unfinished/parts"
  rm "$unfinished"/*.tgz
  # Only whole: an interrupted unpacking must not pass for the real thing.
  echo "$scalar_integrity" >"$unfinished/integrity"
  rm -rf "$scalar_folder"
  mv "$unfinished" "$scalar_folder"
}
