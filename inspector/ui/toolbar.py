"""The bar at the top: listening on and off, its address, the answer to give, the filter, the composer's switch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from inspector.contract.answers import DOCUMENTED
from inspector.errors import UsageError
from inspector.ui import icons
from inspector.ui.answers.rules_hint import RulesHint
from inspector.ui.filter_box.box import FilterBox
from inspector.ui.listening import Listening
from inspector.ui.theme import Theme

DROP = "drop"
ADDRESS_WIDTH, LEAST_ADDRESS, LEAST_ANSWER = 212, 200, 132


class Toolbar(QFrame):
    """`listen_toggled` asks to start (True) or stop, `answer_chosen` carries a status or `drop`, `filter_changed` a
    Query (None for all), `compose_toggled` whether the composer is wanted, `said` a line for the status bar;
    `address_typed` tells that another address was typed, `settings_wanted` asks for the listener's settings."""

    listen_toggled = Signal(bool)
    answer_chosen = Signal(str)
    filter_changed = Signal(object)
    compose_toggled = Signal(bool)
    address_typed = Signal()
    settings_wanted = Signal()
    said = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setFixedHeight(45)
        self._theme = theme
        self._listening = Listening()
        self._typed_address = ""
        self._make_listening()
        self._make_filter()
        self.compose = QPushButton("Compose", self)
        self.compose.setObjectName("compose_button")
        self.compose.setProperty("kind", "quiet")
        self.compose.setCheckable(True)
        self.compose.setToolTip("Show or hide the composer (Ctrl+N)")
        self.compose.toggled.connect(self.compose_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.listen)
        row.addWidget(self.address, 4)  # it has its whole width before the filter has more than its least
        row.addWidget(self.settings)
        row.addWidget(self._upright())
        row.addWidget(self._answer_label)
        row.addWidget(self.answer)
        row.addWidget(self.rules)
        row.addWidget(self._upright())
        row.addWidget(self.filter_box, 1)
        row.addWidget(self.compose)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _make_listening(self) -> None:
        self.listen = QPushButton("Listen", self)
        self.listen.setObjectName("listen_button")
        self.listen.setAccessibleName("Listen")
        self.listen.setCheckable(True)
        self.listen.setMinimumWidth(104)
        self.listen.clicked.connect(self.listen_toggled)
        self.address = QLineEdit(self)
        self.address.setObjectName("listen_address")
        self.address.setAccessibleName("Address to listen on")
        self.address.setMinimumWidth(LEAST_ADDRESS)
        self.address.setMaximumWidth(ADDRESS_WIDTH)
        self.address.returnPressed.connect(self._start_from_address)
        self.address.editingFinished.connect(self._address_edited)
        self._copy = self.address.addAction(
            icons.icon("copy", "#808080"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._copy.setToolTip("Copy the address")
        self._copy.setObjectName("copy_address")
        self._copy.triggered.connect(self.copy_address)
        self.settings = QToolButton(self)
        self.settings.setObjectName("listener_settings_button")
        self.settings.setAccessibleName("Listener settings")
        self.settings.setToolTip(
            "The listener’s settings: address, who is let in, forwarding… (Ctrl+Shift+L)"
        )
        self.settings.setFixedSize(28, 28)
        self.settings.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.settings.clicked.connect(self.settings_wanted)
        self._answer_label = QLabel("&Answer", self)
        self._answer_label.setProperty("role", "muted")
        self.answer = QComboBox(self)
        self.answer.setObjectName("response_combo")
        self.answer.setAccessibleName("Answer to give")
        self.answer.setToolTip("What every push is answered from now on")
        for status, words in DOCUMENTED:
            self.answer.addItem(f"{status} {words}", str(status))
        self.answer.addItem("Drop the connection", DROP)
        self.answer.setMinimumContentsLength(16)
        self.answer.setMinimumWidth(LEAST_ANSWER)
        self.answer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.answer.currentIndexChanged.connect(self._answer_changed)
        self._answer_label.setBuddy(self.answer)
        self.rules = RulesHint(self._theme, self)

    def _make_filter(self) -> None:
        self.filter_box = FilterBox(self._theme, self)
        self.filter = self.filter_box.edit
        self.filter_box.changed.connect(self.filter_changed)
        self.filter_box.said.connect(self.said)

    def _upright(self) -> QFrame:
        line = QFrame(self)
        line.setProperty("role", "upright")
        return line

    # listening

    def set_address(self, text: str) -> None:
        """The host and port to listen on, as kept in the settings."""
        self._typed_address = text
        self.show_listening(self._listening)

    def wanted_address(self) -> tuple[str, int]:
        """The host and port that were typed. Raises UsageError with what to write."""
        return parse_address(self._typed_address if self._listening.on else self.address.text())

    @property
    def typed_address(self) -> str:
        return self._typed_address if self._listening.on else self.address.text()

    @Slot(object)
    def show_listening(self, state: Listening) -> None:
        """Show what the listener does."""
        if not self._listening.on and state.on:
            self._typed_address = self.address.text()
        elif not self._listening.on and not state.on and not state.busy and not self.address.text():
            self.address.setText(self._typed_address)
        self._listening = state
        self.listen.setChecked(state.on)
        self.listen.setEnabled(not state.busy)
        if state.busy:
            self.listen.setText("Stopping…" if state.on else "Starting…")
        else:
            self.listen.setText("Listening" if state.on else "Listen")
        self.listen.setToolTip(
            "Stop listening (Ctrl+L)" if state.on else "Start listening for pushes (Ctrl+L)"
        )
        self.address.setReadOnly(state.on or state.busy)
        self.address.setText(state.url if state.on else self._typed_address or self.address.text())
        self.address.setToolTip(
            "Give this address to the pusher" if state.on else "Host and port to listen on"
        )
        self.address.setCursorPosition(0)
        self.address.style().unpolish(self.address)
        self.address.style().polish(self.address)
        self._recolor()

    @Slot()
    def copy_address(self) -> None:
        """Put the address on the clipboard, as a URL."""
        text = self.address.text()
        QGuiApplication.clipboard().setText(text)
        self.said.emit(f"Copied {text}")

    @Slot()
    def _start_from_address(self) -> None:
        if not self._listening.on:
            self.listen_toggled.emit(True)

    @Slot()
    def _address_edited(self) -> None:
        if not self._listening.on and not self._listening.busy:
            self.address_typed.emit()

    # the answer

    @property
    def answer_key(self) -> str:
        """The status to answer, or `drop`."""
        return str(self.answer.currentData())

    def set_answer(self, key: str) -> None:
        """Choose a status, also one that is not documented, or `drop`."""
        place = self.answer.findData(key)
        if place < 0 and key.isascii() and key.isdigit():
            place = self.answer.count()
            self.answer.addItem(key, key)
        if place >= 0:
            self.answer.setCurrentIndex(place)

    @Slot()
    def _answer_changed(self) -> None:
        self.answer_chosen.emit(self.answer_key)

    # the filter

    def set_filter(self, text: str) -> None:
        """Filter by a query now."""
        self.filter_box.set_text(text)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self._copy.setIcon(icons.icon("copy", colors.muted))
        self.settings.setIcon(icons.icon("sliders-horizontal", colors.text))
        icons.set_on(self.compose, "pencil-simple-line", colors.text)
        on = self._listening.on
        icons.set_on(self.listen, "broadcast" if on else "play", colors.green if on else colors.text)


def address_text(host: str, port: int) -> str:
    """A host and port as they are typed."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse_address(text: str) -> tuple[str, int]:
    """`host:port`, `:port`, `[::1]:port` or an https URL, as host and port. Raises UsageError."""
    rest = text.strip().removeprefix("https://").rstrip("/")
    host, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]"):
        host, port = rest, "8443"
    host = host.strip("[]") or "127.0.0.1"
    if not port.isascii() or not port.isdigit() or int(port) > 65535 or " " in host:
        raise UsageError(
            f"“{text.strip()}” is no address to listen on.", "Write host:port, for example 127.0.0.1:8443."
        )
    return host, int(port)
