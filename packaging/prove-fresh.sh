#!/usr/bin/env bash
# Proves that run.sh and test.sh do all the set-up: makes an empty Debian with Python and nothing else (debootstrap),
# puts a fresh clone of this checkout's HEAD in it, and runs both in there, twice, as root; then run.sh as a person
# who has sudo. The second time there is no network. Takes some minutes and 5 GB below TMPDIR.
#
#   sudo packaging/prove-fresh.sh            Debian 12 with its Python 3.11
#   sudo packaging/prove-fresh.sh trixie     Debian 13 with its Python 3.13
#   KEEP=1 …                                 leaves the last root to look at
#
# Needs root, debootstrap, git and unshare. Mounts are made in a mount namespace of its own, so none is left behind.
# The mirror, the proxies, pip's settings and the certificates they name are taken over from this machine.
set -euo pipefail

checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
place="/srv/push inspector" # where the clone stands in the new root; the space is meant
suite=${1:-bookworm}
say() { printf '\n== %s\n' "$*" >&2; }
die() { printf 'prove-fresh.sh: %s\n' "$*" >&2; exit 1; }

# The first Debian mirror that apt uses here for a release's main archive, else Debian's own.
mirror() {
  {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) +[^ ]+ .*main.*$/\2/p'
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -nE 's/^URIs: *([^ ]+).*$/\1/p'
  } | grep -E '/debian/?$' | head -n 1 | grep . || echo http://deb.debian.org/debian
}

# Every existing absolute path that the text on standard input mentions, also as file://...
paths_in() {
  grep -oE '(file://)?/[^][:space:]"'\''=,;:][^][:space:]"'\''=,;]*' | sed 's#^file://##' | sort -u |
    while IFS= read -r path; do
      case $path in */simple) path=${path%/simple} ;; esac # the pages of an index link to files beside it
      if [ -e "$path" ]; then printf '%s\n' "$path"; fi
    done
}

# Lines NAME=value that pip and apt need to reach the outside as they do here.
outer_environment() {
  env | grep -E '^(PIP_[A-Z_]+|(https?|HTTPS?|all|ALL|no|NO)_(proxy|PROXY)|SSL_CERT_FILE|REQUESTS_CA_BUNDLE)=' || true
}

# Takes over this machine's settings into the root $1.
take_over() {
  local new=$1 file
  install -D -m 644 /etc/resolv.conf "$new/etc/resolv.conf"
  install -D -m 644 /etc/hosts "$new/etc/hosts"
  apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|ftp)::' >"$new/etc/apt/apt.conf.d/99outer" || true
  if [ -f /etc/pip.conf ]; then install -D -m 644 /etc/pip.conf "$new/etc/pip.conf"; fi
  for file in .pip/pip.conf .config/pip/pip.conf; do
    if [ -f "$HOME/$file" ]; then
      install -D -m 644 "$HOME/$file" "$new/root/$file"
      install -D -m 644 "$HOME/$file" "$new/etc/skel/$file"
    fi
  done
  {
    outer_environment | cut -d= -f2-
    cat "$new/etc/pip.conf" "$new/etc/skel/.pip/pip.conf" "$new/etc/skel/.config/pip/pip.conf" \
      "$new/etc/apt/apt.conf.d/99outer" 2>/dev/null || true
  } | paths_in |
    while IFS= read -r file; do
      if [ -f "$file" ]; then
        install -D -m 644 "$file" "$new$file"
      elif [ ! -e "$new$file" ]; then
        mkdir -p "$new$file"
        mount --bind -o ro "$file" "$new$file"
      fi
    done
}

# Makes the root $1 from the empty one and puts a fresh clone in it.
make_root() {
  local new=$1
  cp -a "$work/base" "$new"
  git -c safe.directory='*' clone -q --no-hardlinks "$checkout" "$new$place"
  mount -t proc proc "$new/proc"
  mount --rbind /dev "$new/dev"
  take_over "$new"
}

# Runs "$@" in the root $1, in an environment of its own. With OFFLINE set there is only a loopback network.
inside() {
  local new=$1 started=$SECONDS
  shift
  local line settings=()
  while IFS= read -r line; do settings+=("$line"); done < <(outer_environment)
  local command=(
    chroot "$new" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
    ${settings[@]+"${settings[@]}"} "$@"
  )
  if [ -n "${OFFLINE:-}" ]; then
    command=(unshare --net sh -c 'ip link set lo up && exec "$@"' sh "${command[@]}")
  fi
  "${command[@]}" </dev/null
  printf -- '-- %s s: %s\n' $((SECONDS - started)) "$*" >&2
}

# Runs "$@" like inside, without network, and fails where it installs anything.
again() {
  OFFLINE=1 inside "$@" 2>&1 | tee "$work/again.log"
  if grep -qE '^(Installing|Fetching|Making a virtual)' "$work/again.log"; then die "the second time installed something."; fi
}

prove() {
  local packages=python3
  if [ "$suite" = bookworm ]; then packages=python3.11; fi
  say "an empty $suite with $packages"
  debootstrap --variant=minbase --include="$packages" "$suite" "$work/base" "$(mirror)" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log" >&2; die "debootstrap failed."; }

  make_root "$work/root"
  say "run.sh as root"
  inside "$work/root" "$place/packaging/run.sh"
  say "run.sh as root, again, from another folder and without network"
  again "$work/root" "$place/packaging/run.sh"
  say "test.sh as root"
  inside "$work/root" "$place/packaging/test.sh"
  say "test.sh as root, again, without network"
  again "$work/root" "$place/packaging/test.sh"
  # A test that misses something proves nothing; only a JDK is too much to install for its keytool.
  if grep '^SKIPPED' "$work/again.log" | grep -v keytool >&2; then die "tests were skipped."; fi
  if [ -e "$work/root/etc/nginx" ]; then die "nginx was installed as a server."; fi

  make_root "$work/person"
  inside "$work/person" apt-get -q update >/dev/null
  inside "$work/person" apt-get -q -y install --no-install-recommends sudo >/dev/null 2>&1
  inside "$work/person" useradd --create-home --home-dir /srv/dev --shell /bin/bash dev
  echo 'dev ALL=(ALL) NOPASSWD: ALL' >"$work/person/etc/sudoers.d/dev"
  inside "$work/person" chown -R dev: "$place"
  say "run.sh as a person with sudo"
  inside "$work/person" runuser -u dev -- env HOME=/srv/dev "$place/packaging/run.sh"
  say "run.sh as a person, again, without sudo and without network"
  rm "$work/person/etc/sudoers.d/dev"
  again "$work/person" runuser -u dev -- env HOME=/srv/dev "$place/packaging/run.sh"
  say "Proved: $suite, root and person, $(git -c safe.directory='*' -C "$checkout" rev-parse --short HEAD)"
}

if [ -n "${PROVE_FRESH_WORK:-}" ]; then
  work=$PROVE_FRESH_WORK
  prove
  exit
fi

[ "$(id -u)" = 0 ] || die "needs root: sudo $0"
for tool in debootstrap git unshare ip; do
  command -v "$tool" >/dev/null || die "needs $tool."
done
PROVE_FRESH_WORK=$(mktemp -d)
export PROVE_FRESH_WORK
# Outside the namespace none of its mounts exist, so this can't reach through one.
clean_up() {
  if [ -n "${KEEP:-}" ]; then say "kept: $PROVE_FRESH_WORK"; else rm -rf --one-file-system -- "$PROVE_FRESH_WORK"; fi
}
trap clean_up EXIT
chmod 755 "$PROVE_FRESH_WORK"
# The process namespace ends whatever was started in the roots when the proof ends.
unshare --mount --propagation private --pid --fork --kill-child -- bash "$0" "$@"
