# What run.sh and test.sh share: find a Python, get the system's packages, fill the virtual environment.
# It is sourced by bash scripts that have set -euo pipefail. Everything it prints goes to standard error, so that
# standard output belongs to the program.
#
# shellcheck shell=bash disable=SC2034
#
# Read from the environment:
#   PUSH_INSPECTOR_PYTHON   the Python to use (default: the first of 3.11 or newer on PATH)
#   PUSH_INSPECTOR_VENV     the virtual environment's folder (default: .venv in the checkout)
# pip's and apt's own settings (PIP_*, pip.conf, apt.conf, proxies) hold as they are.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=${PUSH_INSPECTOR_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac

# What Qt loads at run time and a machine without a desktop lacks. "a|b" are two names of one thing: the first that
# the system's release has is taken (Ubuntu 24.04 and Debian 13 renamed libraries to ...t64).
qt_packages=(
  libegl1 libgl1 "libglib2.0-0t64|libglib2.0-0" libdbus-1-3 libfontconfig1 fonts-dejavu-core libgssapi-krb5-2
  libx11-xcb1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1
  libxcb-xfixes0 libxcb-xkb1
)
# The outside programs that the tests talk to, and the display they open a real window on; nginx is got apart, below.
test_packages=(apache2-utils curl openssh-client openssl tinyproxy-bin xauth xdotool xvfb)
# Where servers are installed, which is not on everybody's PATH; the tests look there too.
server_folders=/usr/local/sbin:/usr/sbin

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename -- "$0"): $*"; exit 1; }

# Prints the first Python that is new enough, or ends with one line that says which were found.
find_python() {
  local name version found=""
  if [ -n "${PUSH_INSPECTOR_PYTHON:-}" ]; then
    set -- "$PUSH_INSPECTOR_PYTHON"
  else
    set -- python3.11 python3.12 python3.13 python3 python3.14
  fi
  for name; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
      3.[0-9] | 3.10 | 2.*) found="$found $name is $version;" ;;
      *) command -v -- "$name"; return ;;
    esac
  done
  [ -n "$found" ] || found=" none found by the name of $*;"
  die "Python 3.11 or newer is needed:$found install python3.11, or name one in PUSH_INSPECTOR_PYTHON."
}

# Prints those of the packages "$@" (each "name" or "name|other") that are not installed, one a line.
missing_packages() {
  local installed entry name
  # dpkg-query's status is 1 as soon as one name is unknown to it; what it prints is right all the same.
  # shellcheck disable=SC2046
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $(printf '%s\n' "$@" | tr '|' ' ') 2>/dev/null) || true
  for entry; do
    for name in ${entry//|/ }; do
      case $'\n'$installed$'\n' in *$'\n'"$name installed"$'\n'*) continue 2 ;; esac
    done
    printf '%s\n' "$entry"
  done
}

# Runs "$@" as root, by sudo where that is needed. Never waits for an answer when there is nobody to give it.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@" </dev/null >&2
  elif [ -t 0 ]; then
    sudo "$@" </dev/null >&2
  else
    sudo -n "$@" </dev/null >&2
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

# Installs the packages "$@". The venv module brings ca-certificates with it, which writes the system's bundle of CAs
# anew; where a bundle was put there by hand, so that pip can get out through a proxy for one, it is kept as it was.
apt_install() {
  local bundle=/etc/ssl/certs/ca-certificates.crt kept="" status=0
  if [ -f "$bundle" ] && [ -n "$(missing_packages ca-certificates)" ]; then
    kept=$(mktemp)
    cat "$bundle" >"$kept"
  fi
  apt_get install --no-install-recommends "$@" || status=$?
  if [ -n "$kept" ]; then
    cmp -s "$kept" "$bundle" || as_root cp -- "$kept" "$bundle" || true
    rm -f -- "$kept"
  fi
  return "$status"
}

# Installs those of the packages "$@" that are missing. Where that can't be done it says so in one line and returns 1.
install_packages() {
  local missing entry name names=()
  if ! command -v dpkg-query >/dev/null; then
    return 0 # not a Debian: the README lists what Qt needs there
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "Missing, and there is no apt-get to install them: $(printf '%s' "$missing" | sed 's/|.*//' | tr '\n' ' ')"
    return 1
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "Missing, and neither root nor sudo to install them. As root: apt-get install" \
      "$(printf '%s' "$missing" | sed 's/|.*//' | tr '\n' ' ')"
    return 1
  fi
  say "Installing system packages: $(printf '%s' "$missing" | sed 's/|.*//' | tr '\n' ' ')"
  apt_get update || say "apt-get update failed; trying with the lists that are here."
  for entry in $missing; do
    for name in ${entry//|/ }; do
      case $(apt-cache show --no-all-versions "$name" 2>/dev/null) in "Package: $name"*) break ;; esac
    done
    names+=("$name")
  done
  apt_install "${names[@]}" && return 0
  say "apt-get could not install: ${names[*]}"
  return 1
}

# A line that changes when what is installed by $1 ("run" or "dev") has to be installed anew.
fingerprint() {
  "$venv/bin/python" - "$root" "$root/$(lock_file "$1")" "$root/pyproject.toml" "$root/inspector/__init__.py" <<'PYTHON'
import hashlib, pathlib, sys

digest = hashlib.sha256(repr((sys.version, sys.argv[1])).encode())
for name in sys.argv[2:]:
    digest.update(pathlib.Path(name).read_bytes())
print(digest.hexdigest())
PYTHON
}

lock_file() {
  case $1 in dev) echo packaging/requirements-dev.lock ;; *) echo packaging/requirements.lock ;; esac
}

is_current() {
  [ -f "$venv/.installed-$1" ] && [ "$(cat "$venv/.installed-$1")" = "$(fingerprint "$1")" ]
}

venv_works() {
  "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
  local python=$1
  if [ -e "$venv" ] && [ ! -f "$venv/pyvenv.cfg" ] && [ -n "$(ls -A -- "$venv" 2>/dev/null)" ]; then
    die "$venv exists and is not a virtual environment; name another folder in PUSH_INSPECTOR_VENV."
  fi
  say "Making a virtual environment in $venv"
  "$python" -m venv --clear -- "$venv" >&2 || die "could not make the virtual environment $venv with $python."
}

# Brings the virtual environment to what the lock says; $1 is "run" or "dev". Quick where nothing has changed.
install_python_packages() {
  local kind=$1 python
  if venv_works && is_current "$kind"; then return; fi
  if ! venv_works || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
      die "$python can't make virtual environments; install python$(python_version "$python")-venv."
    make_venv "$python"
  fi
  rm -f -- "$venv/.installed-run" "$venv/.installed-dev"
  say "Installing Python packages from $(lock_file "$kind")"
  # Wheels only: a fresh machine has no compiler. The lock holds the build backend too, so nothing is fetched unpinned.
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --only-binary :all: \
    --require-hashes -r "$root/$(lock_file "$kind")" >&2 || die "pip could not install $(lock_file "$kind"); see above."
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet \
    --no-deps --no-build-isolation --no-index -e "$root" >&2 || die "pip could not install the checkout $root; see above."
  fingerprint run >"$venv/.installed-run"
  if [ "$kind" = dev ]; then fingerprint dev >"$venv/.installed-dev"; fi
}

# Puts the program nginx, which the tests send to, into the virtual environment, unless there is one already. The
# system's package isn't installed: it would start a web server on port 80. Where nginx can't be had, the tests that
# need it are skipped, and this says so.
provide_nginx() {
  local work
  if PATH="$venv/bin:$PATH:$server_folders" nginx -v >/dev/null 2>&1; then return; fi
  if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    say "Fetching nginx into $venv/bin"
    work=$(mktemp -d "$venv/nginx.XXXXXX")
    # What the lists name may be gone from the mirror since.
    fetch_nginx "$work" || { apt_get update 2>/dev/null && fetch_nginx "$work"; } || true
    rm -rf -- "$work"
    if [ -x "$venv/bin/nginx" ]; then return; fi
  fi
  say "There is no nginx here, and none could be fetched: the tests that send to it are skipped."
}

# Takes the program out of whichever package has it in this system's release. $1 is a folder to work in.
fetch_nginx() {
  local name
  for name in nginx nginx-core nginx-light; do
    rm -f -- "$1"/*
    (cd -- "$1" && apt-get -q download "$name") >/dev/null 2>&1 || continue
    dpkg-deb --fsys-tarfile "$1/$name"_*.deb | tar -xO ./usr/sbin/nginx >"$1/program" 2>/dev/null || continue
    chmod 755 "$1/program"
    if "$1/program" -v >/dev/null 2>&1; then
      mv -f -- "$1/program" "$venv/bin/nginx"
      return
    fi
  done
  return 1
}

python_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

# All of it. $1 is "run" or "dev"; the rest are the system packages wanted.
set_up() {
  local kind=$1 python
  shift
  if command -v flock >/dev/null; then # two set-ups of one checkout at a time would spoil each other
    exec 9<"$root"
    flock 9
  fi
  if ! venv_works; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
      set -- "python$(python_version "$python")-venv" "$@"
    fi
  fi
  install_packages "$@" || say "Going on without them."
  install_python_packages "$kind"
  exec 9<&-
}
