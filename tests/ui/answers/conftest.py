"""The rules of a test and the page that shows them; a window on the test's home."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.ui.answers.page import AnswersPage
from inspector.ui.answers.rule_model import RuleModel
from inspector.ui.main_window import MainWindow
from inspector.ui.settings import Settings
from inspector.ui.theme import Scheme, Theme
from inspector.workbench import Workbench

LONG = 15_000


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    made = Theme(qapp, Scheme.LIGHT)
    made.dress()
    return made


@pytest.fixture
def model() -> RuleModel:
    return RuleModel()


@pytest.fixture
def three() -> tuple[Rule, ...]:
    """Three sound rules: for a brand, for a path, for everything but off."""
    return (
        Rule("One brand", Match(service="apns", brand="9058*"), Answer(403)),
        Rule("Twice", Match(path="/push*"), Answer(500), first=2, per_message=True),
        Rule("Reset", answer=Answer(fault=Fault.RESET), enabled=False),
    )


@pytest.fixture
def page(model: RuleModel, theme: Theme, qtbot: QtBot) -> AnswersPage:
    """The page, shown and active; without rules yet."""
    made = AnswersPage(model, theme)
    qtbot.addWidget(made)
    made.resize(1340, 760)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def make_window(qtbot: QtBot, theme: Theme, home: Home) -> Iterator[Callable[[], MainWindow]]:
    """Windows on the test's home, shut down at the end."""
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        home.create()
        window = MainWindow(Workbench(home, use_keyring=False), theme, Settings(home))
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        with qtbot.waitSignal(window.ready, timeout=LONG):
            window.begin()
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
