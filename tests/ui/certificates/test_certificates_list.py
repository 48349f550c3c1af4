"""The list: its model, its order, its keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity, VaultEntry
from inspector.ui.certificates.contents import Listed, listed
from inspector.ui.certificates.list_model import LISTED_ROLE, CertificateModel
from inspector.ui.certificates.list_view import CertificateList
from inspector.ui.theme import Scheme, Theme

Lasting = Callable[[str, timedelta], Identity]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def entry(identity: Identity, *, has_key: bool = True, trust: bool = False) -> Listed:
    kept = VaultEntry(identity.name, identity.chain, has_key, trust, "2026-01-01T00:00:00Z")
    return listed(kept, datetime.now(UTC))


@pytest.fixture
def entries(dev: DevIdentities, lasting: Lasting) -> tuple[Listed, ...]:
    return (
        entry(dev.server),
        entry(dev.ca, trust=True),
        entry(lasting("zulu", timedelta(days=20))),
        entry(lasting("Old", -timedelta(days=3)), has_key=False),
    )


@pytest.fixture
def view(entries: tuple[Listed, ...], theme: Theme, qtbot: QtBot) -> CertificateList:
    model = CertificateModel()
    view = CertificateList(model, theme)
    model.setParent(view)
    qtbot.addWidget(view)
    model.replace(entries)
    view.resize(904, 300)
    view.show()
    return view


def shown(view: CertificateList, column: int = 0) -> list[str]:
    model = view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_model_keeps_qts_rules(entries: tuple[Listed, ...], qtmodeltester: ModelTester) -> None:
    model = CertificateModel()
    model.replace(entries)
    qtmodeltester.check(model)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
    assert model.row_of("zulu") == 2
    assert model.row_of("nobody") is None


def test_entries_are_sorted_by_name_without_regard_to_capitals(view: CertificateList) -> None:
    assert shown(view) == ["dev-ca", "dev-server", "Old", "zulu"]


def test_sorting_by_time_left_puts_what_expires_first_on_top(view: CertificateList) -> None:
    view.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert shown(view)[:2] == ["Old", "zulu"]
    assert shown(view, 3)[:2] == ["expired", "19 days left"]


def test_cells_have_full_texts_and_words_for_marks(entries: tuple[Listed, ...]) -> None:
    model = CertificateModel()
    model.replace(entries)

    def cell(row: int, column: int, role: Qt.ItemDataRole) -> str:
        return str(model.index(row, column).data(role))

    spoken, tip = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
    assert cell(1, 5, spoken) == "trusted for clients"
    assert cell(0, 5, spoken) == "not trusted for clients"
    assert cell(0, 4, spoken) == "ECDSA P-256, with its private key"
    assert cell(3, 4, spoken) == "ECDSA P-256, without a private key"
    assert cell(3, 3, tip).startswith("Expired 3 days ago, until ")
    assert cell(0, 6, tip) == "Nothing uses it"
    assert cell(0, 7, tip) == "CN=dev-server,O=Push Inspector"
    assert cell(0, 1, spoken) == "Use Server"
    assert cell(1, 8, Qt.ItemDataRole.DisplayRole) == "itself"
    for column in range(model.columnCount()):
        assert model.headerData(column, Qt.Orientation.Horizontal, tip)


def test_columns_go_where_there_is_no_room(view: CertificateList) -> None:
    view.resize(1010, 300)
    assert not any(view.isColumnHidden(column) for column in range(9))
    view.resize(420, 300)
    assert [column for column in range(9) if not view.isColumnHidden(column)] == [0, 1, 3]
    view.resize(904, 300)
    assert [column for column in range(9) if view.isColumnHidden(column)] == [7]
    assert view.columnWidth(0) >= 120


def test_keys_copy_delete_and_open(view: CertificateList, qtbot: QtBot) -> None:
    view.choose("dev-ca")
    with qtbot.waitSignal(view.copy_wanted):
        QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(view.delete_wanted):
        QTest.keyClick(view, Qt.Key.Key_Delete)
    with qtbot.waitSignal(view.opened):
        QTest.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen.args is not None
    assert chosen.args[0].entry.name == "dev-server"


def test_choosing(view: CertificateList) -> None:
    assert view.position == -1
    assert view.choose("zulu")
    assert view.current is not None
    assert view.current.entry.name == "zulu"
    assert not view.choose("nobody")
    view.choose_near(99)
    assert view.position == 3
    view.choose_near(-1)
    assert view.position == 0


def test_it_is_drawn_in_both_schemes(view: CertificateList, theme: Theme) -> None:
    theme.choose(Scheme.LIGHT)
    view.choose("Old")
    light = view.grab().toImage()
    theme.choose(Scheme.DARK)
    try:
        dark = view.grab().toImage()
    finally:
        theme.choose(Scheme.LIGHT)
    assert light.pixelColor(850, 250).lightness() > 200
    assert dark.pixelColor(850, 250).lightness() < 60
    assert view.model().index(0, 0).data(LISTED_ROLE) is not None
