#!/usr/bin/env bash
# Renews the lock files from pyproject.toml: for every platform and Python >=3.11, with hashes, and with the build
# backend. Needs uv (pip install uv) and PyPI. Versions stay as they are where they still fit; to move them:
#   packaging/lock.sh --upgrade
#   packaging/lock.sh --upgrade-package httpx
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

uv=$(command -v uv || command -v "$venv/bin/uv") || die "uv is needed: pip install uv"
cd -- "$root"
# What a machine has set for itself, an index of its own for one, must not get into the lock.
for name in $(compgen -e UV_ || true); do unset "$name"; done

compile() {
  "$(find_python)" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' |
    "$uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
      --no-header --no-emit-index-url --no-annotate --no-strip-extras "$@" pyproject.toml -
}
compile --extra dev --output-file packaging/requirements-dev.lock "$@"
# The same versions to run with as to test with.
compile --constraint packaging/requirements-dev.lock --output-file packaging/requirements.lock
