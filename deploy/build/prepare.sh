# shellcheck shell=bash
# What ./run and ./test share: messages, Debian packages, node modules, the build. Sourced from the root of the tree
# under `set -euo pipefail`.

# Packages that the build needs, and the font that certificates are printed with.
build_packages=(
  ca-certificates ccache cmake g++ ninja-build
  grpc-proto libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libabsl-dev libboost-dev libcli11-dev libicu-dev liblemon-dev libmimalloc-dev libmysqlcppconn-dev libnghttp2-dev libsqlite3-dev libssl-dev libxlsxwriter-dev
  libyaml-cpp-dev libzip-dev zlib1g-dev prometheus-cpp-dev
  libfontconfig-dev libpango1.0-dev libqrencode-dev pkg-config fonts-noto-cjk
  libgmock-dev libgtest-dev libprotoc-dev nlohmann-json3-dev
)

# Packages that only the tests need. MariaDB's core packages hold the server's program but no system service, so that
# installing them starts nothing on this machine. The two of file systems are for power losses,
# poppler and zbar read what is printed, curl asks over HTTP, systemd judges our unit (installed into a container, it starts nothing).
test_packages=(mariadb-client-core mariadb-server-core e2fsprogs xfsprogs poppler-utils zbar-tools curl systemd nghttp2-client
  clang-format-14)

# tell <Japanese> <English>: says it in both, because the log of one reader is the screen of another.
tell() {
  printf '%s\n%s\n' "$1" "$2"
}

# fail <Japanese> <English>: says it and ends the script.
fail() {
  tell "$1" "$2" >&2
  exit 1
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root になるか、sudo を入れてから、もう一度実行してください: $*" \
      "Run this again as root, or install sudo first: $*"
  fi
}

# missing_packages <package>...: those that are not installed, one a line.
missing_packages() {
  local installed
  # dpkg-query fails when it knows nothing of one of them, which is just what we want to learn.
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  comm -13 <(sed -n 's/^installed //p' <<<"$installed" | sort -u) <(printf '%s\n' "$@" | sort -u)
}

# install_packages <package>...: without touching apt when nothing is missing, so that a machine off the internet
# that has everything can build.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  tell "Debian のパッケージを入れます: ${missing[*]}" "Installing Debian packages: ${missing[*]}"
  # A broken list of some other repository on this machine is no reason to stop: the install below decides.
  as_root apt-get -q=2 -o DPkg::Lock::Timeout=300 update || true
  # Given through env, because sudo drops the variable.
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q=2 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    install -y --no-install-recommends "${missing[@]}" >/dev/null; then
    fail "パッケージを入れられませんでした。上の apt-get の出力を見てください。" \
      "The packages could not be installed. See what apt-get printed above."
  fi
}

# node_modules_fit run|test: whether ./node_modules is what the lock file asks for. npm writes .package-lock.json last,
# so its age tells when the folder was complete; buf stands for the modules that only the tests need.
node_modules_fit() {
  [[ node_modules/.package-lock.json -nt package-lock.json ]] || return 1
  [[ $1 == run || -e node_modules/.bin/buf ]]
}

# shellcheck source=deploy/build/scalar.sh
source deploy/build/scalar.sh

# install_node_modules run|test: and Scalar, which every build needs.
install_node_modules() {
  node_modules_fit "$1" && scalar_fits && return 0
  # Only where there is no npm at all: Debian's package does not go together with a newer one from elsewhere.
  command -v npm >/dev/null || install_packages npm
  node_modules_fit "$1" || install_locked_modules "$1"
  scalar_fits || fetch_scalar
}

# install_locked_modules run|test
install_locked_modules() {
  local omit=()
  [[ $1 == test ]] || omit=(--omit=dev)
  tell "node のモジュールを入れます。" "Installing node modules."
  # npm explains a failure on its own.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "${omit[@]}" >/dev/null
  # npm keeps the time of an unchanged .package-lock.json.
  touch node_modules/.package-lock.json
}

# The go command, or where it would be: several tools for tests are built from Go modules.
go_program() { command -v go || echo /usr/local/go/bin/go; }

# compile [<ninja target>...]: a Release build in ./build, everything without a target. Ninja decides what there is to
# do, running cmake again where needed. build_folder and build_options (for cmake) ask for another one.
build_folder=build
build_options=()
compile() {
  if [[ ! -f $build_folder/build.ninja ]]; then
    cmake -S . -B "$build_folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "${build_options[@]}" --log-level=NOTICE >/dev/null
  fi
  tell "構築します（初回は時間がかかります）。" "Building (the first time takes a while)."
  # On a screen ninja keeps to one line; in a log its thousand lines would bury what matters.
  local quiet=()
  [[ -t 1 ]] || quiet=(--quiet)
  ninja -C "$build_folder" "${quiet[@]}" "$@"
}
