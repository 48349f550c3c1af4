"""What the machine and its libraries are, for the line below a table of figures. Imports lazily."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import ssl
import subprocess
import time
from pathlib import Path


def processor() -> str:
    """The model of the processor, as the system names it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def facts() -> dict[str, str]:
    """By name: processor, system, and the versions that matter."""
    from OpenSSL import SSL
    from PySide6.QtCore import qVersion

    library = SSL.SSLeay_version(SSL.SSLEAY_VERSION)
    assert isinstance(library, bytes)
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "OpenSSL of the listener": _version(library.decode()),
        "OpenSSL of the load": _version(ssl.OPENSSL_VERSION),
        "SQLite": sqlite3.sqlite_version,
    }


def nginx_facts(program: str) -> str:
    """nginx's version, and that of its OpenSSL."""
    told = subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stderr
    found = re.findall(r"nginx/(\S+)|running with OpenSSL (\S+)|built with OpenSSL (\S+)", told)
    version = next((one[0] for one in found if one[0]), "?")
    library = next((one[1] for one in found if one[1]), "") or next((one[2] for one in found if one[2]), "?")
    return f"{version} with OpenSSL {library.rstrip(')')}"


class Others:
    """How much of the machine other programs took while a benchmark ran. Ask when its own processes have ended."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._all = _busy_seconds()
        self._own = _own_seconds()

    def share(self) -> str:
        """In percent of all cores, or that the system does not tell."""
        whole = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        spent = _busy_seconds() - self._all - (_own_seconds() - self._own)
        return f"{max(spent, 0) / whole:.0%} of the processor" if self._all else "not known"


def _own_seconds() -> float:
    """Processor time of this process and of those of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _busy_seconds() -> float:
    """Processor time of everything, interrupts and what the host took away included; 0 where nothing tells."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, *rest = map(int, fields)
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _version(text: str) -> str:
    return text.split()[1] if len(text.split()) > 1 else text
