"""What differs between the result that is shown and another one, in the pane's width. Imports PySide6, the theme and
the pure parts of this room."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.difference import Change
from inspector.sender.model import SendResult
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.compare.colors import wash
from inspector.ui.compare.lines import Line
from inspector.ui.composer.wording import failure_headline
from inspector.ui.listener_settings.form import wrapped
from inspector.ui.outcome.difference import Pair, ResultDifference, compare_results
from inspector.ui.push_columns import local_time
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import GRID, Theme, fixed_font
from inspector.ui.worker import Worker

_NAME_WIDTH = 104
_CHANGE_WIDTH = 72
_AROUND = 2  # lines of context
_MOST_LINES = 16


class DifferenceView(QWidget):
    """Compares in the worker's thread. Hidden until it is asked for."""

    def __init__(self, worker: Worker, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_compare_view")
        self.setAccessibleName("What differs from another result")
        self._worker = worker
        self._theme = theme
        self._shown: SendResult | None = None
        self._others: tuple[SendResult, ...] = ()
        self._revealed = False
        self.difference: ResultDifference | None = None
        self.which = QComboBox(self)
        self.which.setObjectName("composer_compare_with")
        self.which.setAccessibleName("Compare with")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.setMinimumContentsLength(12)
        self.which.activated.connect(self._compare)
        self._words = wrapped("", "heading", self)
        self._pairs = QGridLayout()
        self._pairs.setHorizontalSpacing(8)
        self._pairs.setVerticalSpacing(2)
        self._pairs.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._pairs.setColumnStretch(1, 1)
        self._pairs.setColumnStretch(2, 1)
        self._cells: list[QWidget] = []
        self._body_title = QLabel("Body", self)
        self._body_title.setProperty("role", "muted")
        self._body = _Changes(theme, self)
        self._lay_out()
        theme.changed.connect(self._show)
        self.hide()

    def _lay_out(self) -> None:
        label = QLabel("Compared &with", self)
        label.setProperty("role", "muted")
        label.setFixedWidth(_NAME_WIDTH)
        label.setBuddy(self.which)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(self.which, 1)
        facts = QVBoxLayout()
        facts.setContentsMargins(12, 8, 12, 8)
        facts.setSpacing(GRID)
        facts.addLayout(line)
        facts.addWidget(self._words)
        facts.addLayout(self._pairs)
        facts.addWidget(self._body_title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        rule = QFrame(self)
        rule.setProperty("role", "line")
        column.addWidget(rule)
        column.addLayout(facts)
        column.addWidget(self._body)
        rule = QFrame(self)
        rule.setProperty("role", "line")
        column.addWidget(rule)

    @property
    def chosen(self) -> SendResult | None:
        """The result that is compared with."""
        place = self.which.currentIndex()
        return self._others[place] if 0 <= place < len(self._others) else None

    def text(self) -> str:
        """What is shown, in words."""
        found = self.difference
        if found is None:
            return ""
        lines = [self._words.text()]
        lines += [f"{pair.name}: {_spoken(pair)}" for pair in (*found.facts, *found.times, *found.headers)]
        return "\n".join([*lines, self._body.toPlainText()]).strip()

    def show_result(self, result: SendResult, others: tuple[SendResult, ...]) -> None:
        """Compare this one, with the one that was chosen before where it is still there, else with the one before
        it."""
        before = self.chosen if result is self._shown else None
        self._shown, self._others = result, others
        self.which.clear()
        self.which.addItems([_named(one, result) for one in others])
        place = next((place for place, one in enumerate(others) if one is before), 0)
        if others:
            self.which.setCurrentIndex(place)
            self._compare()

    def set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - a plain setter
        """Show the answers' secrets, or hide them."""
        self._revealed = revealed
        if self.difference is not None:
            self._compare()

    @Slot()
    def _compare(self) -> None:
        before, after, reveal = self.chosen, self._shown, self._revealed
        if before is None or after is None or self.isHidden():
            return
        self._worker.submit(
            "compare results", lambda: compare_results(before, after, reveal=reveal), self._take
        )

    def _take(self, found: ResultDifference) -> None:
        self.difference = found
        self._show()

    @Slot()
    def _show(self) -> None:
        found = self.difference
        if found is None:
            return
        self._words.setText(found.words)
        for cell in self._cells:
            self._pairs.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells = []
        for line, pair in enumerate((*found.facts, *found.times, *found.headers)):
            self._row(line, pair, "plain" if pair in found.times else "warn")
        self._body.show_lines(found.lines)
        self._body_title.setText("Body" if found.lines else "Body: none")
        same = found.lines and found.same_body
        if same:
            self._body_title.setText("Body: the same")
        self._body.setVisible(bool(found.lines) and not same)
        self.setAccessibleDescription(self.text())

    def _row(self, line: int, pair: Pair, tone: str) -> None:
        name = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        name.setText(pair.name)
        name.setProperty("role", "muted")
        name.setFixedWidth(_NAME_WIDTH)
        self._put(name, line, 0)
        if pair.same:
            self._put(self._value(pair.after, "muted"), line, 1, 3)
            return
        self._put(self._value(pair.before or "—", "muted"), line, 1)
        self._put(self._value(pair.after or "—", tone), line, 2)
        change = QLabel(pair.change, self)
        change.setProperty("role", "muted")
        change.setAlignment(Qt.AlignmentFlag.AlignRight)
        change.setFixedWidth(_CHANGE_WIDTH if pair.change else 0)
        self._put(change, line, 3)

    def _value(self, text: str, role: str) -> QLabel:
        label = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        label.setText(text)
        if role:
            label.setProperty("role", role)
        return label

    def _put(self, cell: QWidget, line: int, column: int, span: int = 1) -> None:
        self._pairs.addWidget(cell, line, column, 1, span)
        self._cells.append(cell)


class _Changes(QPlainTextEdit):
    """The lines that differ, as a patch shows them: a sign, and what is before and after."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(fixed_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What differs in the bodies")
        self.document().setDocumentMargin(8)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show what differs, with a few lines around."""
        texts = list(_patch(lines))
        self.setPlainText("\n".join(text for text, _change in texts))
        marks = []
        for number, (_text, change) in enumerate(texts):
            color = wash(self._theme.colors, change)
            if color is not None:
                mark = QTextEdit.ExtraSelection()
                form = QTextCharFormat()
                form.setBackground(QColor(color))
                form.setProperty(QTextFormat.Property.FullWidthSelection, True)
                form.setFontWeight(QFont.Weight.Normal)
                mark.format = form
                mark.cursor = QTextCursor(self.document().findBlockByNumber(number))
                marks.append(mark)
        self.setExtraSelections(marks)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(240, min(self.blockCount(), _MOST_LINES) * self.fontMetrics().lineSpacing() + 16 + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())


def _patch(lines: tuple[Line, ...]) -> Iterator[tuple[str, Change]]:
    near = {
        place
        for number, line in enumerate(lines)
        if line.change is not Change.SAME
        for place in range(number - _AROUND, number + _AROUND + 1)
    }
    apart = False
    for number, line in enumerate(lines):
        if number not in near:
            apart = True
            continue
        if apart:
            yield "  …", Change.SAME
            apart = False
        if line.change is Change.SAME:
            yield f"  {line.left}", Change.SAME
            continue
        if line.left is not None:
            yield f"− {line.left}", Change.REMOVED
        if line.right is not None:
            yield f"+ {line.right}", Change.ADDED
    if apart and near:
        yield "  …", Change.SAME


def _named(result: SendResult, shown: SendResult) -> str:
    """What came of it and when; where it went only if that is another place."""
    what = failure_headline(result.failure.reason) if result.failure is not None else str(result.status)
    where = _place(result)
    return menu_text(
        "  ·  ".join([what, local_time(result.at), *([where] if where != _place(shown) else [])])
    )


def _place(result: SendResult) -> str:
    return urlsplit(result.url).netloc.rpartition("@")[2]


def _spoken(pair: Pair) -> str:
    if pair.same:
        return f"{pair.after}, the same"
    change = f" ({pair.change})" if pair.change else ""
    return f"{pair.before or 'nothing'} before, now {pair.after or 'nothing'}{change}"
