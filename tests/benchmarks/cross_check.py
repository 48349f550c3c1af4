"""The same with loads that others wrote: autocannon for kept connections, ab for a handshake a push.

They send one and the same message all the time. autocannon is installed by npm, into the cache; `ab` is apache2-utils'.
Imports `stage` only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.benchmarks.load import TEMPLATES
from tests.benchmarks.stage import Stage

BODY = TEMPLATES / "ios.json"
CONNECTIONS = 16


def install_autocannon(folder: Path) -> Path | None:
    """The program, installed in `folder` where it is not yet; None where npm can't."""
    program = folder / "node_modules" / ".bin" / "autocannon"
    npm = shutil.which("npm")
    if not program.exists() and npm is not None:
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            npm,
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(folder),
            "autocannon",
        ]
        subprocess.run(command, capture_output=True, check=False, timeout=300)
    return program if program.exists() else None


def autocannon(program: Path, stage: Stage, address: str, seconds: float) -> float:
    """Pushes answered 200 in a second. Raises RuntimeError where any was not."""
    command = [
        str(program),
        "-c",
        str(CONNECTIONS),
        "-d",
        f"{seconds:.0f}",
        "-m",
        "POST",
        "-i",
        str(BODY),
        "-j",
    ]
    command += ["--cert", str(stage.client), "--key", str(stage.client), f"https://{address}/push"]
    trust = {**os.environ, "NODE_EXTRA_CA_CERTS": str(stage.ca)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=trust)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"autocannon: {done.stderr.strip()[-200:]}") from None
    if found["errors"] or found["non2xx"] or not found["2xx"]:
        raise RuntimeError(
            f"autocannon: {found['errors']} errors, {found['non2xx']} refused, {found['2xx']} taken"
        )
    return float(found["2xx"]) / float(found["duration"])


def ab(stage: Stage, address: str, seconds: float) -> float:
    """Pushes with a handshake each in a second. Raises RuntimeError where any failed."""
    command = ["ab", "-q", "-t", f"{seconds:.0f}", "-n", "1000000", "-c", str(CONNECTIONS)]
    command += ["-E", str(stage.client), "-p", str(BODY), "-T", "application/json", f"https://{address}/push"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rate = re.search(r"^Requests per second: +([0-9.]+)", done.stdout, re.MULTILINE)
    failed = re.search(r"^(?:Failed requests|Non-2xx responses): +([1-9][0-9]*)", done.stdout, re.MULTILINE)
    if rate is None or failed is not None:
        raise RuntimeError(f"ab: {failed[0] if failed else done.stderr.strip()[-200:]}")
    return float(rate[1])
