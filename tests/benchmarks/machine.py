"""What the machine and its libraries are, for the line below a table of figures. Imports lazily."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import ssl
import subprocess
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
        "system": f"{platform.system()} {platform.release()}",
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


def busy() -> float:
    """How much else the machine has to do: the load average of the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _version(text: str) -> str:
    return text.split()[1] if len(text.split()) > 1 else text
