"""Sections of facts: long lists folded, copied whole, their views filled again for other facts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from inspector.ui.certificates.facts_view import FactValue
from inspector.ui.detail.fact_grid import FactGrid, FoldButton
from inspector.ui.detail.sections import Fact, Section, listed
from inspector.ui.theme import Scheme, Theme

CIPHERS = tuple(f"TLS_CIPHER_{number}" for number in range(9))
FACTS = (
    Section(
        "Offered",
        (Fact("Versions", "TLSv1.3", mono=True), listed("Ciphers", CIPHERS, shown=2, what="ciphers")),
    ),
    Section("Asked for", (Fact("Certificate", "asked for", tone="good"),)),
)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, Scheme.LIGHT)


@pytest.fixture
def grid(theme: Theme, qtbot: QtBot) -> FactGrid:
    made = FactGrid(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show_sections(FACTS)
    made.show()
    return made


def values(grid: FactGrid) -> list[str]:
    return [value.toPlainText() for value in grid.findChildren(FactValue) if value.isVisible()]


def test_a_long_list_is_unfolded_and_folded(grid: FactGrid) -> None:
    assert values(grid) == ["TLSv1.3", "9 ciphers: TLS_CIPHER_0, TLS_CIPHER_1, …", "asked for"]
    (fold,) = [button for button in grid.findChildren(FoldButton) if button.isVisible()]
    assert fold.accessibleName() == "Show all: Ciphers"
    fold.click()
    assert values(grid)[1] == "\n".join(CIPHERS)
    assert fold.text() == "Show fewer"
    fold.click()
    assert values(grid)[1].startswith("9 ciphers")


def test_a_section_is_copied_with_long_lists_whole(grid: FactGrid, qtbot: QtBot) -> None:
    button = grid.findChildren(QToolButton)[0]
    assert button.accessibleName() == "Copy “Offered” as text"
    with qtbot.waitSignal(grid.copied):
        button.click()
    text = QGuiApplication.clipboard().text()
    assert text.splitlines() == ["Offered", "Versions: TLSv1.3", f"Ciphers: {', '.join(CIPHERS)}"]


def test_what_was_unfolded_stays_for_the_same_facts_only(grid: FactGrid) -> None:
    (fold,) = [button for button in grid.findChildren(FoldButton) if button.isVisible()]
    fold.click()
    grid.show_sections(FACTS)
    assert values(grid)[1] == "\n".join(CIPHERS)
    other = (
        Section(
            "Offered", (Fact("Versions", "TLSv1.2"), listed("Ciphers", CIPHERS[:5], shown=2, what="ciphers"))
        ),
    )
    grid.show_sections(other)
    assert values(grid) == ["TLSv1.2", "5 ciphers: TLS_CIPHER_0, TLS_CIPHER_1, …"]
    grid.show_sections(())
    assert values(grid) == []


def test_the_tones_follow_the_scheme(grid: FactGrid, theme: Theme) -> None:
    asked = [value for value in grid.findChildren(FactValue) if value.toPlainText() == "asked for"]
    light = theme.colors.green
    assert light in asked[0].styleSheet()
    theme.choose(Scheme.DARK)
    assert theme.colors.green != light
    assert theme.colors.green in asked[0].styleSheet()


@pytest.fixture
def dressed(theme: Theme, qapp: QApplication) -> Iterator[Theme]:
    theme.dress()
    yield theme
    qapp.setStyleSheet("")


def test_the_fixed_width_stays_when_the_scheme_changes(dressed: Theme, qtbot: QtBot) -> None:
    grid = FactGrid(dressed)
    qtbot.addWidget(grid)
    grid.show_sections((Section("Offered", (Fact("Versions", "TLSv1.2", mono=True),)),))
    grid.show()
    (value,) = grid.findChildren(FactValue)
    family = value.font().family()
    assert family != grid.font().family()
    dressed.choose(Scheme.DARK)
    assert value.font().family() == family
    assert value.document().defaultFont().family() == family
