"""What every test of the window gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def clipboard_emptied(qapp: QApplication) -> Iterator[None]:
    """The offscreen platform keeps what was copied until the process is gone, and with it, where it was made in Python,
    an object that outlives Python: the exit would crash."""
    yield
    qapp.clipboard().clear()
