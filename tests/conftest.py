"""What every test gets: a clean environment, no real keyring, no display, no state outside its own folder,
and a check that it leaves no thread behind. Fixtures of one room live in that room's own conftest.py.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from inspector.home import Home

if TYPE_CHECKING:
    from inspector.certificates.mint import DevIdentities

# What would let the machine, or the person who sits at it, change a test's outcome.
LEAKING_NAMES = {
    "all_proxy",
    "curl_ca_bundle",
    "force_color",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_color",
    "no_proxy",
    "openssl_conf",
    "qt_scale_factor",
    "qt_style_override",
    "requests_ca_bundle",
    "ssl_cert_dir",
    "ssl_cert_file",
    "sslkeylogfile",
}
LEAKING_PREFIX = "push_inspector_"

# How long a thread that was told to stop may take: CI's machines are slow and shared.
THREAD_GRACE_S = 5.0


def _clean_process() -> None:
    """Done once, before any test and before Qt may be loaded, so that fixtures of every scope see it."""
    for name in list(os.environ):
        if name.lower() in LEAKING_NAMES or name.lower().startswith(LEAKING_PREFIX):
            del os.environ[name]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PUSH_INSPECTOR_NO_KEYRING"] = "1"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    state = tempfile.mkdtemp(prefix="push-inspector-tests-")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = state


_clean_process()

settings.register_profile("dev", deadline=None, print_blob=True)
settings.register_profile(
    "ci", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_unconfigure() -> None:
    """The folder that stands for the platform's own directories goes with the session."""
    shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True)
def clean_environ() -> Iterator[None]:
    """What a test does to the environment and to the current directory ends with it."""
    environment, folder = dict(os.environ), Path.cwd()
    yield
    if dict(os.environ) != environment:
        os.environ.clear()
        os.environ.update(environment)
    os.chdir(folder)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fails a test that leaves a thread running; those of session fixtures were there before."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    left = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(
            thread, threading._DummyThread
        ):  # a thread of Qt's that once called Python; can't be joined
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            left.append(thread.name)
    if left:
        pytest.fail(f"threads left running: {', '.join(sorted(left))}")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of the test's own. Its folders are not made yet."""
    return Home.at(tmp_path / "home")


@pytest.fixture(scope="session")
def dev() -> DevIdentities:
    """The dev CA with its server (localhost, 127.0.0.1, ::1) and its client. Made once: they never change."""
    from inspector.certificates.mint import make_dev

    return make_dev(["localhost", "127.0.0.1", "::1"])
