"""The table's model: batches, pages on demand, a bounded cache, the cells' texts."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.history.model import Direction, Kind, Row
from inspector.ui.cell_filters import filter_for
from inspector.ui.push_columns import COLUMNS, message_text, reason_words, status_text, tooltip
from inspector.ui.push_model import CACHED_ROWS, PAGE, ROW_ROLE, PushModel, column_of


def make_row(identifier: int, **changes: object) -> Row:
    values: dict[str, object] = {
        "id": identifier,
        "kind": Kind.PUSH,
        "direction": Direction.IN,
        "at": 1_700_000_000_000_000 + identifier,
        "service": Service.APNS,
        "status": 200,
        "method": "POST",
        "path": "/push",
        "url": "",
        "size": 10,
        "brand_id": "90588711",
        "conversation_id": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
        "dialog_id": None,
        "sequence": 8,
        "badge": 1,
        "message": "My Test: 123",
        "attempt": 1,
        "gap": None,
        "problem_count": 0,
        "worst_problem": None,
        "reason": None,
        "peer": "127.0.0.1:5000",
        "subject": "CN=dev-client",
        "trusted": True,
        "count": 1,
        "last_at": 1_700_000_000_000_000 + identifier,
    }
    return Row(**{**values, **changes})  # type: ignore[arg-type]


def test_the_model_keeps_qts_rules(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = PushModel()
    qtmodeltester.check(model)
    model.append(array("q", [1, 2, 3]), [make_row(1), make_row(2), make_row(3)])
    model.reset(array("q", [2, 3]), [make_row(2), make_row(3)])
    qtmodeltester.check(model)


def test_one_batch_is_one_insertion(qtbot: QtBot) -> None:
    model = PushModel()
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.append(array("q", range(1, 301)), [make_row(one) for one in range(205, 301)])
    model.append(array("q"), [])
    assert inserted == [(0, 299)]
    assert model.rowCount() == 300
    assert model.id_at(model.rowCount() - 1) == 300


def test_rows_that_are_looked_at_and_missing_are_asked_for_once(qtbot: QtBot) -> None:
    model = PushModel()
    asked: list[int] = []
    model.rows_wanted.connect(lambda: asked.append(1))
    model.append(array("q", range(1, 1001)), [])
    assert model.index(500, 0).data() == "…"
    assert model.index(500, 1).data() is None
    assert model.index(501, 0).data() == "…"
    assert asked == [1]
    wanted = model.wanted()
    assert len(wanted) == PAGE
    assert 501 in wanted
    assert model.wanted() == []
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.fill([make_row(one) for one in wanted])
    assert changed == [(wanted[0] - 1, wanted[-1] - 1)]
    assert model.index(500, 0).data(ROW_ROLE) == make_row(501)


def test_the_cache_is_bounded(qtbot: QtBot) -> None:
    model = PushModel()
    model.append(array("q", range(1, 5001)), [make_row(one) for one in range(1, 5001)])
    assert model.rowCount() == 5000
    assert len(model._rows) == CACHED_ROWS


def test_places_and_ids(qtbot: QtBot) -> None:
    model = PushModel()
    model.append(array("q", [3, 7, 9]), [])
    assert [model.position_of(one) for one in (3, 7, 9)] == [0, 1, 2]
    assert model.position_of(8) is None
    assert model.position_of(100) is None
    assert model.id_at(1) == 7


def test_older_rows_come_before_the_first(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = PushModel()
    model.reset(array("q", [8, 9]), [make_row(8), make_row(9)])
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.prepend(array("q", [2, 5]))
    model.prepend(array("q"))
    model.prepend(array("q", [1]))
    assert inserted == [(0, 1), (0, 0)]
    assert [model.id_at(place) for place in range(5)] == [1, 2, 5, 8, 9]
    assert model.row(4) == make_row(9)
    qtmodeltester.check(model)


def test_rows_that_are_gone_are_taken_out(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = PushModel()
    model.reset(array("q", range(1, 11)), [make_row(one) for one in range(1, 11)])
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))
    qtmodeltester.check(model)
    model.remove_before(1)
    model.remove_before(3)
    model.remove([9, 5, 6, 99])
    assert removed == [(0, 1), (6, 6), (2, 3)]
    assert [model.id_at(place) for place in range(model.rowCount())] == [3, 4, 7, 8, 10]
    assert sorted(model.known_ids()) == [3, 4, 7, 8, 10]
    model.remove_before(11)
    assert model.rowCount() == 0
    model.reset(array("q", [7, 3, 9]), ordered=True)
    model.remove_before(9)
    model.remove([3])
    assert [model.id_at(place) for place in range(model.rowCount())] == [7, 9]


def test_rows_in_another_order(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = PushModel()
    model.reset(array("q", [7, 3, 9]), [make_row(3)], ordered=True)
    assert model.ordered
    assert [model.position_of(one) for one in (3, 7, 9, 8)] == [1, 0, 2, None]
    assert (model.knows(3), model.knows(7)) == (True, False)
    model.fill([make_row(7)])
    assert model.row(0) == make_row(7)
    qtmodeltester.check(model)
    model.reset(array("q", [3, 7, 9]))
    assert not model.ordered


def test_cells_say_what_people_read(qtbot: QtBot) -> None:
    model = PushModel()
    model.append(array("q", [1]), [make_row(1)])
    texts = {column.key: model.index(0, place).data() for place, column in enumerate(COLUMNS)}
    assert texts["direction"] == "Received"
    assert texts["service"] == "iOS"
    assert texts["status"] == "200"
    assert texts["sequence"] == "8"
    assert texts["text"] == "My Test: 123"
    assert texts["problems"] == ""
    spoken = model.index(0, column_of("brand")).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Brand 90588711"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Time"
    assert model.data(QModelIndex()) is None


def test_a_refused_handshake_reads_as_its_reason() -> None:
    row = make_row(
        1,
        kind=Kind.HANDSHAKE,
        status=None,
        reason="unknown_issuer",
        subject="CN=rogue",
        count=3,
        message=None,
    )
    assert message_text(row) == "Unknown issuer ×3 · CN=rogue"
    assert status_text(row) == "refused"
    assert filter_for(row, "text") == "reason:unknown_issuer"
    assert filter_for(row, "status") == "is:handshake"


def test_a_failed_sending_reads_as_its_reason() -> None:
    row = make_row(1, direction=Direction.OUT, status=None, reason="connect_failed", subject=None)
    assert status_text(row) == "failed"
    assert message_text(row) == "Could not connect · 127.0.0.1:5000"


def test_an_unknown_reason_is_still_words() -> None:
    assert reason_words("some_new_reason") == "Some new reason"


def test_filters_made_from_cells() -> None:
    row = make_row(1, brand_id='odd "brand" 1')
    assert filter_for(row, "service") == "service:apns"
    assert filter_for(row, "conversation") == "conv:13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"
    assert filter_for(row, "brand") == r'brand:"odd \"brand\" 1"'
    assert filter_for(make_row(1, brand_id=None), "brand") == "-has:brand"
    assert filter_for(row, "text") == 'text:"My Test: 123"'


def test_tooltips_tell_the_whole() -> None:
    row = make_row(1, attempt=3, gap=10_000_000)
    assert "attempt 3, 10.0 s after the one before" in tooltip(row, "text")
    assert tooltip(row, "status").startswith("200")
    assert tooltip(make_row(1, problem_count=2), "problems") == "2 departures from the contract"
