"""A crash of a process that holds keys leaves no memory on disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at the process as Linux shows it")

_CODE = """
import ctypes, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
from inspector import core_dumps
assert core_dumps.forbid()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.abort()
"""


def test_neither_a_core_file_nor_a_dumpable_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.stdout.split() == [b"0", b"0"], done.stderr.decode()
    assert done.returncode < 0
    assert list(tmp_path.iterdir()) == []
