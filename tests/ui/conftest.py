"""What every test of the window gets."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.ui.main_window import MainWindow
from inspector.ui.settings import Settings
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

LONG = 15_000

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session", autouse=True)
def clipboard_emptied(qapp: QApplication) -> Iterator[None]:
    """The offscreen platform keeps what was copied until the process is gone, and with it, where it was made in Python,
    an object that outlives Python: the exit would crash."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, put on."""
    made = Theme(qapp, Scheme.LIGHT)
    made.dress()
    yield made
    made.deleteLater()


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[Worker]:
    """A worker of the test's own, stopped at its end."""
    made = Worker("test", qapp)
    yield made
    made.close()


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication, home: Home) -> Iterator[MakeWindow]:
    """Windows on the test's home, or `elsewhere` on a copy of it (a history has one writer), as a person sees them;
    shut down at the end."""
    windows: list[MainWindow] = []
    theme = Theme(qapp)

    def make(*, elsewhere: bool = False) -> MainWindow:
        home.create()
        place = home
        if elsewhere:
            place = Home.at(home.data.with_name(f"elsewhere-{len(windows)}"))
            shutil.copytree(home.data, place.data)
        window = MainWindow(Workbench(place, use_keyring=False), theme, Settings(place))
        windows.append(window)
        theme.dress()
        window.resize(1440, 900)
        window.show()
        with qtbot.waitSignal(window.ready, timeout=LONG):
            window.begin()
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.setStyleSheet("")  # building the next window with it on takes three times as long
