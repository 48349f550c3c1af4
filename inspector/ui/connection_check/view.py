"""A check of a connection, step by step. Imports PySide6, the icons, the theme and this room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.contract.masking import mask_url
from inspector.errors import InspectorError
from inspector.sender.connection_check import Step, StepState
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.phase_bar import milliseconds
from inspector.ui.connection_check.checking import Checked
from inspector.ui.connection_check.offers import Deed, Offer, offers
from inspector.ui.connection_check.step_row import StepRow
from inspector.ui.connection_check.wording import counted, headline, spoken, total
from inspector.ui.listener_settings.form import wrapped
from inspector.ui.push_columns import local_time
from inspector.ui.theme import Theme

_ICON = 20


class CheckView(QFrame):
    """Shows one check, or why there was none. `offer_taken` carries the Offer whose button was used; `deeds` are those
    that are offered."""

    offer_taken = Signal(object)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        deeds: frozenset[Deed] = frozenset(Deed),
    ) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self.setObjectName("composer_check")
        self.setAccessibleName("Check of the connection")
        self._theme = theme
        self._tone = StepState.OK
        self.checked: Checked | None = None
        self.rows: list[StepRow] = []
        self._icon = QLabel(self)
        self._icon.setFixedSize(_ICON, _ICON)
        self._headline = wrapped("", "title", self)
        self._total = QLabel(self)
        self._total.setProperty("role", "muted")
        self._total.setMinimumHeight(_ICON)
        self._copy = QToolButton(self)
        self._copy.setObjectName("composer_check_copy")
        self._copy.setAccessibleName("Copy the check as text")
        self._copy.setToolTip("Copy as text")
        self._copy.setFixedSize(24, 24)
        self._copy.clicked.connect(self._copy_text)
        self._where = ElidedLabel(self)
        self._where.setProperty("role", "muted")
        self._trouble = wrapped("", "plain", self)
        self._advice = wrapped("", "muted", self)
        self._lay_out()
        theme.changed.connect(self._recolor)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(self._icon, 0, top)
        head.addWidget(self._headline, 1)
        head.addWidget(self._total, 0, top)
        head.addWidget(self._copy, 0, top)
        upper = QVBoxLayout()
        upper.setContentsMargins(12, 8, 12, 4)
        upper.setSpacing(4)
        upper.addLayout(head)
        for part in (self._where, self._trouble, self._advice):
            upper.addWidget(part)
        self._steps = QVBoxLayout()
        self._steps.setContentsMargins(0, 0, 0, 4)
        self._steps.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addLayout(self._steps)
        column.addStretch(1)

    @property
    def headline(self) -> str:
        """What came of the check, in a line."""
        return " · ".join(part for part in (self._headline.text(), self._total.text()) if part)

    def text(self) -> str:
        """All of it in words, for the clipboard and for who does not see it."""
        if self.checked is None:
            return "\n".join(
                part for part in (self.headline, self._trouble.text(), self._advice.text()) if part
            )
        lines = [self.headline, mask_url(self.checked.check.url)]
        for step in self.checked.check.steps:
            lines.append(spoken(step))
            lines += [
                f"    {name}: {value}" if name else f"    {value}" for name, value in step.facts if value
            ]
            lines += [f"    {advice}"] if (advice := in_window(step.advice)) else []
        return "\n".join(lines)

    def row(self, key: str) -> StepRow | None:
        """The row of a step."""
        return next((row for row in self.rows if row.step.key == key), None)

    @property
    def first_to_look_at(self) -> StepRow | None:
        """The first step that has failed."""
        return next((row for row in self.rows if row.step.state is StepState.FAILED), None)

    def show_check(self, checked: Checked) -> None:
        """Show a check."""
        check = checked.check
        self.checked = checked
        self._say(headline(check), StepState.WARNING if check.cancelled else check.state)
        spent = total(check)
        self._total.setText("" if spent is None else milliseconds(spent))
        self._where.setText(f"{mask_url(check.url)} · {counted(check)} · {local_time(check.at)}")
        self._where.show()
        self._trouble.hide()
        self._advice.hide()
        self._copy.show()
        self._clear()
        for step in check.steps:
            row = StepRow(step, check.chain, self._offers(checked, step), self._theme, self)
            row.taken.connect(self.offer_taken)
            self.rows.append(row)
            self._steps.addWidget(row)
        self.setAccessibleDescription("\n".join((self.headline, *(spoken(step) for step in check.steps))))

    def _offers(self, checked: Checked, step: Step) -> tuple[Offer, ...]:
        return tuple(offer for offer in offers(checked, step) if offer.deed in self._deeds)

    def show_error(self, error: InspectorError) -> None:
        """Show why nothing was checked."""
        self.checked = None
        self._clear()
        self._say("Not checked", StepState.FAILED)
        self._total.setText("")
        self._where.hide()
        self._copy.hide()
        self._trouble.setText(error.message)
        self._trouble.show()
        self._advice.setText(in_window(error.next_step))
        self._advice.setVisible(bool(self._advice.text()))
        self.setAccessibleDescription(self.text())

    def _clear(self) -> None:
        for row in self.rows:
            self._steps.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []

    def _say(self, words: str, tone: StepState) -> None:
        self._tone = tone
        self._headline.setText(words)
        self._recolor()

    @Slot()
    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color, tone = {
            StepState.OK: ("check-circle", colors.green, "good"),
            StepState.WARNING: ("warning-circle", colors.amber, "warn"),
        }.get(self._tone, ("x-circle", colors.red, "bad"))
        self._icon.setPixmap(icons.pixmap(name, color, _ICON, self.devicePixelRatioF()))
        self._headline.setProperty("tone", tone)
        self._headline.style().unpolish(self._headline)
        self._headline.style().polish(self._headline)
        self._copy.setIcon(icons.icon("copy", colors.muted))
