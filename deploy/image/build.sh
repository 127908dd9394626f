#!/usr/bin/env bash
# Makes a container image of what ./run has built: the program, the libraries it is linked with, fonts, certificates of
# authorities, and nothing else; no shell, no package manager, nobody but uid 65532. The same build gives the same bytes.
#
#   deploy/image/build.sh [--service NAME] [--without-fonts] [--output FOLDER]
#
#   --service NAME    the program of one service, tsunagu-NAME, instead of the suite with its command line
#   --without-fonts   50 MB less; certificates cannot be printed
#   --output FOLDER   where to write (build/image)
#
# Writes NAME-VERSION.tar, which podman, docker and ctr load, NAME-VERSION.cdx.json (CycloneDX, also within), and prints
# the digest of the image. Needs neither root nor a daemon: an image is a tar of files and three JSON documents, as the
# OCI image specification says.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/build/prepare.sh
source deploy/build/prepare.sh

name=tsunagu
fonts=true
output=build/image
while (($#)); do
  case $1 in
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' deploy/image/build.sh && exit 0 ;;
    --without-fonts) fonts=false ;;
    --service | --output)
      (($# > 1)) || fail "$1 に値がありません。" "$1 needs a value."
      if [[ $1 == --service ]]; then name=tsunagu-$2; else output=$(cd "$called_from" && realpath -m "$2"); fi
      shift
      ;;
    *) fail "$1 という指定はありません。--help を見てください。" "There is no option $1. See --help." ;;
  esac
  shift
done
program=build/bin/$name
[[ -x $program ]] || fail "$program がありません。先に ./run で構築してください。" "There is no $program. Build it first: ./run."

version=$(sed -n 's/^project(tsunagu VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
# What every file and document is dated with: the change that was built, unless somebody says otherwise.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
architecture=$(dpkg --print-architecture)
libraries=/usr/lib/$(uname -m)-linux-gnu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{data,etc/{fonts,ssl/certs},tmp,usr/{bin,lib,lib64},usr/share/{doc,sbom},var/lib/dpkg/status.d} "$work/blobs"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"

packages=()
# owned_by <file>: the package that brought it. Debian's lists call some files by the name from before /lib was /usr/lib.
owned_by() {
  local path
  for path in "$1" "${1#/usr}" "/usr$1"; do
    dpkg-query -S "$path" 2>/dev/null | sed -n '1s/:.*//p' | grep . && return
  done
  fail "$1 はどのパッケージのものでもありません。" "$1 belongs to no package."
}

# take <file>: into the image, under the name by which it is asked for, and its package into the list.
take() {
  local place=$1
  [[ $place != /lib* ]] || place=/usr$place
  [[ ! -e $root$place ]] || return 0
  mkdir -p "$root${place%/*}"
  cp -L "$1" "$root$place"
  packages+=("$(owned_by "$(realpath "$1")")")
}

# take_libraries_of <file>: what the dynamic linker would load with it.
take_libraries_of() {
  local library
  for library in $(ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*\) .*/\1/p'); do take "$library"; done
}

cp "$program" "$root/usr/bin/$name"
take_libraries_of "$program"
# Ways to prove oneself to MariaDB and MySQL: loaded by name, so that the linker does not know of them.
for plugin in "$libraries"/libmariadb3/plugin/{caching_sha2_password,client_ed25519,sha256_password}.so; do
  take "$plugin"
  take_libraries_of "$plugin"
done
if $fonts; then
  # The first family that certificates ask for.
  take /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc
  take /usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc
fi
# Debian's list of authorities, not this machine's, which may have its own among them.
find /usr/share/ca-certificates/mozilla -name '*.crt' -print0 | LC_ALL=C sort -z |
  xargs -0 cat >"$root/etc/ssl/certs/ca-certificates.crt"
packages+=(ca-certificates)
# Compiled into the program rather than linked.
packages+=(libboost1.74-dev libcli11-dev liblemon-dev nlohmann-json3-dev)

echo 'tsunagu:x:65532:65532:tsunagu:/data:/usr/sbin/nologin' >"$root/etc/passwd"
echo 'tsunagu:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
cp -L /etc/os-release "$root/etc/os-release"
cat >"$root/etc/fonts/fonts.conf" <<'XML'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><cachedir>/tmp/fontconfig</cachedir></fontconfig>
XML

# Their licences ask for the copyright notices; scanners for known weaknesses look into status.d.
mapfile -t packages < <(printf '%s\n' "${packages[@]}" | LC_ALL=C sort -u)
for package in "${packages[@]}"; do
  mkdir -p "$root/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package"
done
# Scalar lies within the program.
mkdir -p "$root/usr/share/doc/scalar"
cp deploy/image/scalar.copyright "$root/usr/share/doc/scalar/copyright"
node deploy/image/sbom.mjs "$name" "$version" "$scalar_version" "$scalar_folder" "${packages[@]}" >"$work/sbom.cdx.json"
cp "$work/sbom.cdx.json" "$root/usr/share/sbom/$name.cdx.json"

# archive <tar> <folder> <name>...: the same bytes for the same files, whoever packs them and when.
archive() {
  tar --sort=name --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
    --mtime="@$SOURCE_DATE_EPOCH" --owner="${owner:-0}" --group="${owner:-0}" --numeric-owner -C "$2" -rf "$1" "${@:3}"
}
chmod -R u=rwX,go=rX "$root"
chmod 1777 "$root/tmp"
chmod 700 "$root/data"
archive "$work/layer.tar" "$root" etc lib lib64 tmp usr var
owner=65532 archive "$work/layer.tar" "$root" data

# blob <file>: moves it among the blobs; sets digest and size.
blob() {
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$work/blobs/$digest"
}
diff_id=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
gzip -n "$work/layer.tar"
blob "$work/layer.tar.gz"
layer=$digest layer_size=$size
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
command='["serve"]'
[[ $name == tsunagu ]] || command='[]'
cat >"$work/config" <<JSON
{"created":"$created","architecture":"$architecture","os":"linux","config":{"User":"65532:65532","Env":["PATH=/usr/bin","TMPDIR=/tmp","TSUNAGU_DATA_DIR=/data"],"Entrypoint":["/usr/bin/$name"],"Cmd":$command,"Volumes":{"/data":{}},"WorkingDir":"/","StopSignal":"SIGTERM","Labels":{"org.opencontainers.image.title":"$name","org.opencontainers.image.version":"$version"}},"rootfs":{"type":"layers","diff_ids":["sha256:$diff_id"]},"history":[{"created":"$created","created_by":"deploy/image/build.sh"}]}
JSON
blob "$work/config"
config=$digest
oci=application/vnd.oci.image
cat >"$work/manifest" <<JSON
{"schemaVersion":2,"mediaType":"$oci.manifest.v1+json","config":{"mediaType":"$oci.config.v1+json","digest":"sha256:$config","size":$size},"layers":[{"mediaType":"$oci.layer.v1.tar+gzip","digest":"sha256:$layer","size":$layer_size}]}
JSON
blob "$work/manifest"

mkdir -p "$work/oci/blobs" "$output"
mv "$work/blobs" "$work/oci/blobs/sha256"
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
tag=localhost/$name:$version
cat >"$work/oci/index.json" <<JSON
{"schemaVersion":2,"mediaType":"$oci.index.v1+json","manifests":[{"mediaType":"$oci.manifest.v1+json","digest":"sha256:$digest","size":$size,"annotations":{"io.containerd.image.name":"$tag","org.opencontainers.image.ref.name":"$tag"}}]}
JSON
# For Docker before 25, which knows its own format only.
cat >"$work/oci/manifest.json" <<JSON
[{"Config":"blobs/sha256/$config","RepoTags":["$tag"],"Layers":["blobs/sha256/$layer"]}]
JSON
chmod -R u=rwX,go=rX "$work/oci"
archive "$work/image.tar" "$work/oci" oci-layout index.json manifest.json blobs
mv "$work/image.tar" "$output/$name-$version.tar"
mv "$work/sbom.cdx.json" "$output/$name-$version.cdx.json"
tell "イメージを作りました: $output/$name-$version.tar（$(du -h "$output/$name-$version.tar" | cut -f1)）" \
  "Made an image: $output/$name-$version.tar ($(du -h "$output/$name-$version.tar" | cut -f1))"
echo "$tag sha256:$digest"
