#!/usr/bin/env bash
# Sets everything up on a machine that has Python 3.11 or newer, then starts Push Inspector: the demo, or what the
# arguments say (packaging/run.sh gui, packaging/run.sh listen --json, ...). The second time it only starts it.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

set_up run "${qt_packages[@]}"
[ $# -gt 0 ] || set -- demo
exec "$venv/bin/push-inspector" "$@"
