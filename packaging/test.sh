#!/usr/bin/env bash
# Sets everything up as run.sh does, with the tools of the tests, then runs all checks and all tests.
# With arguments it runs pytest alone and hands them on: packaging/test.sh tests/history -k query
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

set_up dev "${qt_packages[@]}" "${test_packages[@]}"
provide_nginx
cd -- "$root"
# The tests start programs by name; they are to find those of this environment first.
export PATH="$venv/bin:$PATH" VIRTUAL_ENV="$venv"
if [ $# -gt 0 ]; then exec "$venv/bin/python" -m pytest "$@"; fi

failed=()
check() {
  say "== $*"
  "$@" || failed+=("$*")
}
check ruff check .
check ruff format --check .
check mypy
check lint-imports
# On all cores, but each process needs its share of memory for Qt.
check "$venv/bin/python" -m pytest --numprocesses=auto --maxprocesses=8 --dist=worksteal --durations=12 --cov --cov-report=term
if [ ${#failed[@]} -gt 0 ]; then
  say "Failed:$(printf ' [%s]' "${failed[@]}")"
  exit 1
fi
