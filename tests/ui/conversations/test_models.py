"""The models of the page: what is selected stays selected while the list and the timeline grow."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service, Severity
from inspector.history.conversation_findings import ConversationFinding, FindingCode, find
from inspector.history.conversation_model import ConversationKey
from inspector.ui.conversations.findings_view import FindingsModel
from inspector.ui.conversations.list_model import JUDGEMENT_ROLE, ConversationModel, Judgement
from inspector.ui.conversations.timeline_model import COLUMNS, FAULTY_ROLE, KEYS, TimelineModel
from inspector.ui.conversations.wording import mark_tip
from tests.ui.conversations.records import SECOND, push, retried, summary


def names(model: ConversationModel) -> list[str | None]:
    return [model.summary(row).conversation_id for row in range(model.rowCount())]


def test_the_list_moves_what_has_news_to_the_top(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = ConversationModel()
    qtmodeltester.check(model)
    model.reset([summary("c", 3), summary("b", 2), summary("a", 1)], more=False)
    kept = QPersistentModelIndex(model.index(1))
    model.update([summary("a", 4)])
    assert names(model) == ["a", "c", "b"]
    model.update([summary("d", 6), summary("b", 5)])
    assert names(model) == ["d", "b", "a", "c"]
    assert kept.row() == 1, "b"
    model.update([summary("d", 6, refused=7)])
    assert model.summary(0).refused == 7
    assert [model.row_of(ConversationKey("brand", name)) for name in "abcd"] == [2, 1, 3, 0]
    qtmodeltester.check(model)


def test_more_is_asked_for_once_and_never_listed_twice(qtbot: QtBot) -> None:
    model = ConversationModel()
    model.reset([summary("b", 2)], more=True)
    root = QModelIndex()
    assert model.canFetchMore(root)
    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(root)
    assert not model.canFetchMore(root)
    model.append([summary("b", 2), summary("a", 1)], more=False)
    assert names(model) == ["b", "a"]
    assert not model.canFetchMore(root)


def test_findings_are_counted_for_what_is_looked_at(qtbot: QtBot) -> None:
    model = ConversationModel()
    model.reset([summary("b", 2), summary("a", 1)], more=False)
    asked: list[int] = []
    model.judgement_wanted.connect(lambda: asked.append(1))
    key = model.summary(0).key
    assert model.index(0).data(JUDGEMENT_ROLE) is None
    assert model.index(0).data(JUDGEMENT_ROLE) is None
    assert asked == [1]
    assert model.take_wanted(10) == [key]
    model.judge({key: Judgement(2, 3, bad=True)})
    assert model.index(0).data(JUDGEMENT_ROLE) == Judgement(2, 3, bad=True)
    assert model.take_wanted(10) == []
    model.update([summary("b", 9)])
    assert model.index(0).data(JUDGEMENT_ROLE).findings == 3, "the last one known, until there is another"
    assert model.take_wanted(10) == [key]


def test_the_list_says_what_it_shows(qtbot: QtBot) -> None:
    model = ConversationModel()
    model.reset([summary("<b>", 2), summary("a", 1, brand_id=None, conversation_id=None)], more=False)
    assert model.index(0).data() == "Brand <b>"
    assert "&lt;b&gt;" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "1 refused, worst 500" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(1).data() == "no brand No conversation"


def test_the_timeline_grows_at_its_end(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = TimelineModel()
    qtmodeltester.check(model)
    pushes = tuple(retried())
    model.show_pushes(pushes[:3], ())
    resets: list[int] = []
    inserted: list[tuple[int, int]] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.show_pushes(pushes, ())
    assert (resets, inserted) == ([], [(3, 4)])
    model.show_pushes(pushes[1:], ())
    assert resets == [1]
    assert model.row_of(2) == 0
    assert model.row_of(1) is None
    qtmodeltester.check(model)


def test_the_timeline_marks_the_cells_that_a_finding_is_about(qtbot: QtBot) -> None:
    model = TimelineModel()
    pushes = (push(1, badge=5), push(4, badge=2), push(5, sequence=4, text_key=b"other"))
    findings = find(pushes)
    model.show_pushes(pushes, findings)
    marked = {
        (row, column.key): model.index(row, place).data(FAULTY_ROLE)
        for row in range(3)
        for place, column in enumerate(COLUMNS)
        if model.index(row, place).data(FAULTY_ROLE) is not None
    }
    assert marked == {
        (1, "sequence"): Severity.WARNING,
        (1, "badge"): Severity.WARNING,
        (1, "text"): Severity.ERROR,
        (2, "text"): Severity.ERROR,
    }
    tip = model.index(1, KEYS.index("badge")).data(Qt.ItemDataRole.ToolTipRole)
    assert "Badge falls from 5 to 2" in tip


def test_the_cells_of_the_timeline(qtbot: QtBot) -> None:
    model = TimelineModel()
    model.show_pushes(tuple(retried()), ())
    cells = [model.index(1, place).data() for place in range(len(COLUMNS))]
    assert cells[1:] == ["Received", "iOS", "1", "1", "2 · 10.0 s", "500", "Text 2"]
    assert model.index(0, KEYS.index("attempt")).data() == ""


def test_findings_are_read_out_with_their_service(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = FindingsModel()
    model.show_findings(
        [
            ConversationFinding(FindingCode.GAP, Severity.WARNING, (1, 2), "A gap", Service.FCM),
            ConversationFinding(FindingCode.OUT_OF_STEP, Severity.WARNING, (3, 4), "Out of step"),
        ]
    )
    qtmodeltester.check(model)
    spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken == ["FCM: A gap", "Out of step"]


def test_a_mark_tells_what_it_stands_for() -> None:
    one = mark_tip([push(8, attempt=2, gap=10 * SECOND, status=500)]).splitlines()
    assert one[0] == "#8 · iOS · 500 error while processing, sent again"
    assert one[1].endswith("sequence 8, badge 8")
    assert one[2:] == ["attempt 2, 10.0 s after", "Text 8"]
    several = mark_tip([push(8), push(9, 1, status=403)]).splitlines()
    assert several[0].startswith("2 pushes from ")
    assert several[1:] == ["sequence 8 to 9", "1 refused"]
