"""What the window needs of runs before it stands loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys


def test_runs_are_light_to_import() -> None:
    source = (
        "import sys, inspector.sender.run, inspector.sender.run_record, inspector.sender.run_report;"
        "heavy = {'cryptography', 'httpcore', 'httptools', 'httpx', 'pydantic'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
