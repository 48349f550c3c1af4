"""Where to send: an address that is checked as it is typed, with the saved targets and the recent addresses to choose
from.

Imports the sender's targets and PySide6.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from inspector.errors import UsageError
from inspector.sender.kept.targets import SavedTarget
from inspector.sender.target import parse_url
from inspector.ui.qt_text import tip

MOST_RECENT = 8
# Half a scheme is no fault yet: what is typed is only judged as bad when the typing pauses.
PAUSE_MILLISECONDS = 500
_PLACEHOLDER = "https://127.0.0.1:8443/"


class TargetField(QComboBox):
    """`judged` carries the UsageError of what is typed, or None; an empty field is no error until it is sent. `picked`
    carries the SavedTarget that was chosen, from the list or by typing its name."""

    judged = Signal(object)
    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listener_url = ""
        self._saved: tuple[SavedTarget, ...] = ()
        self._recent: list[str] = []
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Target")
        self.setToolTip(
            "The push proxy's URL, or a saved target's name. The arrow, or Alt+Down, shows the saved and recent ones."
        )
        line = self.lineEdit()
        assert line is not None
        line.setPlaceholderText(_PLACEHOLDER)
        line.setAccessibleName("Target")
        line.setTextMargins(-2, 0, 0, 0)  # so that the text stands where other combo boxes have it
        line.setInputMethodHints(
            Qt.InputMethodHint.ImhUrlCharactersOnly | Qt.InputMethodHint.ImhNoPredictiveText
        )
        completer = self.completer()
        if completer is not None:
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._show_fault)
        self.editTextChanged.connect(self._judge)
        self.activated.connect(self._choose)
        line.editingFinished.connect(self._pick_by_name)

    def text(self) -> str:
        """What is typed."""
        return self.currentText()

    def setText(self, text: str) -> None:
        """Put an address there."""
        self.setEditText(text)
        line = self.lineEdit()
        if line is not None:
            line.setCursorPosition(0)  # of a long one, the host is what to see

    def url(self) -> str:
        """The URL that is meant, in normal form. Raises UsageError with what to write."""
        self._pick_by_name()
        return parse_url(self.currentText())

    def usual(self) -> str:
        """What is typed, in a URL's normal form where it is one."""
        typed = self.currentText().strip()
        try:
            return parse_url(typed)
        except UsageError:
            return typed

    @property
    def recent(self) -> list[str]:
        """The addresses to choose from, the newest first."""
        return list(self._recent)

    def remember(self, url: str) -> None:
        """Put an address on top of the recent ones; what is typed stays."""
        self.set_recent([url, *(known for known in self._recent if known != url)])

    def set_recent(self, urls: list[str]) -> None:
        """The addresses to choose from; what is no URL is left out."""
        self._recent = [url for url in urls if _is_url(url)][:MOST_RECENT]
        self._fill()

    def set_saved(self, targets: tuple[SavedTarget, ...]) -> None:
        """The saved targets to choose from, by their names."""
        self._saved = targets
        self._fill()

    def _fill(self) -> None:
        line = self.lineEdit()
        place = line.cursorPosition() if line is not None else 0
        typed = self.currentText()
        self.blockSignals(True)
        self.clear()
        for target in self._saved:
            self.addItem(_entry(target), target)
            self.setItemData(self.count() - 1, tip(target.request.url), Qt.ItemDataRole.ToolTipRole)
        if self._saved and self._recent:
            self.insertSeparator(self.count())
        self.addItems(self._recent)
        self.setCurrentIndex(-1)
        self.setEditText(typed)
        if line is not None:
            line.setCursorPosition(place)
        self.blockSignals(False)

    @Slot(int)
    def _choose(self, place: int) -> None:
        target = self.itemData(place)
        if isinstance(target, SavedTarget):
            self._pick(target)

    @Slot()
    def _pick_by_name(self) -> None:
        """A name that somebody has typed stands for its target; it would be no good address anyway."""
        typed = self.currentText().strip().casefold()
        for target in self._saved:
            if typed and typed in (target.name.casefold(), _entry(target).casefold()):
                self._pick(target)

    def _pick(self, target: SavedTarget) -> None:
        self.setCurrentIndex(-1)
        self.setText(target.request.url)
        self.picked.emit(target)

    @property
    def listener_url(self) -> str:
        """Where our own listener was last; a target that is there follows it."""
        return self._listener_url

    def follow_listener(self, url: str) -> None:
        """Our own listener is at `url` now (empty: nowhere). It becomes the target where none was chosen."""
        if url and self.currentText().strip() in ("", self._listener_url):
            self.setText(url)
        if url:
            self._listener_url = url

    @Slot()
    def _judge(self) -> None:
        if self._fault() is None:
            self._pause.stop()
            self.show_error(None)
        else:
            self._pause.start()

    @Slot()
    def _show_fault(self) -> None:
        self.show_error(self._fault())

    def _fault(self) -> UsageError | None:
        if self.currentText().strip():
            try:
                parse_url(self.currentText())
            except UsageError as error:
                return error
        return None

    def show_error(self, error: UsageError | None) -> None:
        """Mark the field as faulty, or not."""
        state = "bad" if error is not None else ""
        if self.property("state") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)
        self.judged.emit(error)


def _entry(target: SavedTarget) -> str:
    return f"{target.name}  ·  {target.request.url}"


def _is_url(text: str) -> bool:
    try:
        return parse_url(text) == text
    except UsageError:
        return False
