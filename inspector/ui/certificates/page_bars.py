"""The lines above the list (what there is, what can be added, the search) and the one at the foot (how keys are
locked)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from inspector.certificates.passphrase import PassphraseKind, PassphraseSource
from inspector.ui import icons
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.note import ElidedLabel, shortened
from inspector.ui.certificates.wording import Tone
from inspector.ui.theme import Theme

_LONGEST_PATH = 80
_SEARCH_WIDTH = 420
IMPORT, CREATE_DEV = "Import…", "Create dev identities"
CREATE_DEV_TIP = "Make dev-ca, dev-server and dev-client"
IMPORT_TIP = "Import certificates and keys from files; dropping them here does it too"


class Head(QFrame):
    """What there is, and the buttons to add to it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        title = QLabel("Certificates", self)
        title.setProperty("role", "title")
        self.summary = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.summary.setProperty("role", "muted")
        self.new = QPushButton("&New…", self)
        self.new.setObjectName("certificate_new")
        self.new.setToolTip("Make an identity, a CA or a request")
        self.create_dev = QPushButton(CREATE_DEV, self)
        self.create_dev.setToolTip(CREATE_DEV_TIP)
        self.import_files = QPushButton(IMPORT, self)
        self.import_files.setToolTip(IMPORT_TIP)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(title)
        row.addSpacing(4)
        row.addWidget(self.summary, 1)
        row.addWidget(self.new)
        row.addWidget(self.create_dev)
        row.addWidget(self.import_files)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_summary(self, entries: Sequence[Listed]) -> None:
        """Say how many there are and how many need a look."""
        bad = sum(one.validity.tone is Tone.BAD for one in entries)
        warn = sum(one.validity.tone is Tone.WARN for one in entries)
        parts = [f"{len(entries)} in the vault"] if entries else []
        if bad:
            parts.append(f"{bad} expired or about to")
        if warn:
            parts.append(f"{warn} expire{'s' if warn == 1 else ''} within 30 days")
        self.summary.setText("  ·  ".join(parts))

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.new, "plus", colors.text, colors.muted)
        icons.set_on(self.create_dev, "flask", colors.text, colors.muted)
        icons.set_on(self.import_files, "tray", colors.text, colors.muted)


class SearchField(QLineEdit):
    """Esc clears it, Enter and Down go to what was found (`left`)."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()  # before the window takes it for leaving the page
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FindBar(QFrame):
    """The search, and what is done besides the list. `searched` brings the words."""

    searched = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self.search = SearchField(self)
        self.search.setObjectName("certificate_search")
        self.search.setAccessibleName("Search certificates")
        self.search.setPlaceholderText("Search names, subjects, issuers, fingerprints…")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.search.textChanged.connect(self.searched)
        self.sign = QPushButton("&Sign a request…", self)
        self.sign.setObjectName("certificate_sign")
        self.sign.setToolTip("Sign somebody else’s request with a CA of the vault")
        self.check = QPushButton("Check a ser&ver…", self)
        self.check.setObjectName("certificate_check_server")
        self.check.setToolTip("Look at a server’s chain, names and expiry, and at the clients it asks for")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addStretch()
        row.addWidget(self.sign)
        row.addWidget(self.check)
        theme.changed.connect(self._recolor)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.sign, "signature", colors.text, colors.muted)
        icons.set_on(self.check, "plugs-connected", colors.text, colors.muted)


class SourceLine(QFrame):
    """Where the passphrase comes from that locks the private keys, and what would be better."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._theme = theme
        self._icon = QLabel(self)
        self._icon.setFixedSize(16, self.fontMetrics().height())
        self.description = QLabel(self)
        self.advice = QLabel(self)
        words = (
            QGridLayout()
        )  # the icon beside the first line, however many there are and however high the button
        words.setHorizontalSpacing(8)
        words.setVerticalSpacing(2)
        words.setColumnStretch(1, 1)
        words.addWidget(self._icon, 0, 0)
        for line, label in enumerate((self.description, self.advice)):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label, line, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addLayout(words, 1)
        self.vault = QPushButton("Va&ult…", self)
        self.vault.setObjectName("certificate_vault")
        self.vault.setToolTip("Where the passphrase comes from, another one, and when the vault is locked")
        row.addWidget(self.vault, alignment=Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.hide()

    def show_source(self, source: PassphraseSource) -> None:
        """Say where it comes from."""
        words = f"Private keys are locked by: {source.description}"
        self.description.setText(
            "No private key is kept yet."
            if source.kind is PassphraseKind.NONE
            else shortened(words, _LONGEST_PATH)
        )
        self.description.setToolTip(source.description)
        self.advice.setText(source.advice)
        self.advice.setVisible(bool(source.advice))
        self.show()

    @Slot()
    def _recolor(self) -> None:
        self._icon.setPixmap(icons.pixmap("lock-key", self._theme.colors.muted, 16, self.devicePixelRatioF()))
