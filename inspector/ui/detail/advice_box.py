"""Why a client was turned away (or is not trusted), in three parts, with buttons for what the window can do about it.

Imports history's records, PySide6, the theme and the parts of this package.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.history.model import Advice
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import Note, shortened
from inspector.ui.certificates.wording import error_words
from inspector.ui.detail.command_box import CommandBox
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.detail.offers import Deed, Help, Offer
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

HEADING_WIDTH = 115  # with the frame's edge and margin, the texts stand where the values below do
LONGEST_WORD = 72
_ICONS = {
    Deed.TRUST: "shield-check",
    Deed.PIN: "key",
    Deed.MAKE_SERVER: "certificate",
    Deed.EXPORT_CA: "download-simple",
    Deed.IMPORT_CA: "plus",
    Deed.LENIENT: "shield-warning",
    Deed.COPY_ADDRESS: "copy",
    Deed.COMMAND: "info",
}
# What the advice sends people elsewhere for, where a button is right below it.
_BELOW = {
    Deed.TRUST: (
        ("import its certificate on the certificates page and trust it for clients", "trust it below"),
        (
            "Or import the intermediate itself on the certificates page and trust it for clients",
            "Or trust it below",
        ),
    ),
    Deed.EXPORT_CA: (("“Save CA for the other side…” on the certificates page", "“Export our CA…” below"),),
}


class AdviceBox(QFrame):
    """`wanted` brings the Offer that was taken, after its question was answered with yes."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("advice_box")
        self.setAccessibleName("Advice")
        self._theme = theme
        self._offers: tuple[Offer, ...] = ()
        self._asked: Offer | None = None
        self._busy = False
        self.buttons: list[QPushButton] = []
        self._lead = Note(theme, self)
        self._parts = [(_label(self, "heading"), _label(self)) for _ in range(3)]
        for (heading, _), words in zip(
            self._parts, ("What happened", "Likely cause", "What to do"), strict=True
        ):
            heading.setText(words)
            heading.setWordWrap(False)
        self._remark = _label(self)
        self._row = QWidget(self)
        self._flow = FlowLayout(self._row)
        self._question = _Question(self)
        self._question.answered.connect(self._answered)
        self.note = Note(theme, self)
        self.note.setObjectName("advice_result")
        self.command = CommandBox(theme, self)
        self._lay_out()
        theme.changed.connect(self._repaint)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, HEADING_WIDTH)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._lead, 0, 0, 1, 2)
        for row, (heading, text) in enumerate(self._parts, 1):
            grid.addWidget(heading, row, 0, top)
            grid.addWidget(text, row, 1)
        grid.addWidget(self._remark, 4, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self._row)
        column.addWidget(self._question)
        column.addWidget(self.note)
        column.addWidget(self.command)

    def minimumSizeHint(self) -> QSize:
        """Its height follows from its width; Qt would take the height at the least width for the least height."""
        return QSize(super().minimumSizeHint().width(), 0)

    def show_advice(self, advice: Advice | None, help_: Help, *, lead: str = "") -> None:
        """Show other advice. With a `lead`, a sentence before it, it is a matter of caution and not of failure."""
        self._put_role("caution" if lead else "fault" if advice is not None else "notice")
        self._lead.say(lead, severity="warning")
        parts = (advice.happened, advice.cause, advice.remedy) if advice is not None else ("", "", "")
        if help_.done:
            parts = (*parts[:2], help_.remark)
        for (heading, text), words in zip(self._parts, parts, strict=True):
            _put(text, _with_buttons(in_window(words), help_.offers))
            heading.setVisible(bool(text.text()))
        _put(self._remark, "" if help_.done else help_.remark)
        self._show_offers(help_.offers)
        self.setAccessibleDescription(" ".join(self.texts))
        self._show_or_hide()

    def forget(self) -> None:
        """What was asked, said and shown belongs to another event."""
        self._ask(None)
        self.note.say("")
        self.command.show_commands("")
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        """For a client that nothing is the matter with there is only the box while there is something to say."""
        parts = (self._question, self.note, self.command)
        self.setVisible(bool(self.texts or self._offers) or not all(part.isHidden() for part in parts))

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a plain setter
        """While something is under way, nothing else can be begun."""
        self._busy = busy
        for button in self.buttons:
            button.setEnabled(not busy)
        self._question.setEnabled(not busy)

    def say(self, text: str) -> None:
        """What came of it."""
        self.note.say(text, severity="ok")
        self._show_or_hide()

    def say_error(self, error: BaseException) -> None:
        """Why nothing came of it, and what to do."""
        message, step = error_words(error)
        self.note.say(message, in_window(step))
        self._show_or_hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """The parts that are shown, with the remark."""
        labels = (*(text for _, text in self._parts), self._remark)
        lead = () if self._lead.isHidden() else (self._lead.message.text(),)
        return (*lead, *(label.text() for label in labels if not label.isHidden()))

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the keyboard stops at, in order."""
        return (*self.buttons, self._question.yes, self._question.no, self.command.text, self.command.copy)

    def button(self, deed: Deed) -> QPushButton | None:
        """The button for something, None where it is not offered."""
        for offer, button in zip(self._offers, self.buttons, strict=True):
            if offer.deed is deed:
                return button
        return None

    def _show_offers(self, offers: tuple[Offer, ...]) -> None:
        if offers == self._offers:
            return
        focused = any(button.hasFocus() for button in self.buttons)
        self._offers = offers
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = [self._button(place, offer) for place, offer in enumerate(offers)]
        self._row.setVisible(bool(offers))
        self._row.updateGeometry()
        if focused and self.buttons:
            self.buttons[0].setFocus()
        self._repaint()

    def _button(self, place: int, offer: Offer) -> QPushButton:
        button = QPushButton(offer.label.replace("&", "&&"), self._row)
        button.setObjectName(f"advice_{offer.deed.value}")
        button.setToolTip(tip(offer.tip))
        button.setAccessibleDescription(offer.tip)
        button.setEnabled(not self._busy)
        if place == 0 and offer.deed not in (Deed.COMMAND, Deed.LENIENT):
            button.setProperty("kind", "primary")
        button.clicked.connect(partial(self._clicked, offer))
        self._flow.addWidget(button)
        button.show()
        return button

    def _clicked(self, offer: Offer, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot of a button
        self.take(offer)

    @Slot(object)
    def take(self, offer: Offer) -> None:
        """Take an offer, asking its question first."""
        if self._busy:
            return
        if offer.question:
            self._ask(offer)
        else:
            self._ask(None)
            self.wanted.emit(offer)

    def _ask(self, offer: Offer | None) -> None:
        self._asked = offer
        self._question.ask(offer)
        self._show_or_hide()

    @Slot(bool)
    def _answered(self, yes: bool) -> None:  # noqa: FBT001 - the signal's argument
        offer = self._asked
        self._ask(None)
        if offer is None:
            return
        button = self.button(offer.deed)
        if button is not None:
            button.setFocus()
        if yes:
            self.wanted.emit(offer)

    def _put_role(self, role: str) -> None:
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        for offer, button in zip(self._offers, self.buttons, strict=True):
            primary = button.property("kind") == "primary"
            icons.set_on(
                button, _ICONS[offer.deed], colors.on_accent if primary else colors.text, colors.muted
            )


class _Question(QWidget):
    """A question in place, with the button that goes on and the one that doesn't."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = _label(self)
        self.yes = QPushButton(self)
        self.yes.setObjectName("advice_yes")
        self.no = QPushButton("Cancel", self)
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no.clicked.connect(lambda: self.answered.emit(False))
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        row.addLayout(buttons)
        self.hide()

    def ask(self, offer: Offer | None) -> None:
        """Ask before an offer is taken; None asks nothing."""
        self.setVisible(offer is not None)
        if offer is not None:
            self._text.setText(offer.question)
            self.yes.setText(offer.label)
            self.yes.setAccessibleDescription(offer.question)
            self.no.setFocus()


def _with_buttons(text: str, offers: tuple[Offer, ...]) -> str:
    for offer in offers:
        for elsewhere, below in _BELOW.get(offer.deed, ()):
            text = text.replace(elsewhere, below)
    return text


def _label(parent: QWidget, role: str = "") -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    if role:
        label.setProperty("role", role)
    return label


def _put(label: QLabel, text: str) -> None:
    short = shortened(text, LONGEST_WORD)
    label.setText(short)
    label.setToolTip(tip(text) if short != text else "")
    label.setVisible(bool(text))
