# Shared by the scripts: says what it does, installs what is missing, fails with one clear line.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=$(basename "$0")
cache=${EDGETIDE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/edgetide}

say() { printf '%s: %s\n' "$name" "$*"; }
die() { printf '%s: cannot go on: %s\n' "$name" "$*" >&2; exit 1; }

# One build tree serves the program and its tests, so that both want their libraries to configure.
build_packages=(
  cmake ninja-build g++ ccache pkg-config python3 libcpprest-dev libssl-dev libboost-dev
  libboost-system-dev libboost-program-options-dev prometheus-cpp-dev libyaml-cpp-dev
  libsimdjson-dev nlohmann-json3-dev libhowardhinnant-date-dev libfmt-dev libspdlog-dev tzdata
  libgtest-dev libgmock-dev libbenchmark-dev zlib1g-dev libsqlite3-dev
)
# Node.js bundles the page; another than Debian's serves too.
command -v node >/dev/null && command -v npm >/dev/null || build_packages+=(nodejs npm)
test_packages=(openssl libfaketime prometheus prometheus-alertmanager chromium chromium-driver python3-selenium python3-yaml python3-dateutil python3-icalendar zsh fish)
cluster_packages=(ca-certificates python3-venv)

installed() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "needs root or sudo to install: ${missing[*]}"
  fi
}

# Installs those of the packages that are not there; quick when all are.
install_packages() {
  missing=()
  local package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "this is not a Debian system; install: ${missing[*]}"
  say "installing ${missing[*]} (a few minutes)"
  as_root apt-get update -qq || die "apt-get update failed; wanted to install: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null </dev/null || die "apt-get could not install: ${missing[*]}"
  # Debian starts an installed Prometheus where systemd runs; the tests start their own.
  local service
  for service in prometheus prometheus-alertmanager; do
    if [[ " ${missing[*]} " == *" $service "* ]] && [ -d /run/systemd/system ]; then
      as_root systemctl disable --now "$service" >/dev/null 2>&1 || true
    fi
  done
}

# Installs Python packages by pip into a virtual environment of their own, $cache/NAME; quick when
# it is there.
install_into_environment() {
  local environment=$cache/$1
  shift
  [ -x "$environment/bin/python" ] || python3 -m venv "$environment" ||
    die "python3 -m venv failed; is python3-venv installed?"
  [ "$(cat "$environment/installed" 2>/dev/null)" = "$*" ] && return
  "$environment/bin/pip" install --quiet "$@" || die "pip could not install $*"
  echo "$*" >"$environment/installed"
}

# The build tree of another user, after a run as root, is better said at once than by cmake.
require_writable() {
  local folder
  for folder in "$@"; do
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] ||
      die "$folder cannot be written by $(id -un); remove it or run as its owner"
  done
}

# build PRESET TARGETS...: configures the preset and builds the targets given; without any, everything.
build() {
  local preset=$1 log=$root/build/configure-$1.log
  shift
  require_writable "$root/build" "$root/build/$preset"
  say "building in build/$preset (minutes the first time, seconds afterwards)"
  (cd "$root" && cmake --preset "$preset" >"$log" 2>&1) ||
    { tail -n 20 "$log" >&2; die "cmake could not configure; see $log"; }
  (cd "$root" && cmake --build --preset "$preset" "$@") || die "the build failed; its words are above"
}
